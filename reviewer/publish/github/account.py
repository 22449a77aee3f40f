"""What the reviews of a pull request cost, noted on it before it is spent. Pure, but for the page.

    eyes on the pull request     a review was begun: the very first leaves this alone
    the ledger in the summary    a bill for each run: at the most it may come to until it has ended

So a first review that finds nothing stays silent. Whoever comes next and finds no ledger counts it
at its cap, and makes the summary. Runs that were killed stay at their cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish
from reviewer.flow import Bill, Ledger
from reviewer.publish import ledger
from reviewer.publish.github import history
from reviewer.publish.summary import SUMMARY_MARKER
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.publish.github.page import Ours, Page

UNRECORDED = "unrecorded"
"""In the name of this run stands what runs without a record may have cost."""

MOST_WRITES = 3
"""How often a bill is written anew because another run wrote the summary at the same time."""


class CapReached(CouldNotFinish):
    """Another run has taken what was left of the cap since this one began."""


def recorded(page: Page, found: Ledger, *, most_usd: float) -> Ledger:
    """Return the ledger; without bills, with one for what earlier runs may have cost.

    Each of those may have cost `most_usd`, the cap of a review.
    """
    if found.bills or not page.begun():
        return found
    usd = most_usd * max(1, found.round)
    return found.billed(Bill(run=UNRECORDED, usd=usd, settled=True))


def note(page: Page, known: Iterable[Bill], bill: Bill, *, cap_usd: float | None) -> None:
    """Note a bill on the page, with those that are known; raises `CapReached` and page errors.

    A bill that would lead over `cap_usd` is taken back: then nothing may be spent.
    """
    ours = page.ours()
    if ours.summary is None and (bill.settled or page.begin()):
        return
    book = _book(page, ours)
    for _ in range(MOST_WRITES):
        _write(page, ours, book.billed(*known, bill))
        ours = page.ours()
        book = _book(page, ours)
        if bill in book.bills:
            break
    if cap_usd is None or bill.settled or book.spent_usd <= cap_usd:
        return
    _write(page, ours, book.billed(Bill(run=bill.run, usd=0.0, settled=True)))
    raise CapReached(
        f"with another review at the same time, this pull request could cost "
        f"${book.spent_usd:.2f}, and its cap is ${cap_usd:.2f}",
        way_out="let the other one end, or raise `max_usd_per_pull_request`",
    )


def _book(page: Page, ours: Ours) -> Ledger:
    return ledger.merged(history.told(page, ours))


def _write(page: Page, ours: Ours, book: Ledger) -> None:
    if ours.summary is not None:
        page.put_summary(ledger.within(ours.summary.body, book), ours.summary)
    else:
        page.put_summary(f"{render('begun.md.j2')}\n\n{ledger.line(book)}\n{SUMMARY_MARKER}", None)
