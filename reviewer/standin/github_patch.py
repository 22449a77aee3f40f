"""Git's patch text -> hunks with line numbers, for the GitHub stand-in. Pure.

Written apart from `reviewer.diff` on purpose: a mistake there must not be repeated here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_SECTION = re.compile(rb"^diff --git ", re.MULTILINE)
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a hunk; a side it does not exist on has no number."""

    text: str
    old: int | None
    new: int | None

    def number(self, side: str) -> int | None:
        """Return its number on a side; LEFT is the old one."""
        return self.old if side == "LEFT" else self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One hunk. `position` is that of its `@@` line: 0 for the first of a file."""

    header: str
    old_start: int
    old_count: int
    new_count: int
    position: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The hunk as it stands in a patch."""
        return "\n".join((self.header, *(line.text for line in self.lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What happened to one file. `old_path` differs from `path` for a renamed one only."""

    path: str
    old_path: str
    status: str
    blob: str
    hunks: tuple[Hunk, ...]

    @property
    def additions(self) -> int:
        """The number of added lines."""
        return sum(line.text.startswith("+") for hunk in self.hunks for line in hunk.lines)

    @property
    def deletions(self) -> int:
        """The number of deleted lines."""
        return sum(line.text.startswith("-") for hunk in self.hunks for line in hunk.lines)

    @property
    def patch(self) -> str:
        """Its hunks, as GitHub gives them: without the file's header."""
        return "\n".join(hunk.text for hunk in self.hunks)


def sections(patch: bytes) -> list[bytes]:
    """Split a patch into one piece a `diff --git` line; no line of a hunk can begin like that."""
    starts = [found.start() for found in _SECTION.finditer(patch)]
    return [patch[start:end] for start, end in pairwise((*starts, len(patch)))]


def hunks(section: bytes) -> tuple[Hunk, ...]:
    """Read the hunks of one file; there are none in a binary file or a bare rename."""
    texts = section.decode("utf-8", "replace").removesuffix("\n").split("\n")
    starts = [index for index, text in enumerate(texts) if text.startswith("@@ ")]
    return tuple(
        _hunk(texts[start:end], position=start - starts[0])
        for start, end in pairwise((*starts, len(texts)))
    )


def _hunk(texts: list[str], *, position: int) -> Hunk:
    found = _HUNK.match(texts[0])
    if not found:
        raise ValueError(f"not a hunk header: {texts[0]!r}")
    old_start, new_start = int(found[1]), int(found[3])
    old, new, lines = old_start, new_start, []
    for text in texts[1:]:
        on_old, on_new = text[0] in " -", text[0] in " +"
        lines.append(Line(text=text, old=old if on_old else None, new=new if on_new else None))
        old, new = old + on_old, new + on_new
    return Hunk(
        header=texts[0],
        old_start=old_start,
        old_count=int(found[2] or 1),
        new_count=int(found[4] or 1),
        position=position,
        lines=tuple(lines),
    )
