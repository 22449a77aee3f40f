"""What the stand-ins' HTTP server keeps of HTTP itself."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from reviewer.standin.server import Exchange


class Chunks:
    """Answers every request with the same chunks."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    def answer(self, exchange: Exchange) -> Answer:
        return Answer(chunks=self._chunks)


@pytest.mark.parametrize("chunks", [(), (b"",), (b"", b""), (b"a", b"", b"b"), (b"ab",)])
def test_a_connection_is_used_again_whatever_the_chunks_of_an_answer(
    chunks: tuple[bytes, ...],
) -> None:
    with (
        Server(Chunks(*chunks)) as server,
        closing(HTTPConnection(server.url.removeprefix("http://"))) as connection,
    ):
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"".join(chunks)
