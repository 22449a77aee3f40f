"""The schema of the answer: what the API compiles, what `flow` names, and not a byte else."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from reviewer.ask.schema import SCHEMA
from reviewer.flow import Category, ClaimKind, Confidence, Origin, Severity
from reviewer.standin import story
from reviewer.standin.messages_schema import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

ANSWER = json.loads(SCHEMA)
FINDING = ANSWER["properties"]["findings"]["items"]
EVIDENCE = FINDING["properties"]["evidence"]["items"]


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from nodes(part)


def test_the_schema_never_changes_by_accident() -> None:
    # A new schema bills every cached prefix again: change this hash only on purpose.
    assert sha256(SCHEMA.encode()).hexdigest()[:16] == "de2833e15d94494c"


def test_the_schema_keeps_to_what_the_api_compiles() -> None:
    jsonschema.Draft202012Validator.check_schema(ANSWER)

    assert list(violations(ANSWER)) == []


@pytest.mark.parametrize(
    "schema", [ANSWER, FINDING, EVIDENCE], ids=["answer", "finding", "evidence"]
)
def test_every_property_is_required_and_no_other_is_allowed(schema: dict[str, Any]) -> None:
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("severity", Severity),
        ("confidence", Confidence),
        ("category", Category),
        ("origin", Origin),
        ("claim", ClaimKind),
    ],
)
def test_the_choices_are_those_of_flow(name: str, values: type[StrEnum]) -> None:
    assert FINDING["properties"][name]["enum"] == [value.value for value in values]


def test_the_code_is_quoted_before_anything_is_claimed() -> None:
    order = list(FINDING["properties"])

    assert order[:5] == ["path", "quote", "first_line", "last_line", "evidence"]
    assert order.index("title") > order.index("evidence")


def test_nothing_asks_for_a_number_or_a_length_that_the_api_cannot_hold() -> None:
    limits = {"minimum", "maximum", "minLength", "maxLength", "maxItems", "minItems", "pattern"}

    assert not [node for node in nodes(ANSWER) if limits & set(node)]


def test_the_scripted_answer_of_the_demo_fits_the_schema() -> None:
    jsonschema.validate(json.loads(story.answer()), ANSWER)
