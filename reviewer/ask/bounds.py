"""The whole text of a prompt, and what it can come to at most. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Usage

if TYPE_CHECKING:
    from reviewer.flow import Request

FRAME_TOKENS = 2_000
"""More than the API writes around our texts: roles, and what it says about the schema."""


def prompt_text(request: Request) -> str:
    """Return the whole prompt as one text, as `reviewer pack` writes it."""
    return "".join(block.text for block in (*request.system, *request.user))


def bound_tokens(request: Request) -> int:
    """Return what the prompt cannot exceed, however dear its text: no token is under a byte."""
    written = prompt_text(request) + request.schema
    return len(written.encode("utf-8", "replace")) + FRAME_TOKENS


def bound_usage(request: Request) -> Usage:
    """Return what the prompt can be billed as at most, where nobody tells."""
    most = bound_tokens(request)
    match request.cache_ttl:
        case "5m":
            return Usage(cache_write_5m_tokens=most)
        case "1h":
            return Usage(cache_write_1h_tokens=most)
        case None:
            return Usage(input_tokens=most)
