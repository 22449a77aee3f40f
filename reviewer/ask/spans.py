"""One OpenTelemetry span around a review, so that those of the SDK stand together below it.

Nothing is recorded unless the process was given a tracer provider. A span holds names and numbers,
never code, paths or texts. The only module that knows opentelemetry.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewer.errors import ReviewerError
from reviewer.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.flow import Change, Review
    from reviewer.settings import Settings


@contextmanager
def review_span(change: Change, settings: Settings) -> Iterator[Callable[[Review], None]]:
    """Open the span, and give what takes the review that came of it.

    An error ends the span without its text, which can quote a path or a server.
    """
    from opentelemetry import trace

    with trace.get_tracer("reviewer", VERSION).start_as_current_span(
        "reviewer.audit" if change.audit else "reviewer.review",
        attributes={
            "gen_ai.request.model": settings.model,
            "reviewer.provider": settings.provider,
            "reviewer.depth": settings.depth,
        },
        record_exception=False,
        set_status_on_exception=False,
    ) as span:

        def ended(review: Review) -> None:
            span.set_attributes(
                {
                    "reviewer.findings": len(review.findings),
                    "reviewer.cost_usd": review.cost.usd,
                    "reviewer.unfinished": bool(review.unfinished),
                    "reviewer.skipped": review.skipped is not None,
                }
            )

        try:
            yield ended
        except ReviewerError:
            span.set_status(trace.StatusCode.ERROR)
            raise
