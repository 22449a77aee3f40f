"""What another tool reports is not told again, and what it points at too ranks first. Pure.

The same path, lines that overlap, and words in common: nothing here understands them, so of a
finding that is left out it is said which tool told it, and it still counts against the change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Elsewhere, Side
from reviewer.judge.same import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import Located, Proven, Reported

SAME = 0.5
"""Of the words of the shorter text that say something: what is told already."""

NEAR = 0.2
"""What points at the same, with something else to say of it."""

LEAST_WORDS = 2
"""In common: one alone (`value`, a name) is no meaning."""

LEAST_OF_TEXT = 5
"""In common with a whole explanation, which is long enough to share a few words with anything."""


def apart(
    found: Iterable[Proven], reported: Sequence[Reported]
) -> tuple[tuple[Proven, ...], tuple[Elsewhere, ...]]:
    """Take apart what is ours to tell, and what another tool tells already."""
    by_path: dict[str, list[Reported]] = {}
    for one in reported:
        by_path.setdefault(one.path, []).append(one)
    ours: list[Proven] = []
    told: list[Elsewhere] = []
    for proven in found:
        share, other = _closest(proven, by_path.get(proven.place.path, ()))
        if other is None or share < NEAR:
            ours.append(proven)
        elif share < SAME:
            ours.append(replace(proven, seconded=other.name))
        else:
            told.append(Elsewhere(proven=proven, by=other.name))
    return tuple(ours), tuple(told)


def _closest(proven: Proven, others: Iterable[Reported]) -> tuple[float, Reported | None]:
    """Return the report that has the most words in common, of those about the same lines."""
    about = [one for one in others if _overlap(proven.place, one)]
    shares = [(_share(proven, one), -at) for at, one in enumerate(about)]
    if not shares:
        return 0.0, None
    share, at = max(shares)
    return share, about[-at]


def _overlap(place: Located, other: Reported) -> bool:
    """Whether both are about the same lines of the file at head."""
    on_head = place.side is not Side.LEFT
    return on_head and (
        place.first_line <= other.last_line and other.first_line <= place.last_line
    )


def _share(proven: Proven, other: Reported) -> float:
    theirs = words(f"{other.rule} {other.message}".replace("-", " "))
    title = words(proven.finding.title)
    whole = words(f"{proven.finding.title} {proven.finding.explanation}")
    loosely = _common(whole, theirs)
    if len(whole & theirs) < LEAST_OF_TEXT:
        loosely = min(loosely, NEAR)
    return max(_common(title, theirs), loosely)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / min(len(one), len(other)) if shared >= LEAST_WORDS else 0.0
