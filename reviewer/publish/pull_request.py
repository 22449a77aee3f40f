"""A pull request on GitHub: reads what we have there, and writes. Does I/O.

The only module that knows PyGithub. The steps are in `posting`, the retries in `attempts`.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish, ReviewerError
from reviewer.flow import Inline
from reviewer.publish.attempts import Attempts, Forbidden, Passing, Refused, trouble
from reviewer.publish.comments import read_fingerprint, read_marker
from reviewer.publish.posting import Ours, Summary, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from github import Github
    from github.NamedUser import NamedUser
    from github.Organization import Organization
    from github.PullRequestReview import PullRequestReview

    from reviewer.flow import PullRequest, Receipt, Review
    from reviewer.publish.comments import Comment

_TIMEOUT_SECONDS = 30
_API_VERSION = "2022-11-28"
_PER_PAGE = 100


class PullRequestPublisher:
    """A `Publisher` for one pull request, and the `Page` that it is posted to.

    `api_url` is `GITHUB_API_URL`; a clean review gets a summary only with `comment_when_clean`.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        pull_request: PullRequest,
        comment_when_clean: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        seconds_between_writes: float = 1.0,
    ) -> None:
        self._number = pull_request.number
        self._comment_when_clean = comment_when_clean
        self._github = _client(token, api_url, seconds_between_writes)
        self._repository = self._github.get_repo(pull_request.repository)
        self._pull = self._repository.get_pull(pull_request.number)
        self._issue = self._repository.get_issue(pull_request.number)
        self._attempts = Attempts(failures=_failures(), explain=_explain, sleep=sleep)
        self._id: int | None = None

    def publish(self, review: Review) -> Receipt:
        """Post what is not there yet; see `posting.post`."""
        return post(self, review, comment_when_clean=self._comment_when_clean)

    def head(self) -> str:
        """Return the commit that the pull request has now."""
        return self._attempts.read(lambda: str(self._repository.get_pull(self._number).head.sha))

    def ours(self) -> Ours:
        """Read what we have posted, and delete what a broken run left pending."""
        return self._attempts.once(self._ours)

    def _ours(self) -> Ours:
        runs = [read_marker(one.body or "") for one in self._reviews()]
        comments = self._attempts.read(lambda: list(self._pull.get_review_comments()))
        found = [read_fingerprint(one.body or "") for one in comments if self._is_ours(one.user)]
        return Ours(
            fingerprints=frozenset(one for one in found if one),
            runs=frozenset(one for one in runs if one),
            summary=self._summary(),
        )

    def _reviews(self) -> list[PullRequestReview]:
        """Return our reviews that people can see."""
        read = self._attempts.read(lambda: list(self._pull.get_reviews()))
        ours = [one for one in read if self._is_ours(one.user)]
        for one in ours:
            if one.state == "PENDING":
                self._drop_leftover(one)
        return [one for one in ours if one.state != "PENDING"]

    def _summary(self) -> Summary | None:
        return self._attempts.once(self._summary_there)

    def _summary_there(self) -> Summary | None:
        notes = self._attempts.read(lambda: list(self._issue.get_comments()))
        for one in notes:
            if self._is_ours(one.user) and read_marker(one.body or "") == "summary":
                return Summary(id=one.id, body=one.body, url=one.html_url)
        return None

    def _drop_leftover(self, review: PullRequestReview) -> None:
        """Delete a pending review of ours: while it exists, nothing else can be posted.

        Several bots can share one identity: what is not marked or holds a foreign comment stays.
        """
        marked = (read_marker(review.body or "") or "").startswith("run=")
        inside = self._attempts.read(
            lambda: list(self._pull.get_single_review_comments(review.id))
        )
        if (review.body and not marked) or not all(
            read_fingerprint(one.body or "") for one in inside
        ):
            return
        with suppress(Refused, Forbidden):  # it is gone, or it stays: posting will tell
            self._attempts.write(review.delete, landed=lambda: False)

    def _is_ours(self, user: NamedUser | Organization | None) -> bool:
        """Whether we are the author; when nobody told who we are, whether a bot is.

        By id: the login of an app without its `[bot]`, as GraphQL may give it (cli/cli#8409), can
        be the login of a person.
        """
        if self._id is None:
            self._id = self._who()
        if user is None:
            return False
        return user.id == self._id if self._id else user.type == "Bot"

    def _who(self) -> int:
        """Return the id of our account, 0 when GitHub does not tell.

        An installation token may not ask `GET /user` (anthropics/claude-code-action#538).
        """
        requester, query = self._github.requester, "query { viewer { databaseId } }"
        with suppress(CouldNotFinish):
            return self._attempts.read(
                lambda: int(requester.graphql_query(query, {})[1]["data"]["viewer"]["databaseId"])
            )
        with suppress(CouldNotFinish):
            return self._attempts.read(lambda: self._github.get_user().id)
        return 0

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

    def put_summary(self, body: str, there: Summary | None) -> str:
        """Edit the summary, or make it, and return its address."""
        if there is not None:
            self._attempts.write(
                lambda: self._issue.get_comment(there.id).edit(body), landed=lambda: False
            )
            return there.url
        url = self._attempts.write(
            lambda: self._issue.create_comment(body).html_url,
            landed=lambda: self._summary() is not None,
        )
        if url:
            return url
        landed = self._summary()
        return landed.url if landed else ""


def merge_base(
    token: str,
    *,
    api_url: str,
    repository: str,
    base: str,
    head: str,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Return the merge base of two commits as GitHub sees it, for clones without history.

    Raises `CouldNotFinish` or `UserMustAct`.
    """
    github = _client(token, api_url, seconds_between_writes=0)
    attempts = Attempts(failures=_failures(), explain=_explain, sleep=sleep)
    return attempts.read(
        lambda: github.get_repo(repository).compare(base, head).merge_base_commit.sha
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
