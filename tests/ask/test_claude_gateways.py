"""Servers that are not the API, or only nearly."""

from __future__ import annotations

import traceback
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
from calling import KEY, REQUEST, Always, ask, claude_at, events

from reviewer.ask.bounds import bound_tokens
from reviewer.ask.claude import Claude
from reviewer.errors import CouldNotFinish, ReviewerError
from reviewer.flow import Usage
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from reviewer.standin.server import Exchange

START = (
    '{"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", '
    '"model": "some-model", "content": [], "stop_reason": null, "stop_sequence": null, '
    '"usage": {"input_tokens": 9, "output_tokens": 1, "cache_creation_input_tokens": 70}}}'
)
DELTA = '{"type": "content_block_delta", "index": 4, "delta": {"type": "text_delta", "text": "x"}}'
END = (
    '{"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}, '
    '"usage": {"output_tokens": 5}}'
)


def test_a_web_page_instead_of_an_answer_is_told_as_one_and_not_asked_again() -> None:
    page = Always("<html>Welcome to the proxy</html>", content_type="text/html; charset=utf-8")

    with claude_at(page) as claude, pytest.raises(CouldNotFinish) as error:
        ask(claude)
    assert "a web page came, and no answer of the API; it was not sent again" in str(error.value)
    assert "ANTHROPIC_BASE_URL" in error.value.way_out


def test_a_web_page_as_an_error_is_cut_short() -> None:
    page = Always("<html>" + "no " * 5000, content_type="text/html", status=502)

    with claude_at(page) as claude, pytest.raises(CouldNotFinish, match="HTTP 502") as error:
        ask(claude)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize(
    ("body", "says"),
    [('{"detail": "Down"}', "HTTP 500: {'detail': 'Down'}"), ("", "HTTP 500: nothing was said")],
)
def test_an_error_in_another_format_is_told_in_its_own_words(body: str, says: str) -> None:
    down = Always(body, content_type="application/json", status=500)

    with claude_at(down) as claude, pytest.raises(CouldNotFinish) as error:
        ask(claude)
    assert f": {says};" in str(error.value)


@pytest.mark.parametrize("bad", [DELTA, '{"type": "message_delta", "delta"', '{"type": "oops"}'])
def test_an_answer_in_another_format_is_incomplete(bad: str) -> None:
    with claude_at(events(START, bad)) as claude:
        reply = ask(claude)

    assert reply.incomplete
    assert reply.usage.prompt_tokens >= 79


def test_an_answer_in_another_format_is_not_paid_for_again() -> None:
    waits: list[float] = []
    with claude_at(events(START, DELTA), sleep=waits.append) as claude:
        ask(claude)

    assert waits == []


@pytest.mark.parametrize(
    "missing",
    [
        '"usage": {"input_tokens": 9, "output_tokens": 1, "cache_creation_input_tokens": 70}',
        '"input_tokens": 9, ',
        '"content": [], ',
    ],
)
def test_an_answer_that_begins_in_another_format_is_no_answer(missing: str) -> None:
    start = START.replace(missing, "").replace(", }", "}")
    with claude_at(events(start, END)) as claude, pytest.raises(CouldNotFinish, match="format"):
        ask(claude)


def test_an_answer_that_does_not_name_its_model_is_by_the_one_we_asked() -> None:
    start = START.replace('"model": "some-model", ', "")
    with claude_at(events(start, END)) as claude:
        reply = ask(claude)

    assert reply.model == REQUEST.model


@pytest.mark.parametrize(
    ("halves", "whole"),
    [
        (("\\ud83d", "\\ude00"), "\N{GRINNING FACE}"),
        (("\\ud83d", "x"), "\N{REPLACEMENT CHARACTER}x"),
    ],
)
def test_a_character_that_a_gateway_tore_apart_is_joined_or_replaced(
    halves: tuple[str, str], whole: str
) -> None:
    block = '{"type": "text", "text": ""}'
    start = f'{{"type": "content_block_start", "index": 0, "content_block": {block}}}'
    deltas = [DELTA.replace("4", "0").replace('"x"', f'"{half}"') for half in halves]
    with claude_at(events(START, start, *deltas, END)) as claude:
        reply = ask(claude)

    assert reply.text == whole


def test_a_stop_reason_of_the_future_is_incomplete() -> None:
    end = END.replace("end_turn", "quota_of_words")
    with claude_at(events(START, end)) as claude:
        reply = ask(claude)

    assert "quota_of_words" in reply.incomplete


@pytest.mark.parametrize("ttl", ["5m", "1h"])
def test_a_gateway_that_does_not_split_cache_writes_is_billed_at_the_ttl_we_asked_for(
    ttl: Literal["5m", "1h"],
) -> None:
    with claude_at(events(START, END)) as claude:
        reply = ask(claude, replace(REQUEST, cache_ttl=ttl))

    assert reply.model == "some-model"
    assert reply.usage == Usage(
        input_tokens=9, output_tokens=5, **{f"cache_write_{ttl}_tokens": 70}
    )


@pytest.mark.parametrize("ending", [(END,), ()])
def test_a_bill_of_nothing_is_held_for_the_dearest_it_can_be(ending: tuple[str, ...]) -> None:
    start = START.replace("70", "0").replace("9", "0")
    with claude_at(events(start, *ending)) as claude:
        reply = ask(claude, replace(REQUEST, cache_ttl="5m"))

    assert reply.attempts[0].usage.cache_write_5m_tokens == bound_tokens(REQUEST)
    assert reply.attempts[0].untold


def test_a_server_that_is_not_there_is_named_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:hidden@127.0.0.1:9")
    url = "http://me:hidden@gateway.invalid:81"

    with (
        closing(Claude(api_key=KEY, base_url=url, sleep=lambda _: None)) as claude,
        pytest.raises(CouldNotFinish) as error,
    ):
        ask(claude)

    text = "".join(traceback.format_exception(error.value))
    assert "gateway.invalid:81" in text
    assert "HTTP_PROXY" in text
    assert "hidden" not in text
    assert KEY not in text


class Elsewhere:
    """A server that sends everybody to another address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def answer(self, exchange: Exchange) -> Answer:
        return Answer(status=307, headers={"location": self.url + exchange.path})


def test_the_code_is_sent_nowhere_but_to_the_address_that_was_given() -> None:
    other = Messages([Turn(text="{}")])
    with (
        Server(other) as there,
        claude_at(Elsewhere(there.url)) as claude,
        pytest.raises(ReviewerError, match="HTTP 307: it leads elsewhere"),
    ):
        ask(claude)

    assert other.requests == []
