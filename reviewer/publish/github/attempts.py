"""What a failed request to GitHub means, and when to try it again. Pure, but for the sleeping.

Nothing is retried below this: PyGithub's own retries send a POST again after every 5xx, and a
comment that had been saved stands there twice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

LONGEST_WAIT_SECONDS = 120.0
"""A runner that sleeps is paid for: beyond this we give up, and the bundle is posted later."""

_PAUSES_SECONDS = (1.0, 3.0, 9.0)
_SECONDARY_WAIT_SECONDS = 60.0
"""At least, says GitHub: docs, REST API, best practices, "Handle rate limit errors"."""

_WAY_OUT = "nothing was paid for, so run it again in some minutes"
"""Holds for all but the posting of a review, which has a way out of its own (`posting`)."""

_LIMIT_TEXTS = ("rate limit", "abuse detection", "submitted too quickly", "has been spammed")

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _GONE, _UNPROCESSABLE = 401, 403, 404, 410, 422
_TIMED_OUT, _TOO_MANY, _SERVER_ERROR = 408, 429, 500


class Passing(CouldNotFinish):
    """It may work later, and it may have worked already: read back before writing again."""

    def __init__(self, what: str, *, wait_seconds: float = 0.0) -> None:
        super().__init__(what, way_out=_WAY_OUT)
        self.wait_seconds = wait_seconds


class Refused(CouldNotFinish):
    """GitHub understood and does not want it (422): the same again will be refused again."""


class Forbidden(CouldNotFinish):
    """This token may not do that (403, 404): nothing of the kind will work in this run."""


def trouble(status: int, message: str, headers: Mapping[str, str], *, now: float) -> ReviewerError:
    """Return what an error answer means; `headers` have lower-case names, `now` is epoch time."""
    said = f"GitHub answered {status}: {message or 'no reason given'}"
    if status == _UNAUTHORIZED:
        return UserMustAct(said, way_out="give a valid token in GITHUB_TOKEN")
    limited = "retry-after" in headers or any(text in message.lower() for text in _LIMIT_TEXTS)
    if status == _TOO_MANY or (status in {_FORBIDDEN, _UNPROCESSABLE} and limited):
        return Passing(said, wait_seconds=_asked_wait(headers, now))
    if status in {_FORBIDDEN, _NOT_FOUND, _GONE}:
        needed = headers.get("x-accepted-github-permissions", "pull_requests=write")
        return Forbidden(said, way_out=f"give the token these permissions: {needed}")
    if status == _UNPROCESSABLE:
        return Refused(said, way_out=_WAY_OUT)
    if status >= _SERVER_ERROR or status == _TIMED_OUT:
        return Passing(said)
    return CouldNotFinish(said, way_out=_WAY_OUT)


def _asked_wait(headers: Mapping[str, str], now: float) -> float:
    """Return how long GitHub asks us to wait; the longest of our own pauses where it does not."""
    if (after := headers.get("retry-after", "")).isdecimal():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - now) + 1.0
    return _SECONDARY_WAIT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Tries requests; `failures` are what the client may raise, `explain` what they mean."""

    failures: tuple[type[Exception], ...]
    explain: Callable[[Exception], ReviewerError]
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)

    def once(self, request: Callable[[], T]) -> T:
        """Return what a request gives, or what its answer is read for; raises `ReviewerError`."""
        try:
            return request()
        except self.failures as error:
            raise self.explain(error) from error

    def read(self, request: Callable[[], T]) -> T:
        """Return what a request reads; raises `ReviewerError` when it does not work in time."""
        for pause in _PAUSES_SECONDS:
            try:
                return self.once(request)
            except Passing as passing:
                self._wait(passing, pause)
        return self.once(request)

    def write(self, request: Callable[[], T], *, landed: Callable[[], bool]) -> T | None:
        """Send a request that must not be sent twice; return its answer, if that arrived.

        After a failure that does not tell whether the request was carried out, `landed` looks:
        only what is not there is sent again.
        """
        pauses = iter(_PAUSES_SECONDS)
        while True:
            try:
                return self.once(request)
            except Passing as passing:
                pause = next(pauses, None)
                if pause is not None:
                    self._wait(passing, pause)
                if landed():
                    return None
                if pause is None:
                    raise

    def _wait(self, passing: Passing, pause: float) -> None:
        if passing.wait_seconds > LONGEST_WAIT_SECONDS:
            raise passing
        self.sleep(max(pause, passing.wait_seconds))
