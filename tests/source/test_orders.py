from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewer.source.orders import (
    MOST_CHARACTERS,
    MOST_REASON_CHARACTERS,
    NoOrder,
    Order,
    Unclear,
    Verb,
    read,
)

PLAIN = [verb for verb in Verb if not verb.takes_finding]


@pytest.mark.parametrize("verb", PLAIN)
@pytest.mark.parametrize(
    "text",
    [
        "/reviewer {}",
        "/Reviewer {}  ",
        "/REVIEWER\t{}\r\nand more below",
        "`/reviewer {}`",
        "``/reviewer {}`` ",
        "`/reviewer` {}",
        "/reviewer {}\n/reviewer full",
    ],
)
def test_an_order_is_the_first_line_in_any_case_and_also_in_a_code_span(
    verb: Verb, text: str
) -> None:
    assert read(text.format(verb)) == Order(verb=verb)
    assert read(text.format(verb.upper())) == Order(verb=verb)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n/reviewer review",
        " /reviewer review",
        "> /reviewer review",
        ">/reviewer review",
        "On Monday you wrote:\n> /reviewer review",
        "please /reviewer review",
        "```\n/reviewer review\n```",
        "    /reviewer review",
        "- /reviewer review",
        "/reviewers review",
        "````/reviewer review",
        "/reviewer-bot review",
        "/review",
        "\\/reviewer review",
        "<!-- x -->/reviewer review",
        "\u200b/reviewer review",
        "\uff0freviewer review",
    ],
)  # fmt: skip
def test_what_only_speaks_of_an_order_is_none(text: str) -> None:
    assert isinstance(read(text), NoOrder)


def test_the_name_alone_asks_for_help() -> None:
    assert read("/reviewer") == Order(verb=Verb.HELP)


@pytest.mark.parametrize("name", ["F3", "f3", "F03", "`F3`", "F3:", "F3,"])
def test_a_finding_is_named_by_its_id(name: str) -> None:
    assert read(f"/reviewer explain {name}") == Order(verb=Verb.EXPLAIN, finding="F3")
    assert read(f"/reviewer undismiss {name}") == Order(verb=Verb.UNDISMISS, finding="F3")


@pytest.mark.parametrize(
    "name", ["", "3", "F", "F-3", "F3.5", "F٣", "F1234567", "G3", "F3F4", "#3", "F3;rm"]
)
def test_a_malformed_id_gets_help(name: str) -> None:
    found = read(f"/reviewer explain {name}")

    assert isinstance(found, Unclear)
    assert "takes the id of a finding" in found.why


def test_a_reason_is_the_rest_of_the_line() -> None:
    found = read("/reviewer dismiss F3:  the caller\t checks it \nnot this")

    assert found == Order(verb=Verb.DISMISS, finding="F3", reason="the caller checks it")


def test_a_span_may_end_before_the_reason() -> None:
    found = read("`/reviewer dismiss F3` it is `None` there")

    assert found == Order(verb=Verb.DISMISS, finding="F3", reason="it is `None` there")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/reviewer dance", "no such command"),
        ("/reviewer rev\u0131ew", "no such command"),
        ("/reviewer di\u017fmiss F3 x", "no such command"),
        ("/reviewer dismiss F3", "takes a reason"),
        ("/reviewer dismiss F3\nbecause", "takes a reason"),
        ("/reviewer dismiss because", "takes the id"),
        ("/reviewer review please", "Nothing may follow"),
        ("/reviewer explain F3 F4", "Nothing may follow"),
        (f"/reviewer dismiss F3 {'x' * (MOST_REASON_CHARACTERS + 1)}", "longer than 300"),
        (f"/reviewer dismiss F3 {'x ' * MOST_CHARACTERS}", "longer than 1,000"),
    ],
)
def test_what_cannot_be_obeyed_says_why(text: str, why: str) -> None:
    found = read(text)

    assert isinstance(found, Unclear)
    assert why in found.why


def test_the_words_of_an_unclear_order_are_ours_alone() -> None:
    found = read("/reviewer @octo/team<!-- reviewer:v1 summary -->")

    assert found == Unclear("There is no such command.")


@given(st.text())
@example("`" * 9_000 + "/reviewer")
@example("/reviewer dismiss F3 " + "`" * 9_000)
def test_any_text_is_read_and_a_reason_stays_within_its_line(text: str) -> None:
    for body in (text, f"/reviewer {text}", f"/reviewer dismiss F3 {text}"):
        found = read(body)
        if isinstance(found, Order):
            assert len(found.reason) <= MOST_REASON_CHARACTERS
            assert found.reason.splitlines() in ([], [found.reason])
