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
    from collections.abc import Collection, Iterator, Sequence

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
class _Group:
    """The files directly inside one folder, whose name is empty or ends in `/`."""

    folder: str
    files: Sequence[PackedFile]
    size_bytes: int
    classes: frozenset[FileClass]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A line: a file, or a folder with the groups of everything in it, in order of folders."""

    name: str
    groups: Sequence[_Group]
    text: str
    tokens: int


def write_listing(files: Sequence[PackedFile], *, budget_tokens: int) -> Listing:
    """Return the listing of `files`, in path order, that are shown at no other level.

    A budget of `FLOOR_TOKENS` is always kept.
    """
    hidden = [file for file in files if file.level is Level.LISTED]
    if not hidden:
        return Listing(text="", tokens=0)
    everything = _folder_row("", _groups(hidden))
    rows = {"": everything}
    cost = TAGS_TOKENS + everything.tokens
    frontier = [_opening(everything)]
    while frontier:
        _, width, name = heappop(frontier)
        closed = rows[name]
        if cost - closed.tokens + width * LEAST_ROW_TOKENS > budget_tokens:
            continue
        inside = list(_open(closed))
        opened = cost - closed.tokens + sum(row.tokens for row in inside)
        if opened > budget_tokens:
            continue
        cost = opened
        del rows[name]
        rows |= {row.name: row for row in inside}
        for row in inside:
            if row.groups:
                heappush(frontier, _opening(row))
    text = "".join(rows[name].text for name in sorted(rows))
    return Listing(text=f"<listing>\n{text}</listing>\n", tokens=cost)


def _groups(files: Sequence[PackedFile]) -> list[_Group]:
    """Group files by folder: a row is made of these, so that a file is looked at only once."""
    by_folder: dict[str, list[PackedFile]] = {}
    for file in files:
        folder = file.path[: file.path.rfind("/") + 1]
        by_folder.setdefault(folder, []).append(file)
    return [
        _Group(
            folder=folder,
            files=inside,
            size_bytes=sum([file.size_bytes for file in inside]),
            classes=frozenset([file.file_class for file in inside]),
        )
        for folder, inside in sorted(by_folder.items())
    ]


def _opening(row: _Row) -> tuple[int, int, str]:
    """Return the order in which folders are opened: by depth, by what opening adds, by name."""
    folders = {_below(row.name, group.folder) for group in row.groups}
    direct = sum(len(group.files) for group in row.groups if group.folder == row.name)
    return row.name.count("/"), direct + len(folders - {row.name}), row.name


def _open(row: _Row) -> Iterator[_Row]:
    """Give what is directly inside a folder. Groups in order stand together by folder."""
    for folder, groups in groupby(row.groups, key=lambda group: _below(row.name, group.folder)):
        if folder == row.name:
            yield from (_file_row(file) for group in groups for file in group.files)
        else:
            yield _folder_row(folder, list(groups))


def _below(folder: str, inner: str) -> str:
    """Return the folder directly inside a folder that leads to an inner one, or to itself."""
    return inner[: inner.find("/", len(folder)) + 1] or folder


def _file_row(file: PackedFile) -> _Row:
    return _row(file.path, 1, file.size_bytes, [file.file_class])


def _folder_row(name: str, groups: Sequence[_Group]) -> _Row:
    number = sum(len(group.files) for group in groups)
    size_bytes = sum(group.size_bytes for group in groups)
    classes = frozenset[FileClass]().union(*(group.classes for group in groups))
    return _row(name, number, size_bytes, classes, groups)


def _row(
    name: str,
    number: int,
    size_bytes: int,
    classes: Collection[FileClass],
    groups: Sequence[_Group] = (),
) -> _Row:
    present = ", ".join(each for each in _CLASSES if each in classes)
    files = f" {number:,} files," if number > 1 else ""
    text = f"{escape_path(name) or 'everything else'}{files} {_size(size_bytes)}, {present}\n"
    return _Row(name=name, groups=groups, text=text, tokens=tokens.estimate(text, "listing"))


def _size(size_bytes: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= size:
            return f"{size_bytes // size:,} {unit}"
    return f"{size_bytes} bytes"
