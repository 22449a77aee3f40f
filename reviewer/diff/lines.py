"""Which lines of a diff can carry a comment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.flow import DiffLine, FileDiff, Hunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A line that GitHub takes a comment on: the index of its hunk, and whether it changed."""

    hunk: int
    changed: bool


LineMap = dict[tuple[str, Side], dict[int, Spot]]
"""Commentable lines by path (the new name) and side: every line of a hunk, context included."""


def line_map(files: Iterable[FileDiff]) -> LineMap:
    """Return every line that can carry a comment."""
    return {
        (file.path, side): {
            number: Spot(hunk=index, changed=line.changed)
            for index, hunk in enumerate(file.hunks)
            for number, line in _on(hunk, side)
        }
        for file in files
        for side in Side
    }


def numbered(hunk: Hunk, side: Side) -> tuple[tuple[int, str], ...]:
    """Return the lines of one side of a hunk, each with its number; they are consecutive."""
    return tuple((number, line.text) for number, line in _on(hunk, side))


def _on(hunk: Hunk, side: Side) -> Iterator[tuple[int, DiffLine]]:
    for line in hunk.lines:
        number = line.old if side is Side.LEFT else line.new
        if number is not None:
            yield number, line
