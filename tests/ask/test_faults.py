from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ask.explain import Asked, explain
from reviewer.ask.faults import Fault, may_pass, retry_headers, worth_retrying
from reviewer.errors import CouldNotFinish, UserMustAct

ASKED = Asked(model="claude-opus-5-5", host="api.anthropic.com", characters=9)


def status(number: int, *, type: str = "", code: str = "", message: str = "no") -> Fault:  # noqa: A002 - the field's name
    return Fault(where="status", status=number, type=type, code=code, message=message)


@pytest.mark.parametrize("number", [408, 409, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again(number: int) -> None:
    assert worth_retrying(status(number))


@pytest.mark.parametrize("number", [400, 401, 402, 403, 404, 413, 422])
def test_what_stays_is_not_tried_again(number: int) -> None:
    assert not worth_retrying(status(number))


def test_a_refusal_in_the_middle_of_an_answer_is_not_tried_again() -> None:
    assert not worth_retrying(status(200, type="invalid_request_error"))
    assert worth_retrying(status(200, type="overloaded_error"))


@pytest.mark.parametrize(
    "fault",
    [
        status(429, code="enforced_spend_limit_reached"),
        status(429, code="contract_spend_limit_reached"),
        status(402, code="linked_organization_spend_limit_reached"),
        status(402, type="billing_error"),
        status(400, message="You have reached your specified API usage limits. Regain access on"),
        status(400, message="Your credit balance is too low to access the Anthropic API."),
    ],
)
def test_every_way_to_run_out_of_money_is_told_as_that(fault: Fault) -> None:
    error = explain(fault, ASKED)

    assert isinstance(error, UserMustAct)
    assert "spend limit" in str(error)
    assert not worth_retrying(fault)


def test_a_spend_limit_is_not_tried_again_even_if_the_server_says_so() -> None:
    fault = Fault(
        where="status",
        status=429,
        code="enforced_spend_limit_reached",
        message="no",
        should_retry=True,
    )

    assert not worth_retrying(fault)


@given(
    st.builds(
        Fault,
        where=st.sampled_from(["credentials", "connection", "status", "stream"]),
        message=st.text(),
        status=st.sampled_from([0, 200, 400, 401, 403, 404, 413, 418, 429, 500, 529]),
        type=st.sampled_from(["", "overloaded_error", "invalid_request_error", "billing_error"]),
        code=st.sampled_from(["", "enforced_spend_limit_reached", "ramp_limit_exceeded"]),
        retry_after_seconds=st.none() | st.floats(0, 1e6),
        should_retry=st.none() | st.booleans(),
    )
)
def test_the_user_is_asked_to_act_exactly_when_waiting_does_not_help(fault: Fault) -> None:
    error = explain(fault, ASKED, stopped="it was sent 3 times")

    assert isinstance(error, CouldNotFinish if may_pass(fault) else UserMustAct)
    assert fault.message in str(error)
    assert error.way_out


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("12", 12.0), ("0.5", 0.5), ("", None), ("nan", None), ("-1", None), ("soon", None)],
)
def test_only_a_number_of_seconds_is_waited_for(value: str, seconds: float | None) -> None:
    assert retry_headers({"retry-after": value}) == (seconds, None)
