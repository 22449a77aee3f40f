"""A stand-in for Anthropic's Messages API: real rules, scripted replies, an exact cache.

It plays a script of `Turn`s over HTTP, so that the program under it runs the real SDK against
real sockets. A request that breaks a rule of the API gets the API's error and uses up no turn.

>>> with Server(Messages([Turn.overloaded(), Turn(text="{}")])) as server:
...     client = Anthropic(base_url=server.url, api_key="stand-in")
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from itertools import count as numbers
from threading import Lock
from typing import TYPE_CHECKING, Any

from reviewer.standin.batches import MOST_BODY_BYTES, Batches, errored
from reviewer.standin.messages_diagnosis import Sent, diagnosis
from reviewer.standin.messages_models import MODELS, find
from reviewer.standin.messages_playback import play
from reviewer.standin.messages_prompt import estimate_tokens, prompt_of
from reviewer.standin.messages_rules import Asked, parse, refused, unauthorised, unknown_model
from reviewer.standin.messages_script import (
    BODY_TOO_LARGE,
    Break,
    Failure,
    Received,
    Turn,
    invalid,
    prompt_too_long,
)
from reviewer.standin.prefix_cache import Lookup, PrefixCache, Prompt
from reviewer.standin.server import Answer
from reviewer.standin.sse import WireReply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewer.flow import Usage
    from reviewer.standin.server import Exchange

__all__ = ["Bill", "Break", "Failure", "Messages", "Received", "Turn"]

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Source: platform.claude.com/docs, "Errors": 32 MB for Messages and for token counting."""

MODELS_PER_PAGE = 20

_FREE_REFUSALS = ("cyber", "general_harms", None)
"""Refusals of these categories cost nothing before any output (Anthropic, 2026-09-24)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one request was charged for; the output is what was sent, thinking included."""

    request_id: str
    model: str
    usage: Usage


class Messages:
    """The application behind `Server`. Thread-safe.

    `requests` holds every request in order of arrival; `ledger` every one that was billed, in the
    order their responses began. `clock` ages the cache, in seconds. `count` gives the tokens of a
    text, for billing and for `count_tokens` alike; by default `estimate_tokens`. `otherwise` is
    played when the script has run out. `batches` are those of the Message Batches API, whose
    requests take their turns from the same script.
    """

    def __init__(
        self,
        script: Sequence[Turn] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        count: Callable[[str], int] | None = None,
        otherwise: Turn | None = None,
    ) -> None:
        self.requests: list[Received] = []
        self.ledger: list[Bill] = []
        self.batches = Batches(self._in_batch, clock=time.time)
        self._script = tuple(script)
        self.otherwise = otherwise
        self._played = 0
        self._count = count or estimate_tokens
        self._cache = PrefixCache(clock)
        self._sent: dict[str, Sent] = {}
        self._numbers = numbers(1)
        self._lock = Lock()

    @property
    def turns_left(self) -> int:
        """How many turns of the script were not played."""
        return len(self._script) - self._played

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to one request."""
        with self._lock:
            request_id = f"req_{next(self._numbers):024d}"
        answer = self._guarded(exchange, request_id)
        return answer.answer(request_id) if isinstance(answer, Failure) else answer

    def _guarded(self, exchange: Exchange, request_id: str) -> Answer | Failure:
        of_batches = exchange.path.startswith("/v1/messages/batches")
        if len(exchange.body) > (MOST_BODY_BYTES if of_batches else MAX_BODY_BYTES):
            return BODY_TOO_LARGE
        received = _received(exchange)
        if isinstance(received, Failure):
            return received
        with self._lock:
            self.requests.append(received)
        return unauthorised(received.headers) or self._route(exchange, received, request_id)

    def _route(self, exchange: Exchange, received: Received, request_id: str) -> Answer | Failure:
        match exchange.method, exchange.path.strip("/").split("/"):
            case "POST", ["v1", "messages"]:
                return self._create(received, request_id)
            case "POST", ["v1", "messages", "count_tokens"]:
                return self._count_tokens(received, request_id)
            case _, ["v1", "messages", "batches", *way]:
                return self.batches.answer(exchange, received, way)
            case "GET", ["v1", "models"]:
                return _ok(_models_page(exchange.query), request_id)
            case "GET", ["v1", "models", name]:
                model = find(name)
                return _ok(model.info(), request_id) if model else unknown_model(name)
            case _:
                return Failure(status=404, kind="not_found_error", message="Not Found")

    def _count_tokens(self, received: Received, request_id: str) -> Answer | Failure:
        asked = parse(received)
        if isinstance(asked, Failure):
            return asked
        prompt = prompt_of(asked.body, asked.model, self._count)
        return _ok({"input_tokens": prompt.tokens}, request_id)

    def _create(self, received: Received, request_id: str) -> Answer | Failure:
        asked = parse(received)
        if isinstance(asked, Failure):
            return asked
        prompt = self._admitted(asked)
        return (
            prompt
            if isinstance(prompt, Failure)
            else self._play(received, asked, prompt, request_id)
        )

    def _admitted(self, asked: Asked) -> Prompt | Failure:
        """Return the prompt of a request that breaks no rule."""
        if failure := refused(asked):
            return failure
        prompt = prompt_of(asked.body, asked.model, self._count)
        if prompt.tokens > asked.window_tokens:
            return prompt_too_long(prompt.tokens, asked.window_tokens)
        return prompt

    def _play(
        self, received: Received, asked: Asked, prompt: Prompt, request_id: str
    ) -> Answer | Failure:
        next_turn = self._next_turn(prompt)
        if isinstance(next_turn, Failure):
            return next_turn
        turn, lookup = next_turn
        reply = self._reply(
            turn, turn.text_for(received), lookup.usage, request_id, asked.model.id
        )
        reply = replace(reply, diagnostics=self._diagnosed(reply.id, asked, prompt, lookup.usage))
        return play(
            reply,
            turn,
            request_id=request_id,
            streamed=bool(asked.body.get("stream")),
            begin=lambda sent: self._begin(reply, lookup, sent, request_id),
        )

    def _next_turn(self, prompt: Prompt) -> tuple[Turn, Lookup] | Failure:
        with self._lock:
            turn = self.otherwise
            if self.turns_left:
                turn = self._script[self._played]
                self._played += 1
            if turn is None:
                return _script_ran_out(len(self._script))
            return turn.failure or (turn, self._cache.look_up(prompt))

    def _in_batch(self, received: Received) -> dict[str, Any]:
        """Return the result of one request of a batch."""
        with self._lock:
            request_id = f"req_{next(self._numbers):024d}"
        answer = self._create(received, request_id)
        if isinstance(answer, Failure):
            return errored(answer)
        return {"type": "succeeded", "message": json.loads(b"".join(answer.chunks))}

    def _reply(
        self, turn: Turn, text: str, prompt_usage: Usage, request_id: str, model: str
    ) -> WireReply:
        return WireReply(
            id=request_id.replace("req_", "msg_"),
            model=model,
            text=text,
            chunk_characters=turn.chunk_characters,
            thinking_tokens=turn.thinking_tokens,
            stop_reason=turn.stop_reason,
            stop_details=turn.stop_details,
            usage=replace(prompt_usage, output_tokens=turn.thinking_tokens + self._count(text)),
        )

    def _diagnosed(
        self, message_id: str, asked: Asked, prompt: Prompt, usage: Usage
    ) -> dict[str, Any] | None:
        """Return why the cache was missed, and keep the prompt of who asks for a later one."""
        wanted = asked.body.get("diagnostics")
        if wanted is None:
            return None
        sent = Sent(body=asked.body, prompt=prompt)
        with self._lock:
            previous = self._sent.get(wanted.get("previous_message_id"))
            self._sent[message_id] = sent
        return diagnosis(previous, sent, usage, asked_for=wanted.get("previous_message_id"))

    def _begin(self, reply: WireReply, lookup: Lookup, sent: str, request_id: str) -> None:
        """Let others read what this request wrote, and bill it for what will have been sent."""
        output_tokens = reply.thinking_tokens + self._count(sent)
        usage = replace(reply.usage, output_tokens=output_tokens)
        with self._lock:
            self._cache.begin(lookup)
            if not _is_free(reply):
                self.ledger.append(Bill(request_id=request_id, model=reply.model, usage=usage))


def _is_free(reply: WireReply) -> bool:
    return (
        reply.stop_reason == "refusal"
        and not reply.text
        and (reply.stop_details or {}).get("category") in _FREE_REFUSALS
    )


def _script_ran_out(turns: int) -> Failure:
    return Failure(
        status=500,
        kind="api_error",
        message=f"stand-in: the script ran out, its {turns} turns are played",
        # The SDK would ask again, and a test would wait for nothing.
        headers=(("x-should-retry", "false"),),
    )


def _received(exchange: Exchange) -> Received | Failure:
    try:
        body = exchange.json() if exchange.body else {}
    except ValueError:
        return invalid("The request body is not valid JSON")
    if not isinstance(body, dict):
        return invalid("The request body is not a JSON object")
    return Received(
        method=exchange.method, path=exchange.path, headers=exchange.headers, body=body
    )


def _models_page(query: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of the models that can be used, from `after_id` on."""
    listed = [model.info() for model in MODELS if model.lifecycle != "retired"]
    ids = [info["id"] for info in listed]
    start = ids.index(query["after_id"]) + 1 if query.get("after_id") in ids else 0
    page = listed[start : start + int(query.get("limit", MODELS_PER_PAGE))]
    return {
        "data": page,
        "has_more": start + len(page) < len(listed),
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
    }


def _ok(value: object, request_id: str) -> Answer:
    return Answer.of_json(value, request_id=request_id)
