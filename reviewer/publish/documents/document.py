"""A review written as one document: JSON, Markdown, SARIF or HTML. Does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO, get_type_hints

from pydantic import TypeAdapter, create_model

from reviewer.flow import PackedFile, Receipt, Review
from reviewer.publish.documents import markdown, report_page, sarif
from reviewer.publish.documents.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "reviewer-review/1"
"""The version of the JSON document; goes up when a key changes its meaning or goes away."""

_REVIEW = TypeAdapter(Review)


class DocumentPublisher:
    """Writes a review to `stream` in `output_format`: `json`, `markdown`, `sarif`, `html`."""

    def __init__(self, stream: TextIO, *, output_format: str) -> None:
        self._stream = stream
        self._write = _WRITERS[output_format]

    def publish(self, review: Review) -> Receipt:
        """Write the whole document."""
        self._stream.write(self._write(review))
        self._stream.flush()  # what cannot be written is to fail while it is told what was kept
        return Receipt(posted=len(review.findings), already_there=0)


def as_json(review: Review) -> str:
    """Return the review as JSON text; the keys are the fields of `flow.Review`."""
    fields = _REVIEW.dump_python(review, mode="json")
    fields["coverage"]["files"] = [file._asdict() for file in review.coverage.files]
    return json_text({"format": FORMAT, **fields}, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what `as_json` writes, as `review.schema.json` keeps it.

    What pydantic says of the fields, but for files: tuples in a bundle, objects here.
    """
    made = _REVIEW.json_schema(mode="serialization")
    made["$defs"]["PackedFile"] = _of_file()
    made["properties"] = {"format": {"const": FORMAT}, **made["properties"]}
    made["required"] = ["format", *made["properties"].keys() - {"format"}]
    made["required"].sort()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, **made}


def _of_file() -> dict[str, Any]:
    names = get_type_hints(PackedFile, include_extras=True)
    types: dict[str, Any] = {name: (of, ...) for name, of in names.items()}
    made = create_model("PackedFile", __doc__=PackedFile.__doc__, **types)
    of_fields = made.model_json_schema(ref_template="#/$defs/{model}")
    return {key: value for key, value in of_fields.items() if key != "$defs"}


_WRITERS: dict[str, Callable[[Review], str]] = {
    "json": as_json,
    "markdown": markdown.report,
    "sarif": sarif.report,
    "html": report_page.report,
}
