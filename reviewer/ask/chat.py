"""Request -> the body of a chat completion, and what its answer says. Pure.

For endpoints that speak OpenAI's language and serve Claude (ZenMux, LiteLLM, OpenRouter), or a
model of their own. What is Claude's goes along where such endpoints take it: breakpoints stand on
the parts of a message, a beta in a header.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.ask.body import blocks, worded
from reviewer.flow import Usage

if TYPE_CHECKING:
    from reviewer.ask.providers import Lack
    from reviewer.flow import Request

STOPS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
}
"""Why an answer ended, in the words of the Messages API."""

_WRITTEN = ("cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens")
"""How gateways call what was written into the cache: OpenAI has no word for it."""


def body(request: Request, lacks: frozenset[Lack]) -> dict[str, Any]:
    """Return what is sent, without what somebody `lacks`.

    The format of the answer is told in words too: many take the schema without a word and ignore
    it. `max_tokens` is the older name, and most know it.
    """
    marked = None if "cache" in lacks else request.cache_ttl
    system, user = worded(request)
    sent: dict[str, Any] = {
        "model": request.model,
        "messages": [
            {"role": "system", "content": blocks(system, marked)},
            {"role": "user", "content": blocks(user, marked)},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    most = "max_completion_tokens" if "max_tokens" in lacks else "max_tokens"
    sent[most] = request.max_output_tokens
    if "schema" not in lacks:
        schema = {"name": "answer", "strict": True, "schema": json.loads(request.schema)}
        sent["response_format"] = {"type": "json_schema", "json_schema": schema}
    if request.effort and "effort" not in lacks:
        sent["reasoning_effort"] = request.effort
    return sent


def characters(sent: dict[str, Any]) -> int:
    """Return the length of the prompt in a body."""
    return sum(len(part["text"]) for message in sent["messages"] for part in message["content"])


def usage(told: object, request: Request) -> Usage | None:
    """Return what was billed, or None where the endpoint does not tell: no prompt has 0 tokens.

    What was read from the cache and written to it is part of `prompt_tokens`.
    """
    prompt = _number(told, "prompt_tokens")
    if not prompt:
        return None
    details = getattr(told, "prompt_tokens_details", None)
    read = _number(details, "cached_tokens") or 0
    written = next(
        (n for name in _WRITTEN for at in (details, told) if (n := _number(at, name))), 0
    )
    hour = written if request.cache_ttl == "1h" else 0
    return Usage(
        input_tokens=max(0, prompt - read - written),
        cache_write_5m_tokens=written - hour,
        cache_write_1h_tokens=hour,
        cache_read_tokens=read,
        output_tokens=_number(told, "completion_tokens") or 0,
    )


def _number(told: object, name: str) -> int | None:
    value = getattr(told, name, None)
    return value if isinstance(value, int) and value >= 0 else None
