"""One answer of the Messages API, heard as it comes. Does network I/O."""

from __future__ import annotations

import warnings
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewer.ask import faults, sdk, tries
from reviewer.ask.again import Broken
from reviewer.ask.tries import CHARACTERS_A_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from anthropic import Anthropic
    from anthropic.lib.streaming import MessageStream, MessageStreamManager

    from reviewer.ask.tries import Try
    from reviewer.flow import Request, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """Who hears how an answer comes: how many tokens so far, and what its prompt is billed as."""

    received: Callable[[int], None]
    began: Callable[[Usage], None]


def listen(client: Anthropic, request: Request, sent: dict[str, Any], hears: Hears) -> Try:
    """Send a request once and listen until its answer ends, however it ends.

    `sent` is the request in the words of the API, headers included.
    """
    message, fault, request_id, characters = None, None, "", 0
    try:
        with closing(_events(client, sent)) as events:
            for stream, event in events:
                request_id = stream.request_id or ""
                if event.type == "message_start":
                    hears.began(tries.billed(stream.current_message_snapshot, request))
                if message or event.type == "message_start":
                    message = stream.current_message_snapshot
                characters += tries.length(event)
                hears.received(characters // CHARACTERS_A_TOKEN)
    except Broken as broken:
        fault = broken.fault
    heard = characters // CHARACTERS_A_TOKEN
    return tries.ended(message, fault, request, request_id=request_id, heard_tokens=heard)


def _events(client: Anthropic, sent: dict[str, Any]) -> Generator[tuple[MessageStream[None], Any]]:
    """Yield the events of one answer; raises `Broken`, also where there are none.

    What the listener raises between two events is not caught here: an error of ours must not
    look like a broken stream, which is paid for again.
    """
    begun = False
    try:
        with _opened(client, sent) as stream:
            for event in stream:
                begun = True
                if event.type == "message_start":
                    tries.check(stream.current_message_snapshot)
                yield stream, event
            if not begun:
                raise Broken(faults.no_answer(stream.response.headers.get("content-type", "")))
    except sdk.failing() as error:
        raise Broken(sdk.fault(error, client)) from None


def _opened(client: Anthropic, sent: dict[str, Any]) -> MessageStreamManager[None]:
    with warnings.catch_warnings():
        # A deprecated model is told by `Claude.facts`, with its date, where the user sees it.
        warnings.simplefilter("ignore", DeprecationWarning)
        return client.messages.stream(**sent)
