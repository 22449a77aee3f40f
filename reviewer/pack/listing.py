"""What exists but is not shown: a line a file, or a line a folder where that is too much. Pure.

    docs/logo.png 12 kB, media
    vendor/ 1,203 files, 14 MB, vendored

One line stands for everything at first; then folders are opened as long as the budget lasts,
shallow ones first, small ones before large ones, and those that are too large stay closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import groupby
from typing import TYPE_CHECKING

from reviewer.flow import FileClass, Level
from reviewer.pack import tokens
from reviewer.pack.document import escape_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import PackedFile

FLOOR_TOKENS = 120
"""Holds the one line that stands for everything, whatever its number, size and classes."""

TAGS_TOKENS = 16
LEAST_ROW_TOKENS = 4
"""No row costs less; a folder with too many is not even looked at."""

_CLASSES = list(FileClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The listing as it is written, and what it may cost."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A file, or a folder with everything in it; `name` of a folder is empty or ends in `/`."""

    name: str
    files: Sequence[PackedFile]
    text: str
    tokens: int

    @property
    def is_folder(self) -> bool:
        return not self.name or self.name.endswith("/")


def write_listing(files: Sequence[PackedFile], *, budget_tokens: int) -> Listing:
    """Return the listing of `files`, in path order, that are not shown in full.

    A budget of `FLOOR_TOKENS` is always kept. What a listing costs is enough to write the same
    one again: opening a folder only adds, so what was opened still fits, and what was not never.
    """
    hidden = [file for file in files if file.level is not Level.FULL]
    if not hidden:
        return Listing(text="", tokens=0)
    everything = _row("", hidden)
    rows = {"": everything}
    cost = TAGS_TOKENS + everything.tokens
    frontier = [_opening(everything)]
    while frontier:
        _, width, name = heappop(frontier)
        closed = rows[name]
        if cost - closed.tokens + width * LEAST_ROW_TOKENS > budget_tokens:
            continue
        inside = _open(closed)
        opened = cost - closed.tokens + sum(row.tokens for row in inside)
        if opened > budget_tokens:
            continue
        cost = opened
        del rows[name]
        rows |= {row.name: row for row in inside}
        for row in inside:
            if row.is_folder:
                heappush(frontier, _opening(row))
    text = "".join(rows[name].text for name in sorted(rows))
    return Listing(text=f"<listing>\n{text}</listing>\n", tokens=cost)


def _opening(row: _Row) -> tuple[int, int, str]:
    """Return the order in which folders are opened: by depth, by what opening adds, by name."""
    width = len({_below(row.name, file.path) for file in row.files})
    return row.name.count("/"), width, row.name


def _open(row: _Row) -> list[_Row]:
    """Return what is directly inside a folder. Files in path order stand together by folder."""
    inside = groupby(row.files, key=lambda file: _below(row.name, file.path))
    return [_row(name, list(files)) for name, files in inside]


def _below(folder: str, path: str) -> str:
    """Return the file or folder, directly inside the folder, that the path leads through."""
    end = path.find("/", len(folder))
    return path if end < 0 else path[: end + 1]


def _row(name: str, files: Sequence[PackedFile]) -> _Row:
    present = {file.file_class for file in files}
    classes = ", ".join(each for each in _CLASSES if each in present)
    size = _size(sum(file.size_bytes for file in files))
    number = f" {len(files):,} files," if len(files) > 1 else ""
    text = f"{escape_path(name) or 'everything else'}{number} {size}, {classes}\n"
    return _Row(name=name, files=files, text=text, tokens=tokens.estimate(text, "listing"))


def _size(size_bytes: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= size:
            return f"{size_bytes // size:,} {unit}"
    return f"{size_bytes} bytes"
