"""The identity of a finding: what it keeps through, and what it tells apart."""

from __future__ import annotations

import pytest
from claimed import located, proven

from reviewer.flow import Category, Confidence, Match, Origin, Proven, Severity
from reviewer.judge.fingerprint import fingerprint, merged

ONE = proven(located("a.py", 4, "    x = f(1)", "    y = 2"))


def only(*found: Proven) -> Proven:
    (one,) = merged(found).values()
    return one


def test_a_fingerprint_never_changes_between_versions() -> None:
    # A new scheme posts every known finding again: change this only on purpose.
    assert fingerprint(ONE) == "bb0208a45383260f"


@pytest.mark.parametrize(
    "same",
    [
        proven(located("a.py", 90, "    x = f(1)", "    y = 2")),
        proven(located("a.py", 4, "x  =  f(1)", "", "\ty = 2")),
        proven(located("a.py", 4, "    x = f(1)", "    y = 2"), title="Other words"),
        proven(located("a.py", 4, "    x = f(1)", "    y = 2"), quote="f(1)"),
        proven(located("a.py", 4, "    x = f(1)", "    y = 2"), severity=Severity.LOW),
        proven(located("a.py", 4, "    x = f(1)", "    y = 2", match=Match.CLOSEST)),
    ],
    ids=["moved", "indented", "reworded", "quoted in part", "milder", "found otherwise"],
)
def test_the_same_code_with_the_same_kind_of_problem_is_the_same_finding(same: Proven) -> None:
    assert fingerprint(same) == fingerprint(ONE)


@pytest.mark.parametrize(
    "other",
    [
        proven(located("b.py", 4, "    x = f(1)", "    y = 2")),
        proven(located("a.py", 4, "    x = f(2)", "    y = 2")),
        proven(located("a.py", 4, "    x = f(1)")),
        proven(located("a.py", 4, "    x = f(1) y = 2")),
        proven(located("a.py", 4, "    x = f(1)", "    y = 2"), category=Category.SECURITY),
    ],
    ids=["other file", "other code", "less code", "other lines", "other kind"],
)
def test_other_code_or_another_kind_of_problem_is_another_finding(other: Proven) -> None:
    assert fingerprint(other) != fingerprint(ONE)


def test_a_fingerprint_of_any_text_can_be_made() -> None:
    assert len(fingerprint(proven(located("a\udc80", 1, "\ud800")))) == 16


# --- two that are one -------------------------------------------------------------------------


def test_the_more_severe_of_two_is_kept() -> None:
    milder = proven(severity=Severity.LOW, confidence=Confidence.HIGH, title="Milder")
    worse = proven(severity=Severity.HIGH, confidence=Confidence.LOW, title="Worse")

    assert only(milder, worse).finding.title == only(worse, milder).finding.title == "Worse"


def test_the_surer_of_two_equally_severe_ones_is_kept() -> None:
    sure = proven(confidence=Confidence.HIGH, title="Sure")

    assert only(proven(confidence=Confidence.LOW), sure).finding.title == "Sure"


def test_the_text_of_the_other_is_kept_too() -> None:
    one = only(proven(explanation="One."), proven(title="Two", explanation="Two."))

    assert one.finding.explanation == "One.\n\nTwo: Two."


def test_the_same_text_is_told_once() -> None:
    assert (
        only(proven(explanation="One."), proven(explanation="One.")).finding.explanation == "One."
    )


def test_the_places_of_both_are_kept_once() -> None:
    caller, other = located("b.py", 7), located("c.py", 8)
    again = located("a.py", 50, "code = 1")

    one = only(proven(located(), caller), proven(again, caller, other))

    assert one.place.first_line == 1
    assert one.evidence == (caller, again, other)


def test_what_either_calls_new_counts_as_new() -> None:
    older = proven(origin=Origin.PRE_EXISTING, severity=Severity.HIGH)

    assert only(older, proven(origin=Origin.WORSENED)).finding.origin is Origin.WORSENED


def test_different_findings_stay_in_their_order() -> None:
    found = [proven(located("b.py")), proven(located("a.py")), proven(located("b.py"))]

    assert [one.place.path for one in merged(found).values()] == ["b.py", "a.py"]
