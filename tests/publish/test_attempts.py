from __future__ import annotations

from typing import Any

import pytest

from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct
from reviewer.publish.github.attempts import Attempts, Forbidden, Passing, Refused, trouble

SLOW = "You have exceeded a secondary rate limit. Please wait."


class Broken(Exception):
    pass


class Server:
    """Fails as the script says: `lost` fails after it was carried out."""

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.posted: list[str] = []
        self.slept: list[float] = []

    def attempts(self) -> Attempts:
        return Attempts(
            failures=(Broken,),
            explain=lambda error: Passing(str(error)),
            sleep=self.slept.append,
        )

    def post(self) -> str:
        answer = self.script.pop(0) if self.script else "ok"
        if answer != "failed":
            self.posted.append(answer)
        if answer != "ok":
            raise Broken(answer)
        return answer


@pytest.mark.parametrize("script", [("ok",), ("failed",), ("lost",), ("failed", "lost")])
def test_whatever_goes_wrong_a_write_is_carried_out_once(script: tuple[str, ...]) -> None:
    server = Server(*script)
    server.attempts().write(server.post, landed=lambda: bool(server.posted))

    assert len(server.posted) == 1


def test_a_write_that_fails_for_ever_is_given_up() -> None:
    server = Server(*["failed"] * 99)

    with pytest.raises(Passing):
        server.attempts().write(server.post, landed=lambda: False)
    assert len(server.slept) == 3


def test_a_write_that_landed_in_the_last_try_is_no_failure() -> None:
    server = Server("failed", "failed", "failed", "lost")

    assert server.attempts().write(server.post, landed=lambda: bool(server.posted)) is None


def test_a_read_is_tried_again() -> None:
    server = Server("failed", "failed")

    assert server.attempts().read(server.post) == "ok"
    assert server.slept == [1.0, 3.0]


def test_a_wait_that_is_too_long_is_given_up_at_once() -> None:
    server = Server("failed")
    long = Attempts(
        failures=(Broken,),
        explain=lambda error: Passing(str(error), wait_seconds=1_800),
        sleep=server.slept.append,
    )

    with pytest.raises(Passing):
        long.read(server.post)
    assert server.slept == []


@pytest.mark.parametrize(
    ("status", "message", "headers", "kind"),
    [
        (401, "Bad credentials", {}, UserMustAct),
        (403, "Resource not accessible by integration", {}, Forbidden),
        (403, SLOW, {}, Passing),
        (403, "no", {"retry-after": "5"}, Passing),
        (404, "Not Found", {}, Forbidden),
        (408, "", {}, Passing),
        (422, "Line could not be resolved", {}, Refused),
        (422, "was submitted too quickly", {}, Passing),
        (429, "", {}, Passing),
        (502, "", {}, Passing),
        (400, "Problems parsing JSON", {}, CouldNotFinish),
    ],
)
def test_an_answer_means(
    status: int, message: str, headers: dict[str, str], kind: type[ReviewerError]
) -> None:
    assert type(trouble(status, message, headers, now=0)) is kind


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "130"}, 31.0),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": "130"}, 60.0),
        ({}, 60.0),
    ],
)
def test_the_wait_is_what_github_asks_for(headers: dict[str, str], seconds: float) -> None:
    told: Any = trouble(403, SLOW, headers, now=100)

    assert told.wait_seconds == seconds


def test_a_missing_permission_is_named() -> None:
    told = trouble(403, "no", {"x-accepted-github-permissions": "issues=write"}, now=0)

    assert told.way_out == "give the token these permissions: issues=write"
