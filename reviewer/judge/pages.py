"""What was sent, as pages in which a quote can be looked up. Pure.

A page is a text whose lines are numbered: a whole file, its outline, or one side of its hunks.
Its indexes are made when they are first needed, because most files of a codebase are never quoted.
All hunks of a side are one page, because a change can have ten thousand of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.flow import FileStatus, Side
from reviewer.judge.quotes import plain, squeezed
from reviewer.pack import document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.flow import ChangedFile, Hunk, Outline


_GAP = "\0"
"""Stands between two hunks, so that no quote reaches across: no text that is sent holds a NUL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lines of a page: numbers, both ends included."""

    first_line: int
    last_line: int


class _Lines:
    """Numbered lines as one text, in which a piece can be found."""

    def __init__(self, numbered: Sequence[tuple[int, str]]) -> None:
        self._text = "\n".join(line for _, line in numbered)
        self._numbers = [number for number, _ in numbered]
        self._starts = list(accumulate((len(line) + 1 for _, line in numbered[:-1]), initial=0))

    def nearest(self, piece: str, claimed_line: int) -> Span | None:
        """Return where the piece stands, the place nearest to a line if there are several."""
        at = self._starts[max(0, bisect_right(self._numbers, claimed_line) - 1)]
        below = self._text.find(piece, at)
        above = self._text.rfind(piece, 0, at + len(piece))
        spans = [self._span(start, len(piece)) for start in (below, above) if start >= 0]
        return min(spans, key=lambda span: abs(span.first_line - claimed_line), default=None)

    def _span(self, start: int, length: int) -> Span:
        first, last = (
            self._numbers[bisect_right(self._starts, at) - 1] for at in (start, start + length - 1)
        )
        return Span(first_line=first, last_line=last)


class Page:
    """Lines of a file on one side of the change, in order; `side` is None outside of it.

    `in_hunk` tells that the lines are those of hunks, where a comment can stand. `path_before`
    is the name on the left side of a renamed file.
    """

    def __init__(
        self,
        path: str,
        side: Side | None,
        numbered: Sequence[tuple[int, str]],
        *,
        in_hunk: bool = False,
        path_before: str = "",
    ) -> None:
        self.path = path
        self.path_before = path_before
        self.side = side
        self.in_hunk = in_hunk
        self._numbered = numbered

    @classmethod
    def of_file(cls, path: str, side: Side | None, text: str) -> Page:
        """Return a whole file as a page. Lines end at line feeds alone, as they do for git."""
        lines = plain(text).removesuffix("\n").split("\n")
        return cls(path, side, list(enumerate(lines, start=1)))

    @cached_property
    def exact(self) -> _Lines:
        """The lines as they are."""
        return _Lines(self._numbered)

    @cached_property
    def squeezed(self) -> _Lines:
        """The lines that are not blank, with their whitespace squeezed."""
        return _Lines([row for row in self._squeezed if row[1]] or [(1, "")])

    @cached_property
    def _squeezed(self) -> list[tuple[int, str]]:
        return [(number, squeezed(line)) for number, line in self._numbered]

    def windows(self, count: int, span: Span) -> list[tuple[Span, list[str]]]:
        """Return every run of `count` lines within a span, squeezed."""
        rows = self._squeezed[self._inside(span)]
        runs = [rows[at : at + count] for at in range(len(rows) - count + 1)]
        return [
            (Span(first_line=run[0][0], last_line=run[-1][0]), texts)
            for run in runs
            if _GAP not in (texts := [text for _, text in run])
        ]

    def lines(self, span: Span) -> tuple[str, ...]:
        """Return the code of a span."""
        rows = self._numbered[self._inside(span)]
        return tuple(line for _, line in rows if line != _GAP)

    @cached_property
    def _numbers(self) -> list[int]:
        return [number for number, _ in self._numbered]

    def _inside(self, span: Span) -> slice:
        numbers = self._numbers
        return slice(bisect_left(numbers, span.first_line), bisect_right(numbers, span.last_line))


class Library:
    """Every page that was sent, by path."""

    def __init__(
        self,
        codebase: Mapping[str, str],
        changed: Sequence[ChangedFile],
        outlines: Mapping[str, Outline],
    ) -> None:
        self._codebase = codebase
        self._outlines = outlines
        self._changed = {file.diff.path: file for file in changed}
        self._renamed = {
            file.diff.old_path: file for file in changed if file.diff.status is FileStatus.RENAMED
        }
        self._written = {
            document.escape_path(path): path for path in (*codebase, *outlines, *self._changed)
        }
        self._pages: dict[str, tuple[Page, ...]] = {}

    def name(self, path: str) -> str:
        """Return the path that is meant: models copy names as they are written in the prompt."""
        return self._written.get(path, path)

    def change_of(self, path: str) -> ChangedFile | None:
        """Return the changed file of this name, or the one that had it before its renaming."""
        return self._changed.get(path) or self._renamed.get(path)

    def pages(self, path: str) -> tuple[Page, ...]:
        """Return the pages of a path, in the order in which they are to be searched."""
        if path not in self._pages:
            changed = self.change_of(path)
            self._pages[path] = _of_change(changed) if changed else self.before(path)
        return self._pages[path]

    def before(self, path: str) -> tuple[Page, ...]:
        """Return the codebase's version of a file: for a changed file, what stood before."""
        text = self._codebase.get(path)
        if text is not None:
            return (Page.of_file(path, None, text),)
        outline = self._outlines.get(path)
        return () if outline is None else (Page(path, None, _apart(outline.rows)),)


def _of_change(file: ChangedFile) -> tuple[Page, ...]:
    """Return the file at head and the right side of its hunks; then the left side.

    What stands in a hunk is there twice, so that of several places the changed one can be chosen.
    """
    path = file.diff.path
    hunks = file.diff.hunks if file.shows_diff else ()
    before = file.diff.old_path if file.diff.old_path != path else ""
    left, right = (
        [Page(path, side, rows, in_hunk=True, path_before=before)]
        if (rows := _rows(hunks, side))
        else []
        for side in (Side.LEFT, Side.RIGHT)
    )
    whole = [] if file.text is None else [Page.of_file(path, Side.RIGHT, file.text)]
    return (*whole, *right, *left)


def _apart(rows: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return numbered lines with a gap wherever lines are left out between them."""
    apart: list[tuple[int, str]] = []
    for number, line in rows:
        if apart and apart[-1][0] != number - 1:
            apart.append((apart[-1][0], _GAP))
        apart.append((number, line.removesuffix("\r")))
    return apart


def _rows(hunks: Sequence[Hunk], side: Side) -> list[tuple[int, str]]:
    """Return the lines of one side of all hunks, with a gap after each."""
    rows: list[tuple[int, str]] = []
    for hunk in hunks:
        if lines := diff.numbered(hunk, side):
            rows += [(number, text.removesuffix("\r")) for number, text in lines]
            rows.append((rows[-1][0], _GAP))
    return rows
