"""`reviewer report BUNDLE`: a kept run, shown again for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import library
from reviewer.commands.shown import written
from reviewer.wiring.showing import publisher_for

if TYPE_CHECKING:
    from pathlib import Path


def run(*, bundle: Path, output_format: str, output: Path | None) -> int:
    """Render the review that a bundle holds; one that is unfinished stays so in the exit code."""
    review = library.load(bundle)
    with written(output) as stream:
        publisher_for(output_format, stream).publish(review)
    return review.exit_code("never")
