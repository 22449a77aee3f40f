from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest
from calling import ANSWER, REQUEST, Call, ask, claude_at

from reviewer.errors import CouldNotFinish
from reviewer.standin.messages import Break, Messages, Turn


def test_a_whole_answer_comes_back_with_its_bill() -> None:
    call = Call(Turn(text=ANSWER))

    assert call.reply.text == ANSWER
    assert call.reply.incomplete == ""
    assert call.reply.stop_reason == "end_turn"
    assert [attempt.problem for attempt in call.reply.attempts] == [""]
    assert call.reply.attempts[0].request_id == call.api.ledger[0].request_id
    assert call.reply.usage == call.api.ledger[0].usage


def test_no_log_of_the_sdk_holds_what_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    Call(Turn(text=ANSWER))

    assert "/v1/messages" in caplog.text
    assert "You review." not in caplog.text
    assert "def f()" not in caplog.text


def test_thinking_is_billed_but_is_no_part_of_the_answer() -> None:
    call = Call(Turn(text=ANSWER, thinking_tokens=700))

    assert call.reply.text == ANSWER
    assert call.reply.usage.output_tokens > 700


def test_progress_only_grows_and_ends_near_the_size_of_the_answer() -> None:
    call = Call(Turn(text=ANSWER))

    assert call.received == sorted(call.received)
    assert call.received[-1] == len(ANSWER) // 3


def test_an_answer_at_the_output_limit_is_incomplete_and_names_the_limit() -> None:
    reply = Call(Turn.truncated(ANSWER, keep_characters=40)).reply

    assert reply.text == ANSWER[:40]
    assert "64000 output tokens" in reply.incomplete
    assert len(reply.attempts) == 1


def test_an_answer_that_fills_the_window_is_incomplete_and_names_the_prompt() -> None:
    call = Call(Turn.out_of_window(ANSWER, keep_characters=40))

    assert "window is full" in call.reply.incomplete
    assert str(call.api.ledger[0].usage.prompt_tokens) in call.reply.incomplete


def test_a_refusal_is_incomplete_with_its_category_and_explanation() -> None:
    reply = Call(Turn.refusal("cyber", "an exploit was asked for")).reply

    assert (
        reply.incomplete
        == "the model refused to answer (category cyber): an exploit was asked for"
    )


def test_a_refusal_without_details_is_still_a_refusal() -> None:
    reply = Call(Turn.refusal(None)).reply

    assert reply.incomplete == "the model refused to answer"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("pause_turn", "to be continued"),
        ("tool_use", "asked for a tool"),
        ("stop_sequence", "a stop sequence"),
    ],
)
def test_a_reason_that_we_never_ask_for_is_incomplete(reason: Any, words: str) -> None:
    reply = Call(replace(Turn(text=ANSWER), stop_reason=reason)).reply

    assert words in reply.incomplete
    assert reply.stop_reason == reason


BREAKS = {
    "dies": Turn.dies(ANSWER, after_events=5),
    "ends early": Turn.ends_early(ANSWER, after_events=5),
    "reports an error": Turn.stream_error(ANSWER, after_chunks=2),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_stream_that_breaks_is_sent_again_and_both_are_billed(broken: Turn) -> None:
    call = Call(broken, Turn(text=ANSWER))

    assert call.reply.text == ANSWER
    assert call.reply.incomplete == ""
    assert call.waits == [2.0]
    first, second = call.reply.attempts
    assert "broke off" in first.problem
    assert first.request_id in first.problem
    assert second.problem == ""
    assert first.usage.prompt_tokens == second.usage.prompt_tokens
    assert first.usage.output_tokens > 1


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_stream_that_breaks_every_time_gives_what_arrived_marked_incomplete(
    broken: Turn,
) -> None:
    call = Call(broken, broken, broken)

    assert call.reply.incomplete
    assert "sent 3 times" in call.reply.incomplete
    assert ANSWER.startswith(call.reply.text)
    assert call.reply.text
    assert len(call.reply.attempts) == len(call.api.ledger) == 3
    assert call.waits == [2.0, 8.0]


@pytest.mark.parametrize("how", ["cut", "end", "error"])
def test_wherever_a_stream_breaks_only_a_whole_answer_looks_whole(
    how: Literal["cut", "end", "error"],
) -> None:
    turn = Turn(text=ANSWER, chunk_characters=100, thinking_tokens=9)
    # Of 13 events the last but one tells why the model stopped.
    breaks = [replace(turn, breaks=Break(how=how, after=number)) for number in range(1, 13)]

    with claude_at(Messages(breaks), max_tries=1) as claude:
        replies = [ask(claude) for _ in breaks]

    assert [reply.incomplete == "" for reply in replies] == [False] * 11 + [True]
    assert replies[-1].text == ANSWER


def test_an_answer_that_is_whole_is_not_paid_for_again_because_the_goodbye_is_missing() -> None:
    last_word = replace(Turn(text=ANSWER, chunk_characters=1000), breaks=Break(how="cut", after=6))

    call = Call(last_word, Turn(text="never asked for"))

    assert call.reply.text == ANSWER
    assert call.reply.incomplete == ""
    assert call.api.turns_left == 1


def test_the_longest_part_of_several_broken_answers_is_kept() -> None:
    longer, shorter = (Turn.dies(ANSWER, after_events=number) for number in (7, 5))

    parts = [len(Call(turn, tries=1).reply.text) for turn in (longer, shorter)]
    both = Call(longer, shorter, tries=2).reply

    assert parts[0] > parts[1]
    assert len(both.text) == parts[0]


def test_an_answer_that_broke_while_thinking_is_a_reply_because_it_was_billed() -> None:
    turn = Turn.dies(ANSWER, after_events=1)

    call = Call(turn, turn, turn)

    assert call.reply.text == ""
    assert call.reply.incomplete
    assert call.reply.usage.prompt_tokens == 3 * call.api.ledger[0].usage.prompt_tokens


def test_an_answer_that_never_begins_cannot_be_finished() -> None:
    turn = Turn.ends_early(ANSWER, after_events=0)

    call = Call(turn, turn, turn)

    assert isinstance(call.error, CouldNotFinish)
    assert "sent 3 times" in str(call.error)
    assert call.error.may_be_billed


def test_an_error_in_the_place_of_an_answer_is_free() -> None:
    call = Call(*[Turn.overloaded()] * 3)

    assert not call.error.may_be_billed


def test_what_was_billed_is_kept_when_the_next_try_fails_for_good() -> None:
    call = Call(Turn.dies(ANSWER, after_events=5), Turn.spend_limit_reached())

    assert "spend limit" in call.reply.incomplete
    assert call.reply.usage.prompt_tokens == call.api.ledger[0].usage.prompt_tokens


def test_no_retry_is_made_when_it_could_cost_more_than_the_cap() -> None:
    call = Call(Turn.dies(ANSWER, after_events=5), Turn(text=ANSWER), may_repeat=False)

    assert "cap" in call.reply.incomplete
    assert call.api.turns_left == 1
    assert call.asked == [call.reply.attempts]


def test_the_cap_is_not_asked_about_an_answer_that_is_whole() -> None:
    assert Call(Turn(text=ANSWER), may_repeat=False).asked == []


def test_a_deprecated_model_makes_no_noise() -> None:
    call = Call(
        Turn(text=ANSWER),
        request=replace(REQUEST, model="claude-sonnet-4-5", max_output_tokens=8000),
    )

    assert call.reply.incomplete == ""


def test_the_betas_of_a_request_are_sent_as_a_header() -> None:
    call = Call(
        Turn(text=ANSWER),
        request=replace(
            REQUEST,
            model="claude-sonnet-4-5",
            max_output_tokens=8000,
            betas=("context-1m-2025-08-07",),
        ),
    )

    assert call.api.requests[-1].headers["anthropic-beta"] == "context-1m-2025-08-07"


def test_the_region_is_sent_with_the_question_and_not_with_the_count() -> None:
    request = replace(REQUEST, inference_geo="us")
    api = Messages([Turn(text=ANSWER)])
    with claude_at(api) as claude:
        counted = claude.count_tokens(request)
        reply = ask(claude, request)

    count, question = api.requests[-2:]
    assert (question.body["inference_geo"], "inference_geo" in count.body) == ("us", False)
    assert counted == reply.usage.prompt_tokens


def test_a_second_review_of_the_same_codebase_reads_what_the_first_has_written() -> None:
    request = replace(REQUEST, cache_ttl="1h")
    with claude_at(Messages([Turn(text=ANSWER)] * 2)) as claude:
        first, second = (ask(claude, request).usage for _ in "ab")

    assert first.cache_write_1h_tokens > 0
    assert first.cache_write_5m_tokens == 0
    assert second.cache_read_tokens == first.cache_write_1h_tokens


def test_an_interrupt_goes_through_at_once() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    api = Messages([Turn(text=ANSWER)] * 3)
    with claude_at(api) as claude, pytest.raises(KeyboardInterrupt):
        claude.ask(REQUEST, received=interrupt, may_repeat=lambda _: True)

    assert api.turns_left == 2


def test_an_error_of_the_listener_is_not_taken_for_a_broken_stream() -> None:
    def broken(_: int) -> None:
        raise ValueError("I/O operation on closed file")

    api = Messages([Turn(text=ANSWER)] * 3)
    with claude_at(api) as claude, pytest.raises(ValueError, match="closed file"):
        claude.ask(REQUEST, received=broken, may_repeat=lambda _: True)

    assert api.turns_left == 2
