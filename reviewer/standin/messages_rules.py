"""What the Messages API refuses, and in which words. Pure.

Each rule yields the messages of the 400s it finds; the first one is the answer. Sources: the
error, caching, structured-output, thinking and effort pages of platform.claude.com/docs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from reviewer.standin import messages_schema
from reviewer.standin.messages_models import (
    BETA_1M,
    BETA_1M_WINDOW_TOKENS,
    EFFORTS,
    THINKING_TYPES,
    ServedModel,
    find,
)
from reviewer.standin.messages_prompt import content_blocks, parts
from reviewer.standin.messages_script import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewer.standin.messages_script import Received

MAX_BREAKPOINTS = 4
VERSIONS = ("2023-06-01", "2026-10-21")
NO_SAMPLING_SINCE = "2026-10-21"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request whose shape is sound: what the rules look at."""

    body: Mapping[str, Any]
    model: ServedModel
    version: str
    betas: frozenset[str]

    @property
    def window_tokens(self) -> int:
        """The window this request may fill."""
        if self.model.takes_beta_1m and BETA_1M in self.betas:
            return BETA_1M_WINDOW_TOKENS
        return self.model.window_tokens


def unauthorised(headers: Mapping[str, str]) -> Failure | None:
    """Return the 401 of a request without a key, in either of the two headers."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if headers.get("x-api-key") or (scheme.lower() == "bearer" and token.strip()):
        return None
    return Failure(status=401, kind="authentication_error", message="x-api-key header is required")


def parse(received: Received) -> Asked | Failure:
    """Return what was asked, or the answer to a request nobody can make sense of."""
    problem = next(_shape(received), None)
    if problem:
        return invalid(problem)
    model = find(received.body["model"])
    if model is None or model.lifecycle == "retired":
        return unknown_model(received.body["model"])
    betas = received.headers.get("anthropic-beta", "").split(",")
    return Asked(
        body=received.body,
        model=model,
        version=received.headers["anthropic-version"],
        betas=frozenset(beta.strip() for beta in betas),
    )


def unknown_model(name: object) -> Failure:
    """Return the 404 of a model nobody serves, or serves no more."""
    return Failure(status=404, kind="not_found_error", message=f"model: {name}")


def refused(asked: Asked) -> Failure | None:
    """Return the 400 of the first rule that a request breaks, or None."""
    problem = next(chain.from_iterable(rule(asked) for rule in _RULES), None)
    return invalid(problem) if problem else None


def _shape(received: Received) -> Iterator[str]:
    version = received.headers.get("anthropic-version")
    if version is None:
        yield "anthropic-version: header is required"
    if version not in VERSIONS:
        yield f'anthropic-version: "{version}" is not a valid version'
    if not isinstance(received.body.get("model"), str):
        yield "model: Field required"
    messages = received.body.get("messages")
    if not isinstance(messages, list) or not messages:
        yield "messages: at least one message is required"
    if not _is_content(received.body.get("system", "")):
        yield "system: Input should be a text or a list of blocks"
    for index, message in enumerate(received.body["messages"]):
        yield from _message_shape(message, f"messages.{index}")
    yield from _empty_texts(received.body)


def _message_shape(message: object, place: str) -> Iterator[str]:
    if not isinstance(message, dict):
        yield f"{place}: Input should be an object"
    elif message.get("role") not in ("user", "assistant", "system"):
        yield f"{place}.role: Input should be 'user', 'assistant' or 'system'"
    elif not message.get("content") or not _is_content(message["content"]):
        yield f"{place}.content: Input should be a text or a list of blocks, not empty"


def _is_content(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(block, dict) for block in value)
    )


def _empty_texts(body: Mapping[str, Any]) -> Iterator[str]:
    turns = (("messages", message["content"]) for message in body["messages"])
    for place, content in (("system", body.get("system")), *turns):
        for block in content_blocks(content):
            if block.get("type") == "text" and not str(block.get("text", "")).strip():
                yield f"{place}: text content blocks must contain non-whitespace text"


def _max_tokens(asked: Asked) -> Iterator[str]:
    wanted, most = asked.body.get("max_tokens"), asked.model.max_output_tokens
    if not isinstance(wanted, int):
        yield "max_tokens: Field required"
    elif wanted < 1:
        yield f"max_tokens: {wanted} is below 1; this stand-in does not play cache pre-warming"
    elif wanted > most:
        yield (
            f"max_tokens: {wanted} > {most}, which is the maximum allowed number of output tokens"
            f" for {asked.model.id}"
        )


def _sampling(asked: Asked) -> Iterator[str]:
    for name in ("temperature", "top_p", "top_k"):
        if asked.version >= NO_SAMPLING_SINCE and name in asked.body:
            yield f"{name}: not supported on anthropic-version {asked.version}"


def _tool_choice(asked: Asked) -> Iterator[str]:
    kind = (asked.body.get("tool_choice") or {}).get("type")
    if kind in ("any", "tool") and not asked.model.takes_forced_tools:
        yield f"tool_choice: type '{kind}' is not supported on {asked.model.id}; use 'auto'"


def _prefill(asked: Asked) -> Iterator[str]:
    if asked.body["messages"][-1]["role"] == "assistant" and not asked.model.takes_prefill:
        yield (
            "This model does not support assistant message prefill. "
            "The conversation must end with a user message."
        )


def _thinking(asked: Asked) -> Iterator[str]:
    kind = (asked.body.get("thinking") or {}).get("type", "")
    if kind and kind not in THINKING_TYPES:
        yield f"thinking.type: Input should be one of {', '.join(THINKING_TYPES)}"
    if kind and kind not in asked.model.thinking:
        yield f'"thinking.type.{kind}" is not supported for this model'


def _effort(asked: Asked) -> Iterator[str]:
    effort = (asked.body.get("output_config") or {}).get("effort")
    if effort and effort not in EFFORTS:
        yield f"output_config.effort: Input should be one of {', '.join(EFFORTS)}"
    if effort and effort not in asked.model.efforts:
        yield f"This model does not support the effort parameter at '{effort}'."


def _schema(asked: Asked) -> Iterator[str]:
    wanted = (asked.body.get("output_config") or {}).get("format")
    if not wanted:
        return
    if wanted.get("type") != "json_schema" or not isinstance(wanted.get("schema"), dict):
        yield "output_config.format: Input should be a json_schema with a schema"
        return
    for problem in messages_schema.violations(wanted["schema"]):
        yield f"output_config.format.{problem}"


def _breakpoints(asked: Asked) -> Iterator[str]:
    marked = [part for part in parts(asked.body) if part.cache_control]
    for part in marked:
        kind, lifetime = (part.cache_control or {}).get("type"), part.lifetime
        if kind != "ephemeral" or lifetime not in ("5m", "1h"):
            yield f"{part.place}.cache_control: Input should be ephemeral, with ttl '5m' or '1h'"
    if len(marked) > MAX_BREAKPOINTS:
        yield (
            f"A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {len(marked)}."
        )
    for earlier, later in pairwise(marked):
        if (earlier.lifetime, later.lifetime) == ("5m", "1h"):
            yield (
                f"{later.place}.cache_control.ttl: a ttl='1h' cache_control block must not come "
                "after a ttl='5m' cache_control block. Note that blocks are processed in the "
                "following order: `tools`, `system`, `messages`."
            )


def _automatic_breakpoint(asked: Asked) -> Iterator[str]:
    automatic = asked.body.get("cache_control")
    last = parts(asked.body)[-1].lifetime
    if automatic and last != (automatic.get("ttl") or "5m"):
        yield "cache_control: the last block already has a cache_control with a different ttl"


_RULES: tuple[Callable[[Asked], Iterator[str]], ...] = (
    _max_tokens,
    _sampling,
    _tool_choice,
    _prefill,
    _thinking,
    _effort,
    _schema,
    _breakpoints,
    _automatic_breakpoint,
)
