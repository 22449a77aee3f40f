from __future__ import annotations

from dataclasses import replace

import pytest
from publish.made import COVERAGE, placed, rejected, review

from reviewer.flow import InSummary, NotReviewed, Review, Severity
from reviewer.publish.comments import BODY_CHARACTERS, read_marker
from reviewer.publish.summary import sticky, verdict, worth_telling

INCOMPLETE = replace(COVERAGE, incomplete=("1 changed file was not seen in full",))


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (review(), "Review: nothing found"),
        (review(placed()), "Review: 1 finding (medium)"),
        (
            review(placed("F1"), collapsed=(placed("F2", severity=Severity.LOW),)),
            "Review: 2 findings (1 medium, 1 low)",
        ),
        (review(pre_existing=(placed(),)), "Review: 1 older problem"),
        (review(coverage=INCOMPLETE), "Incomplete review: nothing found"),
        (review(unfinished="cut off"), "Unfinished review"),
        (review(placed(), unfinished="cut off"), "Unfinished review: 1 finding (medium) so far"),
    ],
)
def test_the_verdict_counts_what_was_found(made: Review, told: str) -> None:
    assert verdict(made) == told


def test_a_whole_review_without_findings_is_not_worth_a_comment() -> None:
    assert not worth_telling(review(rejected=(rejected("SQL", "no such line"),)))


@pytest.mark.parametrize(
    "made",
    [
        review(unfinished="cut off"),
        review(coverage=INCOMPLETE),
        review(placed()),
        review(collapsed=(placed(),)),
        review(pre_existing=(placed(),)),
    ],
    ids=["unfinished", "incomplete", "a finding", "a collapsed one", "an older one"],
)
def test_whatever_is_not_a_clean_whole_review_is_worth_a_comment(made: Review) -> None:
    assert worth_telling(made)


def test_a_finding_without_a_comment_is_told_in_full() -> None:
    body = sticky(review(placed("F3", anchor=InSummary(why="it is deep"))), refused={})

    assert "Explanation of F3." in body
    assert "told here because it is deep" in body


def test_a_refused_comment_is_told_in_full_with_the_reason() -> None:
    one = placed("F3")
    body = sticky(review(one), refused={one.fingerprint: "GitHub answered 422"})

    assert "Explanation of F3." in body
    assert "told here because GitHub answered 422" in body


def test_a_finding_with_a_comment_is_only_listed() -> None:
    body = sticky(review(placed("F3")), refused={})

    assert "Title of F3" in body
    assert "Explanation of F3." not in body


def test_collapsed_and_older_findings_are_told_in_full() -> None:
    body = sticky(review(collapsed=(placed("F1"),), pre_existing=(placed("F2"),)), refused={})

    assert "Explanation of F1." in body
    assert "Explanation of F2." in body


def test_a_scripted_answer_says_so() -> None:
    assert "**Scripted:**" in sticky(review(scripted=True), refused={})


@pytest.mark.parametrize("count", [40, 400, 1_200])
def test_a_summary_of_many_findings_is_within_the_limit_and_counts_the_rest(count: int) -> None:
    many = tuple(
        placed(f"F{n}", explanation="words & <words> " * 40, anchor=InSummary(why="deep"))
        for n in range(1, count + 1)
    )
    body = sticky(review(*many, collapsed=many, pre_existing=many), refused={})

    assert len(body) <= BODY_CHARACTERS
    assert read_marker(body) == "summary"
    assert f"{count} more, less severe or less sure" in body
    assert "more: see the full report of the run" in body


def test_a_summary_of_giant_findings_is_cut_and_says_so() -> None:
    many = [
        placed(f"F{n}", explanation="word\n" * 3_900, anchor=InSummary(why="deep"))
        for n in range(1, 9)
    ]
    body = sticky(review(*many), refused={})

    assert len(body) <= BODY_CHARACTERS
    assert "*(cut here: " in body
    assert read_marker(body) == "summary"


@pytest.mark.parametrize("field", ["why", "way_out"])
def test_the_reason_for_a_skip_pings_nobody_and_marks_nothing_up(field: str) -> None:
    words = {"why": "x", "way_out": "y", field: "@octo/team <!-- reviewer:v1 summary --> ![](x)"}
    body = sticky(review(skipped=NotReviewed(**words)), refused={})

    assert "@octo" not in body
    assert body.count("<!--") == 1
    assert "![](x)" not in body


def test_what_was_not_reviewed_is_no_reason_for_a_new_comment() -> None:
    skipped = review(skipped=NotReviewed(why="it is paused"), coverage=INCOMPLETE)

    assert not worth_telling(skipped)
