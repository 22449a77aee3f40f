"""Proven claims -> places on the pull request. Pure.

GitHub takes inline comments only on lines of a hunk, and one bad anchor fails a whole review, so
anchors are computed from the same diff. A ladder that nothing falls off: the changed line that the
finding is about, a changed line of its evidence, an unchanged line of a hunk, the file, the
summary. A problem across files goes to the line that causes it, not to where it shows: with that
rule Kodus lost none of 44 findings, without it 2 of 51 (kodus-ai, evals/anchoring).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.flow import FileLevel, Inline, InSummary, Placed
from reviewer.judge.fingerprint import merged
from reviewer.judge.suggest import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.diff import LineMap
    from reviewer.flow import FileDiff, Located, Proven


def place(proven: Sequence[Proven], diffs: Sequence[FileDiff]) -> tuple[Placed, ...]:
    """Place every finding once; two with the same fingerprint become one.

    Ids count up in this order; `rank` numbers them again in the order they are shown.
    """
    lines, changed_paths = diff.line_map(diffs), frozenset(file.path for file in diffs)
    placed: list[Placed] = []
    for number, (name, one) in enumerate(merged(proven).items(), start=1):
        anchor = _anchor(one, lines, changed_paths)
        placed.append(
            Placed(
                id=f"F{number}",
                fingerprint=name,
                proven=one,
                anchor=anchor,
                suggestion=suggestion(one, anchor),
            )
        )
    return tuple(placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _InHunk:
    """A place inside a hunk, and whether the change touches it there."""

    anchor: Inline
    changed: bool


def _anchor(
    proven: Proven, lines: LineMap, changed_paths: frozenset[str]
) -> Inline | FileLevel | InSummary:
    places = (proven.place, *proven.evidence)
    inside = [found for located in places if (found := _in_hunk(located, lines))]
    if inside:
        return min(inside, key=lambda found: not found.changed).anchor
    for located in places:
        if located.path in changed_paths:
            return FileLevel(path=located.path)
    return InSummary(why="it points at files outside the change only")


def _in_hunk(located: Located, lines: LineMap) -> _InHunk | None:
    """Return the part of a place that lies in one hunk, the first that the change touches."""
    if located.side is None:
        return None
    spots = lines.get((located.path, located.side), {})
    numbers = range(located.first_line, located.last_line + 1)
    inside = [(number, spots[number]) for number in numbers if number in spots]
    if not inside:
        return None
    hunk = next((spot.hunk for _, spot in inside if spot.changed), inside[0][1].hunk)
    own = [(number, spot) for number, spot in inside if spot.hunk == hunk]
    anchor = Inline(
        path=located.path, side=located.side, first_line=own[0][0], last_line=own[-1][0]
    )
    return _InHunk(anchor=anchor, changed=any(spot.changed for _, spot in own))
