"""OpenAI-compatible endpoints: the real package at a stand-in that serves Claude."""

from __future__ import annotations

import traceback
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from calling import ANSWER, KEY, REQUEST, Always, ask

from reviewer.ask.bounds import bound_tokens
from reviewer.ask.gateway import Gateway
from reviewer.ask.models import BETA_1M
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.standin.chat import ChatCompletions
from reviewer.standin.messages import Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import Usage
    from reviewer.standin.server import Application

MODEL = "anthropic/claude-opus-5.5"
ASKED = replace(REQUEST, model=MODEL)


@contextmanager
def gateway_at(application: Application, **options: Any) -> Iterator[Gateway]:
    """A real client at a real server; it never sleeps unless told to."""
    options = {"api_key": KEY, "sleep": lambda _: None, **options}
    with (
        Server(application) as server,
        closing(Gateway(base_url=f"{server.url}/v1", **options)) as gateway,
    ):
        yield gateway


def test_an_answer_comes_whole_with_its_bill() -> None:
    server = ChatCompletions([Turn(text=ANSWER)])
    received: list[int] = []
    with gateway_at(server) as gateway:
        reply = gateway.ask(ASKED, received=received.append, may_repeat=lambda _: False)

    assert reply.text == ANSWER
    assert reply.incomplete == ""
    assert reply.model == MODEL
    assert reply.usage == server.api.ledger[0].usage
    assert received[-1] == len(ANSWER) // 3


def test_the_schema_goes_along_and_is_told_in_words() -> None:
    server = ChatCompletions([Turn(text=ANSWER)])
    with gateway_at(server) as gateway:
        ask(gateway, replace(ASKED, effort="high"))

    sent = server.exchanges[-1].json()
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert sent["reasoning_effort"] == "high"
    assert REQUEST.schema in sent["messages"][0]["content"][0]["text"]
    assert sent["max_tokens"] == REQUEST.max_output_tokens


def test_breakpoints_stand_on_the_parts_and_the_second_question_reads_the_cache() -> None:
    server = ChatCompletions([Turn(text=ANSWER), Turn(text=ANSWER)])
    with gateway_at(server) as gateway:
        first, second = (ask(gateway, replace(ASKED, cache_ttl="1h")) for _ in range(2))

    assert first.usage.cache_write_1h_tokens > 0
    assert second.usage.cache_read_tokens == first.usage.cache_write_1h_tokens


def test_a_beta_that_the_model_needs_goes_along_as_a_header() -> None:
    server = ChatCompletions([Turn(text=ANSWER)])
    with gateway_at(server) as gateway:
        facts = gateway.facts("anthropic/claude-sonnet-4.5")
        ask(gateway, replace(ASKED, betas=(BETA_1M,)))

    assert server.exchanges[-1].headers["anthropic-beta"] == BETA_1M
    assert facts.max_input_tokens == 200_000  # what the endpoint says goes before the table


def test_the_limits_come_from_the_endpoint_else_the_table_else_the_settings() -> None:
    nothing = Always("{}", content_type="application/json", status=404)
    with gateway_at(ChatCompletions()) as gateway:
        assert gateway.facts(MODEL).source == "api"
    with gateway_at(nothing, window_tokens=16_384) as gateway:
        assert gateway.facts(MODEL).source == "bundled"
        assert gateway.facts("qwen3-coder").max_input_tokens == 16_384
    with gateway_at(nothing) as gateway, pytest.raises(UserMustAct, match="not tell the limits"):
        gateway.facts("qwen3-coder")


def test_tokens_are_not_counted_before() -> None:
    with gateway_at(ChatCompletions()) as gateway, pytest.raises(CouldNotFinish, match="count"):
        gateway.count_tokens(ASKED)


@pytest.mark.parametrize(
    "refused", ["response_format", "reasoning_effort", "cache_control", "max_tokens"]
)
def test_what_the_endpoint_refuses_is_left_out(refused: str) -> None:
    server = ChatCompletions([Turn(text=ANSWER)], refuses=[refused])
    with gateway_at(server) as gateway:
        reply = ask(gateway, replace(ASKED, effort="high", cache_ttl="5m"))

    assert reply.text == ANSWER
    assert [bool(each.problem) for each in reply.attempts] == [True, False]
    assert f'"{refused}"' not in server.exchanges[-1].body.decode()


def test_an_answer_without_a_bill_is_held_for_the_dearest_it_can_be() -> None:
    server = ChatCompletions([Turn(text=ANSWER)], tells_usage=False)
    with gateway_at(server) as gateway:
        reply = ask(gateway, ASKED)

    assert reply.usage.input_tokens == bound_tokens(ASKED)
    assert reply.usage.output_tokens == len(ANSWER) // 3
    assert reply.attempts[0].untold


def test_what_the_prompt_costs_at_most_is_told_when_an_answer_begins() -> None:
    begun: list[Usage] = []
    with gateway_at(ChatCompletions([Turn(text=ANSWER)])) as gateway:
        gateway.ask(
            replace(ASKED, cache_ttl="1h"),
            received=lambda _: None,
            may_repeat=lambda _: False,
            began=begun.append,
        )

    assert [each.cache_write_1h_tokens for each in begun] == [bound_tokens(ASKED)]


# --- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        (Turn.truncated(ANSWER, keep_characters=20), "output tokens"),
        (Turn.refusal("cyber"), "refused"),
    ],
)
def test_an_answer_that_is_not_whole_says_why(turn: Turn, says: str) -> None:
    with gateway_at(ChatCompletions([turn])) as gateway:
        assert says in ask(gateway, ASKED).incomplete


@pytest.mark.parametrize(
    "turn", [Turn.stream_error(ANSWER), Turn.ends_early(ANSWER), Turn.dies(ANSWER)]
)
def test_an_answer_that_breaks_off_is_asked_for_again(turn: Turn) -> None:
    with gateway_at(ChatCompletions([turn, Turn(text=ANSWER)])) as gateway:
        reply = ask(gateway, ASKED)

    assert reply.text == ANSWER
    assert [attempt.unsure for attempt in reply.attempts] == [True, False]
    assert reply.attempts[0].problem.startswith("the answer broke off")
    assert reply.attempts[0].usage.prompt_tokens == bound_tokens(ASKED)


def test_an_endpoint_that_is_overloaded_is_waited_for() -> None:
    waits: list[float] = []
    script = [Turn.rate_limited(retry_after_seconds=7), Turn.overloaded(), Turn(text=ANSWER)]
    with gateway_at(ChatCompletions(script), sleep=waits.append) as gateway:
        reply = ask(gateway, ASKED)

    assert waits == [7.0, 8.0]
    assert reply.text == ANSWER


def test_a_prompt_that_is_too_long_is_the_users_to_shorten() -> None:
    long = ChatCompletions([Turn.prompt_too_long(1_100_000, 1_000_000)])
    with gateway_at(long) as gateway, pytest.raises(UserMustAct, match="too long"):
        ask(gateway, ASKED)


def test_an_account_without_money_is_not_asked_again() -> None:
    body = '{"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}'
    empty = Always(body, content_type="application/json", status=429)
    waits: list[float] = []
    with (
        gateway_at(empty, sleep=waits.append) as gateway,
        pytest.raises(UserMustAct, match="spend limit"),
    ):
        ask(gateway, ASKED)

    assert waits == []


def test_a_key_that_is_refused_is_in_no_message() -> None:
    body = f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}'
    closed = Always(body, content_type="application/json", status=401)
    with gateway_at(closed) as gateway, pytest.raises(UserMustAct) as error:
        ask(gateway, ASKED)

    assert "OPENAI_API_KEY" in error.value.way_out
    assert KEY not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize("key", [None, "", f"{KEY} x"])
def test_without_a_usable_key_the_way_out_is_told(key: str | None) -> None:
    with pytest.raises(UserMustAct) as error:
        Gateway(api_key=key)

    assert "OPENAI_API_KEY" in error.value.way_out


def test_a_web_page_instead_of_an_answer_is_told_as_one() -> None:
    page = Always("<html>Welcome</html>", content_type="text/html")
    with gateway_at(page) as gateway, pytest.raises(CouldNotFinish, match="a web page") as error:
        ask(gateway, ASKED)
    assert "OPENAI_BASE_URL" in error.value.way_out
