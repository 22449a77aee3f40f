"""The identity of a finding across pushes. Pure.

Category, path and the quoted lines, but no line number: lines move with every push. The symbol
around the lines is not part of it, because nothing here knows symbols yet; so two equal lines of
one file with the same kind of problem are one finding, told once with both places.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from reviewer.flow import Origin
from reviewer.judge.quotes import squeezed_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import DiffLine, FileDiff, Finding, Located, Proven

HEX_DIGITS = 16


def fingerprint(proven: Proven) -> str:
    """Return the identity: the same for the same code, however it is indented or moved."""
    return identity(proven.finding.category, proven.place.path, proven.place.lines)


def identity(category: str, path: str, lines: Sequence[str]) -> str:
    """Return the fingerprint of a problem of that category in these lines."""
    parts = (category, path, *squeezed_lines("\n".join(lines)))
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:HEX_DIGITS]


def merged(found: Iterable[Proven]) -> dict[str, Proven]:
    """Return one finding a fingerprint; what is folded into another is told there."""
    by_print: dict[str, Proven] = {}
    for proven in found:
        name = fingerprint(proven)
        known = by_print.get(name)
        by_print[name] = _both(known, proven) if known else proven
    return by_print


def _both(one: Proven, other: Proven) -> Proven:
    """Return the worse of the two, with what the other says and the places it points at."""
    worse, less = sorted((one, other), key=lambda proven: _weight(proven.finding))
    places = {_position(worse.place): worse.place}
    for located in (*worse.evidence, less.place, *less.evidence):
        places.setdefault(_position(located), located)
    return replace(
        worse, finding=_told(worse.finding, less.finding), evidence=tuple(places.values())[1:]
    )


def _told(worse: Finding, less: Finding) -> Finding:
    """Keep both texts, unless they are the same; what either calls new counts as new."""
    origin = min(worse.origin, less.origin, key=list(Origin).index)
    if (worse.title, worse.explanation) == (less.title, less.explanation):
        return replace(worse, origin=origin)
    text = f"{worse.explanation}\n\n{less.title}: {less.explanation}"
    return replace(worse, origin=origin, explanation=text)


def _weight(finding: Finding) -> tuple[int, int]:
    return finding.severity.rank, finding.confidence.rank


def _position(located: Located) -> tuple[str, str | None, int, int]:
    return located.path, located.side, located.first_line, located.last_line


def told_apart(name: str, finding: Finding) -> str:
    """Return a fingerprint for another problem on the very same code, by its title."""
    parts = (name, " ".join(finding.title.split()))
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:HEX_DIGITS]


def of_patch(diffs: Iterable[FileDiff]) -> str:
    """Return the identity of a whole patch, without line numbers and blob ids.

    As `git patch-id` (git-scm.com/docs/git-patch-id), but with whitespace: what a rebase or a
    merge of the base leaves as it was has the same one.
    """
    whole = sha256()
    for file in sorted(diffs, key=lambda each: (each.path, each.old_path)):
        parts = [file.status, file.old_path, file.path, file.old_mode, file.new_mode]
        if file.binary:
            parts += [file.old_oid, file.new_oid]
        for hunk in file.hunks:
            parts += ("@", *(_sign(line) + line.text for line in hunk.lines))
        whole.update("\0".join((*parts, "\0")).encode("utf-8", "replace"))
    return whole.hexdigest()[:HEX_DIGITS]


def _sign(line: DiffLine) -> str:
    if not line.changed:
        return " "
    return "+" if line.old is None else "-"
