from __future__ import annotations

import pytest
from hypothesis import given, settings
from publish.anything import reviews
from publish.made import located, placed, review

from reviewer.flow import InSummary, Origin, Review, Severity, Side
from reviewer.publish.github.checks import (
    MOST_ANNOTATIONS,
    MOST_IN_A_REQUEST,
    MOST_MESSAGE_CHARACTERS,
    MOST_TITLE_CHARACTERS,
    check_of,
    conclusion,
)

BARE = InSummary(why="outside the diff")


def test_what_has_a_comment_is_not_annotated_and_what_has_none_is() -> None:
    made = check_of(
        review(placed("F1"), placed("F2", anchor=BARE), collapsed=(placed("F3", anchor=BARE),)),
        "never",
    )

    assert [one["title"] for one in made.annotations] == ["F2: Title of F2", "F3: Title of F3"]
    assert made.annotations[0] == {
        "path": "src/cart.py",
        "start_line": 4,
        "end_line": 4,
        "annotation_level": "warning",
        "title": "F2: Title of F2",
        "message": "Explanation of F2.",
    }


def test_what_github_refused_as_a_comment_is_annotated() -> None:
    made = review(placed("F1", fingerprint="ab"))

    assert len(check_of(made, "never", refused={"ab"}).annotations) == 1


def test_a_deleted_line_and_what_was_there_before_have_no_annotation() -> None:
    made = review(
        placed("F1", anchor=BARE, place=located(side=Side.LEFT)),
        pre_existing=(placed("F2", anchor=BARE),),
    )

    assert check_of(made, "never").annotations == ()


@pytest.mark.parametrize(
    ("made", "fail_on", "expected"),
    [
        (review(), "never", "success"),
        (review(), "high", "success"),
        (review(placed()), "never", "neutral"),
        (review(placed(severity=Severity.HIGH)), "high", "failure"),
        (review(placed(severity=Severity.LOW)), "high", "success"),
        (review(unfinished="cut off"), "never", "neutral"),
        (review(unfinished="cut off"), "high", "failure"),
        (
            review(pre_existing=(placed(origin=Origin.PRE_EXISTING),)),
            "low",
            "success",
        ),
    ],
)
def test_the_conclusion_follows_the_gate(made: Review, fail_on: str, expected: str) -> None:
    assert conclusion(made, fail_on) == expected


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, [0]), (1, [1]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])]
)
def test_annotations_go_in_batches_of_fifty(number: int, sizes: list[int]) -> None:
    many = [placed(f"F{n}", anchor=BARE) for n in range(1, number + 1)]

    assert [len(batch) for batch in check_of(review(*many), "never").batches] == sizes


@settings(max_examples=40, deadline=None)
@given(reviews())
def test_any_review_is_within_githubs_limits(made: Review) -> None:
    check = check_of(made, "medium", refused={one.fingerprint for one in made.placed})

    assert len(check.title) <= MOST_TITLE_CHARACTERS
    assert len(check.annotations) <= MOST_ANNOTATIONS
    for batch in check.batches:
        assert len(batch) <= MOST_IN_A_REQUEST
        for one in batch:
            assert 1 <= one["start_line"] <= one["end_line"]
            assert 0 < len(one["message"]) <= MOST_MESSAGE_CHARACTERS
            assert len(one["title"]) <= MOST_TITLE_CHARACTERS
            assert "\n" not in one["title"]


def test_the_same_review_has_the_same_mark_and_another_another() -> None:
    one, same, other = (
        check_of(review(placed("F1", anchor=BARE, title=title)), "never").mark
        for title in ("a", "a", "b")
    )

    assert one == same != other
