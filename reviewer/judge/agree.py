"""What several passes found -> each problem once. Pure.

Two findings are one problem where they stand in the same place and mean the same. What more
passes found is told earlier.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import Located, Proven

NEAR_LINES = 2
"""Passes quote more or less of the same code."""

ALIKE = 0.35
"""Of the words of the shorter title that the other one shares."""

_WORD = re.compile(r"\w+")
_LEAST_CHARACTERS = 3


def merged(passes: Sequence[tuple[str, Sequence[Proven]]]) -> tuple[Proven, ...]:
    """Return every problem once, with the passes that found it, in the order of the passes.

    Of several findings that are one problem the most severe is kept, then the surest, with the
    evidence of them all.
    """
    if len(passes) == 1:
        return tuple(passes[0][1])
    found: list[Proven] = []
    for lens, group in passes:
        for one in group:
            named = replace(one, lenses=(lens,))
            at = next((at for at, other in enumerate(found) if _same(named, other)), None)
            if at is None:
                found.append(named)
            else:
                found[at] = _joined(found[at], named)
    return tuple(found)


def _same(one: Proven, other: Proven) -> bool:
    if not _near(one.place, other.place):
        return False
    if one.finding.symbol and one.finding.symbol == other.finding.symbol:
        return True
    return alike(one.finding.title, other.finding.title)


def alike(title: str, other: str) -> bool:
    """Whether two titles of findings in one place tell of the same problem."""
    return _share(title, other) >= ALIKE


def _near(one: Located, other: Located) -> bool:
    return (one.path, one.side) == (other.path, other.side) and (
        one.first_line - NEAR_LINES <= other.last_line
        and other.first_line - NEAR_LINES <= one.last_line
    )


def _share(one: str, other: str) -> float:
    words, more = _words(one), _words(other)
    return len(words & more) / max(1, min(len(words), len(more)))


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text) if len(word) >= _LEAST_CHARACTERS}


def _joined(one: Proven, other: Proven) -> Proven:
    kept = min(one, other, key=_worse)
    return replace(
        kept,
        evidence=tuple(_once((*one.evidence, *other.evidence))),
        lenses=tuple(dict.fromkeys((*one.lenses, *other.lenses))),
    )


def _worse(one: Proven) -> tuple[int, int]:
    return one.finding.severity.rank, one.finding.confidence.rank


def _once(places: Iterable[Located]) -> Iterable[Located]:
    """Give each place once; what is noted on it may differ."""
    return {(each.path, each.side, each.first_line): each for each in places}.values()
