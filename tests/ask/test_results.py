"""Lines of a batch's results: whatever stands there, it is an outcome or it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ask import results
from reviewer.ask.explain import Asked
from reviewer.flow import Block, Request

REQUEST = Request(
    model="claude-opus-5-5",
    max_output_tokens=1000,
    system=(Block(text="x"),),
    user=(Block(text="y"),),
    schema="{}",
)
ASKED = Asked(model="claude-opus-5-5", host="127.0.0.1")
MESSAGE = {
    "id": "msg_1",
    "model": "claude-opus-5-5",
    "content": [{"type": "thinking", "thinking": ""}, {"type": "text", "text": "{}"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 5, "output_tokens": 7, "cache_read_input_tokens": None},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def line(message: Any = MESSAGE, kind: str = "succeeded") -> bytes:
    return json.dumps({"custom_id": "a", "result": {"type": kind, "message": message}}).encode()


def test_an_answer_is_read_with_its_bill() -> None:
    name, result = results.outcome(line())

    assert (name, result.kind, result.usage.input_tokens) == ("a", "succeeded", 5)
    reply = results.reply(line(), REQUEST, ASKED)
    assert (reply.text, reply.incomplete, reply.usage.output_tokens) == ("{}", "", 7)


@pytest.mark.parametrize("reason", ["max_tokens", "refusal", "pause_turn", "unheard of", None])
def test_an_answer_that_did_not_end_by_itself_is_incomplete(reason: str | None) -> None:
    assert results.reply(line(MESSAGE | {"stop_reason": reason}), REQUEST, ASKED).incomplete


@given(st.sampled_from(sorted(MESSAGE)), JSON)
def test_an_answer_with_anything_in_it_is_read_or_refused(key: str, anything: Any) -> None:
    wire = line(MESSAGE | {key: anything})
    try:
        results.outcome(wire)
    except results.UnreadableLine:
        return
    assert len(results.reply(wire, REQUEST, ASKED).attempts) == 1


@given(JSON | st.dictionaries(st.sampled_from(["custom_id", "result"]), JSON))
def test_any_json_is_an_outcome_or_refused(anything: Any) -> None:
    try:
        name, _ = results.outcome(json.dumps(anything).encode())
    except results.UnreadableLine:
        return
    assert 1 <= len(name) <= 64


@pytest.mark.parametrize("wire", [b"", b"\xff", b"[" * 200_000, b" " * (17 * 1024 * 1024)])
def test_what_is_no_json_or_too_long_is_refused(wire: bytes) -> None:
    with pytest.raises(results.UnreadableLine):
        results.outcome(wire)


def test_an_answer_that_is_told_of_and_missing_is_unreadable() -> None:
    assert results.outcome(line(message=None))[1].kind == "unreadable"
