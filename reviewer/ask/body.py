"""Request -> the body and headers of the Messages API. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.ask import models

if TYPE_CHECKING:
    from reviewer.flow import Block, Request

_UNCOUNTED = frozenset({"max_tokens", "inference_geo", "diagnostics"})
"""Parameters of a message that the counting endpoint does not take (SDK, `count_tokens`)."""


def body(request: Request, *, diagnose: bool = False) -> dict[str, Any]:
    """Return what is sent, but for `stream`.

    No sampling parameters, no tools, no prefill: the newer models refuse them. Whitespace alone
    is left out, because the API refuses an empty text block. `diagnose` asks why the cache was
    missed, where it is written: gateways do not know that parameter.
    """
    sent: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_output_tokens,
        "system": _blocks(request.system, request),
        "messages": [{"role": "user", "content": _blocks(request.user, request)}],
        "output_config": _output_config(request),
    }
    if request.inference_geo:
        sent["inference_geo"] = request.inference_geo
    if diagnose and request.cache_ttl:
        # None lets the API keep what a later request is compared with.
        sent["diagnostics"] = {"previous_message_id": request.previous_message or None}
    if models.thinks_only_when_asked(request.model):
        sent["thinking"] = {"type": "adaptive"}
    return sent


def countable(sent: dict[str, Any]) -> dict[str, Any]:
    """Return of a body what is counted: the rest is no part of the prompt."""
    return {name: value for name, value in sent.items() if name not in _UNCOUNTED}


def headers(request: Request) -> dict[str, str]:
    """Return the headers of this request, beyond those of the client."""
    return {"anthropic-beta": ",".join(request.betas)} if request.betas else {}


def characters(sent: dict[str, Any]) -> int:
    """Return the length of the prompt in a body."""
    blocks = (*sent["system"], *sent["messages"][0]["content"])
    return sum(len(block["text"]) for block in blocks)


def _output_config(request: Request) -> dict[str, Any]:
    config: dict[str, Any] = {
        "format": {"type": "json_schema", "schema": json.loads(request.schema)}
    }
    # The model's default may change; leaving effort out follows it, and keeps the prompt cache.
    return config | ({"effort": request.effort} if request.effort else {})


def _blocks(blocks: tuple[Block, ...], request: Request) -> list[dict[str, Any]]:
    return [_block(block, request) for block in blocks if block.text.strip()]


def _block(block: Block, request: Request) -> dict[str, Any]:
    # A title from JSON can hold half a surrogate pair, which UTF-8 cannot.
    text = block.text.encode("utf-8", "replace").decode()
    sent: dict[str, Any] = {"type": "text", "text": text}
    if block.breakpoint and request.cache_ttl:
        sent["cache_control"] = {"type": "ephemeral", "ttl": request.cache_ttl}
    return sent
