"""Why a request could not read what an earlier one had written, in the API's words. Pure.

Source: platform.claude.com, "Cache diagnostics", and the SDK's `cache_miss_*` types. Only requests
with `diagnostics` are remembered. Where the page leaves a gap, the choice is: what is compared is
the earlier prompt up to its last breakpoint, because nothing after it could have been read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewer.standin.messages_prompt import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Usage
    from reviewer.standin.prefix_cache import Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request that is remembered."""

    body: Mapping[str, Any]
    prompt: Prompt

    @property
    def cacheable(self) -> int:
        """How many blocks there are up to the last breakpoint."""
        marked = [n for n, block in enumerate(self.prompt.blocks, start=1) if block.breakpoint]
        return max(marked, default=0)

    @property
    def cacheable_tokens(self) -> int:
        """What those blocks come to."""
        return sum(block.tokens for block in self.prompt.blocks[: self.cacheable])


def diagnosis(
    previous: Sent | None, now: Sent, usage: Usage, *, asked_for: str | None
) -> dict[str, Any] | None:
    """Return the `diagnostics` of an answer; None where nothing diverges."""
    if asked_for is None:
        return None
    if previous is None:
        return {"cache_miss_reason": {"type": "previous_message_not_found"}}
    kind = _diverges(previous, now)
    if not kind:
        return None
    missed = max(0, previous.cacheable_tokens - usage.cache_read_tokens)
    told = {} if kind == "unavailable" else {"cache_missed_input_tokens": missed}
    return {"cache_miss_reason": {"type": kind, **told}}


def _diverges(previous: Sent, now: Sent) -> str:
    if previous.body["model"] != now.body["model"]:
        return "model_changed"
    identities = [[block.identity for block in one.prompt.blocks] for one in (previous, now)]
    cacheable = identities[0][: previous.cacheable]
    for place, before in enumerate(cacheable):
        if identities[1][place : place + 1] != [before]:
            return _kind(parts(previous.body)[place].place)
    return "unavailable" if previous.prompt.key != now.prompt.key else ""


def _kind(place: str) -> str:
    """Return the reason by the part of the body; the format stands in the system prompt."""
    section = place.partition(".")[0]
    return f"{'system' if section == 'output_config' else section}_changed"
