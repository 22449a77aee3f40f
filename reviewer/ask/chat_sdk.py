"""The openai package: its client, and what its errors mean. The only module that runs `openai`.

It is an extra. Its own retries are switched off, and redirects are not followed, as in `sdk`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewer.ask import faults
from reviewer.ask.connection import check_address, http_client, no_address
from reviewer.ask.faults import Fault
from reviewer.ask.providers import checked_key, door
from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

_NO_MONEY = 402


def client(api_key: str | None, base_url: str | None) -> OpenAI:
    """Return the package's client; raises `UserMustAct` when it is not there, or has no key."""
    from httpx2 import InvalidURL

    known = door("openai")
    try:
        from openai import DefaultHttpxClient, OpenAI
    except ImportError:
        raise UserMustAct(
            "the package `openai` is not installed, and `provider` is openai",
            way_out=f"pip install '{known.package}'",
        ) from None
    key = checked_key(api_key, "OPENAI_API_KEY")
    if not key:
        raise UserMustAct(f"there is no key for {known.title}", way_out=known.way_out)
    try:
        made = OpenAI(
            api_key=key,
            base_url=base_url or os.environ.get("OPENAI_BASE_URL") or None,
            max_retries=0,
            http_client=http_client(DefaultHttpxClient),
        )
    except InvalidURL:
        raise no_address(known) from None
    check_address(made.base_url, known, given=base_url)
    return made


def host(made: OpenAI) -> str:
    """Return the host and port that requests go to."""
    return made.base_url.netloc.decode()


# --- errors -------------------------------------------------------------------------------------


def failing() -> tuple[type[Exception], ...]:
    """Return what a request can raise that is no mistake of ours."""
    import httpx2
    from openai import OpenAIError

    return (OpenAIError, httpx2.HTTPError, *faults.MALFORMED)


def fault(error: Exception, made: OpenAI, *, begun: bool = False) -> Fault:
    """Translate what the package raised; `begun` where an answer had begun by then."""
    from openai import APIConnectionError, APIStatusError

    from reviewer.ask.endless import EndlessAnswer

    if isinstance(error, APIStatusError):
        return _status(error, made)
    if isinstance(endless := error.__cause__ or error, EndlessAnswer):
        return faults.endless(str(endless))
    if isinstance(error, APIConnectionError):
        return _connection(error.__cause__ or error, made, begun=begun)
    if isinstance(error, faults.MALFORMED):
        return faults.malformed(error)
    return Fault(
        where="stream", message=faults.clean(str(error) or type(error).__name__, (made.api_key,))
    )


def _connection(cause: BaseException, made: OpenAI, *, begun: bool) -> Fault:
    """Return the fault of a connection that was not made, or died."""
    from httpx2 import ConnectError, ConnectTimeout

    said = faults.clean(str(cause) or type(cause).__name__, (made.api_key,))
    if begun:
        return Fault(where="stream", message=said)
    arrived = not isinstance(cause, ConnectError | ConnectTimeout)
    what = f"could not reach {host(made)}: {said}"
    return Fault(where="connection", message=what, arrived=arrived)


def _status(error: APIStatusError, made: OpenAI) -> Fault:
    retry_after, should_retry = faults.retry_headers(error.response.headers)
    told = error.body if isinstance(error.body, dict) else {}
    code = error.code or ""
    message = str(told.get("message") or faults.own_words(error.message, error.status_code))
    broke = error.status_code == _NO_MONEY or code == "insufficient_quota"
    if code == "context_length_exceeded":
        message = f"prompt is too long: {message}"
    return Fault(
        where="status",
        status=error.status_code,
        type="billing_error" if broke else "",
        code=code,
        message=faults.clean(message, (made.api_key,)),
        request_id=error.request_id or "",
        retry_after_seconds=retry_after,
        should_retry=should_retry,
    )
