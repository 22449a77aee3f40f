"""A review written as one document: JSON, Markdown or SARIF, to a file or a stream. Does I/O."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from pydantic import TypeAdapter

from reviewer.flow import Receipt, Review
from reviewer.publish import markdown, sarif

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "reviewer-review/1"
"""The version of the JSON document; goes up when a key changes its meaning or goes away."""

_REVIEW = TypeAdapter(Review)


class DocumentPublisher:
    """Writes a review to `stream` in `output_format`: `json`, `markdown`, `sarif`."""

    def __init__(self, stream: TextIO, *, output_format: str) -> None:
        self._stream = stream
        self._write = _WRITERS[output_format]

    def publish(self, review: Review) -> Receipt:
        """Write the whole document."""
        self._stream.write(self._write(review))
        return Receipt(posted=len(review.findings), already_there=0)


def as_json(review: Review) -> str:
    """Return the review as JSON text; the keys are the fields of `flow.Review`."""
    fields = _REVIEW.dump_python(review, mode="json")
    fields["coverage"]["files"] = [file._asdict() for file in review.coverage.files]
    return json.dumps({"format": FORMAT, **fields}, indent=1) + "\n"


_WRITERS: dict[str, Callable[[Review], str]] = {
    "json": as_json,
    "markdown": markdown.report,
    "sarif": sarif.report,
}
