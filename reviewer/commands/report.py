"""`reviewer report BUNDLE`: a kept run, shown again for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.review import publisher_for, written
from reviewer.errors import CouldNotFinish
from reviewer.publish import bundle as bundles

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Review


def run(*, bundle: Path, output_format: str, output: Path | None) -> int:
    """Render the review that a bundle holds; one that is unfinished stays so in the exit code."""
    review = kept_review(bundle)
    with written(output) as stream:
        publisher_for(output_format, stream).publish(review)
    return review.exit_code("never")


def kept_review(bundle: Path) -> Review:
    """Return a bundle's review; raises `CouldNotFinish` when there is none yet."""
    run = bundles.load(bundle)
    if run.review is None:
        raise CouldNotFinish(
            f"{bundle} holds the model's reply, but the run ended before it was judged",
            way_out="read the reply in the file under replies[0].text, or review again",
        )
    return run.review
