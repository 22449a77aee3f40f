from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.made import located, placed, review

from reviewer.flow import FileLevel, Inline, InSummary, Severity, Side
from reviewer.publish.github.annotations import lines


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
    ],
)
def test_the_severity_decides_the_level(severity: Severity, level: str) -> None:
    (line,) = lines(review(placed(severity=severity)))

    assert line.startswith(f"::{level} file=src/cart.py,line=4,endLine=4,title=")


def test_a_deleted_line_annotates_its_file() -> None:
    gone = Inline(path="a,b.py", side=Side.LEFT, first_line=4, last_line=4)
    (line,) = lines(review(placed(anchor=gone)))

    assert line.startswith("::warning file=a%2Cb.py,title=")


@pytest.mark.parametrize(
    ("anchor", "place"),
    [
        (FileLevel(path="a.py"), "file=a.py,title="),
        (InSummary(why="-"), "file=b.py,line=9,title="),
    ],
)
def test_a_finding_without_a_line_annotates_what_it_has(
    anchor: FileLevel | InSummary, place: str
) -> None:
    (line,) = lines(review(placed(anchor=anchor, place=located("b.py", 9, side=None))))

    assert place in line


def test_github_shows_ten_of_a_level_so_the_rest_is_counted() -> None:
    many = [placed(f"F{n}") for n in range(1, 15)]
    many += [placed(f"F{n}", severity=Severity.LOW) for n in range(15, 30)]
    told = lines(review(*many, collapsed=(placed("F30"),)))

    assert Counter(line.split(" ")[0] for line in told) == {"::warning": 10, "::notice": 10}
    assert told[-1] == "::notice title=reviewer::11 more in the job summary"


def test_an_unfinished_review_says_so() -> None:
    assert lines(review(unfinished="cut off")) == [
        "::notice title=reviewer::the review is unfinished: cut off"
    ]


def test_nothing_found_annotates_nothing() -> None:
    assert lines(review()) == []


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_leaves_its_command(title: str, explanation: str) -> None:
    (line,) = lines(review(placed(title=title, explanation=explanation)))

    assert len(line.splitlines()) == 1
    assert line.count("::") >= 2
    assert "::" not in line.split("title=", 1)[1].split("::", 1)[0]
