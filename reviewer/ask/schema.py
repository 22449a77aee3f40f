"""The schema of the answer: frozen, because it is part of the cached prompt. Pure.

The API puts it before the codebase, so one changed byte bills the whole prefix again. Properties
are written in this order, and the model writes them in this order: it quotes the code before it
says what is wrong with it. Only what the API's subset of JSON Schema can say is used
(platform.claude.com/docs, "Structured outputs"); limits are checked in `judge.findings`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.flow import Category, ClaimKind, Confidence, Origin, Ruling, Severity

if TYPE_CHECKING:
    from enum import StrEnum

Schema = dict[str, Any]


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _line(description: str) -> Schema:
    return {"type": "integer", "description": description}


def _one_of(names: type[StrEnum], description: str) -> Schema:
    return {"type": "string", "enum": [str(name) for name in names], "description": description}


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_CODE = {
    "path": _text("Path of the file, exactly as in its tag or in the diff."),
    "quote": _text(
        "One to ten whole lines, copied character for character from that file, without line "
        "numbers or diff signs. A program looks it up; a finding whose quote is not found is "
        "thrown away."
    ),
    "first_line": _line("Line where the quote begins, as far as you can tell."),
    "last_line": _line("Line where the quote ends."),
}

_EVIDENCE = _object(**_CODE, note=_text("What this place shows, in a few words."))

_FINDING = _object(
    **_CODE,
    evidence=_list(
        _EVIDENCE,
        "Other places that the finding rests on; at least one for every other file it speaks of.",
    ),
    title=_text("What goes wrong, in one line."),
    explanation=_text("Why, under which input, and what would mend it."),
    severity=_one_of(Severity, "How bad it is if it is true."),
    confidence=_one_of(Confidence, "How sure you are that it is true."),
    category=_one_of(Category, "What kind of problem it is."),
    origin=_one_of(Origin, "Whether this change brought it in."),
    claim=_one_of(ClaimKind, "What the finding says is absent, or none."),
    symbol=_text("The name that is claimed to be absent; empty without such a claim."),
    replacement={
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "description": (
            "The whole new text for exactly the quoted lines, indented as they are, if that alone "
            "mends the problem; otherwise null."
        ),
    },
)

ANSWER = _object(
    overview=_text("What the change does, in one or two plain sentences."),
    findings=_list(_FINDING, "Every problem found; empty if there is none."),
)

SCHEMA = json.dumps(ANSWER, separators=(",", ":"))
"""The schema as it is sent."""

_RULING = _object(
    id=_text("The id of the finding."),
    why=_text("What decides it, in one or two plain sentences."),
    path=_text("For refuted: the file that the quote is from. Otherwise empty."),
    quote=_text(
        "For refuted: one to ten whole lines that contradict the finding, copied character for "
        "character, without line numbers. Otherwise empty."
    ),
    ruling=_one_of(Ruling, "What the code you see makes of the finding."),
)

RULINGS = json.dumps(
    _object(rulings=_list(_RULING, "One for each finding.")), separators=(",", ":")
)
"""The schema of a second look, as it is sent. It shares no prefix with a review."""
