"""What the Messages stand-in is told to do, request by request. Pure values.

Events of a streamed reply, for `after_events`: message_start; with thinking three more
(content_block_start, signature delta, content_block_stop); then content_block_start, ping, one
delta a chunk of text, content_block_stop, message_delta, message_stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Text = str | Callable[["Received"], str]

StopReason = Literal[
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
]

OVERLOADED_STATUS = 529
"""Anthropic's own status; no registry has it (platform.claude.com/docs, "Errors")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as the stand-in got it. `body` is the parsed JSON, empty without one."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error answer in the API's shape.

    `error_code` is the stable cause inside `error.details`; most errors have none.
    """

    status: int
    kind: str
    message: str
    error_code: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the JSON body; also the data of a mid-stream `error` event."""
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.error_code:
            error["details"] = {"error_code": self.error_code}
        return {"type": "error", "error": error, "request_id": request_id}

    def answer(self, request_id: str) -> Answer:
        """Return the HTTP answer."""
        headers = {"request-id": request_id, **dict(self.headers)}
        return Answer.of_json(self.body(request_id), self.status, **headers)


OVERLOADED = Failure(status=OVERLOADED_STATUS, kind="overloaded_error", message="Overloaded")


def invalid(message: str) -> Failure:
    """Return the 400 of a request that breaks a rule."""
    return Failure(status=400, kind="invalid_request_error", message=message)


def prompt_too_long(prompt_tokens: int, window_tokens: int) -> Failure:
    """Return the 400 of a prompt that is longer than the window."""
    return invalid(f"prompt is too long: {prompt_tokens} tokens > {window_tokens} maximum")


BODY_TOO_LARGE = Failure(
    status=413, kind="request_too_large", message="Request exceeds the maximum size"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """How a stream goes wrong, and after how many events or chunks of text.

    `error`: an `error` event, then the end. `end`: a clean end without `message_stop`.
    `cut`: the socket closes in the middle of the next event. A reply that is not streamed fails
    as a whole: `error` is a 529, the others close the socket half-way through the body.
    """

    how: Literal["error", "end", "cut"]
    after: int
    unit: Literal["events", "chunks"] = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one POST /v1/messages gets. Plain `Turn(text=...)` is a whole reply.

    `text` may be a function of the request; it runs outside every lock, so it may wait.
    `chunk_characters` is the size of one delta, `delay_seconds` the pause before each.
    """

    text: Text = ""
    keep_characters: int | None = None
    thinking_tokens: int = 0
    stop_reason: StopReason = "end_turn"
    stop_details: Mapping[str, Any] | None = None
    chunk_characters: int = 64
    delay_seconds: float = 0.0
    breaks: Break | None = None
    failure: Failure | None = None

    def text_for(self, received: Received) -> str:
        """Return the text of the reply to a request, cut to `keep_characters`."""
        text = self.text if isinstance(self.text, str) else self.text(received)
        return text[: self.keep_characters]

    @classmethod
    def truncated(cls, text: Text, *, keep_characters: int) -> Self:
        """Return a reply that ran into `max_tokens`."""
        return cls(text=text, keep_characters=keep_characters, stop_reason="max_tokens")

    @classmethod
    def out_of_window(cls, text: Text, *, keep_characters: int) -> Self:
        """Return a reply that filled the context window before it was complete."""
        return cls(
            text=text,
            keep_characters=keep_characters,
            stop_reason="model_context_window_exceeded",
        )

    @classmethod
    def refusal(
        cls, category: str | None, explanation: str | None = None, *, text: str = ""
    ) -> Self:
        """Return a refusal, after `text` or before any."""
        details = {"type": "refusal", "category": category, "explanation": explanation}
        return cls(text=text, stop_reason="refusal", stop_details=details)

    @classmethod
    def stream_error(cls, text: Text, *, after_chunks: int = 1) -> Self:
        """Return a stream that ends with an `overloaded_error` event, status 200 by then."""
        return cls(text=text, breaks=Break(how="error", after=after_chunks, unit="chunks"))

    @classmethod
    def ends_early(cls, text: Text, *, after_events: int = 4) -> Self:
        """Return a stream that ends cleanly without `message_stop`."""
        return cls(text=text, breaks=Break(how="end", after=after_events))

    @classmethod
    def dies(cls, text: Text, *, after_events: int = 4) -> Self:
        """Return a stream whose connection closes in the middle of an event."""
        return cls(text=text, breaks=Break(how="cut", after=after_events))

    @classmethod
    def rate_limited(cls, *, retry_after_seconds: float | None = None) -> Self:
        """Return a 429, with or without `retry-after`."""
        headers = (
            () if retry_after_seconds is None else (("retry-after", f"{retry_after_seconds:g}"),)
        )
        message = (
            "This request would exceed your organization's rate limit of input tokens per minute"
        )
        return cls(
            failure=Failure(status=429, kind="rate_limit_error", message=message, headers=headers)
        )

    @classmethod
    def spend_limit_reached(cls) -> Self:
        """Return the 429 that stays until the next month: a code, and no `retry-after`."""
        return cls(
            failure=Failure(
                status=429,
                kind="rate_limit_error",
                message="Your organization has reached the monthly spend limit of its usage tier",
                error_code="enforced_spend_limit_reached",
            )
        )

    @classmethod
    def overloaded(cls) -> Self:
        """Return a 529."""
        return cls(failure=OVERLOADED)

    @classmethod
    def server_error(cls) -> Self:
        """Return a 500."""
        return cls(failure=Failure(status=500, kind="api_error", message="Internal server error"))

    @classmethod
    def key_refused(cls) -> Self:
        """Return a 401 for a key that is there but not known."""
        return cls(
            failure=Failure(status=401, kind="authentication_error", message="invalid x-api-key")
        )

    @classmethod
    def prompt_too_long(cls, prompt_tokens: int, window_tokens: int) -> Self:
        """Return a 400 for a prompt that the API counts longer than we did."""
        return cls(failure=prompt_too_long(prompt_tokens, window_tokens))

    @classmethod
    def body_too_large(cls) -> Self:
        """Return a 413."""
        return cls(failure=BODY_TOO_LARGE)
