"""The real SDK in front of the Messages stand-in."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anthropic import Anthropic

MODEL = "claude-opus-5-5"
HELLO: list[Any] = [{"role": "user", "content": "hello"}]


class Clock:
    """A clock that stands still until it is told to move."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def playing(
    *script: Turn,
    clock: Callable[[], float] = time.monotonic,
    count: Callable[[str], int] | None = None,
    **options: Any,
) -> Iterator[tuple[Messages, Anthropic]]:
    """Serve a script, and hand out the stand-in and a client that never retries."""
    from anthropic import Anthropic

    messages = Messages(script, clock=clock, count=count)
    options = {"api_key": "stand-in", "max_retries": 0, **options}
    with Server(messages) as server, Anthropic(base_url=server.url, **options) as client:
        yield messages, client


def asking(**more: Any) -> dict[str, Any]:
    """Return the arguments of a small, sound request, `more` over them."""
    return {"model": MODEL, "max_tokens": 1000, "messages": HELLO, **more}


def streamed(client: Anthropic, **more: Any) -> Any:
    """Return the final message of a streamed request."""
    with client.messages.stream(**asking(**more)) as stream:
        return stream.get_final_message()


def text(content: str, ttl: str | None = None) -> dict[str, Any]:
    """Return a text block, with a breakpoint if it has a `ttl`."""
    block: dict[str, Any] = {"type": "text", "text": content}
    return block | ({"cache_control": {"type": "ephemeral", "ttl": ttl}} if ttl else {})


def prompt(*blocks: dict[str, Any]) -> list[Any]:
    """Return one user message of blocks."""
    return [{"role": "user", "content": list(blocks)}]
