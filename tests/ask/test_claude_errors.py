from __future__ import annotations

from dataclasses import replace

import pytest
from calling import ANSWER, KEY, REQUEST, Call

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Usage
from reviewer.standin.messages import Failure, Turn


def test_a_rate_limit_is_waited_for_as_long_as_the_server_says() -> None:
    call = Call(Turn.rate_limited(retry_after_seconds=17), Turn(text=ANSWER))

    assert call.waits == [17.0]
    assert call.reply.incomplete == ""
    assert call.reply.attempts[0].usage == Usage()


def test_a_rate_limit_that_stays_tells_when_to_come_back() -> None:
    call = Call(*[Turn.rate_limited(retry_after_seconds=17)] * 3)

    assert isinstance(call.error, CouldNotFinish)
    assert "17 seconds" in call.error.way_out
    assert "req_" in str(call.error)


def test_a_server_that_asks_for_a_long_wait_is_not_waited_for() -> None:
    call = Call(Turn.rate_limited(retry_after_seconds=3000))

    assert call.waits == []
    assert "3000 seconds" in str(call.error)


def test_a_spend_limit_is_the_users_to_lift_and_is_not_tried_again() -> None:
    call = Call(Turn.spend_limit_reached(), Turn(text=ANSWER))

    assert isinstance(call.error, UserMustAct)
    assert "spend limit" in str(call.error)
    assert (call.waits, call.api.turns_left) == ([], 1)


def test_a_spend_limit_that_comes_as_a_400_is_the_users_to_lift_as_well() -> None:
    told = "You have reached your specified API usage limits."
    failure = Failure(status=400, kind="invalid_request_error", message=told)

    call = Call(Turn(failure=failure))

    assert isinstance(call.error, UserMustAct)
    assert "spend limit" in str(call.error)


@pytest.mark.parametrize("turn", [Turn.overloaded(), Turn.server_error()])
def test_an_overloaded_server_is_tried_again_and_then_reported(turn: Turn) -> None:
    call = Call(turn, turn, turn)

    assert isinstance(call.error, CouldNotFinish)
    assert call.waits == [2.0, 8.0]
    assert call.api.turns_left == 0


def test_the_server_can_forbid_another_try() -> None:
    no = Failure(
        status=503, kind="api_error", message="gone", headers=(("x-should-retry", "false"),)
    )

    call = Call(Turn(failure=no), Turn(text=ANSWER))

    assert isinstance(call.error, CouldNotFinish)
    assert call.api.turns_left == 1


def test_a_refused_key_is_the_users_to_change_and_is_not_shown() -> None:
    echo = Failure(status=401, kind="authentication_error", message=f"invalid key {KEY}")

    call = Call(Turn(failure=echo))

    assert isinstance(call.error, UserMustAct)
    assert "invalid key [key]" in str(call.error)
    assert "ANTHROPIC_API_KEY" in call.error.way_out


def test_a_key_that_may_not_use_the_model_is_the_users_to_change() -> None:
    failure = Failure(status=403, kind="permission_error", message="not in this workspace")

    assert "not in this workspace" in str(Call(Turn(failure=failure)).error)


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    call = Call(request=replace(REQUEST, model="claude-opus-55"))

    assert isinstance(call.error, UserMustAct)
    assert "claude-opus-5-5" in call.error.way_out


@pytest.mark.parametrize(
    "turn", [Turn.prompt_too_long(1_100_000, 1_000_000), Turn.body_too_large()]
)
def test_a_prompt_that_is_too_long_names_its_size_and_the_way_out(turn: Turn) -> None:
    call = Call(turn)

    characters = sum(len(block.text) for block in (*REQUEST.system, *REQUEST.user))
    assert isinstance(call.error, UserMustAct)
    assert f"{characters} characters" in str(call.error)
    assert "max_prompt_tokens" in call.error.way_out


def test_a_request_that_the_api_refuses_is_told_in_the_apis_words() -> None:
    call = Call(request=replace(REQUEST, max_output_tokens=500_000))

    assert isinstance(call.error, UserMustAct)
    assert "max_tokens" in str(call.error)
