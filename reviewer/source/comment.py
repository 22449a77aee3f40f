"""What GitHub says about a comment -> who wrote what below which pull request. Pure.

The payload of `issue_comment` names no commit: what is reviewed is asked of the API, and comes
back as a `PullRequestEvent` like any other. Author and text are whatever an outsider chose; the
association with the repository that the payload claims is not read, because it lags behind and
holds for whole organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.source.event import GHOST, event_of
from reviewer.source.payload import Action, OfComment, PullRequest, Repository, Run, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.source.event import PullRequestEvent
    from reviewer.source.payload import Runner

EVENT = "issue_comment"

CREATED = "created"
"""The one action that counts: who edits a comment may be another than who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent:
    """A comment in the conversation of a pull request, and the run that hears of it.

    `repository` is `owner/name`, `pull_author` the login of who opened the pull request. `author`
    is a login and `author_id` the number that stays with the account when it is renamed.
    """

    repository: str
    private: bool
    number: int
    pull_author: str
    comment_id: int
    author: str
    author_id: int
    author_type: str
    body: str
    runner: Runner

    @property
    def by_bot(self) -> bool:
        """Whether an app wrote it."""
        return self.author_type != "User"

    @property
    def url(self) -> str:
        """The page of the pull request."""
        return f"{self.runner.server_url}/{self.repository}/pull/{self.number}"


@dataclass(frozen=True, slots=True)
class NotHeard:
    """A comment that nobody answers, and why."""

    why: str


def read(payload: str | bytes, environment: Mapping[str, str]) -> CommentEvent | NotHeard:
    """Read the file at GITHUB_EVENT_PATH of a run on `issue_comment`. Raises `UserMustAct`."""
    action = parse(Action, payload).action
    if action != CREATED:
        return NotHeard(f"the action is {action!r}; heard is {CREATED!r} alone")
    told, run = parse(OfComment, payload), parse(Run, environment)
    if told.issue.pull_request is None:
        return NotHeard("it is about an issue, not about a pull request")
    if told.comment.user is None or told.comment.user.login == GHOST:
        return NotHeard("its author's account was deleted")
    return CommentEvent(
        repository=told.repository.full_name,
        private=told.repository.private,
        number=told.issue.number,
        pull_author=told.issue.user.login if told.issue.user else GHOST,
        comment_id=told.comment.id,
        author=told.comment.user.login,
        author_id=told.comment.user.id,
        author_type=told.comment.user.type,
        body=told.comment.body or "",
        runner=run.runner(),
    )


def asked_for(comment: CommentEvent, pull: Mapping[str, object]) -> PullRequestEvent:
    """Return the pull request of a comment; `pull` is the API's JSON. Raises `UserMustAct`."""
    return event_of(
        parse(PullRequest, pull),
        Repository(full_name=comment.repository, private=comment.private),
        comment.runner,
        event=EVENT,
        action=CREATED,
        sender=comment.author,
    )
