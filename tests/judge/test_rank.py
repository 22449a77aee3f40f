"""What is shown first, and that nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from claimed import located, proven
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import (
    Confidence,
    FileLevel,
    Inline,
    InSummary,
    Origin,
    Placed,
    Ruling,
    SecondLook,
    Severity,
    Side,
)
from reviewer.judge.rank import Ranked, rank

INLINE = Inline(path="a.py", side=Side.RIGHT, first_line=1, last_line=1)


def placed(
    name: str, *, path: str = "a.py", line: int = 1, anchor: Any = INLINE, **given: Any
) -> Placed:
    return Placed(
        id="F9",
        fingerprint=name,
        proven=proven(located(path, line), title=name, **given),
        anchor=anchor,
    )


def ranked(*found: Placed, **given: Any) -> Ranked:
    return rank(
        found,
        **{
            "max_inline": 10,
            "min_severity": Severity.LOW,
            "min_confidence": Confidence.LOW,
            **given,
        },
    )


def names(found: tuple[Placed, ...]) -> list[str]:
    return [one.fingerprint for one in found]


def test_the_worst_and_surest_come_first_then_path_and_line() -> None:
    found = ranked(
        placed("5", line=12),
        placed("3", path="B.py", line=90),
        placed("4", line=7),
        placed("2", confidence=Confidence.HIGH, severity=Severity.HIGH),
        placed("6", confidence=Confidence.LOW),
        placed("1", confidence=Confidence.LOW, severity=Severity.CRITICAL),
    )

    assert names(found.placed) == ["1", "2", "3", "4", "5", "6"]


def test_findings_are_numbered_in_the_order_they_are_shown() -> None:
    found = ranked(
        placed("older", origin=Origin.PRE_EXISTING, severity=Severity.CRITICAL),
        placed("low", severity=Severity.LOW),
        placed("medium"),
        placed("high", severity=Severity.HIGH),
        min_severity=Severity.MEDIUM,
    )

    every = (*found.placed, *found.collapsed, *found.pre_existing)
    assert [(one.id, one.fingerprint) for one in every] == [
        ("F1", "high"), ("F2", "medium"), ("F3", "low"), ("F4", "older"),
    ]  # fmt: skip


def test_what_is_less_severe_than_asked_for_is_collapsed() -> None:
    found = ranked(placed("low", severity=Severity.LOW), min_severity=Severity.MEDIUM)

    assert found.placed == ()
    assert found.collapsed[0].anchor == InSummary(why="its severity is below medium")


def test_what_is_less_sure_than_asked_for_is_collapsed() -> None:
    unsure = placed("unsure", confidence=Confidence.LOW, severity=Severity.CRITICAL)

    found = ranked(unsure, min_confidence=Confidence.MEDIUM)

    assert found.collapsed[0].anchor == InSummary(why="its confidence is below medium")


def test_comments_over_the_cap_are_collapsed_the_mildest_first() -> None:
    found = ranked(
        placed("low", severity=Severity.LOW),
        placed("high", severity=Severity.HIGH),
        placed("medium", anchor=FileLevel(path="a.py")),
        max_inline=2,
    )

    assert names(found.placed) == ["high", "medium"]
    assert found.collapsed[0].anchor == InSummary(why="there are 2 comments already")


def test_what_is_told_in_the_summary_takes_no_room_from_comments() -> None:
    found = ranked(
        placed("summary", severity=Severity.HIGH, anchor=InSummary(why="elsewhere")),
        placed("inline"),
        max_inline=1,
    )

    assert names(found.placed) == ["summary", "inline"]
    assert found.placed[0].anchor == InSummary(why="elsewhere")


def test_what_was_there_before_stands_apart_whatever_its_severity() -> None:
    older = placed("older", origin=Origin.PRE_EXISTING, severity=Severity.LOW)

    found = ranked(older, placed("new"), max_inline=1, min_severity=Severity.MEDIUM)

    assert (names(found.placed), names(found.pre_existing)) == (["new"], ["older"])
    assert found.pre_existing[0].anchor == InSummary(why="it was there before this change")


@given(
    st.lists(
        st.builds(
            placed,
            st.text("abc", min_size=1, max_size=3),
            line=st.integers(1, 3),
            anchor=st.sampled_from((INLINE, FileLevel(path="a.py"), InSummary(why="x"))),
            severity=st.sampled_from(Severity),
            confidence=st.sampled_from(Confidence),
            origin=st.sampled_from(Origin),
        ),
        max_size=12,
    ),
    st.integers(0, 5),
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
)
def test_nothing_is_lost_and_the_order_of_arrival_does_not_matter(
    found: list[Placed], max_inline: int, severity: Severity, confidence: Confidence
) -> None:
    limits = {"max_inline": max_inline, "min_severity": severity, "min_confidence": confidence}

    sorted_out = ranked(*found, **limits)

    every = (*sorted_out.placed, *sorted_out.collapsed, *sorted_out.pre_existing)
    bare = [replace(one, id="", anchor=INLINE) for one in every]
    assert Counter(bare) == Counter(replace(one, id="", anchor=INLINE) for one in found)
    backwards = ranked(*reversed(found), **limits)
    assert [one.fingerprint for one in backwards.placed] == names(sorted_out.placed)


def test_what_a_second_look_left_uncertain_comes_after_what_it_confirmed() -> None:
    def looked_at(name: str, ruling: Ruling) -> Placed:
        one = placed(name, path=name)
        look = SecondLook(ruling=ruling, why="because")
        return replace(one, proven=replace(one.proven, second_look=look))

    found = ranked(looked_at("a.py", Ruling.UNCERTAIN), looked_at("b.py", Ruling.CONFIRMED))

    assert names(found.placed) == ["b.py", "a.py"]
