from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.anything import HOSTILE, reviews
from publish.made import CHANGE, COST, COVERAGE, located, placed, rejected, review
from publish.parsed import Page

from reviewer.flow import (
    Audit,
    Category,
    Coverage,
    InSummary,
    KnownFinding,
    NotReviewed,
    Review,
    Severity,
    Side,
)
from reviewer.publish.documents import highlight, report_findings
from reviewer.publish.documents.report_page import report

RICH = review(
    placed(
        "F1",
        severity=Severity.CRITICAL,
        explanation="It breaks `total`:\n\n```python\nx = 1\n```\n\nand more.",
        evidence=(located("src/shop.py", 9, side=None, lines=("total(1)",), note="a caller"),),
        suggestion="    return 0",
    ),
    placed("F2", anchor=InSummary(why="outside the diff"), place=located(side=Side.LEFT)),
    collapsed=(placed("F3", severity=Severity.LOW),),
    pre_existing=(placed("F4"),),
    rejected=(rejected("No such thing", "the quote is nowhere"),),
    known=(
        KnownFinding(
            path="src/old.py",
            severity=Severity.LOW,
            category=Category.TESTS,
            title="no test",
            reason="goes away in May",
            fingerprint="abc",
            quote=("x = 1",),
        ),
    ),
)


def articles(page: Page) -> list[dict[str, str | None]]:
    return [each for each in page.all("article") if each["class"]]


def said(made: Review) -> str:
    return "".join(text for tag, text in Page(report(made)).texts if tag != "script")


def test_every_finding_is_on_the_page_with_its_state_and_none_is_hidden() -> None:
    page = Page(report(RICH))

    assert [(each["id"], each["data-state"]) for each in articles(page)] == [
        ("F1", "new"),
        ("F2", "new"),
        ("F3", "collapsed"),
        ("F4", "older"),
        ("B1", "baseline"),
    ]
    assert not [each for each in articles(page) if "hidden" in each]
    assert "hidden" in next(each for each in page.all("form") if each["id"] == "sift")


def test_code_is_coloured_and_numbered_as_in_the_file() -> None:
    page = Page(report(RICH))

    assert {"start": "4"} in page.all("ol")
    assert ("span", "return") in page.texts
    assert {"class": "k"} in page.all("span")


def test_what_a_model_writes_keeps_its_paragraphs_and_its_code() -> None:
    page = Page(report(RICH))

    assert "x = 1" in page.inside("pre")
    assert "total" in page.inside("code")


@pytest.mark.parametrize(
    "words",
    [
        "outside the diff",
        "a caller",
        "(before the change)",
        "the quote is nowhere",
        "goes away in May",
        "$0.43",
        "$0.39",
        "read 360,000 of 412,310 tokens from the cache",
        "2 of 2 files were shown in full",
    ],
)
def test_the_page_says(words: str) -> None:
    assert words in said(RICH)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"unfinished": "cut off at the limit"}, "Unfinished: cut off at the limit"),
        ({"scripted": True}, "Scripted: "),
        ({"skipped": NotReviewed(why="it is a draft")}, "Not reviewed: because it is a draft"),
        (
            {"coverage": replace(COVERAGE, incomplete=("1 file did not fit",))},
            "Incomplete: 1 file",
        ),
    ],
)
def test_what_is_no_whole_review_says_so_before_anything_else(
    given: dict[str, Any], words: str
) -> None:
    text = said(review(**given))

    assert words in text
    assert "Nothing was found." not in text


def test_a_review_by_the_local_engine_has_no_map_and_no_price() -> None:
    made = review(coverage=Coverage(files=(), changed=(), searched=True))
    page = Page(report(made))

    assert not [each for each in page.all("div") if each.get("id") == "tree"]
    assert "no model was asked" in said(made)
    assert "Nothing was found." in said(made)


def test_an_audit_is_called_one() -> None:
    change = replace(CHANGE, audit=Audit(), pull_request=None)

    assert "Local audit" in said(review(change=change))


def test_the_page_parses_and_its_policy_allows_its_own_style_and_script_alone() -> None:
    page = Page(report(RICH))
    [policy] = [
        each["content"] or ""
        for each in page.all("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    texts = ("".join(page.inside("style")), page.inside("script")[-1])

    assert (page.unbalanced, page.open) == ([], [])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts
    }


@settings(max_examples=60, deadline=None)
@given(reviews())
def test_nothing_in_any_review_becomes_markup_or_asks_for_anything(made: Review) -> None:
    written = report(made)
    page = Page(written)

    assert (page.unbalanced, page.open) == ([], [])
    for tag, attributes in page.elements:
        assert tag not in {"img", "svg", "iframe", "link", "base", "object", "style "}
        assert not {"src", "srcset", "style", "action", "data", "onerror"} & set(attributes)
        link = attributes.get("href") or "#"
        assert link.startswith(("#", "https://github.example/octo/shop/"))
    assert len(page.all("script")) == len(page.all("style")) + 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\0\x1b\ud800]", written)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_text_wherever_it_stands(text: str) -> None:
    def elements(word: str) -> list[str]:
        made = review(
            placed(
                "F1",
                title=word,
                explanation=word,
                suggestion=word,
                place=located(word, lines=(word,)),
                evidence=(located(word, note=word, lines=(word,)),),
                anchor=InSummary(why=word),
            ),
            overview=word,
            rejected=(rejected(word, word),),
            problems=(word,),
            coverage=replace(COVERAGE, unseen_changes=((word, word),), incomplete=(word,)),
            cost=replace(COST, cache=word),
        )
        return [tag for tag, _ in Page(report(made)).elements]

    assert elements(text) == elements("word")


LINE = st.text(st.sampled_from("ab1 \t\"'`/*#<>{}[]()\\\n\r\x0c:$@%_-"), max_size=30)


@pytest.mark.parametrize("suffix", sorted(highlight.LANGUAGES))
@settings(max_examples=25, deadline=None)
@given(st.lists(LINE.map(lambda text: text.replace("\n", "")), max_size=6))
def test_coloured_code_is_the_code(suffix: str, lines: list[str]) -> None:
    found = highlight.Painter().coloured(lines, f"x{suffix}")

    assert ["".join(text for _, text in line) for line in found] == lines


@pytest.mark.parametrize(
    "lines",
    [
        ["x" * (highlight.MOST_IN_A_LINE + 1)],
        ["x = 1"] * (highlight.MOST_LINES + 1),
        ["return  " + "x" * 150] * 9,
    ],
    ids=["a long line", "many lines", "much text"],
)
def test_more_than_a_lexer_should_be_given_is_plain(lines: list[str]) -> None:
    found = highlight.Painter().coloured(lines, "x.py")

    assert found == [[("", line)] for line in lines]


def test_a_page_is_coloured_as_long_as_there_is_room() -> None:
    painter = highlight.Painter()
    line = "return " + "x" * 150
    excerpts = highlight.MOST_COLOURED_CHARACTERS // len(line) + 1
    found = [painter.coloured([line], "x.py") for _ in range(excerpts)]

    assert found[0] != [[("", line)]]
    assert found[-1] == [[("", line)]]


def test_a_page_holds_as_many_findings_as_a_browser_can_show() -> None:
    many = [placed(f"F{n}") for n in range(1, report_findings.MOST_FINDINGS + 3)]

    assert "2 more are not on this page" in said(review(*many))
