"""The lines that a finding rests on, as quotes that `judge.evidence` finds again. Pure.

A quote is looked up on the right side before the left, so a deleted line that stands somewhere
else too is quoted with its neighbours until it is the only one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.flow import Evidence, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.ask.local.changes import ChangedSource
    from reviewer.ask.local.removed import Use
    from reviewer.flow import FileDiff

MOST_SHOWN = 8
"""Uses in the evidence of one finding; their number is told in its text."""

MOST_QUOTED_LINES = 8
_LEAST_ALPHANUMERICS = 3
_LONGEST = 400
"""Characters of a quoted line: a longer one is quoted in part."""


def deleted_line(
    changed: ChangedSource, name: str, first_line: int, last_line: int
) -> Evidence | None:
    """Return the deleted line between two lines of the base: with the name, or the first."""
    rows = _rows(changed.diff, Side.LEFT)
    gone = [
        line.old
        for hunk in changed.diff.hunks
        for line in hunk.lines
        if line.new is None and line.old is not None and first_line <= line.old <= last_line
    ]
    fitting = [number for number in gone if _says_something(rows[number])]
    if not fitting:
        return None
    number = min(fitting, key=lambda one: (not _stands(name, rows[one]), one))
    quoted = [rows[number]]
    while _is_elsewhere(quoted, changed) and len(quoted) < MOST_QUOTED_LINES:
        following = rows.get(number + len(quoted))
        if following is None:
            break
        quoted.append(following)
    return _evidence(changed.diff.path, number, quoted)


def changed_line(
    changed: ChangedSource, name: str, first_line: int, last_line: int
) -> Evidence | None:
    """Return the added line between two lines of the head: the one with the name, or the first."""
    added = {
        line.new: line.text.removesuffix("\r")
        for hunk in changed.diff.hunks
        for line in hunk.lines
        if line.old is None and line.new is not None and first_line <= line.new <= last_line
    }
    fitting = [number for number, text in added.items() if _says_something(text)]
    if not fitting:
        return None
    number = min(fitting, key=lambda one: (not _stands(name, added[one]), one))
    return _evidence(changed.diff.path, number, [added[number]])


def file_line(changed: ChangedSource) -> Evidence | None:
    """Return a line that stands for a file that went away: deleted, or of the file it became."""
    left = _rows(changed.diff, Side.LEFT)
    rows = dict(enumerate(changed.head.lines, start=1)) if changed.head else left
    number = next((one for one, text in rows.items() if _says_something(text)), None)
    return None if number is None else _evidence(changed.diff.path, number, [rows[number]])


def evidence_of(uses: Sequence[Use], name: str) -> tuple[Evidence, ...]:
    """Return the uses as evidence, one for each file first, at most `MOST_SHOWN`."""
    quotable = [use for use in uses if _says_something(use.text)]
    seen: set[str] = set()
    first = [use for use in quotable if use.path not in seen and not seen.add(use.path)]  # type: ignore[func-returns-value]
    others = [use for use in quotable if use not in first]
    return tuple(
        Evidence(
            path=use.path,
            first_line=use.line,
            last_line=use.line,
            quote=_piece(use.text, name),
            note=use.note,
        )
        for use in (*first, *others)[:MOST_SHOWN]
    )


def _evidence(path: str, number: int, lines: Sequence[str]) -> Evidence | None:
    text = "\n".join(lines)
    if not _says_something(text):
        return None
    return Evidence(
        path=path, first_line=number, last_line=number + len(lines) - 1, quote=text[: _LONGEST * 4]
    )


def _rows(file: FileDiff, side: Side) -> dict[int, str]:
    return {
        number: text.removesuffix("\r")
        for hunk in file.hunks
        for number, text in diff.numbered(hunk, side)
    }


def _is_elsewhere(quoted: Sequence[str], changed: ChangedSource) -> bool:
    text = "\n".join(quoted)
    head = "\n".join(changed.head.lines) if changed.head else ""
    left = "\n".join(_rows(changed.diff, Side.LEFT).values())
    return _squeezed(text) in _squeezed(head) or left.count(text) > 1


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _piece(text: str, name: str) -> str:
    """Return the line, or the part of a very long one around the name."""
    if len(text) <= _LONGEST:
        return text
    at = max(0, text.find(name) - _LONGEST // 2)
    return text[at : at + _LONGEST]


def _stands(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _says_something(text: str) -> bool:
    return sum(character.isalnum() for character in text) >= _LEAST_ALPHANUMERICS
