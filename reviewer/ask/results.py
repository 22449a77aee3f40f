"""A line of a batch's results -> what became of the request, and the reply in it. Pure.

The lines come from outside, and once more from the disk: they are parsed here and nowhere else.
Source: platform.claude.com, "Batch processing", and `MessageBatchIndividualResponse` of the SDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import BaseModel, Field, ValidationError

from reviewer.ask import tries
from reviewer.flow import Attempt, Reply, Result, Usage

if TYPE_CHECKING:
    from anthropic.types import Message
    from anthropic.types import Usage as Billed

    from reviewer.ask.explain import Asked
    from reviewer.flow import Request

MOST_LINE_BYTES = 16 * 1024 * 1024
"""The longest answer of any model is not a fourth of that, thinking included."""

_Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class UnreadableLine(ValueError):
    """A line that is not what the API writes."""


class _Split(BaseModel):
    ephemeral_1h_input_tokens: _Count = 0


class _Usage(BaseModel):
    input_tokens: _Count
    output_tokens: _Count
    cache_creation_input_tokens: _Count | None = None
    cache_read_input_tokens: _Count | None = None
    cache_creation: _Split | None = None


class _Block(BaseModel):
    type: str
    text: str = ""


class _Stop(BaseModel):
    category: str | None = None
    explanation: str | None = None


class _Message(BaseModel):
    id: str = ""
    model: str = ""
    content: tuple[_Block, ...]
    stop_reason: str | None = None
    stop_details: _Stop | None = None
    usage: _Usage
    diagnostics: None = None


class _Error(BaseModel):
    type: str = ""
    message: str = ""


class _ErrorResponse(BaseModel):
    error: _Error = _Error()


class _Result(BaseModel):
    type: Literal["succeeded", "errored", "canceled", "expired"]
    message: _Message | None = None
    error: _ErrorResponse = _ErrorResponse()


class _Line(BaseModel):
    custom_id: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    result: _Result


def outcome(line: bytes) -> tuple[str, Result]:
    """Return the id of a request and what became of it; raises `UnreadableLine`."""
    read = _read(line)
    message = read.result.message
    if read.result.type != "succeeded" or message is None:
        return read.custom_id, _failed(read.result)
    billed = tries.usage(cast("Billed", message.usage), None)
    return read.custom_id, Result(kind="succeeded", usage=billed)


def reply(line: bytes, request: Request, asked: Asked) -> Reply:
    """Return the answer to a request; one that is not whole says so, as in a live review.

    Raises `UnreadableLine` where there is none.
    """
    message = _read(line).result.message
    if message is None:
        raise UnreadableLine("a result without an answer")
    # It has the attributes of the SDK's own message, each of them checked.
    one = tries.ended(cast("Message", message), None, request, request_id="", heard_tokens=0)
    return tries.reply([one], request, asked, stopped="", seconds=0.0)


def nothing(request: Request, why: str) -> Reply:
    """Return the reply of a request that there is no answer to; it cost nothing."""
    attempt = Attempt(request_id="", usage=Usage(), problem=why)
    return Reply.unanswered(request.model, (attempt,), why=why)


def _read(line: bytes) -> _Line:
    if len(line) > MOST_LINE_BYTES:
        raise UnreadableLine(f"a line of {len(line):,} bytes")
    try:
        return _Line.model_validate_json(line)
    except (ValidationError, RecursionError) as error:
        raise UnreadableLine(f"a line that the API would not write: {error}") from error


def _failed(result: _Result) -> Result:
    match result.type:
        case "succeeded":
            return Result(kind="unreadable", why="an answer was told of, and there is none")
        case "errored":
            error = result.error.error
            said = f"{error.type}: {error.message}".strip(": ")
            return Result(kind="errored", why=f"it was refused: {said or 'without a word'}")
        case "canceled":
            return Result(kind="canceled", why="the batch was cancelled before it was asked")
        case "expired":
            return Result(kind="expired", why="the batch expired before it was asked")
