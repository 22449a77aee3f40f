"""What needs no model: decided before anything is counted, let alone paid. Pure.

Pure but for the repository it is handed. What the event alone decides (drafts, labels) is in
`source.event`, and a patch that was reviewed before in `rounds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Cost, Coverage, Review, Usage

if TYPE_CHECKING:
    from reviewer.flow import Change, NotReviewed

NOTHING_SEEN = Coverage(files=(), changed=())


def not_asked(
    change: Change,
    why: NotReviewed | None,
    *,
    coverage: Coverage = NOTHING_SEEN,
) -> Review:
    """Return what is published where nobody was asked: free, and it says why."""
    return Review(
        change=change,
        model="",
        overview="",
        placed=(),
        collapsed=(),
        pre_existing=(),
        rejected=(),
        problems=(),
        coverage=coverage,
        cost=Cost(usage=Usage(), usd=0.0),
        seconds=0.0,
        skipped=why,
    )
