"""A pull request on GitHub: reads what we have there, and writes. Does I/O.

The only module that makes PyGithub's objects. The steps are in `posting`, the retries in
`attempts`, what is read in `reading`.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish, ReviewerError
from reviewer.flow import Inline
from reviewer.publish import artifact as artifacts
from reviewer.publish import history, recent
from reviewer.publish.attempts import Attempts, Forbidden, Passing, trouble
from reviewer.publish.check_run import CheckRuns
from reviewer.publish.conversation import Conversation
from reviewer.publish.posting import Terms, post
from reviewer.publish.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from github import Github

    from reviewer.flow import Activity, History, Ledger, PullRequest, Receipt, Review
    from reviewer.publish.comments import Comment
    from reviewer.publish.page import Note, Ours, Summary, Thread

_TIMEOUT_SECONDS = 30
_API_VERSION = "2022-11-28"
_PER_PAGE = 100

BEGUN = "eyes"
"""The reaction on a pull request that a review was begun of."""


class PullRequestPublisher:
    """A `Publisher` for one pull request, and the `Page` that it is posted to.

    `api_url` is `GITHUB_API_URL`, `author` the login of who opened the pull request; what follows
    are the terms of `posting.post`.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        pull_request: PullRequest,
        author: str = "",
        comment_when_clean: bool = False,
        resolve_fixed: bool = False,
        reconciled: Callable[[Review, Ledger], Review] | None = None,
        sleep: Callable[[float], None] | None = None,
        seconds_between_writes: float = 1.0,
    ) -> None:
        self._number = pull_request.number
        self._home = f"/repos/{pull_request.repository}"
        self._terms = Terms(
            comment_when_clean=comment_when_clean,
            resolve_fixed=resolve_fixed,
            reconciled=reconciled or (lambda review, _told: review),
        )
        self._github = _client(token, api_url, seconds_between_writes)
        self._repository = self._github.get_repo(pull_request.repository)
        self._pull = self._repository.get_pull(pull_request.number)
        self._issue = self._repository.get_issue(pull_request.number)
        self._attempts = Attempts(
            failures=_failures(), explain=_explain, sleep=sleep or time.sleep
        )
        self._reader = Reader(self._github, pull_request, self._attempts, author=author)
        self.conversation = Conversation(self._github, pull_request, self._attempts, self._reader)
        self.check_runs = CheckRuns(self._github, pull_request, self._attempts)

    def publish(self, review: Review) -> Receipt:
        """Post what is not there yet; see `posting.post`."""
        return post(self, review, self._terms)

    def history(self) -> History:
        """Return what the pull request was told before, and what became of it.

        Raises `CouldNotFinish` or `UserMustAct`. Threads that cannot be read leave the states
        as they were noted.
        """
        ours = self.ours()
        threads = None
        with suppress(CouldNotFinish):
            threads = self.threads()
        return history.read(self, ours, threads)

    def head(self) -> str:
        """Return the commit that the pull request has now."""
        return self._attempts.read(lambda: str(self._repository.get_pull(self._number).head.sha))

    def ours(self) -> Ours:
        """Read what we have posted, and delete what a broken run left pending."""
        return self._reader.ours()

    def threads(self) -> dict[int, Thread]:
        """Return the state of every thread, by the id of its first comment."""
        return self._reader.threads()

    def edited_by_others(self, one: Summary) -> bool:
        """Whether somebody else wrote what it says now: people with write access can."""
        return self._reader.edited_by_others(one)

    def add_review(self, commit: str, run: str, body: str, these: list[Comment]) -> bool:
        """Post one review; tell whether GitHub confirmed it. `run` is the text of its marker."""
        payloads: list[Any] = [_payload(one) for one in these]
        made = self._attempts.write(
            lambda: self._pull.create_review(
                commit=self._repository.get_commit(commit),
                body=body,
                event="COMMENT",
                comments=payloads,
            ),
            landed=lambda: run in self.ours().runs,
        )
        return made is not None

    def add_comment(self, commit: str, one: Comment) -> None:
        """Post a single comment, unless an earlier try did."""
        self._attempts.write(
            lambda: self._pull.create_review_comment(commit=commit, **_payload(one)),
            landed=lambda: one.fingerprint in self.ours().fingerprints,
        )

    def reply(self, note: Note, mark: str, body: str) -> None:
        """Answer in the thread of a comment, unless an earlier try did."""
        self._attempts.write(
            lambda: self._pull.create_review_comment_reply(note.id, body),
            landed=lambda: mark in self.ours().replies,
        )

    def say(self, mark: str, body: str) -> None:
        """Write in the conversation, unless an earlier try did."""
        if mark not in self.ours().replies:
            self._attempts.write(
                lambda: self._issue.create_comment(body),
                landed=lambda: mark in self.ours().replies,
            )

    def text_of(self, note: Note) -> str:
        """Return what a comment of ours in the diff says now."""
        return self._attempts.read(lambda: str(self._pull.get_review_comment(note.id).body))

    def resolve(self, thread: Thread) -> None:
        """Resolve a thread; it takes `contents: write` (github/gh-aw#35726)."""
        self._attempts.write(
            lambda: self._github.requester.graphql_named_mutation(
                "resolveReviewThread", {"threadId": thread.id}, "thread { isResolved }"
            ),
            landed=lambda: False,
        )

    def edit(self, note: Note, body: str) -> None:
        """Give a comment of ours another body."""
        self._attempts.write(
            lambda: self._pull.get_review_comment(note.id).edit(body), landed=lambda: False
        )

    def delete(self, note: Note) -> None:
        """Delete a comment of ours that is there twice."""
        self._attempts.write(
            lambda: self._pull.get_review_comment(note.id).delete(),
            landed=lambda: note not in self.ours().notes,
        )

    def drop(self, one: Summary) -> None:
        """Delete a summary of ours that is there twice."""
        self._attempts.write(
            lambda: self._issue.get_comment(one.id).delete(),
            landed=lambda: one.id not in [each.id for each in self._reader.summaries()],
        )

    def begun(self) -> bool:
        """Whether a run of ours said that it began to review."""
        return self._attempts.read(
            lambda: any(
                one.content == BEGUN and self._reader.is_ours(one.user)
                for one in self._issue.get_reactions()
            )
        )

    def begin(self) -> bool:
        """Say that a run begins to review; tell whether it is the first that does.

        GitHub answers 201 for a reaction that is new, 200 for one that was there (docs.github.com,
        "Create reaction for an issue"). Where the first answer is lost, it counts as there.
        """
        path = f"{self._home}/issues/{self._number}/reactions"
        try:
            status = self._attempts.write(
                lambda: _made(self._github.requester, path, {"content": BEGUN}), landed=self.begun
            )
        except Forbidden:  # a token that may comment need not be one that may react
            return False
        return status == HTTPStatus.CREATED

    def put_summary(self, body: str, there: Summary | None) -> str:
        """Edit the summary, or make it, and return its address."""
        if there is not None:
            self._attempts.write(
                lambda: self._issue.get_comment(there.id).edit(body), landed=lambda: False
            )
            return there.url
        url = self._attempts.write(
            lambda: self._issue.create_comment(body).html_url,
            landed=lambda: bool(self._reader.summaries()),
        )
        if url:
            return url
        landed = self._reader.summaries()
        return landed[0].url if landed else ""


def _made(requester: Any, path: str, fields: dict[str, str]) -> int:  # noqa: ANN401 - PyGithub's
    """Post something and return the status: PyGithub's own methods keep it to themselves."""
    from github import GithubException

    status, headers, text = requester.requestJson("POST", path, input=fields)
    if status >= HTTPStatus.BAD_REQUEST:
        raise GithubException(status, json.loads(text or "{}"), headers)
    return int(status)


def merge_base(
    token: str,
    *,
    api_url: str,
    repository: str,
    base: str,
    head: str,
    sleep: Callable[[float], None] | None = None,
) -> str:
    """Return the merge base of two commits as GitHub sees it, for clones without history.

    Raises `CouldNotFinish` or `UserMustAct`.
    """
    github = _client(token, api_url, seconds_between_writes=0)
    attempts = Attempts(failures=_failures(), explain=_explain, sleep=sleep or time.sleep)
    return attempts.read(
        lambda: github.get_repo(repository).compare(base, head).merge_base_commit.sha
    )


def recent_activity(token: str, *, api_url: str, repository: str, asked: recent.Asked) -> Activity:
    """Return when a repository was reviewed lately; what fails is a reason in it."""
    github = _client(token, api_url, seconds_between_writes=0)
    attempts = Attempts(failures=_failures(), explain=_explain)
    return recent.activity(github.get_repo(repository), attempts, asked)


def artifact(
    token: str, *, api_url: str, repository: str, run_id: int, name: str, most_bytes: int
) -> bytes:
    """Return what a run uploaded under that name; see `artifacts.download`."""
    return artifacts.download(
        _client(token, api_url, seconds_between_writes=0),
        Attempts(failures=_failures(), explain=_explain),
        repository=repository,
        run_id=run_id,
        name=name,
        most_bytes=most_bytes,
    )


def _payload(one: Comment) -> dict[str, Any]:
    """Return what GitHub wants of a comment: `start_line` only where it precedes `line`."""
    anchor = one.anchor
    if not isinstance(anchor, Inline):
        return {"path": anchor.path, "body": one.body, "subject_type": "file"}
    place = {"path": anchor.path, "body": one.body, "line": anchor.last_line, "side": anchor.side}
    if anchor.first_line < anchor.last_line:
        place |= {"start_line": anchor.first_line, "start_side": anchor.side}
    return place


def _client(token: str, api_url: str, seconds_between_writes: float) -> Github:
    """Return a client that sends every request once: `Attempts` decides what is tried again."""
    from github import Auth, Github

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


def _failures() -> tuple[type[Exception], ...]:
    """Return what PyGithub raises: its own, those of requests, and bare ones for broken JSON.

    It does not validate: what is missing or of another type shows only where it is read.
    """
    from github import BadAttributeException, GithubException
    from requests import RequestException

    bare = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
    return (GithubException, BadAttributeException, RequestException, *bare)


def _explain(error: Exception) -> ReviewerError:
    from github import GithubException

    if not isinstance(error, GithubException):
        return Passing(f"the connection to GitHub failed: {type(error).__name__}: {error}")
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
