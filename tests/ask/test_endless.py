"""Servers whose answers do not end: a run comes to an end in bounded time and memory."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import closing
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING

import httpx2
import pytest
from calling import KEY, REQUEST, Always, ask, claude_at
from test_claude_gateways import START
from test_gateway import ASKED, gateway_at

from reviewer.ask.batches import MessageBatches
from reviewer.ask.endless import MOST_TOLD_BYTES, STREAMED, Bounds, EndlessAnswer, bound, bounds
from reviewer.errors import CouldNotFinish
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewer.standin.server import Exchange

MEBIBYTE = 1024 * 1024
STREAM = {"content-type": "text/event-stream"}
JSON = {"content-type": "application/json"}
BOMB = gzip.compress(b" " * (MOST_TOLD_BYTES + 20 * MEBIBYTE))
BEGUN = f"event: message_start\ndata: {START}\n\ndata: ".encode()


class Endless:
    """Begins every answer as it is told, and then says the same for ever."""

    def __init__(
        self, headers: Mapping[str, str], *first: bytes, then: bytes = b" " * MEBIBYTE
    ) -> None:
        self._headers, self._first, self._then = headers, first, then
        self.asked = 0

    def answer(self, exchange: Exchange) -> Answer:
        self.asked += 1
        return Answer(headers=self._headers, chunks=self._chunks())

    def _chunks(self) -> Iterable[bytes]:
        yield from self._first
        yield from repeat(self._then)


def test_a_line_of_an_answer_that_never_ends_is_cut_off_and_not_paid_for_again() -> None:
    endless = Endless(STREAM, BEGUN)
    with claude_at(endless) as claude:
        reply = ask(claude)

    assert endless.asked == 1
    assert f"a line of it had not ended after {STREAMED.line_bytes:,} bytes" in reply.incomplete
    assert reply.attempts[0].usage.prompt_tokens == 79


def test_a_line_that_never_ends_is_cut_off_at_other_endpoints_too() -> None:
    endless = Endless(STREAM, b"data: ")
    with gateway_at(endless) as gateway, pytest.raises(CouldNotFinish, match="had not ended"):
        ask(gateway, ASKED)

    assert endless.asked == 1


def test_what_is_told_of_a_model_fills_no_memory() -> None:
    endless = Endless(JSON)
    tracemalloc.start()
    with claude_at(endless) as claude, pytest.raises(CouldNotFinish, match="16,777,216 bytes"):
        claude.facts(REQUEST.model)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert endless.asked == 1
    assert most < 8 * MOST_TOLD_BYTES


@pytest.mark.parametrize("packed", [BOMB, BOMB[:100]], ids=["bomb", "broken"])
def test_what_is_told_packed_is_unpacked_no_further_than_that(packed: bytes) -> None:
    endless = Endless({**JSON, "content-encoding": "gzip"}, packed, then=b"more")
    with claude_at(endless) as claude, pytest.raises(CouldNotFinish, match=r"ended|decompressing"):
        claude.facts(REQUEST.model)


def test_an_answer_that_a_server_packs_unasked_is_read() -> None:
    class Packing:
        def answer(self, exchange: Exchange) -> Answer:
            assert exchange.headers["accept-encoding"] == "identity"
            return Answer(
                headers={**JSON, "content-encoding": "GZip"},
                chunks=(gzip.compress(b'{"input_tokens": 7}'),),
            )

    with claude_at(Packing()) as claude:
        assert claude.count_tokens(REQUEST) == 7


def test_a_packing_that_nobody_asked_for_is_named() -> None:
    page = Endless({**JSON, "content-encoding": "br"}, b"x")
    with claude_at(page) as claude, pytest.raises(CouldNotFinish, match="packed as br"):
        claude.count_tokens(REQUEST)


def test_a_list_of_batches_that_never_ends_fills_no_memory() -> None:
    with (
        Server(Endless(JSON)) as server,
        closing(MessageBatches(api_key=KEY, base_url=server.url)) as batches,
        pytest.raises(CouldNotFinish, match="16,777,216 bytes"),
    ):
        batches.newest()


def test_an_answer_that_drips_is_given_up_when_its_time_is_over() -> None:
    over = partial(bound, most=lambda _: Bounds(seconds=0.0, bytes=None))
    with (
        Server(Always("drip", content_type="text/plain")) as server,
        httpx2.Client(event_hooks={"response": [over]}) as client,
        pytest.raises(EndlessAnswer, match="after 0 seconds"),
    ):
        client.get(server.url)


def test_a_question_that_costs_nothing_has_no_longer_than_it_waits_for_one_piece() -> None:
    request = httpx2.Client().build_request("GET", "http://127.0.0.1/v1/models", timeout=20.0)

    assert bounds(request).seconds == 20.0
