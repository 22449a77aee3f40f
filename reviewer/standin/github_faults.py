"""What goes wrong between a client and GitHub, to be played by `GitHub.fail_next`. Pure.

A fault is given the real answer as a function: what it does not call does not happen, and what
it calls has happened, whatever it answers. Statuses and texts: GitHub's documentation of rate
limits, and src-d/lookout#264 for the 502 that had posted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.standin.github_errors import TOO_QUICKLY, Refused, forbidden, unprocessable
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    import re

Fault = Callable[[Callable[[], Answer]], Answer]

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
_GATEWAY = Answer(
    status=502,
    headers={"content-type": "text/html"},
    chunks=(b"<html><head><title>502 Bad Gateway</title></head><body></body></html>",),
)


def instead(answer: Answer) -> Fault:
    """Return a fault that answers so and does nothing."""
    return lambda _commit: answer


def afterwards(answer: Answer) -> Fault:
    """Return a fault that does everything and then answers so."""

    def fault(commit: Callable[[], Answer]) -> Answer:
        commit()
        return answer

    return fault


def secondary_limit(*, retry_after_seconds: int | None = None, status: int = 403) -> Fault:
    """Return the limit on content creation; GitHub sends it with and without the header."""
    wait = {} if retry_after_seconds is None else {"retry_after": str(retry_after_seconds)}
    return instead(Refused(status, SECONDARY, **wait).answer)


def primary_limit(*, reset_epoch_seconds: int) -> Fault:
    """Return the limit on requests an hour."""
    spent = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(reset_epoch_seconds)}
    return instead(Refused(403, "API rate limit exceeded for installation.", **spent).answer)


def head_moved(push: Callable[[], object]) -> Fault:
    """Return the fault of somebody who pushes while the request is on its way."""

    def fault(commit: Callable[[], Answer]) -> Answer:
        push()
        return commit()

    return fault


def truncated_json(commit: Callable[[], Answer]) -> Answer:
    """Do everything, and send the first half of the answer as if it were whole."""
    answer = commit()
    body = b"".join(answer.chunks)
    return Answer(status=answer.status, headers=answer.headers, chunks=(body[: len(body) // 2],))


def redirect(status: int, location: str) -> Fault:
    """Return what a renamed repository answers: 301 to a GET, 307 to what writes.

    Source: docs.github.com, REST API, best practices, "Follow redirects".
    """
    moved = {"message": "Moved Permanently", "url": location}
    return instead(Answer.of_json(moved, status, location=location))


READ_ONLY_TOKEN = instead(forbidden().answer)
SUBMITTED_TOO_QUICKLY = instead(unprocessable(TOO_QUICKLY).answer)
SERVER_ERROR = instead(Refused(500, "Server Error").answer)
BAD_GATEWAY = instead(_GATEWAY)
BAD_GATEWAY_AFTER_COMMIT = afterwards(_GATEWAY)
HANG_UP = instead(Answer(hang_up=True))
HANG_UP_AFTER_COMMIT = afterwards(Answer(hang_up=True))
TRUNCATED_JSON: Fault = truncated_json


@dataclass(slots=True, kw_only=True)
class _Planned:
    method: str
    path: re.Pattern[str]
    fault: Fault
    times: int


class Plan:
    """Faults that wait for their request; the one planned first comes first."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, method: str, path: re.Pattern[str], fault: Fault, times: int) -> None:
        """Plan a fault for the next requests that match."""
        self._planned.append(_Planned(method=method, path=path, fault=fault, times=times))

    def next(self, method: str, path: str) -> Fault:
        """Return the fault of a request, and use it up; most requests have none."""
        for planned in self._planned:
            if planned.method == method and planned.times and planned.path.search(path):
                planned.times -= 1
                return planned.fault
        return lambda commit: commit()
