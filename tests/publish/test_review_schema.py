"""What `--format json` writes has a published schema, and a version that is in the document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import given, settings
from publish.anything import reviews
from publish.made import placed, review

from reviewer.cli import main
from reviewer.commands.config import REVIEW_SCHEMA
from reviewer.publish.documents import document

if TYPE_CHECKING:
    from reviewer.flow import Review

VALIDATOR = jsonschema.Draft202012Validator(json.loads(REVIEW_SCHEMA.read_text(encoding="utf-8")))


def test_the_published_schema_is_that_of_the_code(*, update_cases: bool) -> None:
    made = json.dumps(document.schema(), indent=1) + "\n"
    if update_cases:
        REVIEW_SCHEMA.write_text(made, encoding="utf-8")

    assert REVIEW_SCHEMA.read_text(encoding="utf-8") == made


def test_the_schema_is_one_and_its_patterns_are_those_of_json_schema() -> None:
    schema = document.schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    assert "(?" not in json.dumps(schema).replace("(?:", "")


@settings(max_examples=40, deadline=None)
@given(reviews())
def test_any_review_as_json_is_what_the_schema_says(made: Review) -> None:
    written = document.as_json(made)

    VALIDATOR.validate(json.loads(written))
    assert "##[" not in written


@pytest.mark.parametrize("key", ["format", "placed", "coverage", "cost"])
def test_a_document_that_lacks_something_is_not_what_the_schema_says(key: str) -> None:
    written = json.loads(document.as_json(review(placed())))
    del written[key]

    with pytest.raises(jsonschema.ValidationError, match=key):
        jsonschema.validate(written, document.schema())


def test_the_schema_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "schema", "--of", "review"]) == 0
    printed = json.loads(capsys.readouterr().out)

    assert printed["properties"]["format"] == {"const": document.FORMAT}
