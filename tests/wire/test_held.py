"""Answers of GitHub, or of a storage, whose body does not end, over real HTTP."""

from __future__ import annotations

import gzip
from itertools import repeat

import pytest
import requests

from reviewer.errors import CouldNotFinish
from reviewer.publish.github.client import attempts, client
from reviewer.publish.github.held import MOST_BYTES, body
from reviewer.standin.server import Answer, Server

PIECE = b" " * 4 * 1024 * 1024
BOMB = gzip.compress(b" " * (MOST_BYTES + 1))


class Always:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def answer(self, _exchange: object) -> Answer:
        return self._answer


@pytest.mark.parametrize(
    "endless",
    [
        Answer(chunks=repeat(PIECE)),
        Answer(headers={"content-encoding": "gzip"}, chunks=(BOMB, *(b"more",) * 9)),
    ],
    ids=["endless", "a bomb"],
)
def test_an_answer_of_github_without_an_end_fills_no_memory(endless: Answer) -> None:
    with Server(Always(endless)) as server:
        requester = client("token", server.url).requester
        with pytest.raises(CouldNotFinish, match=f"not ended after {MOST_BYTES:,} bytes"):
            attempts().once(lambda: requester.requestJsonAndCheck("GET", "/repos/a/b"))


def test_a_body_that_drips_is_given_up_when_its_time_is_over() -> None:
    with (
        Server(Always(Answer(chunks=repeat(b"drip")))) as server,
        requests.get(server.url, stream=True, timeout=30) as answer,
        pytest.raises(requests.ConnectionError, match="not ended after 0 seconds"),
    ):
        body(answer.raw, most_bytes=MOST_BYTES, most_seconds=0.0)
