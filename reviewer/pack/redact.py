"""The change, without its secrets. Pure.

The codebase is numbered first (`ladder`), so that the placeholders in it do not depend on the
change. A diff is made harmless by the files it is between: only a whole file tells that a line
is the middle of a key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import FileStatus
from reviewer.pack import decode, secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.flow import Change, ChangedFile, DiffLine, Hunk
    from reviewer.pack.placeholders import Placeholders

    Read = Callable[[str], bytes]

_REGULAR = "100"
"""How the mode of a file begins that is no link and no submodule."""


def words(change: Change, placeholders: Placeholders) -> Change:
    """Return the change with its title, description and commit messages made harmless."""
    return replace(
        change,
        title=_text(change.title, placeholders),
        description=_text(change.description, placeholders),
        commits=tuple(_text(message, placeholders) for message in change.commits),
    )


def files(
    changed: Sequence[ChangedFile], read: Read, placeholders: Placeholders
) -> tuple[ChangedFile, ...]:
    """Return the changed files with texts and hunks made harmless; `read` gives a blob."""
    sides = [_Sides.of(file, read, placeholders) for file in changed]
    # Only now every value is known: one that moved is hidden where no rule would see it, too.
    return tuple(
        _file(file, each, placeholders) for file, each in zip(changed, sides, strict=True)
    )


def _text(text: str, placeholders: Placeholders, path: str = "") -> str:
    found = placeholders.replace(text, secrets.find(text, path))
    return placeholders.replace_known(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """The lines of a changed file that hold secrets, by number, as they may be shown."""

    before: dict[int, str]
    after: dict[int, str]

    @classmethod
    def of(cls, file: ChangedFile, read: Read, placeholders: Placeholders) -> _Sides:
        if not file.shows_diff and file.text is None:
            return cls(before={}, after={})
        diff = file.diff
        deleted = diff.status is FileStatus.DELETED
        return cls(
            before=_lines(diff.old_path, diff.old_oid, diff.old_mode, read, placeholders),
            after={}
            if deleted
            else _lines(diff.path, diff.new_oid, diff.new_mode, read, placeholders),
        )


def _lines(
    path: str, oid: str, mode: str, read: Read, placeholders: Placeholders
) -> dict[int, str]:
    if not oid.strip("0") or not mode.startswith(_REGULAR):
        return {}
    text = decode.decode(read(oid)).text
    found = secrets.find(text, path)
    if not found:
        return {}
    pairs = zip(text.split("\n"), placeholders.replace(text, found).split("\n"), strict=True)
    return {number: new for number, (old, new) in enumerate(pairs, start=1) if old != new}


def _file(file: ChangedFile, sides: _Sides, placeholders: Placeholders) -> ChangedFile:
    hunks = tuple(_hunk(hunk, sides, placeholders) for hunk in file.diff.hunks)
    text = None if file.text is None else _whole(file.text, sides.after, placeholders)
    if text == file.text and hunks == file.diff.hunks:
        return file
    return replace(file, text=text, diff=replace(file.diff, hunks=hunks))


def _whole(text: str, hidden: dict[int, str], placeholders: Placeholders) -> str:
    lines = text.split("\n")
    for number, line in hidden.items():
        lines[number - 1] = line
    return placeholders.replace_known("\n".join(lines))


def _hunk(hunk: Hunk, sides: _Sides, placeholders: Placeholders) -> Hunk:
    lines = tuple(_line(line, sides, placeholders) for line in hunk.lines)
    header = placeholders.replace_known(hunk.header)
    if sides.before or sides.after:  # git cuts the line of code in it short, and a value with it
        header = "@@".join((*header.split("@@", 2)[:2], ""))
    return replace(hunk, header=header, lines=lines)


def _line(line: DiffLine, sides: _Sides, placeholders: Placeholders) -> DiffLine:
    """Return a line as the file after the change shows it, or the one before."""
    if line.new is not None and line.new in sides.after:
        return replace(line, text=sides.after[line.new])
    if line.new is None and line.old is not None and line.old in sides.before:
        return replace(line, text=sides.before[line.old])
    text = placeholders.replace_known(line.text)
    return line if text == line.text else replace(line, text=text)
