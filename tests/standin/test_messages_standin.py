"""Replies and faults of the Messages stand-in, as the real SDK meets them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2
import pytest
from messages_client import HELLO, MODEL, asking, playing, prompt, streamed, text

from reviewer.standin.messages import Break, Received, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

AWKWARD = 'naïve \u2028 日本 🎉 \x00 \\ "quoted"\r\n' * 5


def words(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def test_a_streamed_reply_arrives_whole() -> None:
    with playing(Turn(text=AWKWARD, chunk_characters=3)) as (_, client):
        message = streamed(client)

    assert (words(message), message.stop_reason) == (AWKWARD, "end_turn")


def test_a_reply_that_is_not_streamed_is_the_same_message() -> None:
    with playing(*[Turn(text=AWKWARD, thinking_tokens=7)] * 2) as (_, client):
        whole = client.messages.create(**asking()).to_dict()
        in_pieces = streamed(client).to_dict()

    for message in (whole, in_pieces):
        del message["id"]
        for block in message["content"]:
            block.pop("parsed_output", None)
    assert whole == in_pieces


def test_events_come_in_the_order_of_the_real_api() -> None:
    with playing(Turn(text="ab", chunk_characters=1, thinking_tokens=7)) as (_, client):
        raw = client.messages.with_raw_response.create(**asking(stream=True)).http_response.read()

    assert [line[7:] for line in raw.decode().splitlines() if line.startswith("event: ")] == [
        "message_start",
        *("content_block_start", "content_block_delta", "content_block_stop"),
        *("content_block_start", "ping", "content_block_delta", "content_block_delta"),
        *("content_block_stop", "message_delta", "message_stop"),
    ]


def test_thinking_is_counted_as_output_and_shown_apart() -> None:
    with playing(Turn(text="12345", thinking_tokens=7), count=len) as (_, client):
        usage = streamed(client).usage

    assert (usage.output_tokens, usage.output_tokens_details.thinking_tokens) == (12, 7)


def test_every_answer_has_a_request_id_of_its_own() -> None:
    with playing(*[Turn(text="x")] * 2, Turn.overloaded()) as (_, client):
        first = client.messages.create(**asking())._request_id
        with client.messages.stream(**asking()) as stream:
            second = stream.request_id
        with pytest.raises(anthropic.APIStatusError) as caught:
            streamed(client)
        models = client.models.with_raw_response.list().headers["request-id"]

    assert len({first, second, caught.value.request_id, models} - {None}) == 4


def test_a_reply_can_depend_on_the_request() -> None:
    def echo(received: Received) -> str:
        return f"you said {received.body['messages'][0]['content']}"

    with playing(Turn(text=echo)) as (_, client):
        assert words(streamed(client)) == "you said hello"


def test_requests_are_kept_as_they_arrived() -> None:
    with playing(Turn(text="x")) as (standin, client):
        streamed(client, extra_headers={"x-run": "7"})

    received = standin.requests[0]
    assert (received.method, received.path, received.headers["x-run"]) == (
        *("POST", "/v1/messages"),
        "7",
    )
    assert received.body == {**asking(), "stream": True}


def test_a_script_that_is_played_out_is_an_error_that_says_so_once() -> None:
    with (
        playing(max_retries=2) as (standin, client),
        pytest.raises(anthropic.InternalServerError, match="script ran out, its 0 turns"),
    ):
        streamed(client)

    assert len(standin.requests) == 1


def test_a_refused_request_uses_up_no_turn() -> None:
    with playing(Turn(text="x")) as (standin, client):
        with pytest.raises(anthropic.BadRequestError):
            streamed(client, max_tokens=128_001)
        assert standin.turns_left == 1
        assert words(streamed(client)) == "x"


def test_parallel_requests_each_get_one_turn() -> None:
    script = [Turn(text=str(number)) for number in range(8)]
    with playing(*script) as (standin, client), ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: words(streamed(client)), range(8)))

    assert sorted(replies) == [turn.text for turn in script]
    assert (len(standin.ledger), standin.turns_left) == (8, 0)


def test_a_slow_reply_starts_before_it_is_finished() -> None:
    drip = Turn(text="abc", chunk_characters=1, delay_seconds=0.01)
    with playing(drip) as (standin, client), client.messages.stream(**asking()) as stream:
        next(stream)
        assert len(standin.ledger) == 1
        assert words(stream.get_final_message()) == "abc"


def test_a_slow_reply_can_outlast_the_patience_of_its_reader() -> None:
    drip = Turn(text="abc", delay_seconds=5)
    with playing(drip, timeout=0.2) as (_, client), pytest.raises(httpx2.ReadTimeout):
        streamed(client)


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "error", "kind"),
    [
        (Turn.rate_limited(), anthropic.RateLimitError, "rate_limit_error"),
        (Turn.overloaded(), anthropic._exceptions.OverloadedError, "overloaded_error"),
        (Turn.server_error(), anthropic.InternalServerError, "api_error"),
        (Turn.key_refused(), anthropic.AuthenticationError, "authentication_error"),
        (Turn.body_too_large(), anthropic._exceptions.ContentTooLargeError, "request_too_large"),
        (Turn.prompt_too_long(2, 1), anthropic.BadRequestError, "invalid_request_error"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_an_http_error_arrives_as_the_sdks_own(
    turn: Turn, error: type[anthropic.APIStatusError], kind: str, stream: bool
) -> None:
    with playing(turn) as (standin, client), pytest.raises(error) as caught:
        client.messages.create(**asking(stream=stream))

    assert caught.value.type == kind
    assert caught.value.response.json()["request_id"] == caught.value.request_id
    assert standin.ledger == []


def test_a_rate_limit_says_when_to_come_back() -> None:
    with (
        playing(Turn.rate_limited(retry_after_seconds=1.5)) as (_, client),
        pytest.raises(anthropic.RateLimitError) as caught,
    ):
        streamed(client)

    assert caught.value.response.headers["retry-after"] == "1.5"


def test_the_sdk_retries_a_rate_limit_by_itself() -> None:
    turns = (Turn.rate_limited(retry_after_seconds=0.01), Turn(text="x"))
    with playing(*turns, max_retries=1) as (_, client):
        assert words(streamed(client)) == "x"


def test_the_spend_limit_has_a_code_and_no_retry_after() -> None:
    with (
        playing(Turn.spend_limit_reached()) as (_, client),
        pytest.raises(anthropic.RateLimitError) as caught,
    ):
        streamed(client)

    assert caught.value.error_code == "enforced_spend_limit_reached"
    assert "retry-after" not in caught.value.response.headers


def test_an_error_in_the_middle_of_a_stream_has_status_200() -> None:
    turn = Turn.stream_error("abcdef" * 64, after_chunks=2)
    seen: list[str] = []
    with (
        playing(turn) as (_, client),
        pytest.raises(anthropic.APIStatusError) as caught,
        client.messages.stream(**asking()) as stream,
    ):
        seen.extend(stream.text_stream)

    assert (caught.value.status_code, caught.value.type) == (200, "overloaded_error")
    assert "".join(seen) == ("abcdef" * 64)[:128]


@pytest.mark.parametrize("events", [1, 2, 3, 5, 6])
def test_a_stream_that_ends_early_has_no_stop_reason(events: int) -> None:
    turn = Turn.ends_early("abcdef", after_events=events)
    with playing(turn) as (_, client):
        message = streamed(client)

    # Event 6 is the message_delta, which carries the stop reason; only message_stop is missing.
    assert message.stop_reason == (None if events < 6 else "end_turn")


@pytest.mark.parametrize("events", [0, 1, 4])
def test_a_connection_cut_in_the_middle_of_an_event_is_no_error_of_the_sdks(events: int) -> None:
    with (
        playing(Turn.dies("abcdef", after_events=events)) as (_, client),
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        streamed(client)


def test_the_last_event_before_a_cut_is_torn() -> None:
    def keep(raw: Iterator[bytes]) -> Iterator[bytes]:
        for piece in raw:
            seen.append(piece)
            yield piece

    seen: list[bytes] = []
    create = asking(stream=True)
    with (
        playing(Turn.dies("abcdef", after_events=3)) as (_, client),
        client.messages.with_streaming_response.create(**create) as response,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        b"".join(keep(response.http_response.iter_raw()))

    *whole, torn = b"".join(seen).split(b"\n\n")
    assert len(whole) == 3
    assert torn.startswith(b"event: content_block_delta")


def test_a_reply_that_is_not_streamed_can_be_cut_too() -> None:
    with (
        playing(Turn.dies("abcdef")) as (_, client),
        pytest.raises((httpx2.RemoteProtocolError, anthropic.APIConnectionError)),
    ):
        client.messages.create(**asking())


def test_a_reply_that_is_not_streamed_fails_as_a_whole() -> None:
    with (
        playing(Turn.stream_error("abcdef")) as (_, client),
        pytest.raises(anthropic.APIStatusError) as caught,
    ):
        client.messages.create(**asking())

    assert caught.value.status_code == 529


def test_a_break_behind_the_end_of_the_reply_is_a_mistake_of_the_script() -> None:
    turn = Turn(text="x", breaks=Break(how="end", after=2, unit="chunks"))
    with (
        playing(turn) as (_, client),
        pytest.raises(anthropic.InternalServerError, match="past the end"),
    ):
        streamed(client)


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (Turn.truncated("abcdef", keep_characters=3), "max_tokens"),
        (Turn.out_of_window("abcdef", keep_characters=3), "model_context_window_exceeded"),
    ],
)
def test_a_reply_that_ran_out_of_room_keeps_its_beginning(turn: Turn, reason: str) -> None:
    with playing(turn) as (_, client):
        message = streamed(client)

    assert (words(message), message.stop_reason) == ("abc", reason)


def test_a_refusal_says_why() -> None:
    with playing(Turn.refusal("cyber", "high-risk dual use")) as (_, client):
        message = streamed(client)

    assert (message.stop_reason, message.content) == ("refusal", [])
    assert message.stop_details.category == "cyber"
    assert message.stop_details.explanation == "high-risk dual use"


@pytest.mark.parametrize(
    ("turn", "bills"),
    [
        (Turn.refusal("cyber"), 0),
        (Turn.refusal(None), 0),
        (Turn.refusal("bio"), 1),
        (Turn.refusal("cyber", text="I will not"), 1),
    ],
)
def test_some_refusals_before_any_output_are_free(turn: Turn, bills: int) -> None:
    with playing(turn) as (standin, client):
        streamed(client)

    assert len(standin.ledger) == bills


def test_a_broken_stream_is_billed_for_what_was_sent() -> None:
    turn = Turn.stream_error("abcdef" * 64, after_chunks=1)
    with (
        playing(turn, count=len) as (standin, client),
        pytest.raises(anthropic.APIStatusError),
    ):
        streamed(client)

    assert standin.ledger[0].usage.output_tokens == 64


def test_the_ledger_says_what_the_reply_says() -> None:
    with playing(Turn(text="abc"), count=len) as (standin, client):
        usage = streamed(client).usage

    bill = standin.ledger[0]
    assert (bill.model, bill.usage.input_tokens, bill.usage.output_tokens) == (
        MODEL,
        usage.input_tokens,
        usage.output_tokens,
    )


def test_a_client_that_leaves_does_not_disturb_the_next_one() -> None:
    with playing(Turn(text="x" * 1_000_000), Turn(text="y")) as (_, client):
        with client.messages.stream(**asking()) as stream:
            next(stream)
        assert words(streamed(client)) == "y"


# --- models and counting -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "window_tokens", "most_tokens", "lifecycle"),
    [
        ("claude-opus-5-5", 1_000_000, 128_000, "active"),
        ("claude-sonnet-4-5", 200_000, 64_000, "deprecated"),
        ("claude-opus-4-1", 200_000, 32_000, "retired"),
    ],
)
def test_a_model_says_what_it_takes(
    name: str, window_tokens: int, most_tokens: int, lifecycle: str
) -> None:
    with playing() as (_, client):
        model = client.models.retrieve(name)

    assert (model.max_input_tokens, model.max_tokens) == (window_tokens, most_tokens)
    assert model.lifecycle == lifecycle


def test_capabilities_are_those_the_rules_enforce() -> None:
    with playing() as (_, client):
        capabilities = client.models.retrieve("claude-opus-5-5").capabilities

    assert capabilities is not None
    assert capabilities.thinking.types.adaptive.supported
    assert not capabilities.thinking.types.disabled.supported
    assert capabilities.structured_outputs.supported


def test_an_alias_is_answered_with_the_dated_id() -> None:
    with playing() as (_, client):
        assert client.models.retrieve("claude-opus-4-5").id == "claude-opus-4-5-20251101"


def test_an_unknown_model_is_not_found() -> None:
    with playing() as (_, client), pytest.raises(anthropic.NotFoundError) as caught:
        client.models.retrieve("claude-nobody")

    assert caught.value.type == "not_found_error"


def test_the_list_has_every_model_that_can_be_used_once() -> None:
    with playing() as (_, client):
        names = [model.id for model in client.models.list(limit=5)]

    assert len(names) == len(set(names)) > 15
    assert "claude-opus-4-1" not in names


def test_what_is_counted_is_what_is_billed() -> None:
    request: dict[str, Any] = {
        "model": MODEL,
        "system": "You review code.",
        "messages": [*HELLO, {"role": "assistant", "content": "hi"}, *HELLO],
        "tools": [{"name": "read", "input_schema": {"type": "object"}}],
        "output_config": {"format": {"type": "json_schema", "schema": {"type": "string"}}},
    }
    with playing(Turn(text="x")) as (_, client):
        counted = client.messages.count_tokens(**request).input_tokens
        billed = client.messages.create(**request, max_tokens=10).usage.input_tokens

    assert counted == billed


def test_counting_adds_up_over_blocks() -> None:
    def tokens(*texts: str) -> int:
        blocks = [text(each) for each in texts]
        counted = client.messages.count_tokens(model=MODEL, messages=prompt(*blocks))
        return int(counted.input_tokens)

    with playing() as (_, client):
        assert tokens("a" * 7, "é" * 7) == tokens("a" * 7) + tokens("é" * 7) == 3 + 6


def test_the_caller_can_bring_its_own_count() -> None:
    with playing(count=len) as (_, client):
        assert client.messages.count_tokens(model=MODEL, messages=HELLO).input_tokens == 5
