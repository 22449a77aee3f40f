"""Where GitHub takes a comment, and where it goes after a push. Pure.

A line takes comments when it stands in a hunk of the diff from the merge base to the commit,
context included; a deleted line only on the LEFT, an added one only on the RIGHT. A renamed
file is known by its new name alone. A range starts and ends in one hunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from reviewer.standin.github_values import Anchor, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.standin.github_patch import FileDiff, Hunk


class Misfit(Enum):
    """Why an anchor is refused."""

    PATH = "the path is not in the diff"
    LINE = "the line is not in a hunk"
    HUNK = "the range leaves its hunk"
    ORDER = "the range ends where it starts, or before"


class Misplaced(Exception):
    """An anchor that GitHub refuses; the caller knows the words for it."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(misfit.value)
        self.misfit = misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An anchor that was found: its hunk up to the line, as `diff_hunk` shows it."""

    position: int
    diff_hunk: str


def named(files: Iterable[FileDiff], path: str) -> FileDiff:
    """Return the file of that name at the head; raises `Misplaced`."""
    for file in files:
        if file.path == path:
            return file
    raise Misplaced(Misfit.PATH)


def at_position(file: FileDiff, position: int) -> Anchor:
    """Return the anchor of a line counted from the file's first `@@`; raises `Misplaced`."""
    for hunk in file.hunks:
        for offset, line in enumerate(hunk.lines, start=1):
            if hunk.position + offset == position and (line.new or line.old):
                side = "RIGHT" if line.new else "LEFT"
                return Anchor(path=file.path, line=line.number(side), side=side)
    raise Misplaced(Misfit.LINE)


def find(file: FileDiff, anchor: Anchor) -> Spot:
    """Return the spot of a line or a range; raises `Misplaced`."""
    hunk, last = _find_line(file, anchor.line, anchor.side)
    if anchor.start_line is not None:
        start_hunk, first = _find_line(file, anchor.start_line, anchor.start_side or anchor.side)
        if start_hunk is not hunk:
            raise Misplaced(Misfit.HUNK)
        if first >= last:
            raise Misplaced(Misfit.ORDER)
    shown = (hunk.header, *(line.text for line in hunk.lines[: last + 1]))
    return Spot(position=hunk.position + last + 1, diff_hunk="\n".join(shown))


def _find_line(file: FileDiff, number: int | None, side: str) -> tuple[Hunk, int]:
    for hunk in file.hunks:
        for index, line in enumerate(hunk.lines):
            if number is not None and line.number(side) == number:
                return hunk, index
    raise Misplaced(Misfit.LINE)


def follow(
    original: Place, *, moved: Iterable[FileDiff], shown: Iterable[FileDiff], commit_id: str
) -> Place | None:
    """Return the place after a push, or None when it is lost and the comment is outdated.

    `moved` is the diff from the side's old commit to its new one (heads for RIGHT, merge bases
    for LEFT), `shown` the pull request's diff now. GitHub's own tracking is not documented:
    this one follows unchanged lines as long as the pull request still shows them.
    """
    anchor = original.anchor
    change = next((file for file in moved if file.old_path == anchor.path), None)
    try:
        file = named(shown, anchor.path)
        if anchor.line is None:
            return replace(original, commit_id=commit_id)
        now = replace(
            anchor,
            line=_shift(change, anchor.line),
            start_line=anchor.start_line and _shift(change, anchor.start_line),
        )
        return Place(commit_id=commit_id, anchor=now, position=find(file, now).position)
    except Misplaced:
        return None


def _shift(change: FileDiff | None, line: int) -> int:
    """Return the line's number after `change`; raises `Misplaced` when it was changed itself."""
    offset = 0
    for hunk in change.hunks if change else ():
        if line < hunk.old_start:
            break
        for each in hunk.lines:
            if each.old == line and each.new:
                return each.new
            if each.old == line:
                raise Misplaced(Misfit.LINE)
        offset += hunk.new_count - hunk.old_count
    return line + offset
