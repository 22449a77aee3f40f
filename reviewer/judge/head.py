"""What an earlier finding is held against: the head as the model saw it, and what is new. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.flow import Side
from reviewer.judge.quotes import squeezed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from reviewer.flow import FileDiff, Known, Located, Proven

NEAR_LINES = 10
"""A guard above the line that was quoted mends it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head. `texts` are the files that were seen in full, by path.

    `paths` are all files that are there, `changed` those of the change. `since` is the
    difference to the head that was reviewed last, None where it is not known: then everything
    counts as new.
    """

    texts: Mapping[str, str]
    paths: Collection[str]
    changed: Collection[str] = ()
    since: tuple[FileDiff, ...] | None = None
    _squeezed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _looked_up: dict[tuple[str, str], int] = field(default_factory=dict)

    def shows(self, known: Known) -> bool:
        """Whether the review had the place of an earlier finding in view, or it is gone."""
        return known.path in self.texts or known.path not in self.paths

    def lacks(self, known: Known) -> bool:
        """Whether the code of an earlier finding no longer stands in its file, as far as seen.

        What was quoted from before the change is gone when it stands there again.
        """
        if not self.shows(known):
            return False
        return self._stands(known, known.path) == (known.side is Side.LEFT)

    def touches(self, known: Known) -> bool:
        """Whether what changed since the last round can have mended an earlier finding.

        Its code is gone for good, something near it changed, or in a file that it speaks of.
        """
        if self.lacks(known):
            elsewhere = [path for path in self.changed if path != known.path]
            moved = any(self._stands(known, path) for path in elsewhere)
            return known.side is Side.LEFT or not moved
        changed = {file.path: file for file in self.since or ()}
        if any(path in changed for path in known.others):
            return True
        file = changed.get(known.path)
        return file is not None and self._changed_near(known, file)

    def is_new(self, proven: Proven) -> bool:
        """Whether a finding is about code, or cites some, that no earlier round saw."""
        if self.since is None:
            return True
        changed = {file.path: file for file in self.since}
        return any(
            located.path in changed and _is_in(located, changed[located.path])
            for located in (proven.place, *proven.evidence)
        )

    def _stands(self, known: Known, path: str) -> bool:
        return self._line_of(known, path) > 0

    def _line_of(self, known: Known, path: str) -> int:
        """Return the line at which its code stands in a file, blank lines aside; 0 if nowhere."""
        if (known.code, path) not in self._looked_up:
            self._looked_up[known.code, path] = self._look_up(known, path)
        return self._looked_up[known.code, path]

    def _look_up(self, known: Known, path: str) -> int:
        lines, code = self._lines(path), [line for line in known.code.split("\n") if line]
        for at, (number, text) in enumerate(lines) if code else ():
            if not text.startswith(code[0]):
                continue
            here = [each for _, each in lines[at : at + len(code)]]
            # What a ledger keeps of long code can end within a line.
            if here[:-1] == code[:-1] and here[-1].startswith(code[-1]):
                return number
        return 0

    def _lines(self, path: str) -> list[tuple[int, str]]:
        """Return the lines of a file that are not blank, numbered and squeezed."""
        if path not in self._squeezed:
            lines = map(squeezed, self.texts.get(path, "").split("\n"))
            self._squeezed[path] = [(at, text) for at, text in enumerate(lines, 1) if text]
        return self._squeezed[path]

    def _changed_near(self, known: Known, file: FileDiff) -> bool:
        """Whether a line within `NEAR_LINES` of its code was added or taken away."""
        first = self._line_of(known, known.path)
        last = first + known.code.count("\n")
        near = range(first - NEAR_LINES, last + NEAR_LINES + 1)
        return first > 0 and any(at in near for at in _changed_lines(file))


def _changed_lines(file: FileDiff) -> Iterator[int]:
    """Give the lines of the new side that were added, or below which something was taken away."""
    for hunk in file.hunks:
        at = 0
        for line in hunk.lines:
            at = line.new or at
            if line.changed:
                yield at or next((each.new for each in hunk.lines if each.new), 1)


def _is_in(located: Located, file: FileDiff) -> bool:
    """Whether a place holds a line that was added, or one that was taken away, since then."""
    quoted = {squeezed(line) for line in located.lines}
    for hunk in file.hunks:
        for line in hunk.lines:
            if not line.changed:
                continue
            on_line = line.new is not None and located.side is Side.RIGHT
            if on_line and located.first_line <= (line.new or 0) <= located.last_line:
                return True
            if not on_line and squeezed(line.text) in quoted:
                return True
    return False
