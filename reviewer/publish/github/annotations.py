"""A review -> workflow commands that annotate the changed lines. Pure.

They need no permission: with the job summary they carry a review that may not be posted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import FileLevel, Inline, Severity, Side
from reviewer.publish.neutralise import workflow_message, workflow_property

if TYPE_CHECKING:
    from reviewer.flow import Placed, Review

MOST_PER_LEVEL = 10
"""Of one step; GitHub drops the rest without a word (actions/toolkit, problem-matchers.md)."""

_MESSAGE_CHARACTERS = 4_000

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


def lines(review: Review) -> list[str]:
    """Return the workflow commands of a review, the worst findings first.

    What is over the limit of its level is counted in one last notice.
    """
    told: list[str] = []
    room = dict.fromkeys(_LEVELS.values(), MOST_PER_LEVEL)
    room["notice"] -= 1  # for the last one
    for placed in sorted(review.placed, key=lambda one: one.proven.finding.severity.rank):
        level = _LEVELS[placed.proven.finding.severity]
        if room[level]:
            room[level] -= 1
            told.append(_command(level, placed))
    return [*told, *_last(review, len(review.placed) - len(told))]


def _command(level: str, placed: Placed) -> str:
    finding = placed.proven.finding
    properties = _position(placed) | {"title": f"{finding.severity.capitalize()}: {finding.title}"}
    listed = ",".join(f"{name}={workflow_property(value)}" for name, value in properties.items())
    message = finding.explanation[:_MESSAGE_CHARACTERS]
    return f"::{level} {listed}::{workflow_message(message)}"


def _position(placed: Placed) -> dict[str, str]:
    """Return where the annotation goes: a line that was deleted is not in the file any more."""
    anchor = placed.anchor
    if isinstance(anchor, Inline) and anchor.side is Side.RIGHT:
        return {
            "file": anchor.path,
            "line": str(anchor.first_line),
            "endLine": str(anchor.last_line),
        }
    if isinstance(anchor, Inline | FileLevel):
        return {"file": anchor.path}
    located = placed.proven.place
    return {"file": located.path, "line": str(located.first_line)}


def _last(review: Review, untold: int) -> list[str]:
    """Return the notice about what has no annotation of its own."""
    more = untold + len(review.collapsed) + len(review.pre_existing)
    parts = [f"{more} more in the job summary"] if more else []
    if review.unfinished:
        parts.insert(0, f"the review is unfinished: {review.unfinished}")
    if review.scripted:
        parts.insert(0, "the answer was scripted")
    if not parts:
        return []
    return [f"::notice title=reviewer::{workflow_message('; '.join(parts))}"]
