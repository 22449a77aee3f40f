"""The body of an answer, read up to bounds of bytes and time. Does I/O.

A timeout of `requests` is for one piece: a server that drips has no end, and a small body can
unpack to any size.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response, Session
    from urllib3 import BaseHTTPResponse

MOST_BYTES = 64 * 1024 * 1024
"""A page of a hundred comments, each as long as GitHub takes one, has half of it."""

MOST_SECONDS = 120.0
_PIECE_BYTES = 64 * 1024


def hold(session: Session) -> None:
    """Have the answers of a session read so."""
    session.hooks["response"].append(_held)


def _held(response: Response, **_options: object) -> Response:
    from requests import ConnectionError as Broken  # it may have worked: it is looked for first

    data = body(response.raw, most_bytes=MOST_BYTES)
    if data is None:
        raise Broken(f"the answer had not ended after {MOST_BYTES:,} bytes")
    response.raw = io.BytesIO(data)
    return response


def body(
    raw: BaseHTTPResponse, *, most_bytes: int, most_seconds: float = MOST_SECONDS
) -> bytes | None:
    """Return a body, unpacked, and close it; None for one that has more bytes than that.

    Raises `requests.ConnectionError`, also for one that has not ended in time.
    """
    from requests import ConnectionError as Broken
    from urllib3.exceptions import HTTPError

    data, end = bytearray(), time.monotonic() + most_seconds
    try:
        for piece in _pieces(raw):
            data += piece
            if len(data) > most_bytes:
                return None
            if time.monotonic() >= end:
                raise Broken(f"the answer had not ended after {most_seconds:,.0f} seconds")
    except HTTPError as error:
        raise Broken(type(error).__name__) from error
    finally:
        raw.close()
    return bytes(data)


def _pieces(raw: BaseHTTPResponse) -> Iterator[bytes]:
    """Yield what there is as it comes: `stream` would wait until a piece is full."""
    while piece := raw.read1(_PIECE_BYTES, decode_content=True):
        yield piece
