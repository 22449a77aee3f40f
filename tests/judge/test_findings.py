"""From a reply to claims: nothing malformed passes, nothing well-formed is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.ask.schema import ANSWER
from reviewer.errors import CouldNotFinish
from reviewer.flow import (
    Category,
    ClaimKind,
    Confidence,
    Evidence,
    Finding,
    Origin,
    Reply,
    Severity,
)
from reviewer.judge import findings
from reviewer.judge.findings import MalformedReply, parse
from reviewer.standin import story

TRUNCATED = "the answer was cut off at the output limit"


def reply(text: str, incomplete: str = "") -> Reply:
    return Reply(
        text=text, model="m", stop_reason="end_turn", attempts=(), seconds=1.0,
        incomplete=incomplete,
    )  # fmt: skip


def item(**given: Any) -> dict[str, Any]:
    return {
        "path": "a.py", "quote": "x = 1", "first_line": 3, "last_line": 4,
        "evidence": [
            {"path": "b.py", "quote": "f(x)", "first_line": 7, "last_line": 7, "note": "caller"}
        ],
        "title": "T", "explanation": "E", "severity": "high", "confidence": "low",
        "category": "security", "origin": "worsened", "claim": "undefined", "symbol": "f",
        "replacement": "x = 2", **given,
    }  # fmt: skip


def answer(*items: Any, overview: str = "O") -> str:
    return json.dumps({"overview": overview, "findings": items})


def test_a_well_formed_reply_is_read_whole() -> None:
    read = parse(reply(answer(item())))

    assert read.overview == "O"
    assert (read.problems, read.incomplete) == ((), "")
    assert read.findings == (
        Finding(
            title="T",
            explanation="E",
            severity=Severity.HIGH,
            confidence=Confidence.LOW,
            category=Category.SECURITY,
            origin=Origin.WORSENED,
            place=Evidence(path="a.py", first_line=3, last_line=4, quote="x = 1"),
            evidence=(
                Evidence(path="b.py", first_line=7, last_line=7, quote="f(x)", note="caller"),
            ),
            claim=ClaimKind.UNDEFINED,
            symbol="f",
            replacement="x = 2",
        ),
    )


def test_a_reply_without_findings_is_clean() -> None:
    assert parse(reply(answer())).findings == ()


def test_the_answer_of_the_demo_is_read() -> None:
    read = parse(reply(story.answer()))

    assert (len(read.findings), read.problems) == (3, ())


def test_what_is_read_is_what_the_schema_asks_for() -> None:
    asked = ANSWER["properties"]["findings"]["items"]["properties"]

    assert set(findings._Answer.model_fields) == set(ANSWER["properties"])
    assert set(findings._Finding.model_fields) == set(asked)
    assert set(findings._Evidence.model_fields) == set(asked["evidence"]["items"]["properties"])


@pytest.mark.parametrize(
    "written", ["pre_existing", "Pre-Existing", "PRE EXISTING", " pre_existing "]
)
def test_choices_are_read_in_any_spelling(written: str) -> None:
    (read,) = parse(reply(answer(item(origin=written)))).findings

    assert read.origin is Origin.PRE_EXISTING


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (item(severity="terrible"), "finding 2: severity: Input should be 'critical', 'high'"),
        ({"path": "a.py"}, "finding 2: quote: Field required"),
        (item(first_line="soon"), "finding 2: first_line: Input should be a valid integer"),
        (item(evidence=[{"path": "x"}]), "finding 2: evidence.0.quote: Field required"),
        (item(title=["T"]), "finding 2: title: Input should be a valid string"),
        ("text", "finding 2: the whole: Input should be"),
        (None, "finding 2: the whole: Input should be"),
    ],
)
def test_a_malformed_item_becomes_a_problem_and_the_others_stand(broken: Any, why: str) -> None:
    read = parse(reply(answer(item(title="one"), broken, item(title="three"))))

    assert [finding.title for finding in read.findings] == ["one", "three"]
    assert len(read.problems) == 1
    assert read.problems[0].startswith(why)


def test_a_problem_does_not_repeat_what_the_model_wrote() -> None:
    (problem,) = parse(reply(answer(item(severity="::error::gotcha")))).problems

    assert "gotcha" not in problem


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "character 0"),
        ("I found nothing wrong.", "character 0"),
        ("```json\n{}\n```", "character 0"),
        (answer(item())[:-1], "character"),
        (answer(item()) + "!", "Extra data"),
        ("null", "its outermost object"),
        ("[]", "its outermost object"),
        ("{}", "overview: Field required; findings: Field required"),
        ('{"overview": "x", "findings": null}', "findings: Input should be a valid list"),
        ('{"overview": 1, "findings": []}', "overview: Input should be a valid string"),
        ("[" * 100_000, "nested too deeply"),
        ('{"overview": ' + "1" * 5_000 + "}", "integer string conversion"),
    ],
)
def test_a_reply_that_cannot_be_read_raises(text: str, why: str) -> None:
    with pytest.raises(MalformedReply) as raised:
        parse(reply(text))

    assert why in str(raised.value)
    assert isinstance(raised.value, CouldNotFinish)


def test_the_error_says_where_and_why() -> None:
    with pytest.raises(MalformedReply) as raised:
        parse(reply('{"overview": "x", "findings": [}'))

    assert (raised.value.why, raised.value.where) == ("Expecting value", "character 31")


def test_half_a_character_is_replaced() -> None:
    (read,) = parse(reply(answer(item(title="a\ud800b")))).findings

    assert read.title == "a\N{REPLACEMENT CHARACTER}b"


def test_a_nul_which_no_file_that_is_sent_holds_is_replaced() -> None:
    (read,) = parse(reply(answer(item(quote="line 8\n\0\nline 27")))).findings

    assert read.place.quote == "line 8\n\N{REPLACEMENT CHARACTER}\nline 27"


def test_two_halves_are_one_character() -> None:
    (read,) = parse(reply(answer(item(title="\N{PARTY POPPER}")))).findings

    assert read.title == "\N{PARTY POPPER}"


# --- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "repaired"),
    [(4, 3, (3, 4)), (0, 0, (1, 1)), (-7, 2, (1, 2)), (5, 10**30, (5, findings.MOST_LINE))],
)
def test_claimed_lines_are_made_sane(first: int, last: int, repaired: tuple[int, int]) -> None:
    (read,) = parse(reply(answer(item(first_line=first, last_line=last)))).findings

    assert (read.place.first_line, read.place.last_line) == repaired


@pytest.mark.parametrize(("name", "most"), [("title", 200), ("explanation", 4_000)])
def test_a_long_text_is_cut_and_that_is_said(name: str, most: int) -> None:
    read = parse(reply(answer(item(**{name: "x" * 5_000}))))

    assert getattr(read.findings[0], name) == "x" * most
    assert read.problems == (f"finding 1: {name} cut from 5,000 to {most:,} characters",)


def test_a_quote_that_is_cut_loses_its_replacement() -> None:
    read = parse(reply(answer(item(quote="x" * 4_001))))

    assert read.findings[0].place.quote == "x" * 4_000
    assert read.findings[0].replacement is None
    assert read.problems == ("finding 1: quote cut from 4,001 to 4,000 characters",)


def test_a_replacement_is_never_cut() -> None:
    read = parse(reply(answer(item(replacement="x" * 20_001))))

    assert read.findings[0].replacement is None
    assert read.problems == ("finding 1: replacement left out: 20,001 characters",)


def test_findings_beyond_the_limit_are_counted() -> None:
    read = parse(reply(answer(*[item()] * 203)))

    assert len(read.findings) == 200
    assert read.problems == ("3 findings left out: at most 200 are read",)


def test_evidence_beyond_the_limit_is_counted() -> None:
    read = parse(reply(answer(item(evidence=item()["evidence"] * 25))))

    assert len(read.findings[0].evidence) == 20
    assert read.problems == ("finding 1: 5 places left out: at most 20 are read",)


# --- cut off ----------------------------------------------------------------------------------


def test_a_cut_reply_gives_the_findings_that_arrived_whole() -> None:
    text = answer(item(title="one"), item(title="two"), item(title="three"))

    read = parse(reply(text[: text.index("three")], TRUNCATED))

    assert [finding.title for finding in read.findings] == ["one", "two"]
    assert (read.overview, read.incomplete) == ("O", TRUNCATED)


def test_braces_inside_strings_do_not_confuse_the_salvage() -> None:
    text = answer(item(quote='}]}{"]\\"', title="one"), item(quote="}, {", title="two"))

    read = parse(reply(text[:-9], TRUNCATED))

    assert [finding.title for finding in read.findings] == ["one"]


def test_a_whole_text_that_did_not_end_by_itself_stays_incomplete() -> None:
    read = parse(reply(answer(item()), "refused"))

    assert (len(read.findings), read.incomplete) == (1, "refused")


@pytest.mark.parametrize(
    "text", ["", "{", '{"overview": "half', '{"overview": "x", "fin', "sorry"]
)
def test_a_cut_reply_without_a_list_of_findings_raises(text: str) -> None:
    with pytest.raises(MalformedReply):
        parse(reply(text, TRUNCATED))


def test_a_cut_reply_that_nests_too_deeply_raises() -> None:
    with pytest.raises(MalformedReply, match="nested too deeply"):
        parse(reply('{"overview": ' + "[" * 100_000, TRUNCATED))


TEXTS = st.text(st.sampled_from('ab{}[]",:\\\n\u00fc\N{PARTY POPPER}'), max_size=12)
ITEMS = st.builds(
    lambda title, quote, note: item(
        title=title,
        quote=quote,
        evidence=[{"path": "p", "quote": quote, "first_line": 1, "last_line": 2, "note": note}],
    ),
    TEXTS,
    TEXTS,
    TEXTS,
)


@given(
    items=st.lists(ITEMS, max_size=4),
    overview=TEXTS,
    indent=st.sampled_from((None, 2)),
    ascii_only=st.booleans(),
    incomplete=st.sampled_from(("", TRUNCATED)),
    data=st.data(),
)
@settings(max_examples=300, deadline=None)
def test_a_part_of_a_reply_never_passes_for_a_clean_review(
    items: list[dict[str, Any]],
    overview: str,
    indent: int | None,
    ascii_only: bool,
    incomplete: str,
    data: st.DataObject,
) -> None:
    text = json.dumps(
        {"overview": overview, "findings": items}, indent=indent, ensure_ascii=ascii_only
    )
    whole = parse(reply(text)).findings
    cut = data.draw(st.integers(0, len(text) - 1))

    try:
        read = parse(reply(text[:cut], incomplete))
    except MalformedReply:
        return
    assert read.incomplete == incomplete != ""
    assert read.problems == ()
    assert read.findings == whole[: len(read.findings)]
    assert len(whole) == len(items)
