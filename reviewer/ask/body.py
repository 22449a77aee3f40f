"""Request -> the body and headers of the Messages API. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.ask import models
from reviewer.flow import Block
from reviewer.render import render

if TYPE_CHECKING:
    from reviewer.ask.providers import Lack
    from reviewer.flow import Request

NOTHING: frozenset[Lack] = frozenset()

_UNCOUNTED = frozenset({"max_tokens", "inference_geo", "diagnostics"})
"""Parameters of a message that the counting endpoint does not take (SDK, `count_tokens`)."""


def body(
    request: Request,
    *,
    diagnose: bool = False,
    lacks: frozenset[Lack] = NOTHING,
    in_words: bool = False,
) -> dict[str, Any]:
    """Return what is sent, but for `stream`.

    No sampling parameters, no tools, no prefill: the newer models refuse them. Whitespace alone
    is left out, because the API refuses an empty text block. `diagnose` asks why the cache was
    missed, where it is written: gateways do not know that parameter. What somebody `lacks` is
    left out; `in_words` tells the format of the answer in the prompt too, for those who take the
    schema without a word and ignore it.
    """
    marked = None if "cache" in lacks else request.cache_ttl
    system, user = worded(request) if in_words else (request.system, request.user)
    sent: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_output_tokens,
        "system": blocks(system, marked),
        "messages": [{"role": "user", "content": blocks(user, marked)}],
    }
    if config := _output_config(request, lacks):
        sent["output_config"] = config
    if request.inference_geo:
        sent["inference_geo"] = request.inference_geo
    if diagnose and request.cache_ttl:
        # None lets the API keep what a later request is compared with.
        sent["diagnostics"] = {"previous_message_id": request.previous_message or None}
    if models.thinks_only_when_asked(request.model) and "thinking" not in lacks:
        sent["thinking"] = {"type": "adaptive"}
    return sent


def worded(request: Request) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return system and user blocks that tell the format of the answer.

    The schema stands first, where it is cached, and the last words point at it.
    """
    told = Block(text=render("format.md.j2", schema=request.schema) + "\n")
    return (told, *request.system), (*request.user, Block(text=LAST_WORDS))


LAST_WORDS = "Answer with the JSON object that the schema at the very beginning describes.\n"


def countable(sent: dict[str, Any]) -> dict[str, Any]:
    """Return of a body what is counted: the rest is no part of the prompt."""
    return {name: value for name, value in sent.items() if name not in _UNCOUNTED}


def headers(request: Request, lacks: frozenset[Lack] = NOTHING) -> dict[str, str]:
    """Return the headers of this request, beyond those of the client."""
    sent = request.betas and "beta" not in lacks
    return {"anthropic-beta": ",".join(request.betas)} if sent else {}


def characters(sent: dict[str, Any]) -> int:
    """Return the length of the prompt in a body."""
    blocks = (*sent["system"], *sent["messages"][0]["content"])
    return sum(len(block["text"]) for block in blocks)


def _output_config(request: Request, lacks: frozenset[Lack]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if "schema" not in lacks:
        config["format"] = {"type": "json_schema", "schema": json.loads(request.schema)}
    # The model's default may change; leaving effort out follows it, and keeps the prompt cache.
    if request.effort and "effort" not in lacks:
        config["effort"] = request.effort
    return config


def blocks(texts: tuple[Block, ...], cache_ttl: str | None) -> list[dict[str, Any]]:
    """Return the blocks as the API has them, with their breakpoints if the cache is used."""
    return [_block(block, cache_ttl) for block in texts if block.text.strip()]


def _block(block: Block, cache_ttl: str | None) -> dict[str, Any]:
    # A title from JSON can hold half a surrogate pair, which UTF-8 cannot.
    text = block.text.encode("utf-8", "replace").decode()
    sent: dict[str, Any] = {"type": "text", "text": text}
    if block.breakpoint and cache_ttl:
        sent["cache_control"] = {"type": "ephemeral", "ttl": cache_ttl}
    return sent
