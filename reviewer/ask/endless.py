"""The body of an answer, held to bounds: no server may keep us for ever, or fill the memory.

The timeouts of an HTTP client are for one piece each, so a server that drips has no end, and both
packages read a line of an answer, and every answer that is no stream, into the memory whole.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import httpx2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MEBIBYTE = 1024 * 1024
_UNPACKED_BYTES = 64 * 1024
_GZIP = zlib.MAX_WBITS | 16


class EndlessAnswer(httpx2.HTTPError):
    """The body of an answer did not end where every answer ends; asking again changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the body of an answer comes to at most. None is for what need not end."""

    seconds: float
    bytes: int | None
    line_bytes: int | None = None


STREAMED_SECONDS = 600.0
"""Who waits so long for one piece, as both packages do by default, waits for a written answer."""

STREAMED = Bounds(seconds=7200.0, bytes=128 * _MEBIBYTE, line_bytes=4 * _MEBIBYTE)
"""128k tokens, the longest answer, take an hour (the SDK's own estimate); an event brings at
least one of them and has some hundred bytes. Who does not stream sends the answer in one line."""

RESULTS = Bounds(seconds=7200.0, bytes=None)
"""A batch has up to 100,000 answers; each of its lines is held to a length by `results`."""

MOST_TOLD_BYTES = 16 * _MEBIBYTE
"""Of an answer that is no stream. The longest is a gateway's list of models, about one."""


def bounds(request: httpx2.Request) -> Bounds:
    """Return the bounds of the answer to a request, by how long it waits for one piece."""
    if request.url.path.endswith("/results"):
        return RESULTS
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is None or patience >= STREAMED_SECONDS:
        return STREAMED
    return Bounds(seconds=patience, bytes=MOST_TOLD_BYTES)


def bound(response: httpx2.Response, most: Callable[[httpx2.Request], Bounds] = bounds) -> None:
    """Hold the body of an answer that begins to its bounds; what is packed is unpacked so.

    Raises `EndlessAnswer` for what nobody can unpack bit by bit: it was not asked for.
    """
    packed = response.headers.pop("content-encoding", "identity").strip().lower()
    if packed not in ("gzip", "identity", ""):
        raise EndlessAnswer(f"it came packed as {packed[:40]}, which was not asked for")
    response.stream = Body(
        cast("httpx2.SyncByteStream", response.stream),
        most(response.request),
        packed=packed == "gzip",
        in_lines=response.headers.get("content-type", "").startswith("text/event-stream"),
    )


@dataclass(slots=True)
class Body(httpx2.SyncByteStream):
    """The body of an answer as it comes, unpacked; raises `EndlessAnswer` beyond its bounds."""

    stream: httpx2.SyncByteStream
    most: Bounds
    packed: bool = field(kw_only=True)
    in_lines: bool = field(kw_only=True)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces."""
        end, came, line = time.monotonic() + self.most.seconds, 0, 0
        for piece in _unpacked(self.stream) if self.packed else self.stream:
            came += len(piece)
            line = len(piece) - at - 1 if (at := piece.rfind(b"\n")) >= 0 else line + len(piece)
            if time.monotonic() >= end:
                raise EndlessAnswer(f"it had not ended after {self.most.seconds:,.0f} seconds")
            _check(came, self.most.bytes, "it")
            _check(line if self.in_lines else 0, self.most.line_bytes, "a line of it")
            yield piece

    def close(self) -> None:
        """Close the connection, or give it back."""
        self.stream.close()


def _check(came: int, most: int | None, what: str) -> None:
    if most is not None and came > most:
        raise EndlessAnswer(f"{what} had not ended after {most:,} bytes")


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what was packed with gzip, no piece larger than the last: one byte can hold 1,000."""
    unpack = zlib.decompressobj(_GZIP)
    for piece in pieces:
        rest = piece
        while rest and not unpack.eof:
            try:
                yield unpack.decompress(rest, _UNPACKED_BYTES)
            except zlib.error as error:
                raise httpx2.DecodingError(str(error)) from error
            rest = unpack.unconsumed_tail
    yield unpack.flush()
