"""The HTTP server under both stand-ins: loopback only, one thread a request. Does I/O."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as it arrived: `path` without its query, `headers` with lower-case names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """Return the body parsed as JSON; raises `ValueError` when it is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response. `chunks` are sent and flushed one by one, so a stream can be slow or cut.

    `cut` closes the socket in the middle of the chunked body, as a dying connection does;
    `hang_up` closes it before the status line, so the client hears nothing at all.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] = ()
    cut: bool = False
    hang_up: bool = False

    @classmethod
    def of_json(cls, value: object, status: int = 200, **headers: str) -> Self:
        """Return an answer with `value` as its JSON body; `headers` use `_` for `-`."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(
            status=status,
            headers={"content-type": "application/json; charset=utf-8", **named},
            chunks=(json.dumps(value).encode(),),
        )


class Application(Protocol):
    """What the server asks of a stand-in."""

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to one request."""
        ...


class Server:
    """An `Application` on a free loopback port; a context manager.

    >>> with Server(application) as server:
    ...     client = Anthropic(base_url=server.url, api_key="stand-in")
    """

    def __init__(self, application: Application) -> None:
        handler = type("Handler", (_Handler,), {"application": application})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            # A short poll: closing waits for one, and every test closes a server.
            target=lambda: self._http.serve_forever(poll_interval=0.02),
            daemon=True,
        )

    @property
    def url(self) -> str:
        """The base URL, without a final slash."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the application, writes its chunks."""

    protocol_version = "HTTP/1.1"
    # Headers and chunks are small writes: Nagle's algorithm would hold each reply back for 40 ms.
    disable_nagle_algorithm = True
    application: Application

    def handle(self) -> None:
        """Serve one connection until either side closes it."""
        # A client may leave while it is written to, or between two requests: that is its right.
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def _serve(self) -> None:
        answer = self.application.answer(self._read())
        if answer.hang_up:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, text in answer.headers.items():
            self.send_header(name, text)
        if answer.status == HTTPStatus.NO_CONTENT:
            self.end_headers()  # a body here would be read as the next answer (RFC 9110, 15.3.5)
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in answer.chunks:
            if not chunk:
                continue  # a chunk of no bytes is the end of the body (RFC 9112, 7.1)
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        if answer.cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _read(self) -> Exchange:
        url = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        return Exchange(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            headers={name.lower(): text for name, text in self.headers.items()},
            body=self.rfile.read(length),
        )

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep quiet: the stand-in's own request list is the log."""
