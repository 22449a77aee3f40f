"""Patch text -> files and their hunks. Pure.

The counts of a hunk's header decide what is content, never the looks of a line: a deleted SQL
comment starts with `--- ` too. Input that ends early or does not add up raises; half a diff never
passes for a whole one.
"""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from reviewer.diff import header
from reviewer.errors import CouldNotFinish
from reviewer.flow import DiffLine, FileDiff, FileStatus, Hunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HUNK = re.compile(
    rb"@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@(?: .*)?", re.DOTALL
)


def parse(patch: bytes) -> tuple[FileDiff, ...]:
    r"""Read the output of `git diff` between two trees, with `--full-index` and a/ b/ prefixes.

    Lines are split at `\n` alone and decoded one by one, as UTF-8 or else Latin-1. The remark
    `\ No newline at end of file` is kept as a line that exists on neither side. After `--raw`
    the files are counted against git's own list, and modes and ids of files with unchanged
    content are known; they stand nowhere else, and are empty then. Raises `CouldNotFinish`.
    """
    lines = _Lines(patch)
    try:
        listed = tuple(_listed(lines))
        files = _distinct(_joined(_sections(lines)))
        return _held_against(listed, files) if listed else files
    except ValueError as error:
        raise lines.broken(str(error)) from error


class _Lines:
    """The lines of a patch, read once from top to bottom."""

    def __init__(self, patch: bytes) -> None:
        self._lines = patch.split(b"\n")
        self._next = 0
        if self._lines.pop():
            self._next = len(self._lines)
            raise self.broken("the last line has no end")

    def peek(self) -> bytes | None:
        """Return the next line and leave it there; None at the end."""
        return self._lines[self._next] if self._next < len(self._lines) else None

    def take(self) -> bytes:
        line = self.peek()
        if line is None:
            raise ValueError("it ends early")
        self._next += 1
        return line

    def take_if(self, start: bytes) -> bytes | None:
        line = self.peek()
        return self.take() if line is not None and line.startswith(start) else None

    def broken(self, why: str) -> CouldNotFinish:
        return CouldNotFinish(
            f"git's diff cannot be understood after line {self._next:,}: {why}",
            way_out="run `git fsck`; if the repository is sound, please report this",
        )


def _listed(lines: _Lines) -> Iterator[tuple[str, header.Sides]]:
    """Read what `--raw` puts above the patch, and the empty line between the two."""
    while (line := lines.take_if(b":")) is not None:
        yield header.listed(line)
        if lines.peek() == b"":
            lines.take()


def _held_against(
    listed: tuple[tuple[str, header.Sides], ...], files: tuple[FileDiff, ...]
) -> tuple[FileDiff, ...]:
    if [path for path, _ in listed] != [file.path for file in files]:
        raise ValueError(f"it shows {len(files)} changed files, git lists {len(listed)}")
    pairs = zip(files, listed, strict=True)
    return tuple(replace(file, **asdict(sides)) for file, (_, sides) in pairs)


def _sections(lines: _Lines) -> Iterator[FileDiff]:
    while lines.peek() is not None:
        first = lines.take()
        if not first.startswith(header.FIRST):
            raise ValueError(f"a file should begin there (`{header.FIRST.decode()}`)")
        above = dict(_above(lines))
        old_path, path = header.paths(first, above)
        sides = header.sides(above)
        binary = _binary(lines)
        hunks = () if binary else _hunks(lines)
        if not (binary or hunks or header.needs_no_body(above, sides)):
            raise ValueError(f"nothing tells how {path!r} changed")
        yield FileDiff(
            path=path,
            old_path=old_path,
            status=header.status(above),
            **asdict(sides),
            binary=binary,
            hunks=hunks,
        )


def _distinct(files: Iterable[FileDiff]) -> tuple[FileDiff, ...]:
    """Make sure that a path means one file: a hostile tree can have two that are shown alike."""
    by_path: dict[str, FileDiff] = {}
    for file in files:
        if file.path in by_path:
            raise ValueError(f"two changed files are called {file.path!r}")
        by_path[file.path] = file
    return tuple(by_path.values())


def _above(lines: _Lines) -> Iterator[tuple[str, bytes]]:
    while (line := lines.peek()) is not None and (field := header.extended(line)):
        lines.take()
        yield field


def _binary(lines: _Lines) -> bool:
    """Pass over what stands for binary content; tell whether there was any."""
    if lines.take_if(b"Binary files ") is not None:
        return True
    if lines.take_if(b"GIT binary patch") is None:
        return False
    for _ in ("forwards", "backwards"):
        while lines.take():  # the data ends with an empty line
            pass
    return True


def _hunks(lines: _Lines) -> tuple[Hunk, ...]:
    if lines.take_if(b"--- ") is None:
        return ()
    if lines.take_if(b"+++ ") is None:
        raise ValueError("the new name (`+++`) should stand there")
    hunks = [_hunk(lines)]
    while (line := lines.peek()) is not None and line.startswith(b"@@ "):
        hunks.append(_hunk(lines))
    return tuple(hunks)


def _hunk(lines: _Lines) -> Hunk:
    above = lines.take()
    match = _HUNK.fullmatch(above)
    if match is None:
        raise ValueError("that is no header of a hunk")
    old, old_count, new, new_count = (1 if part is None else int(part) for part in match.groups())
    content = tuple(_content(lines, (old, new), (old + old_count, new + new_count)))
    return Hunk(header=above.decode("utf-8", "replace"), lines=content)


def _content(lines: _Lines, start: tuple[int, int], end: tuple[int, int]) -> Iterator[DiffLine]:
    """Read lines until both sides are full. A line without a sign is an empty context line."""
    old, new = start
    while (old, new) != end:
        line = lines.take()
        sign, text = line[:1] or b" ", _text(line[1:])
        if sign not in (b" ", b"-", b"+", b"\\") or old > end[0] or new > end[1]:
            raise ValueError("the hunk does not have as many lines as its header says")
        before, after = sign in b" -", sign in b" +"
        yield DiffLine(text=text, old=old if before else None, new=new if after else None)
        old += before
        new += after
    if (remark := lines.take_if(b"\\")) is not None:
        yield DiffLine(text=_text(remark[1:]), old=None, new=None)


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _joined(sections: Iterable[FileDiff]) -> Iterator[FileDiff]:
    """Make one file of the two sections that git writes when a file becomes a symlink, say."""
    waiting: FileDiff | None = None
    for file in sections:
        if waiting is not None and _is_retyped(waiting, file):
            yield _retyped(waiting, file)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = file
    if waiting is not None:
        yield waiting


def _is_retyped(old: FileDiff, new: FileDiff) -> bool:
    statuses = (old.status, new.status)
    return old.path == new.path and statuses == (FileStatus.DELETED, FileStatus.ADDED)


def _retyped(old: FileDiff, new: FileDiff) -> FileDiff:
    """Return one change of a file whose old and new content have nothing in common."""
    lines = tuple(line for file in (old, new) for hunk in file.hunks for line in hunk.lines)
    before = sum(line.old is not None for line in lines)
    after = sum(line.new is not None for line in lines)
    above = f"@@ -{min(before, 1)},{before} +{min(after, 1)},{after} @@"
    binary = old.binary or new.binary
    return replace(
        old,
        status=FileStatus.MODIFIED,
        new_oid=new.new_oid,
        new_mode=new.new_mode,
        binary=binary,
        hunks=() if binary or not lines else (Hunk(header=above, lines=lines),),
    )
