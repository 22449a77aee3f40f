"""A reply -> the Message object and the server-sent events of the Messages API. Pure.

Shapes: `anthropic.types.Message` and `RawMessageStreamEvent` of SDK 2.12; order of the events:
platform.claude.com/docs, "Streaming messages".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.flow import Usage
    from reviewer.standin.messages_script import Break

_SIGNATURE = "c3RhbmQtaW4="
"""Opaque to clients; a real one is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireReply:
    """One reply, complete. `usage.output_tokens` includes `thinking_tokens`."""

    id: str
    model: str
    text: str
    chunk_characters: int
    thinking_tokens: int
    stop_reason: str
    stop_details: Mapping[str, Any] | None
    usage: Usage
    diagnostics: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One server-sent event. `text` is the text it carries, if it is a text delta."""

    name: str
    payload: Mapping[str, Any]
    text: str = ""

    @property
    def wire(self) -> bytes:
        """The event as sent."""
        written = json.dumps(self.payload, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.name}\ndata: {written}\n\n".encode()


def message(reply: WireReply) -> dict[str, Any]:
    """Return the Message object of a reply that is not streamed."""
    return {
        **_opening(reply),
        "content": [*_thinking(reply), *_text(reply)],
        "stop_reason": reply.stop_reason,
        "stop_details": reply.stop_details,
        "usage": {**_prompt_usage(reply), **_output_usage(reply)},
    }


def events(reply: WireReply) -> tuple[Event, ...]:
    """Return every event of a streamed reply, in order."""
    opening = {**_opening(reply), "usage": {**_prompt_usage(reply), "output_tokens": 1}}
    ending = {
        "delta": {
            "stop_reason": reply.stop_reason,
            "stop_sequence": None,
            "stop_details": reply.stop_details,
        },
        "usage": {**_cumulative(reply), **_output_usage(reply)},
    }
    return (
        _event("message_start", message=opening),
        *_thinking_events(reply),
        *_text_events(reply),
        _event("message_delta", **ending),
        _event("message_stop"),
    )


def before(broken: Break, planned: tuple[Event, ...]) -> int | None:
    """Return how many events are sent before a stream breaks; None when it ends before that."""
    if broken.unit == "events":
        return broken.after if broken.after < len(planned) else None
    deltas = [index for index, event in enumerate(planned) if event.text]
    ends = [*deltas[:1], *(index + 1 for index in deltas)]
    return ends[broken.after] if broken.after < len(ends) else None


def _opening(reply: WireReply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [],
        "container": None,
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "diagnostics": reply.diagnostics,
    }


def _thinking(reply: WireReply) -> list[dict[str, Any]]:
    """Return the thinking block, its text left out as `display: omitted` does."""
    block = {"type": "thinking", "thinking": "", "signature": _SIGNATURE}
    return [block] if reply.thinking_tokens else []


def _text(reply: WireReply) -> list[dict[str, Any]]:
    block = {"type": "text", "text": reply.text, "citations": None}
    return [block] if reply.text else []


def _thinking_events(reply: WireReply) -> Iterator[Event]:
    for block in _thinking(reply):
        yield _event("content_block_start", index=0, content_block={**block, "signature": ""})
        delta = {"type": "signature_delta", "signature": block["signature"]}
        yield _event("content_block_delta", index=0, delta=delta)
        yield _event("content_block_stop", index=0)


def _text_events(reply: WireReply) -> Iterator[Event]:
    index = len(_thinking(reply))
    for block in _text(reply):
        yield _event("content_block_start", index=index, content_block={**block, "text": ""})
        yield _event("ping")
        for start in range(0, len(reply.text), reply.chunk_characters):
            yield _delta(index, reply.text[start : start + reply.chunk_characters])
        yield _event("content_block_stop", index=index)


def _delta(index: int, text: str) -> Event:
    payload = {
        "type": "content_block_delta",
        "index": index,
        "delta": {"type": "text_delta", "text": text},
    }
    return Event(name="content_block_delta", payload=payload, text=text)


def _event(name: str, **more: object) -> Event:
    return Event(name=name, payload={"type": name, **more})


def _prompt_usage(reply: WireReply) -> dict[str, Any]:
    usage = reply.usage
    return {
        **_cumulative(reply),
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_5m_tokens,
            "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
        },
        "service_tier": "standard",
    }


def _cumulative(reply: WireReply) -> dict[str, Any]:
    """Return the counts that a stream's last usage repeats: without the 5m and 1h split."""
    usage = reply.usage
    return {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
    }


def _output_usage(reply: WireReply) -> dict[str, Any]:
    return {
        "output_tokens": reply.usage.output_tokens,
        "output_tokens_details": {"thinking_tokens": reply.thinking_tokens},
    }
