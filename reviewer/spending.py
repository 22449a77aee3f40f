"""What may be spent is noted before it is, where the next run finds it. Pure, but for the port."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reviewer.errors import ReviewerError
from reviewer.flow import Bill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.ports import Occasion


@contextmanager
def noted(occasion: Occasion, most_usd: float) -> Iterator[None]:
    """Note the most that a review may come to; take it back when an error says that none began.

    A run that is killed stays noted, and so does one that may be billed without an answer. Raises
    what the account raises.
    """
    account, history = occasion.account, occasion.history
    if account is None or history is None:
        yield
        return
    account.note(Bill(run=history.run, usd=most_usd))
    try:
        yield
    except ReviewerError as failed:
        if failed.may_be_billed:
            raise
        with suppress(ReviewerError):  # the error that is on its way tells more
            account.note(Bill(run=history.run, usd=0.0, settled=True))
        raise
