"""Which earlier finding a finding is, if it is one. Pure.

Four ways, the surest first: the same fingerprint; the same code in the same file, meant alike;
the same code elsewhere, gone from where it stood; code that took the place of the old one, meant
alike. Meaning is what the words have in common, because nothing here understands them.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from reviewer.flow import State
from reviewer.judge.quotes import squeezed_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reviewer.flow import Known, Placed
    from reviewer.judge.head import Head

ALIKE = 0.28
"""Of the words that say something, on the same code. The pairs of tests/judge/test_same.py that
are one problem share 0.33 and more, those that are two 0.22 and less."""

VERY_ALIKE = 0.5
"""On other code: half of them."""

UNLIKE = 0.12
"""Less than that, on the same code and of the same kind, is another problem."""

LEAST_WORDS = 3
"""A text of fewer words that say something is like everything."""

LIKE_CODE = 0.6
"""How much of the old code is left in code that took its place in another file."""

MOST_CODE = 600
"""Characters compared: `SequenceMatcher` is quadratic at worst."""

_WORD = re.compile(r"[A-Za-z_]\w+|\d+")
_STEM = 6
_LEAST_CHARACTERS = 3
_EMPTY = frozenset(
    {
        *("the", "and", "for", "that", "this", "with", "not", "are", "was", "will", "can", "when"),
        *("which", "has", "have", "its", "from", "but", "into", "than", "then", "here", "there"),
        *("where", "code", "line", "file", "function", "method", "value", "problem", "error"),
        *("bug", "issue", "would", "should", "could", "may", "might", "must", "does", "use"),
        *("used", "using"),
    }
)
"""Words that stand in findings of every kind."""


class Kind(StrEnum):
    """How a finding is known."""

    TOLD = "it is"
    REWORDED = "it is, in other words,"
    MOVED = "it is, moved,"
    REWRITTEN = "it is, on other code,"


Match = tuple["Placed", tuple[int, Kind]]


def match(placed: Sequence[Placed], known: Sequence[Known], head: Head) -> list[Match]:
    """Return the findings that are known, each with the index of the earlier one.

    What is found where it was is settled first. An earlier finding that was found where it was
    has not moved, so what resembles it elsewhere is new.
    """
    found: dict[int, tuple[int, Kind]] = {}
    for kind, is_same in _WAYS.items():
        moves = kind in {Kind.MOVED, Kind.REWRITTEN}
        for at, one in enumerate(placed):
            taken = {number for number, _ in found.values()} if moves else set()
            if at not in found and (best := _best(one, known, taken, head, is_same)) is not None:
                found[at] = (best, kind)
    return [(placed[at], found[at]) for at in sorted(found)]


def alike(one: Placed, known: Known) -> float:
    """Return how much two findings mean the same, from 0 to 1."""
    finding = one.proven.finding
    title, gist = words(finding.title), words(f"{finding.title} {finding.explanation}")
    told_title, told = words(known.title), words(f"{known.title} {known.gist}")
    if title == told_title:
        return 1.0
    named = bool(finding.symbol) and finding.symbol == known.symbol
    return max(_share(title, told_title), _share(gist, told), VERY_ALIKE if named else 0.0)


def _best(
    one: Placed,
    known: Sequence[Known],
    taken: set[int],
    head: Head,
    is_same: Callable[[Placed, Known, Head], bool],
) -> int | None:
    """Return the earlier finding that is most alike of those that are the same."""
    fitting = [at for at, each in enumerate(known) if at not in taken and is_same(one, each, head)]
    return max(fitting, key=lambda at: alike(one, known[at]), default=None)


def _told(one: Placed, known: Known, _head: Head) -> bool:
    """Whether it has the same fingerprint; wholly other words are another problem there."""
    return one.fingerprint in known.fingerprints and not _unlike(one, known)


def _reworded(one: Placed, known: Known, _head: Head) -> bool:
    place = one.proven.place
    same_place = (place.path, place.side) == (known.path, known.side)
    return same_place and _overlap(_lines(one), _code(known)) and alike(one, known) >= ALIKE


def _moved(one: Placed, known: Known, head: Head) -> bool:
    """Whether the same code stands elsewhere, and no longer where it was."""
    if not _overlap(_lines(one), _code(known)) or not head.lacks(known):
        return False
    same_kind = one.proven.finding.category == known.category and not _unlike(one, known)
    return same_kind or alike(one, known) >= ALIKE


def _rewritten(one: Placed, known: Known, head: Head) -> bool:
    """Whether other code took the place of the old, and the problem stayed."""
    if known.state is State.FIXED or not head.lacks(known):
        return False
    if alike(one, known) < VERY_ALIKE:
        return False
    return one.proven.place.path == known.path or _like(_lines(one), _code(known))


_WAYS = {
    Kind.TOLD: _told,
    Kind.REWORDED: _reworded,
    Kind.MOVED: _moved,
    Kind.REWRITTEN: _rewritten,
}


def _unlike(one: Placed, known: Known) -> bool:
    finding = one.proven.finding
    if finding.symbol and finding.symbol == known.symbol:
        return False
    title, told_title = words(finding.title), words(known.title)
    quoted = words(known.code)  # whatever is said about it names it
    mine = words(f"{finding.title} {finding.explanation}") - quoted
    theirs = words(f"{known.title} {known.gist}") - quoted
    enough = min(len(mine), len(theirs)) > LEAST_WORDS
    return enough and not (title & told_title) - quoted and _share(mine, theirs) < UNLIKE


def _lines(one: Placed) -> list[str]:
    return squeezed_lines("\n".join(one.proven.place.lines))


def _code(known: Known) -> list[str]:
    return [line for line in known.code.split("\n") if line]


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the two quote the same code, more or less of it: a line that says something."""
    shared = set(one) & set(other)
    said = any(sum(map(str.isalnum, line)) > _LEAST_CHARACTERS for line in shared)
    return said and 2 * len(shared) >= min(len(set(one)), len(set(other)))


def _like(one: Sequence[str], other: Sequence[str]) -> bool:
    mine, theirs = "\n".join(one)[:MOST_CODE], "\n".join(other)[:MOST_CODE]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.quick_ratio() >= LIKE_CODE and matcher.ratio() >= LIKE_CODE


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the shorter text's words that the other has."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= LEAST_WORDS else 0.0


@lru_cache(maxsize=4096)  # every finding is held against every other
def words(text: str) -> frozenset[str]:
    """Return the words that say something, cut to about their stems."""
    return frozenset(_stems(text))


def _stems(text: str) -> Iterator[str]:
    for found in _WORD.findall(text):
        for word in found.lower().split("_"):
            if len(word) >= _LEAST_CHARACTERS and word not in _EMPTY:
                yield word[:_STEM]
