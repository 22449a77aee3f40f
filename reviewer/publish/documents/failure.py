"""An error as a JSON document: what a program reads in the place of the result. Pure."""

from __future__ import annotations

from typing import Any

from reviewer.publish.documents.json_text import json_text

FORMAT = "reviewer-error/1"
"""The version of the document; goes up when a key changes its meaning or goes away."""

_MEANS = {
    "format": {"const": FORMAT},
    "exit_code": {
        "enum": [2, 3, 130],
        "description": "2: the user must act, 3: it could not be finished, 130: interrupted",
    },
    "what": {"type": "string", "description": "what happened"},
    "way_out": {"type": "string", "description": "what to do about it; empty if there is nothing"},
}


def as_json(what: str, *, way_out: str, exit_code: int) -> str:
    """Return the document, in one line."""
    told = {"format": FORMAT, "exit_code": exit_code, "what": what, "way_out": way_out}
    return json_text(told)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "properties": _MEANS,
        "required": sorted(_MEANS),
    }
