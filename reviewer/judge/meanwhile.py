"""Two runs at once: a review, and what another run told while it was at work. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Again, Ledger
from reviewer.judge.entries import found_again, why_not
from reviewer.judge.head import Head
from reviewer.judge.same import match

if TYPE_CHECKING:
    from reviewer.flow import Placed, Review


def reconciled(review: Review, meanwhile: Ledger) -> Review:
    """Return the review without what another run told while this one was at work.

    Ids that are taken by now are given up for free ones.
    """
    if review.ledger is None:
        return review
    mine = review.ledger.by_fingerprint()
    foreign = tuple(
        one for one in meanwhile.known if not any(name in mine for name in one.fingerprints)
    )
    if not foreign:
        return review
    # Both runs saw the code as it is: nothing has moved between them.
    told = match(review.placed, foreign, Head(texts={}, paths={one.path for one in foreign}))
    gone = {one.id for one, _ in told}
    again = [
        Again(placed=one, known=foreign[at].id, why=why_not(foreign[at], kind))
        for one, (at, kind) in told
    ]
    mine_still = tuple(one for one in review.ledger.known if one.id not in gone)
    kept = replace(review.ledger, known=mine_still)
    met = tuple(found_again(foreign[at], one) for one, (at, _) in told)
    renamed = _renamed(
        replace(
            review,
            placed=tuple(one for one in review.placed if one.id not in gone),
            again=(*review.again, *again),
            ledger=kept,
        ),
        {one.id for one in foreign},
        max(meanwhile.next_number, kept.next_number),
    )
    return replace(renamed, ledger=renamed.ledger and renamed.ledger.having(met))


def _renamed(review: Review, taken: set[str], number: int) -> Review:
    """Return the review with new ids for those of its own that another run gave away too."""
    book = review.ledger or Ledger()
    mine = [one.id for one in book.known if one.id in taken]
    names = {name: f"F{at}" for at, name in enumerate(mine, start=number)}

    def renamed(group: tuple[Placed, ...]) -> tuple[Placed, ...]:
        return tuple(replace(one, id=names.get(one.id, one.id)) for one in group)

    known = tuple(
        replace(one, id=names[one.id], edition=one.edition + 1) if one.id in names else one
        for one in book.known
    )
    return replace(
        review,
        placed=renamed(review.placed),
        collapsed=renamed(review.collapsed),
        pre_existing=renamed(review.pre_existing),
        ledger=replace(book, known=known),
    )
