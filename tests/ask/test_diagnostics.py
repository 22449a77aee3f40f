"""Why the prompt cache was missed: what is asked, and what comes back over the wire."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from calling import ANSWER, REQUEST, Call, ask, claude_at, events

from reviewer.flow import Block, CacheMiss, Request
from reviewer.standin.messages import Messages, Turn

CACHED = replace(REQUEST, cache_ttl="1h")
SYSTEM = Block(text="You review.", breakpoint=True)
CODE = Block(text="def f(): ...\n" * 400, breakpoint=True)


def second(after: Request, *, knows: bool = True) -> CacheMiss | None:
    """Ask for CACHED, then for another request that names its message."""
    api = Messages([Turn(text=ANSWER), Turn(text=ANSWER)])
    with claude_at(api, diagnose=True) as claude:
        first = ask(claude, CACHED).attempts[-1].message_id
        assert first.startswith("msg_")
        after = replace(after, previous_message=first if knows else "msg_unknown")
        return ask(claude, after).attempts[-1].cache_miss


def test_a_prompt_that_was_read_from_the_cache_has_no_reason() -> None:
    assert second(replace(CACHED, user=(CODE, Block(text="another change")))) is None


def test_other_code_is_told_with_the_tokens_that_were_missed() -> None:
    miss = second(replace(CACHED, user=(replace(CODE, text="x = 1\n" * 400), REQUEST.user[1])))

    assert miss
    assert miss.kind == "messages_changed"
    assert miss.missed_tokens > 2_000


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"system": (replace(SYSTEM, text="You judge."),)}, "system_changed"),
        ({"model": "claude-sonnet-5-5"}, "model_changed"),
        ({"effort": "low"}, "unavailable"),
    ],
)
def test_every_cause_has_its_name(changed: dict[str, Any], kind: str) -> None:
    miss = second(replace(CACHED, **changed))

    assert miss
    assert miss.kind == kind


def test_a_message_that_the_api_does_not_know_says_so() -> None:
    assert second(CACHED, knows=False) == CacheMiss(kind="previous_message_not_found")


def test_a_host_that_is_not_anthropics_is_not_asked() -> None:
    assert "diagnostics" not in Call(Turn(text=ANSWER), request=CACHED).body


def test_a_request_that_writes_no_cache_does_not_ask() -> None:
    api = Messages([Turn(text=ANSWER)])
    with claude_at(api, diagnose=True) as claude:
        ask(claude, replace(CACHED, cache_ttl=None, previous_message="msg_1"))

    assert "diagnostics" not in api.requests[-1].body


def test_the_first_request_lets_the_api_keep_what_the_next_is_compared_with() -> None:
    api = Messages([Turn(text=ANSWER)])
    with claude_at(api, diagnose=True) as claude:
        claude.count_tokens(CACHED)
        ask(claude, CACHED)

    counting, asking = (request.body for request in api.requests)
    assert "diagnostics" not in counting
    assert asking["diagnostics"] == {"previous_message_id": None}


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # the SDK's, at such answers
@pytest.mark.parametrize(
    "told", ["no", 7, {}, {"cache_miss_reason": {"type": "moon"}}, {"cache_miss_reason": [1]}]
)
@pytest.mark.parametrize("message_id", ["chatcmpl-1", "msg_1\n-->", None, 7])
def test_an_answer_of_another_shape_costs_the_diagnosis_alone(
    told: object, message_id: object
) -> None:
    message = {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": "end_turn",
        "diagnostics": told,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    start = json.dumps({"type": "message_start", "message": message})
    with claude_at(events(start, '{"type": "message_stop"}'), diagnose=True) as claude:
        (attempt,) = ask(claude, CACHED).attempts

    assert attempt.message_id == ""
    assert attempt.cache_miss in (None, CacheMiss(kind="unavailable"))
