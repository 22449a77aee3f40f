"""The baseline: which findings a project knows of, and is not told again. Pure.

There are no line numbers in it: code that moves stays known, code that changes does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import KnownFinding, Origin, Side
from reviewer.judge.agree import alike
from reviewer.judge.fingerprint import fingerprint, identity
from reviewer.judge.quotes import squeezed, squeezed_lines
from reviewer.pack.secrets import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewer.flow import FileDiff, Located, Proven


class Known:
    """The entries of a baseline, to look findings up in."""

    def __init__(self, entries: Iterable[KnownFinding]) -> None:
        self._by_print: dict[str, KnownFinding] = {}
        self._by_path: dict[str, list[KnownFinding]] = {}
        for entry in entries:
            self._by_print[entry.fingerprint] = entry
            self._by_path.setdefault(entry.path, []).append(entry)

    def entry_of(self, found: Proven) -> KnownFinding | None:
        """Return the entry of a finding, if there is one.

        It has the same fingerprint; or the same path, more or less of the same lines, and a title
        that means the same, because a model quotes now more and now less.
        """
        if entry := self._by_print.get(fingerprint(found)):
            return entry
        lines = squeezed_lines("\n".join(found.place.lines))
        near = (
            entry
            for entry in self._by_path.get(found.place.path, ())
            if _overlap(lines, squeezed_lines("\n".join(entry.quote)))
            and alike(entry.title, found.finding.title)
        )
        return next(near, None)


def apart(
    found: Sequence[Proven], entries: Sequence[KnownFinding], diffs: Sequence[FileDiff]
) -> tuple[tuple[Proven, ...], tuple[KnownFinding, ...]]:
    """Return the findings that are to be told, and the entries of those that are known.

    What the change makes worse, deletes or writes is told all the same, be it a copy of known
    code; what it only moves within its file is known.
    """
    if not entries:
        return tuple(found), ()
    known = Known(entries)
    by_path = {file.path: file for file in diffs}
    new: list[Proven] = []
    again: dict[str, KnownFinding] = {}
    for one in found:
        of_change = _of_the_change(one, by_path.get(one.place.path))
        entry = None if of_change else known.entry_of(one)
        if entry is None:
            new.append(one)
        else:
            again[entry.fingerprint] = entry
    return tuple(new), tuple(again.values())


def entry(found: Proven, *, reason: str) -> KnownFinding:
    """Return the entry that makes a finding known."""
    finding, place = found.finding, found.place
    return KnownFinding(
        path=place.path,
        severity=finding.severity,
        category=finding.category,
        title=" ".join(finding.title.split()),
        reason=reason,
        fingerprint=identity(finding.category, place.path, place.lines),
        quote=place.lines,
    )


def standing(
    entries: Iterable[KnownFinding], texts: Mapping[str, str]
) -> tuple[tuple[KnownFinding, ...], tuple[KnownFinding, ...]]:
    """Return the entries whose lines stand in their file, and those whose lines are gone.

    However they are indented. `texts` are the files by path. A line with a placeholder matches
    any line: what was a secret is not known here.
    """
    pages = {path: squeezed_lines(text) for path, text in texts.items()}
    here: list[KnownFinding] = []
    gone: list[KnownFinding] = []
    for each in entries:
        lines = squeezed_lines("\n".join(each.quote))
        (here if _within(lines, pages.get(each.path, ())) else gone).append(each)
    return tuple(here), tuple(gone)


def _of_the_change(one: Proven, file: FileDiff | None) -> bool:
    if one.finding.origin is Origin.WORSENED or one.place.side is Side.LEFT:
        return True
    return file is not None and one.place.side is Side.RIGHT and _written_anew(one.place, file)


def _written_anew(place: Located, file: FileDiff) -> bool:
    """Whether the change wrote one of the lines, and did not take the same from elsewhere."""
    lines = [line for hunk in file.hunks for line in hunk.lines]
    removed = {squeezed(line.text) for line in lines if line.new is None}
    return any(
        line.old is None
        and line.new is not None
        and place.first_line <= line.new <= place.last_line
        and squeezed(line.text)
        and squeezed(line.text) not in removed
        for line in lines
    )


def _overlap(lines: Sequence[str], others: Sequence[str]) -> bool:
    return _within(lines, others) or _within(others, lines)


def _within(sought: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether the lines follow each other somewhere among others."""
    firm = [(at, line) for at, line in enumerate(sought) if not WRITTEN.search(line)]
    return bool(sought) and any(
        all(lines[start + at] == line for at, line in firm)
        for start in range(len(lines) - len(sought) + 1)
    )
