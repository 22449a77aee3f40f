"""What changed: files, hunks and lines. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The side of a diff, in GitHub's words: LEFT is the merge base, RIGHT is the head."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a hunk. `old` or `new` is None on the side where the line does not exist.

    git's remark that a file has no newline at its end is a line with neither.
    """

    text: str
    old: int | None
    new: int | None

    @property
    def changed(self) -> bool:
        """Whether the line was added or deleted, rather than shown as context."""
        return (self.old is None) != (self.new is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Neighbouring lines with up to three lines of context; `header` is its `@@` line."""

    header: str
    lines: tuple[DiffLine, ...]


class FileStatus(StrEnum):
    """What happened to a file between merge base and head."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """One changed file. `path` is the new name (the old one when deleted).

    `old_oid` and `new_oid` are blob ids, all zeros where there is none; a side that is not there
    has the mode `000000`. Ids and modes that the diff does not tell are empty (git tells them all
    with `--raw`). A binary or a mode-only change has no hunks.
    """

    path: str
    old_path: str
    status: FileStatus
    old_oid: str
    new_oid: str
    old_mode: str
    new_mode: str
    binary: bool
    hunks: tuple[Hunk, ...]
