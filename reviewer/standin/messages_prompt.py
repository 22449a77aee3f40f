"""Request body -> the blocks of its prompt, in the API's order. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from reviewer.standin.prefix_cache import Prompt, PromptBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewer.standin.messages_models import ServedModel

BYTES_PER_TOKEN = 2.5
"""The rate of the newer tokenizer on code, rounded: platform.claude.com counts about 2.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One block of the body: where it stands there, and its `cache_control`.

    `lead` is what tells it from the same content elsewhere: section, role, start of a message.
    """

    place: str
    lead: str
    content: Mapping[str, Any]
    cache_control: Mapping[str, Any] | None

    @property
    def lifetime(self) -> str | None:
        """The lifetime its breakpoint asks for, or None when it has no breakpoint."""
        return self.cache_control.get("ttl") or "5m" if self.cache_control else None

    @property
    def text(self) -> str:
        """What is counted: a text block's text, else the block as JSON."""
        if self.content.get("type") == "text":
            return str(self.content["text"])
        return _written(self.content)


def estimate_tokens(text: str) -> int:
    """Return the tokens of a text at `BYTES_PER_TOKEN`, rounded up."""
    return ceil(len(_encoded(text)) / BYTES_PER_TOKEN)


def parts(body: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the blocks in prompt order: output format, tools, system, messages.

    The format comes first because the API puts an extra system prompt in for it, and a changed
    format invalidates everything (docs, structured outputs). A `cache_control` at the top of the
    body marks the last block, unless that block has its own.
    """
    found = (*_format(body), *_tools(body), *_system(body), *_messages(body))
    automatic = body.get("cache_control")
    if automatic and found[-1].cache_control is None:
        return (*found[:-1], replace(found[-1], cache_control=automatic))
    return found


def prompt_of(body: Mapping[str, Any], model: ServedModel, count: Callable[[str], int]) -> Prompt:
    """Return the prompt as the cache sees it.

    Model, thinking and effort are part of every prefix; effort set to the model's default is the
    same as no effort. A changed `tool_choice` invalidates the messages only.
    """
    effort = (body.get("output_config") or {}).get("effort") or model.default_effort
    return Prompt(
        key=_encoded(_written([model.id, body.get("thinking"), effort])),
        blocks=tuple(_measured(part, count) for part in parts(body)),
        minimum_tokens=model.cache_minimum_tokens,
    )


def _measured(part: Part, count: Callable[[str], int]) -> PromptBlock:
    lifetime = part.lifetime
    return PromptBlock(
        identity=_encoded(part.lead + _written(part.content)),
        tokens=count(part.text),
        breakpoint="1h" if lifetime == "1h" else "5m" if lifetime else None,
    )


def _format(body: Mapping[str, Any]) -> Iterator[Part]:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted:
        yield _part("output_config.format", "format", wanted)


def _tools(body: Mapping[str, Any]) -> Iterator[Part]:
    for index, tool in enumerate(body.get("tools") or ()):
        yield _part(f"tools.{index}", "tool", tool)


def _system(body: Mapping[str, Any]) -> Iterator[Part]:
    for index, block in enumerate(content_blocks(body.get("system"))):
        yield _part(f"system.{index}", "system", block)


def _messages(body: Mapping[str, Any]) -> Iterator[Part]:
    choice = _written(body.get("tool_choice"))
    for number, message in enumerate(body["messages"]):
        for index, block in enumerate(content_blocks(message["content"])):
            lead = f"{message['role']} {choice} {'start' if index == 0 else ''}"
            yield _part(f"messages.{number}.content.{index}", lead, block)


def content_blocks(content: str | list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return a system prompt or a message's content as blocks: text is one text block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content or []


def _part(place: str, lead: str, block: Mapping[str, Any]) -> Part:
    return Part(
        place=place,
        lead=lead,
        content={name: value for name, value in block.items() if name != "cache_control"},
        cache_control=block.get("cache_control"),
    )


def _written(value: object) -> str:
    # Keys keep their order: docs, prompt caching, names changed key order as a cause of misses.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _encoded(text: str) -> bytes:
    # JSON can carry half a surrogate pair, and the stand-in must not stumble over it.
    return text.encode("utf-8", "surrogatepass")
