"""Where a finding goes: the ladder, and that nothing falls off it."""

from __future__ import annotations

import pytest
from claimed import changed, evidence, file_diff, finding, located, proven
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewer.diff import line_map
from reviewer.flow import (
    Category,
    Confidence,
    Evidence,
    FileDiff,
    FileLevel,
    Inline,
    InSummary,
    Located,
    Proven,
    Severity,
    Side,
)
from reviewer.judge.anchor import place
from reviewer.judge.evidence import Sent, prove
from reviewer.judge.rank import rank

OLD = "".join(f"line {n}\n" for n in range(1, 41))
NEW = OLD.replace("line 10\n", "line ten\nline ten and a half\n").replace("line 30\n", "")
FILE = file_diff("a.py", OLD, NEW)
"""Hunks 7-13 -> 7-14 and 27-33 -> 28-33; line 10 was replaced by two, line 30 deleted."""


def at(first: int, last: int, side: Side | None = Side.RIGHT, path: str = "a.py") -> Located:
    return located(path, first, *(f"code {n}" for n in range(first, last + 1)), side=side)


ELSEWHERE = at(1, 1, None, "other.py")


def anchor(one: Proven, *diffs: FileDiff) -> Inline | FileLevel | InSummary:
    (placed,) = place([one], diffs or (FILE,))
    return placed.anchor


def inline(first: int, last: int, side: Side = Side.RIGHT) -> Inline:
    return Inline(path="a.py", side=side, first_line=first, last_line=last)


@pytest.mark.parametrize(
    ("first", "last", "side"),
    [(10, 10, Side.RIGHT), (10, 11, Side.RIGHT), (9, 12, Side.RIGHT), (30, 30, Side.LEFT)],
)
def test_lines_that_the_change_touches_get_the_comment(first: int, last: int, side: Side) -> None:
    assert anchor(proven(at(first, last, side))) == inline(first, last, side)


def test_an_unchanged_line_inside_a_hunk_can_carry_the_comment() -> None:
    assert anchor(proven(at(8, 8))) == inline(8, 8)


def test_a_range_is_clipped_to_its_hunk() -> None:
    assert anchor(proven(at(1, 20))) == inline(7, 14)


def test_a_range_over_two_hunks_stays_in_the_one_that_it_changes() -> None:
    file = file_diff("a.py", OLD, OLD.replace("line 10\n", "").replace("line 30\n", "line x\n"))

    assert anchor(proven(at(12, 30)), file) == inline(26, 30)


def test_a_symptom_in_another_file_goes_to_the_changed_line_that_causes_it() -> None:
    assert anchor(proven(ELSEWHERE, at(10, 10))) == inline(10, 10)


def test_a_changed_line_of_the_evidence_wins_over_an_unchanged_place() -> None:
    assert anchor(proven(at(8, 8), at(30, 30, Side.LEFT))) == inline(30, 30, Side.LEFT)


def test_a_changed_place_wins_over_changed_evidence() -> None:
    assert anchor(proven(at(11, 11), at(10, 10))) == inline(11, 11)


def test_an_unchanged_place_wins_over_unchanged_evidence() -> None:
    assert anchor(proven(at(8, 8), at(29, 29))) == inline(8, 8)


def test_unchanged_evidence_in_a_hunk_wins_over_the_file() -> None:
    assert anchor(proven(at(20, 20), at(8, 8))) == inline(8, 8)


def test_a_line_of_a_changed_file_outside_its_hunks_goes_to_the_file() -> None:
    assert anchor(proven(at(20, 20))) == FileLevel(path="a.py")


def test_evidence_in_a_changed_file_takes_the_finding_to_that_file() -> None:
    assert anchor(proven(ELSEWHERE, at(20, 20))) == FileLevel(path="a.py")


def test_a_finding_outside_the_change_is_told_in_the_summary() -> None:
    assert anchor(proven(ELSEWHERE)) == InSummary(why="it points at files outside the change only")


def test_a_renamed_file_is_anchored_under_its_new_name() -> None:
    file = file_diff("new.py", OLD, NEW, old_path="a.py")

    found = anchor(proven(at(30, 30, Side.LEFT, "new.py")), file)

    assert found == Inline(path="new.py", side=Side.LEFT, first_line=30, last_line=30)


def test_a_deleted_file_is_anchored_on_the_left() -> None:
    file = file_diff("a.py", OLD, None)

    assert anchor(proven(at(3, 4, Side.LEFT)), file) == inline(3, 4, Side.LEFT)


def test_findings_are_counted_in_the_order_of_arrival() -> None:
    placed = place([proven(at(10, 10)), proven(at(11, 11))], (FILE,))

    assert [one.id for one in placed] == ["F1", "F2"]


def test_two_findings_on_the_same_code_are_one() -> None:
    worse = proven(at(10, 10), severity=Severity.HIGH, title="Worse")

    (placed,) = place([proven(at(10, 10), title="Milder"), worse], (FILE,))

    assert placed.proven.finding.title == "Worse"


# --- what must always hold, from the quote to the comment -------------------------------------

LINES = st.sampled_from(("alpha()", "beta(1)", "gamma = 2", "delta", "return x", ""))
TEXT = st.lists(LINES, min_size=1, max_size=30).map(lambda lines: "\n".join(lines) + "\n")
QUOTES = st.lists(LINES, min_size=1, max_size=6).map("\n".join)
PLACES = st.builds(
    evidence, st.sampled_from(("a", "b", "c", "nowhere")), QUOTES, st.integers(1, 30)
)


@given(
    old=TEXT,
    new=TEXT,
    other=TEXT,
    claims=st.lists(
        st.tuples(
            st.lists(PLACES, min_size=1, max_size=3),
            st.sampled_from(Category),
            st.sampled_from(Severity),
            st.one_of(st.none(), st.sampled_from(("omega()", "", "a\nb"))),
        ),
        max_size=8,
    ),
    max_inline=st.integers(0, 4),
)
@settings(max_examples=200, deadline=None)
def test_every_finding_ends_exactly_once_and_every_comment_on_a_line_of_a_hunk(
    old: str,
    new: str,
    other: str,
    claims: list[tuple[list[Evidence], Category, Severity, str | None]],
    max_inline: int,
) -> None:
    assume(old != new)
    files = (changed("a", old, new), changed("b", None, other))
    diffs = tuple(file.diff for file in files)
    made = [
        finding(
            *places, title=f"<{number}>", explanation=f"<{number}>",
            category=category, severity=severity, replacement=replacement,
        )
        for number, (places, category, severity, replacement) in enumerate(claims)
    ]  # fmt: skip

    found, rejected = prove(made, Sent(codebase={"a": old, "c": other}, changed=files))
    ranked = rank(
        place(found, diffs),
        max_inline=max_inline,
        min_severity=Severity.MEDIUM,
        min_confidence=Confidence.LOW,
    )

    every = (*ranked.placed, *ranked.collapsed, *ranked.pre_existing)
    told = [one.proven.finding.explanation for one in every]
    told += [one.finding.explanation for one in rejected]
    for one in made:
        assert sum(one.title in text for text in told) == 1
    assert len({one.fingerprint for one in every}) == len(every)
    assert [one.id for one in every] == [f"F{n}" for n in range(1, len(every) + 1)]
    comments = [one.anchor for one in ranked.placed if not isinstance(one.anchor, InSummary)]
    assert len(comments) <= max_inline
    lines = line_map(diffs)
    for anchor in comments:
        assert anchor.path in {"a", "b"}
        if isinstance(anchor, Inline):
            spots = lines[anchor.path, anchor.side]
            assert spots[anchor.first_line].hunk == spots[anchor.last_line].hunk
            assert anchor.first_line <= anchor.last_line
