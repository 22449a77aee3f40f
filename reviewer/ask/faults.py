"""What can go wrong between us and a model's API, what it means, and whether to try again. Pure.

`sdk` and `chat_sdk` turn every library exception into a `Fault` first, so that these rules can be
read, and tested, without a network. Source: platform.claude.com, "Errors" and "Rate limits".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_ERROR_CHARACTERS = 500
"""A proxy's error can be a whole web page."""

MALFORMED = (AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What both packages raise on an answer that is not the API's."""

BACKOFF_SECONDS = 2.0
"""The first wait; each further one is four times as long."""

MOST_WAIT_SECONDS = 120.0
"""A server that asks for more is not waited for: a CI job costs money by the minute."""

_STREAM_BROKE = 200
"""The status of an error that comes after the answer has begun."""

_PASSES_BY_ITSELF = frozenset((_STREAM_BROKE, 408, 409, 429))

_NEVER_PASSES = frozenset(
    (
        "authentication_error",
        "billing_error",
        "invalid_request_error",
        "not_found_error",
        "permission_error",
        "request_too_large",
    )
)
"""Types of error that stay the same when the same request is sent again."""

_REDIRECTED = range(300, 400)
_SERVER_ERRORS = 500
_TOO_LARGE = 413
_NOT_FOUND = 404
_UNAUTHORISED = 401
_UNCLEAR = (400, 422)
_NO_ENDPOINT = frozenset((403, 404, 405, 501))
_MAY_BE_NO_ENDPOINT = _NO_ENDPOINT | {400, 422, 500}
"""What gateways say besides to a question that they do not know."""

_UNKNOWN_MODEL = re.compile(
    r"(?i)(invalid|unknown|unsupported|no such) model|"
    r"model\b.{0,120}\b(not found|does not exist|not exist|not (a )?valid|not supported)\b"
)
OWN_HOST = "api.anthropic.com"
_SPEND_LIMIT_TEXTS = ("specified api usage limits", "credit balance is too low")
"""These two come as a plain 400 without an error code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One request that failed. Texts are the server's own, with the key cut out.

    `where` says how far it came: no credentials to send, no connection, an answer with an error
    `status`, or an answer that broke off. `type` and `code` are the API's names for the error.
    """

    where: Literal["credentials", "connection", "status", "stream"]
    message: str
    status: int = 0
    type: str = ""
    code: str = ""
    request_id: str = ""
    retry_after_seconds: float | None = None
    should_retry: bool | None = None
    """The header `x-should-retry`, when the server sends it."""
    arrived: bool = True
    """Whether the request can have come to the server; where no connection was made it did not."""


CLOSED_EARLY = Fault(where="stream", message="the connection closed too early")


def retry_headers(headers: Mapping[str, str]) -> tuple[float | None, bool | None]:
    """Return how many seconds the server asks us to wait, and whether it says to retry at all."""
    after = headers.get("retry-after", "")
    # An HTTP date is allowed as well, but no Messages API sends one.
    seconds = float(after) if re.fullmatch(r"\d+(\.\d+)?", after) else None
    return seconds, {"true": True, "false": False}.get(headers.get("x-should-retry", ""))


def own_words(message: str, status: int) -> str:
    """Return what a server said, without the status that both packages write in front of it."""
    said = message.removeprefix(f"Error code: {status}").removeprefix(" - ")
    if not said and status in _REDIRECTED:
        return "it leads elsewhere, where no key is sent; set the address to that place"
    return said or "nothing was said"


def clean(text: str, secrets: Iterable[str]) -> str:
    """Return a server's text on one line, cut to length, without what is secret."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "[key]")
    return " ".join(text.split())[:MOST_ERROR_CHARACTERS]


def malformed(error: Exception) -> Fault:
    """Return that an answer is not the API's: asking again would not change it."""
    what = f"the answer is not in the API's format ({type(error).__name__})"
    return Fault(where="stream", message=what, should_retry=False)


def endless(why: str) -> Fault:
    """Return that an answer had no end; what came of it may be billed."""
    return Fault(where="stream", message=why, should_retry=False)


def no_answer(content_type: str) -> Fault:
    """Return that an answer came to its end before it began, or was no answer but a web page.

    A page is a proxy's or a door's: what sends one has passed nothing on that could be billed.
    """
    if content_type.lower().startswith("text/html"):
        what = "a web page came, and no answer of the API"
        return Fault(where="connection", message=what, should_retry=False, arrived=False)
    return CLOSED_EARLY


def worth_retrying(fault: Fault) -> bool:
    """Whether to send the same request again; the server has the last word."""
    # The API marks a spend limit as retryable, but it lasts until the month ends.
    if is_spend_limit(fault):
        return False
    if fault.should_retry is not None:
        return fault.should_retry
    return may_pass(fault)


def may_pass(fault: Fault) -> bool:
    """Whether the same request may succeed at a later time."""
    match fault.where:
        case "credentials":
            return False
        case "connection" | "stream":
            return True
        case "status":
            passes = fault.status in _PASSES_BY_ITSELF or fault.status >= _SERVER_ERRORS
            return passes and fault.type not in _NEVER_PASSES and not is_spend_limit(fault)
        case _:
            assert_never(fault.where)


def is_spend_limit(fault: Fault) -> bool:
    """Whether the account has no money left to spend, whichever way the API says it."""
    return fault.where == "status" and (
        fault.code.endswith("spend_limit_reached")
        or fault.type == "billing_error"
        or any(text in fault.message.lower() for text in _SPEND_LIMIT_TEXTS)
    )


def may_be_billed(fault: Fault) -> bool:
    """Whether a request that failed so may cost something: an error answer instead of one is free.

    An answer that broke off is billed as far as it came, and the API does not say how far.
    """
    match fault.where:
        case "credentials":
            return False
        case "connection":
            return fault.arrived
        case "status":
            return fault.status == _STREAM_BROKE
        case "stream":
            return True
        case _:
            assert_never(fault.where)


def wait_seconds(fault: Fault, *, tries: int) -> float:
    """Return how long to wait after so many tries: what the server asks, else a growing time."""
    if fault.retry_after_seconds is not None:
        return fault.retry_after_seconds
    return BACKOFF_SECONDS * 4.0 ** (tries - 1)


def why_stop(fault: Fault, *, tries: int, most_tries: int) -> str:
    """Return why not to send the request again after so many tries, or an empty text."""
    if not worth_retrying(fault):
        return "it was not sent again"
    if tries >= most_tries:
        return f"it was sent {tries} times"
    if (wait := wait_seconds(fault, tries=tries)) > MOST_WAIT_SECONDS:
        return f"waiting {wait:.0f} seconds to send it again is too long for a CI job"
    return ""


def describe(fault: Fault) -> str:
    """Return what happened to one request, in one line."""
    return f"{_what(fault)}{_named(fault)}"


def _what(fault: Fault) -> str:
    match fault.where:
        case "stream":
            return f"the answer broke off: {fault.message}"
        case "status" if fault.status == _STREAM_BROKE:
            return f"the answer broke off with {fault.type or 'an error'}: {fault.message}"
        case "status":
            return f"HTTP {fault.status}: {fault.message}"
        case "connection" | "credentials":
            return fault.message
        case _:
            assert_never(fault.where)


def _named(fault: Fault) -> str:
    return f" (request {fault.request_id})" if fault.request_id else ""


def is_unknown_model(fault: Fault) -> bool:
    """Whether a server says that it has no such model; gateways have many words for it."""
    if fault.status == _NOT_FOUND:
        return "model" in fault.message.lower()
    return fault.status in _UNCLEAR and _UNKNOWN_MODEL.search(fault.message) is not None


def is_key_refused(fault: Fault) -> bool:
    """Whether a server refuses the key. LiteLLM without a database says 400 to an unknown one."""
    if fault.status == _UNAUTHORISED:
        return True
    return fault.status in _UNCLEAR and "no connected db" in fault.message.lower()


def is_unknown_version(fault: Fault) -> bool:
    """Whether a server refuses the version of the API that we speak."""
    return fault.status in _UNCLEAR and "anthropic-version" in fault.message.lower()


def is_not_found(fault: Fault) -> bool:
    """Whether a server has nothing by that name or address."""
    return fault.status == _NOT_FOUND


def is_no_endpoint(fault: Fault) -> bool:
    """Whether a server says that it does not have this part of the API."""
    return fault.status in _NO_ENDPOINT


def may_be_no_endpoint(fault: Fault) -> bool:
    """Whether a gateway may mean that: many say to what they do not know that it is wrong."""
    return fault.status in _MAY_BE_NO_ENDPOINT


def is_too_long(fault: Fault) -> bool:
    """Whether the prompt is more than the model, or the server, takes."""
    # Anthropic says 400 for too many tokens and 413 for too many bytes; ZenMux 413 for both.
    return fault.status == _TOO_LARGE or "prompt is too long" in fault.message.lower()
