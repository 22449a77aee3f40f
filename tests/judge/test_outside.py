from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from publish.made import located, placed, review

from reviewer.flow import Confidence, Elsewhere, Origin, Reported, Severity, Side
from reviewer.judge import outside, rank


def reported(message: str = "`os` imported but unused", **given: Any) -> Reported:
    return Reported(
        **{
            "tool": "ruff",
            "rule": "F401",
            "level": "warning",
            "path": "src/cart.py",
            "first_line": 4,
            "last_line": 4,
            "message": message,
            **given,
        }
    )


def found(title: str, explanation: str = "", **given: Any) -> Any:
    return placed("F1", title=title, explanation=explanation, **given).proven


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Unused import of os", reported()),
        (
            "SQL built from user input",
            reported(
                "Detected SQL statement built from user input by string formatting",
                tool="semgrep",
                rule="sql-injection",
            ),
        ),
        (
            "Subprocess call with shell=True",
            reported(
                "`subprocess` call with `shell=True` identified, security issue", rule="S602"
            ),
        ),
    ],
)
def test_what_a_tool_reports_is_not_repeated(title: str, other: Reported) -> None:
    ours, told = outside.apart([found(title)], [other])

    assert ours == ()
    assert [one.by for one in told] == [other.name]


@pytest.mark.parametrize(
    "other",
    [
        reported(path="src/shop.py"),
        reported(first_line=9, last_line=9),
        reported("Line too long (112 > 99)", rule="E501"),
        reported("Missing docstring in public function", rule="D103"),
        reported("Function is too complex", rule="C901"),
    ],
    ids=["another file", "other lines", "length", "docstring", "complexity"],
)
def test_what_a_tool_says_elsewhere_or_of_something_else_takes_nothing_away(
    other: Reported,
) -> None:
    one = found("An empty cart divides by zero", "`prices` can be empty, and then it raises.")
    ours, told = outside.apart([one], [other])

    assert (ours, told) == ((one,), ())


def test_a_short_message_is_not_what_a_long_explanation_tells_though_it_has_its_words() -> None:
    one = found(
        "A refund is booked twice",
        "The argument `total` is added before the loop and in it, so each refund counts double.",
        place=located(last=40),
    )
    ours, told = outside.apart([one], [reported("Unused argument `total`", rule="ARG001")])

    assert told == ()
    assert [each.finding for each in ours] == [one.finding]


def test_one_word_in_common_is_no_meaning() -> None:
    one = found("total is wrong")
    ours, _ = outside.apart([one], [reported("total undefined", rule="")])

    assert [each.seconded for each in ours] == [""]


def test_a_deleted_line_is_none_that_a_tool_saw() -> None:
    one = found("Unused import of os", place=located(side=Side.LEFT))

    assert outside.apart([one], [reported()])[1] == ()


def test_what_both_point_at_comes_first_within_its_severity() -> None:
    one = found("A negative discount raises the price of the whole cart unnoticed")
    other = reported("argument `discount` is compared, but may be negative or None", rule="R1")
    (both,), told = outside.apart([one], [other])
    assert (both.seconded, told) == ("ruff R1", ())

    alone = placed("F1", title="a", fingerprint="1")
    seconded = replace(placed("F2", fingerprint="2"), proven=both)
    worse = placed("F3", title="c", fingerprint="3", severity=Severity.HIGH)
    ranked = rank.rank(
        [alone, seconded, worse],
        max_inline=9,
        min_severity=Severity.LOW,
        min_confidence=Confidence.LOW,
    )
    assert [one.fingerprint for one in ranked.placed] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("origin", "code"), [(Origin.INTRODUCED, 1), (Origin.PRE_EXISTING, 0)], ids=str
)
def test_a_finding_that_a_tool_tells_still_fails_the_change(origin: Origin, code: int) -> None:
    one = found("Unused import of os", severity=Severity.HIGH, origin=origin)

    assert review(elsewhere=(Elsewhere(proven=one, by="ruff F401"),)).exit_code("high") == code
