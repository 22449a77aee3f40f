"""A reply and its turn -> the HTTP answer, whole, slow or broken. Sleeps; otherwise pure."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from reviewer.standin import sse
from reviewer.standin.messages_script import OVERLOADED, Failure
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.standin.messages_script import Break, Turn

    Begin = Callable[[str], None]
    """Hears that a response begins, with the text that will have been sent when it ends."""


def play(
    reply: sse.WireReply, turn: Turn, *, request_id: str, streamed: bool, begin: Begin
) -> Answer | Failure:
    """Return the answer to a request that is served."""
    if streamed:
        return _streamed(reply, turn, request_id, begin)
    if turn.breaks and turn.breaks.how == "error":
        return OVERLOADED
    written = json.dumps(sse.message(reply), ensure_ascii=False).encode()
    return Answer(
        headers={"content-type": "application/json; charset=utf-8", "request-id": request_id},
        chunks=_whole(written[: len(written) // 2] if turn.breaks else written, reply.text, begin),
        cut=turn.breaks is not None,
    )


def _streamed(reply: sse.WireReply, turn: Turn, request_id: str, begin: Begin) -> Answer | Failure:
    planned = sse.events(reply)
    sent = sse.before(turn.breaks, planned) if turn.breaks else len(planned)
    if sent is None:
        return _unbreakable(turn.breaks, planned)
    return Answer(
        headers={"content-type": "text/event-stream; charset=utf-8", "request-id": request_id},
        chunks=_chunks(turn, planned, sent, request_id, begin),
        cut=turn.breaks is not None and turn.breaks.how == "cut",
    )


def _whole(written: bytes, text: str, begin: Begin) -> Iterator[bytes]:
    begin(text)
    yield written


def _chunks(
    turn: Turn, planned: tuple[sse.Event, ...], sent: int, request_id: str, begin: Begin
) -> Iterator[bytes]:
    begin("".join(event.text for event in planned[:sent]))
    for event in planned[:sent]:
        if event.text:
            time.sleep(turn.delay_seconds)
        yield event.wire
    if turn.breaks and turn.breaks.how == "error":
        yield sse.Event(name="error", payload=OVERLOADED.body(request_id)).wire
    if turn.breaks and turn.breaks.how == "cut":
        torn = planned[sent].wire
        yield torn[: len(torn) // 2]


def _unbreakable(broken: Break | None, planned: tuple[sse.Event, ...]) -> Failure:
    return Failure(
        status=500,
        kind="api_error",
        message=f"stand-in: {broken} is past the end of a reply of {len(planned)} events",
        headers=(("x-should-retry", "false"),),
    )
