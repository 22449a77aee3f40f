"""A tiny question that has every part that a review has, to find out what somebody takes. Pure."""

from __future__ import annotations

from reviewer.flow import Block, Request

_SCHEMA = """{"type": "object", "properties": {"here": {"type": "boolean"}},
              "required": ["here"], "additionalProperties": false}"""


def probe(model: str, *, betas: tuple[str, ...] = ()) -> Request:
    """Return the question. It is counted only, which costs nothing; nobody answers it."""
    return Request(
        model=model,
        betas=betas,
        system=(Block(text="You are asked whether you are there.", breakpoint=True),),
        user=(Block(text="Are you?"),),
        schema=_SCHEMA,
        cache_ttl="5m",
        max_output_tokens=1024,
    )
