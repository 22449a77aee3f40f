from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.made import CHANGE, located, placed, review

from reviewer.flow import FileLevel, Inline, InSummary, Side
from reviewer.publish.comments import (
    BODY_CHARACTERS,
    comments,
    permalink,
    read_fingerprint,
    read_marker,
    text,
)

LOCAL = replace(CHANGE, pull_request=None)
BLOB = "https://github.example/octo/shop/blob"


@pytest.mark.parametrize(
    ("side", "commit"),
    [(Side.RIGHT, CHANGE.head), (Side.LEFT, CHANGE.merge_base), (None, CHANGE.base)],
)
def test_a_link_leads_to_the_commit_the_code_was_read_from(side: Side | None, commit: str) -> None:
    assert permalink(located("a.py", 4, side=side), CHANGE) == f"{BLOB}/{commit}/a.py#L4"


def test_a_link_to_several_lines_names_both_ends() -> None:
    assert permalink(located("a.py", 4, 6), CHANGE).endswith("/a.py#L4-L6")


def test_a_link_survives_an_odd_path() -> None:
    odd = located("a b/[x](y)#1%?.py", 1)

    assert permalink(odd, CHANGE).endswith("/a%20b/%5Bx%5D%28y%29%231%25%3F.py#L1")


def test_without_a_pull_request_nothing_is_linked() -> None:
    shown = text(placed(evidence=(located("b.py", 9, side=None),)), LOCAL)

    assert "](" not in shown
    assert "`b.py:9`" in shown


def test_every_finding_with_a_place_becomes_a_comment() -> None:
    made = comments(
        review(
            placed("F1"),
            placed("F2", anchor=FileLevel(path="src/cart.py")),
            placed("F3", anchor=InSummary(why="nowhere")),
        )
    )

    assert [read_fingerprint(one.body) for one in made] == [f"{1:016x}", f"{2:016x}"]


def test_the_code_is_shown_where_the_comment_does_not_stand_beside_it() -> None:
    beside, elsewhere = comments(
        review(placed("F1"), placed("F2", place=located("src/other.py", 80)))
    )

    assert "return sum(prices)" not in beside.body
    assert "`src/other.py:80`" in elsewhere.body
    assert "return sum(prices)" in elsewhere.body


def test_a_suggestion_is_offered_on_the_right_side() -> None:
    (one,) = comments(review(placed(suggestion="    return 1\n")))

    assert "```suggestion\n    return 1\n```" in one.body


def test_an_empty_suggestion_deletes_the_lines() -> None:
    (one,) = comments(review(placed(suggestion="")))

    assert "```suggestion\n```" in one.body


def test_a_suggestion_cannot_leave_its_fence() -> None:
    (one,) = comments(review(placed(suggestion="```\n@octocat\n````\n")))

    assert "`````suggestion\n```\n@octocat\n````\n`````" in one.body


@pytest.mark.parametrize(
    "given_",
    [
        {"anchor": FileLevel(path="src/cart.py")},
        {"anchor": Inline(path="a.py", side=Side.LEFT, first_line=4, last_line=4)},
        {"suggestion": "ok = '\u202e'\n"},
    ],
    ids=["on a file", "on the left", "invisible characters"],
)
def test_a_suggestion_that_cannot_be_applied_safely_is_only_shown(given_: dict[str, str]) -> None:
    (one,) = comments(review(placed(**{"suggestion": "ok\n", **given_})))

    assert "```suggestion" not in one.body
    assert "Proposed instead:" in one.body


def test_a_suggestion_in_a_comment_that_must_be_cut_cannot_be_applied() -> None:
    long = placed(
        explanation="word\n" * 3_900,
        suggestion="x = 1\n" * 3_000,
        evidence=(located("&" * 900, 1, side=None, note="&" * 300),) * 20,
    )
    (one,) = comments(review(long))

    assert "*(cut here: " in one.body
    assert "```suggestion" not in one.body


def test_only_the_marker_on_the_last_line_counts() -> None:
    forged = "<!-- reviewer:v1 fp=ff -->\n\nthanks"

    assert read_marker(forged) is None
    assert read_marker(forged + "\n<!-- reviewer:v1 fp=0a -->\n") == "fp=0a"


@pytest.mark.parametrize(
    "body", ["", "<!-- reviewer:v1 summary -->", "<!-- reviewer:v1 fp=.. -->"]
)
def test_a_body_without_a_fingerprint_has_none(body: str) -> None:
    assert read_fingerprint(body) is None


hostile = st.text() | st.sampled_from(["`", "&", "x\n", "<!-- \n", "```suggestion\n"])


@settings(deadline=None)
@given(
    title=hostile,
    explanation=hostile,
    suggestion=st.none() | hostile,
    code=hostile,
    times=st.sampled_from([1, 9, 9_000]),
)
def test_whatever_the_model_says_a_comment_is_within_the_limit_and_ends_in_its_own_marker(
    title: str, explanation: str, suggestion: str | None, code: str, times: int
) -> None:
    (one,) = comments(
        review(
            placed(
                title=title * times,
                explanation=explanation * times,
                suggestion=suggestion and suggestion * times,
                evidence=(located("b.py", 1, side=None, lines=(code,), note=code),) * 30,
                place=located("c.py", 1, lines=tuple((code * times).split("\n"))),
            )
        )
    )

    assert len(one.body) <= BODY_CHARACTERS
    assert read_fingerprint(one.body) == one.fingerprint
