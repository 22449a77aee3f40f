"""PyGithub's client, and what its errors mean. Does I/O; the only module that knows PyGithub.

Every request is sent once: `attempts` decides what is tried again.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from reviewer.errors import UserMustAct
from reviewer.publish.github.attempts import Attempts, Passing, trouble
from reviewer.publish.github.held import hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from github import Github
    from github.IssueComment import IssueComment
    from github.PullRequestComment import PullRequestComment
    from github.PullRequestReview import PullRequestReview
    from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass

    from reviewer.errors import ReviewerError

Made = TypeVar("Made", "IssueComment", "PullRequestComment", "PullRequestReview")

_TIMEOUT_SECONDS = 30
_API_VERSION = "2022-11-28"
_PER_PAGE = 100
_MOVED = "set GITHUB_API_URL to where the API itself answers; is the repository renamed?"


def client(token: str, api_url: str, *, seconds_between_writes: float = 0.0) -> Github:
    """Return a client of an API; `api_url` is `GITHUB_API_URL`."""
    from github import Auth, Github
    from github.Requester import Requester

    Requester.injectConnectionClasses(*_connections())  # for the client that is made here alone
    try:
        return Github(
            auth=Auth.Token(token),
            base_url=api_url.rstrip("/"),
            timeout=_TIMEOUT_SECONDS,
            user_agent="reviewer",
            per_page=_PER_PAGE,
            retry=None,
            seconds_between_requests=seconds_between_writes / 4,
            seconds_between_writes=seconds_between_writes,
            lazy=True,
            api_version=_API_VERSION,
        )
    finally:
        Requester.resetConnectionClasses()


def _connections() -> tuple[type[HTTPRequestsConnectionClass], type[HTTPSRequestsConnectionClass]]:
    """Return PyGithub's connections, with the bodies of answers held to bounds."""
    from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass

    class Plain(HTTPRequestsConnectionClass):
        def __init__(self, *words: Any, **options: Any) -> None:  # noqa: ANN401 - PyGithub's
            super().__init__(*words, **options)
            hold(self.session)

    class Tls(HTTPSRequestsConnectionClass):
        def __init__(self, *words: Any, **options: Any) -> None:  # noqa: ANN401 - PyGithub's
            super().__init__(*words, **options)
            hold(self.session)

    return Plain, Tls


def attempts(sleep: Callable[[float], None] | None = None) -> Attempts:
    """Return what tries requests of the client."""
    return Attempts(failures=_failures(), explain=_explain, sleep=sleep or time.sleep)


def made(requester: Any, path: str, fields: dict[str, str]) -> int:  # noqa: ANN401 - PyGithub's
    """Post something and return the status: PyGithub's own methods keep it to themselves.

    A redirect is an error: it made nothing.
    """
    from github import GithubException

    status, headers, text = requester.requestJson("POST", path, input=fields)
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise GithubException(status, _answered(text), headers)
    return int(status)


def created(made: Made) -> Made:
    """Return what was made; raises `TypeError` where the answer does not name it.

    PyGithub takes every answer below 400 for a success: a redirect, the page of a proxy.
    """
    int(made.id)
    return made


def _answered(text: str) -> object:
    """Return what an error answer holds; nothing where it is the page of a gateway."""
    with suppress(ValueError):
        return json.loads(text)
    return {}


def _failures() -> tuple[type[Exception], ...]:
    """Return what PyGithub raises: its own, those of requests, and bare ones for broken JSON.

    It does not validate: what is missing or of another type shows only where it is read.
    """
    from github import BadAttributeException, GithubException
    from requests import RequestException

    bare = (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
    return (GithubException, BadAttributeException, RequestException, *bare)


def _explain(error: Exception) -> ReviewerError:
    from github import GithubException
    from requests import RequestException

    if isinstance(error, RuntimeError):  # PyGithub's word for a redirect that it does not follow
        return UserMustAct(f"GitHub's address leads elsewhere: {error}", way_out=_MOVED)
    if not isinstance(error, GithubException):
        sent = isinstance(error, RequestException)
        what = "the connection to GitHub failed" if sent else "GitHub's answer makes no sense"
        return Passing(f"{what}: {type(error).__name__}: {error}")
    headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
    return trouble(error.status, _message(error.data), headers, now=time.time())


def _message(data: object) -> str:
    """Return what an error answer says: `errors` are texts or objects (GitHub's OpenAPI)."""
    if not isinstance(data, dict):
        return str(data or "")
    errors = data.get("errors")
    details = [
        str(one.get("message") or one.get("code")) if isinstance(one, dict) else str(one)
        for one in (errors if isinstance(errors, list) else [])
    ]
    return "; ".join(part for part in (str(data.get("message") or ""), *details) if part)
