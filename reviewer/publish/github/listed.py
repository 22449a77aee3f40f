"""What GitHub lists page by page, with an end. Pure, but for the pages it is handed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from reviewer.errors import CouldNotFinish

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

MOST_LISTED = 10_000
"""GitHub takes 2,500 comments in a conversation; a page that leads to itself must end too."""


def whole(listed: Iterable[T]) -> list[T]:
    """Return all that is listed; raises `CouldNotFinish` for a list that does not end.

    A part of it would not do: what of ours is not seen is posted twice.
    """
    found = list(islice(listed, MOST_LISTED + 1))
    if len(found) > MOST_LISTED:
        raise CouldNotFinish(
            f"a list of GitHub's has no end: more than {MOST_LISTED:,} entries came",
            way_out="ask those who run the server at GITHUB_API_URL, or a proxy before it",
        )
    return found
