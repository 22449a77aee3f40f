"""A pull request on GitHub: reads what we have there, and writes. Does I/O.

The steps are in `posting`, the retries in `attempts`, what is read in `reading`.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish
from reviewer.flow import Inline
from reviewer.publish.github import history
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.check_run import CheckRuns
from reviewer.publish.github.client import attempts, client, created, made
from reviewer.publish.github.conversation import Conversation
from reviewer.publish.github.listed import whole
from reviewer.publish.github.posting import Terms, post
from reviewer.publish.github.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import History, Ledger, PullRequest, Receipt, Review
    from reviewer.publish.comments import Comment
    from reviewer.publish.github.page import Note, Ours, Summary, Thread

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
        self._github = client(token, api_url, seconds_between_writes=seconds_between_writes)
        self._repository = self._github.get_repo(pull_request.repository)
        self._pull = self._repository.get_pull(pull_request.number)
        self._issue = self._repository.get_issue(pull_request.number)
        self._attempts = attempts(sleep)
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
        confirmed = self._attempts.write(
            lambda: created(
                self._pull.create_review(
                    commit=self._repository.get_commit(commit),
                    body=body,
                    event="COMMENT",
                    comments=payloads,
                )
            ),
            landed=lambda: run in self.ours().runs,
        )
        return confirmed is not None

    def add_comment(self, commit: str, one: Comment) -> None:
        """Post a single comment, unless an earlier try did."""
        self._attempts.write(
            lambda: created(self._pull.create_review_comment(commit=commit, **_payload(one))),
            landed=lambda: one.fingerprint in self.ours().fingerprints,
        )

    def reply(self, note: Note, mark: str, body: str) -> None:
        """Answer in the thread of a comment, unless an earlier try did."""
        self._attempts.write(
            lambda: created(self._pull.create_review_comment_reply(note.id, body)),
            landed=lambda: mark in self.ours().replies,
        )

    def say(self, mark: str, body: str) -> None:
        """Write in the conversation, unless an earlier try did."""
        if mark not in self.ours().replies:
            self._attempts.write(
                lambda: created(self._issue.create_comment(body)),
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
                for one in whole(self._issue.get_reactions())
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
                lambda: made(self._github.requester, path, {"content": BEGUN}), landed=self.begun
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
            lambda: created(self._issue.create_comment(body)).html_url,
            landed=lambda: bool(self._reader.summaries()),
        )
        if url:
            return url
        landed = self._reader.summaries()
        return landed[0].url if landed else ""


def _payload(one: Comment) -> dict[str, Any]:
    """Return what GitHub wants of a comment: `start_line` only where it precedes `line`."""
    anchor = one.anchor
    if not isinstance(anchor, Inline):
        return {"path": anchor.path, "body": one.body, "subject_type": "file"}
    place = {"path": anchor.path, "body": one.body, "line": anchor.last_line, "side": anchor.side}
    if anchor.first_line < anchor.last_line:
        place |= {"start_line": anchor.first_line, "start_side": anchor.side}
    return place
