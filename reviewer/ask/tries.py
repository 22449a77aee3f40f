"""What came of each try, and the reply that follows from them. Pure.

The SDK's messages come in, our own values go out; the SDK itself is not imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from operator import index
from typing import TYPE_CHECKING, TypeGuard, get_args

from reviewer.ask import faults, stops
from reviewer.ask.bounds import bound_usage
from reviewer.ask.explain import explain
from reviewer.flow import Attempt, CacheMiss, CacheMissKind, Reply, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anthropic.lib.streaming import MessageStreamEvent
    from anthropic.types import Message
    from anthropic.types import Usage as Billed

    from reviewer.ask.explain import Asked
    from reviewer.ask.faults import Fault
    from reviewer.flow import Request

CHARACTERS_A_TOKEN = 3
"""For progress, and for the bill of an answer that broke off; the API counts whole ones."""

_MESSAGE_ID = re.compile(r"msg_[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One request and its answer, as far as it came.

    `model` is empty until an answer begins: from then on the prompt is billed. `fault` is None
    when the answer came to its end, for whatever `stop_reason`.
    """

    request_id: str
    usage: Usage
    model: str = ""
    text: str = ""
    stop_reason: str = ""
    refusal: str = ""
    fault: Fault | None = None
    message_id: str = ""
    cache_miss: CacheMiss | None = None
    untold: bool = False

    @property
    def attempt(self) -> Attempt:
        """The record of this try."""
        problem = faults.describe(self.fault) if self.fault else ""
        unsure = self.fault is not None and faults.may_be_billed(self.fault)
        return Attempt(
            request_id=self.request_id,
            usage=self.usage,
            problem=problem,
            unsure=unsure,
            message_id=self.message_id,
            cache_miss=self.cache_miss,
            untold=self.untold,
        )


def check(message: Message) -> None:
    """Raise `AttributeError` or `TypeError` when an answer begins without what `ended` reads.

    The SDK does not validate: a gateway may leave out anything.
    """
    index(message.usage.input_tokens)
    index(message.usage.output_tokens)
    iter(message.content)


def ended(
    message: Message | None,
    fault: Fault | None,
    request: Request,
    *,
    request_id: str,
    heard_tokens: int,
) -> Try:
    """Return what came of a try. `message` is None when no answer began.

    `heard_tokens` is our estimate of what arrived: the API tells the size of an answer only at
    its end, so it stands in for an answer that broke off.
    """
    if message and message.stop_reason:
        fault = None  # the last word of an answer: what breaks after it breaks nothing
    elif not fault:
        fault = faults.CLOSED_EARLY
    if fault:
        fault = replace(fault, request_id=fault.request_id or request_id)
        request_id = fault.request_id
    if message is None:
        return Try(request_id=request_id, usage=Usage(), fault=fault)
    told = message.stop_details
    return Try(
        request_id=request_id,
        usage=_bill(message.usage, request, heard_tokens=heard_tokens, whole=not fault),
        model=message.model or request.model,
        text=_whole_characters(
            "".join(block.text for block in message.content if block.type == "text")
        ),
        stop_reason=message.stop_reason or "",
        refusal=stops.refused(told.category, told.explanation) if told else "",
        fault=fault,
        message_id=message.id if _is_id(message.id) else "",
        cache_miss=_missed(message),
        untold=not usage(message.usage, request.cache_ttl).prompt_tokens,
    )


def _is_id(told: object) -> TypeGuard[str]:
    """Whether it is an id of Anthropic's: a gateway may call a message anything."""
    return isinstance(told, str) and _MESSAGE_ID.fullmatch(told) is not None


def _missed(message: Message) -> CacheMiss | None:
    """Return why the cache was missed; None where it was not, and where nobody told."""
    reason = getattr(message.diagnostics, "cache_miss_reason", None)
    if reason is None:
        return None
    known: tuple[CacheMissKind, ...] = get_args(CacheMissKind)
    told, tokens = (getattr(reason, name, 0) for name in ("type", "cache_missed_input_tokens"))
    return CacheMiss(
        kind=next((kind for kind in known if kind == told), "unavailable"),
        missed_tokens=max(0, tokens) if isinstance(tokens, int) else 0,
    )


def billed(message: Message, request: Request) -> Usage:
    """Return what the prompt of an answer that begins is billed as."""
    bill = _bill(message.usage, request, heard_tokens=0, whole=False)
    return replace(bill, output_tokens=0)


def _whole_characters(text: str) -> str:
    """Join the halves of a character that a gateway sent in two pieces: no file can hold one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def usage(told: Billed, cache_ttl: str | None) -> Usage:
    """Return what was billed; who does not tell for how long it was written wrote as asked."""
    written, split = told.cache_creation_input_tokens or 0, told.cache_creation
    hour = split.ephemeral_1h_input_tokens if split else written * (cache_ttl == "1h")
    return Usage(
        input_tokens=told.input_tokens,
        cache_write_5m_tokens=written - hour,
        cache_write_1h_tokens=hour,
        cache_read_tokens=told.cache_read_input_tokens or 0,
        output_tokens=told.output_tokens or 0,
    )


def _bill(told: Billed, request: Request, *, heard_tokens: int, whole: bool) -> Usage:
    """Return the bill as it was told; a proxy that says 0 of the prompt has not told it.

    Then it is the most that it can be, as where nobody tells.
    """
    bill = usage(told, request.cache_ttl)
    if whole and bill.prompt_tokens:
        return bill
    bill = replace(bill, output_tokens=max(bill.output_tokens, heard_tokens))
    return bill if bill.prompt_tokens else bill + bound_usage(request)


def length(event: MessageStreamEvent) -> int:
    """Return how many characters of answer or thinking an event brings."""
    match event.type:
        case "text":
            return len(event.text)
        case "thinking":
            return len(event.thinking)
        case _:
            return 0


def reply(
    tries: Sequence[Try], request: Request, asked: Asked, *, stopped: str, seconds: float
) -> Reply:
    """Return the last try's answer, or the longest part of one when the last broke too.

    `stopped` says why a broken one was not repeated. Raises `UserMustAct` or `CouldNotFinish`
    when no answer began: where something was billed there is a reply, so that it is not lost. An
    error says whether something may be.
    """
    best, incomplete = tries[-1], _why_incomplete(tries[-1], request)
    if best.fault:
        error = explain(best.fault, asked, stopped=stopped)
        if not any(one.model for one in tries):
            error.may_be_billed = any(one.attempt.unsure for one in tries)
            raise error
        best, incomplete = max(tries, key=lambda one: len(one.text)), f"{error}: {error.way_out}"
    return Reply(
        text=best.text,
        model=best.model or request.model,
        stop_reason=best.stop_reason,
        attempts=tuple(one.attempt for one in tries),
        seconds=seconds,
        incomplete=incomplete,
    )


def _why_incomplete(last: Try, request: Request) -> str:
    return stops.incomplete(
        last.stop_reason,
        max_output_tokens=request.max_output_tokens,
        prompt_tokens=last.usage.prompt_tokens,
        refusal=last.refusal,
    )
