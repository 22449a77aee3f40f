from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator  # type: ignore[import-untyped]  # it has none
from publish.anything import reviews
from publish.made import CHANGE, COVERAGE, located, packed, placed, review

from reviewer.flow import (
    Again,
    Audit,
    Category,
    Known,
    KnownFinding,
    Ledger,
    NotReviewed,
    Origin,
    Severity,
    Side,
    State,
    Where,
)
from reviewer.publish.documents import sarif

if TYPE_CHECKING:
    from reviewer.flow import Review

SCHEMA = json.loads(
    Path(__file__).with_name("sarif").joinpath("sarif-schema-2.1.0.json").read_text()
)
VALIDATOR = Draft4Validator(SCHEMA)


def run_of(made: Review) -> dict[str, Any]:
    log = json.loads(sarif.report(made))
    VALIDATOR.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def results(made: Review) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(made)["results"]
    return found


def known(name: str, state: State, **given: Any) -> Known:
    return Known(
        **{
            "id": name,
            "fingerprints": ("aa11", "bb22"),
            "title": f"Title of {name}",
            "severity": Severity.HIGH,
            "category": Category.CONTRACT,
            "path": "src/cart.py",
            "code": "return sum(prices)",
            "round": 1,
            "where": Where.INLINE,
            "state": state,
            **given,
        }
    )


def test_the_schema_is_the_official_one() -> None:
    Draft4Validator.check_schema(SCHEMA)
    assert SCHEMA["id"] == sarif.SCHEMA


@settings(max_examples=60, deadline=None)
@given(reviews())
def test_any_review_is_valid_sarif_with_relative_paths_and_rules_that_exist(made: Review) -> None:
    run = run_of(made)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}

    for one in run["results"]:
        uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert not urlsplit(uri).scheme
        assert not uri.startswith("/")
        assert uri.isascii()
        assert one["ruleId"] in rules
        assert one["partialFingerprints"]["reviewerFinding/v1"]
    assert run["invocations"][0]["executionSuccessful"] is not bool(
        made.unfinished or made.skipped
    )


def test_a_finding_has_its_lines_their_code_its_level_and_its_identity() -> None:
    place = located("src/a.py", 4, 5, lines=("one", "two"))
    (one,) = results(review(placed("F1", place=place, severity=Severity.HIGH)))

    region = one["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "endLine": 5, "snippet": {"text": "one\ntwo"}}
    assert (one["level"], one["ruleId"]) == ("error", "correctness")
    assert one["message"]["text"] == "Title of F1\n\nExplanation of F1."
    assert one["baselineState"] == "new"


def test_a_finding_that_moved_is_the_same_result() -> None:
    before, after = (
        results(review(placed("F1", place=located("src/a.py", line))))[0] for line in (4, 40)
    )

    assert before["partialFingerprints"] == after["partialFingerprints"]


@pytest.mark.parametrize(
    ("severity", "level", "least", "most"),
    [
        (Severity.CRITICAL, "error", 9.1, 10),
        (Severity.HIGH, "error", 7, 8.9),
        (Severity.MEDIUM, "warning", 4, 6.9),
        (Severity.LOW, "note", 0.1, 3.9),
    ],
)
def test_security_has_the_score_that_github_reads_as_its_severity(
    severity: Severity, level: str, least: float, most: float
) -> None:
    made = review(placed("F1", category=Category.SECURITY, severity=severity))
    rules = {rule["id"]: rule for rule in run_of(made)["tool"]["driver"]["rules"]}
    (one,) = results(made)

    assert one["level"] == level
    rule = rules[one["ruleId"]]["properties"]
    assert least <= float(rule["security-severity"]) <= most
    assert "security" in rule["tags"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("c:d/x.py", "c%3Ad/x.py"),
        ("ü#?.py", "%C3%BC%23%3F.py"),
        ("100%.py", "100%25.py"),
    ],
)
def test_a_path_is_a_relative_uri_that_reads_back(path: str, uri: str) -> None:
    (one,) = results(review(placed("F1", place=located(path))))

    written = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert written == uri
    assert unquote(written) == path


def test_a_name_that_is_no_utf_8_is_not_encoded_twice() -> None:
    file = packed("caf%E9.py", percent_encoded=True)
    made = review(
        placed("F1", place=located("caf%E9.py")), coverage=replace(COVERAGE, files=(file,))
    )

    place = results(made)[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "caf%E9.py"


def test_what_was_there_before_is_unchanged_and_what_got_worse_is_updated() -> None:
    made = review(
        placed("F1", origin=Origin.WORSENED),
        pre_existing=(placed("F2", origin=Origin.PRE_EXISTING),),
    )

    assert [one["baselineState"] for one in results(made)] == ["updated", "unchanged"]


def test_an_audit_has_no_baseline_to_compare_with() -> None:
    change = replace(CHANGE, audit=Audit(), pull_request=None)
    run = run_of(review(placed("F1", origin=Origin.PRE_EXISTING), change=change))

    assert "baselineState" not in run["results"][0]
    assert run["automationDetails"]["id"] == "reviewer/audit/"


def test_what_the_baseline_knows_is_suppressed_with_its_reason() -> None:
    entry = KnownFinding(
        path="src/old.py",
        severity=Severity.LOW,
        category=Category.TESTS,
        title="no test",
        reason="goes away in May",
        fingerprint="abc",
        quote=("x = 1",),
    )
    (one,) = results(review(known=(entry,)))

    assert one["suppressions"][0]["justification"] == "goes away in May"
    assert one["partialFingerprints"]["reviewerFinding/v1"] == "abc"


def test_what_a_person_dismissed_is_suppressed_found_again_or_not() -> None:
    ledger = Ledger(
        round=2,
        known=(
            known("F1", State.DISMISSED, why="prices are never negative"),
            known("F2", State.RESOLVED),
        ),
    )
    again = Again(placed=placed("F3"), known="F1", why="dismissed")
    found = results(review(ledger=ledger, again=(again,)))

    assert {one["properties"]["id"]: one["suppressions"][0]["justification"] for one in found} == {
        "F1": "prices are never negative",
        "F2": "its thread was resolved",
    }


def test_what_stands_from_an_earlier_round_is_a_result_and_what_was_mended_is_none() -> None:
    ledger = Ledger(round=2, known=(known("F1", State.OPEN), known("F2", State.FIXED)))
    (one,) = results(review(ledger=ledger))

    assert one["properties"]["id"] == "F1"
    assert one["partialFingerprints"]["reviewerFinding/v1"] == "aa11"
    assert "suppressions" not in one


@pytest.mark.parametrize(
    "given", [{"unfinished": "cut off"}, {"skipped": NotReviewed(why="it is a draft")}]
)
def test_what_was_not_looked_at_is_no_success(given: dict[str, Any]) -> None:
    invocation = run_of(review(**given))["invocations"][0]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"


def test_lines_that_were_deleted_are_not_looked_for_in_the_file_at_head() -> None:
    (one,) = results(review(placed("F1", place=located("src/a.py", 900, side=Side.LEFT))))

    assert "region" not in one["locations"][0]["physicalLocation"]


def test_a_message_holds_no_link_and_no_placeholder() -> None:
    (one,) = results(review(placed("F1", title="[x](http://y)", explanation="f'{0}' {a}")))

    assert one["message"]["text"] == "[x] (http://y)\n\nf'{{0}}' {a}"


def test_a_suggestion_is_a_fix_of_whole_lines() -> None:
    (one,) = results(review(placed("F1", suggestion="    return 0")))

    (replacement,) = one["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["deletedRegion"] == {
        "startLine": 4,
        "startColumn": 1,
        "endLine": 5,
        "endColumn": 1,
    }
    assert replacement["insertedContent"]["text"] == "    return 0\n"


def test_more_than_github_keeps_is_counted() -> None:
    many = [placed(f"F{n}", severity=Severity.LOW) for n in range(1, sarif.MOST_RESULTS + 1)]
    run = run_of(review(*many, placed("F9999", severity=Severity.CRITICAL)))

    assert len(run["results"]) == sarif.MOST_RESULTS
    assert run["results"][0]["level"] == "error"
    said = run["invocations"][0]["toolExecutionNotifications"]
    assert said[0]["message"]["text"].startswith("1 results are left out")
