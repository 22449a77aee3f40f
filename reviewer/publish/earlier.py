"""What earlier rounds told and what became of it, as the summary shows it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import State, Where
from reviewer.publish.neutralise import code_span, inline

if TYPE_CHECKING:
    from reviewer.flow import Again, Known, Review


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRow:
    """A finding of an earlier round in the table, and what became of it."""

    id: str
    severity: str
    path: str
    title: str
    became: str


def values(review: Review, *, most: int) -> dict[str, object]:
    """Return what the template shows; no list is longer than `most`, and what is left out counts.

    `words` are of findings that no comment tells in full.
    """
    before = _before(review)
    return {
        "unchanged": inline(review.unchanged),
        "disbelieved": inline(review.disbelieved),
        "earlier": [_earlier_row(one) for one in before[:most]],
        "more_earlier": max(0, len(before) - most),
        "became": _became(review),
        "stands": bool(review.standing),
        "words": [_words(one) for one in before if _only_here(one)][:most],
        "again": [_again(one) for one in review.again][:most],
    }


def _before(review: Review) -> list[Known]:
    """Return what earlier rounds told and this one does not show, the latest first."""
    told = {placed.id for placed in review.findings}
    known = review.ledger.known if review.ledger else ()
    return sorted(
        (one for one in known if one.id not in told),
        key=lambda one: (not one.state.stands, -one.number),
    )


def _earlier_row(one: Known) -> EarlierRow:
    because = f": {inline(one.why)}" if one.why else ""
    return EarlierRow(
        id=one.id,
        severity=one.severity.capitalize(),
        path=inline(one.path) if "|" in one.path else code_span(one.path),
        title=inline(one.title),
        became=f"{one.state}{because}",
    )


def _became(review: Review) -> str:
    """Return `2 open, 1 fixed` of what earlier rounds told."""
    counts = Counter(one.state for one in _before(review))
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])


def _only_here(one: Known) -> bool:
    """Whether no comment tells it in full: then its words must not be lost."""
    return one.where is Where.SUMMARY and one.state.stands and bool(one.gist)


def _words(one: Known) -> str:
    return f"{one.id}: {inline(one.gist, limit_characters=400)}"


def _again(one: Again) -> str:
    return f"{inline(one.placed.proven.finding.title)}: {inline(one.why)}"
