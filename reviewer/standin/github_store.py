"""The stand-in's memory: pull requests over a real repository. Runs git through `github_git`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Protocol, TypeVar

from reviewer.standin.github_anchors import follow
from reviewer.standin.github_errors import not_found
from reviewer.standin.github_git import Git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reviewer.standin.github_git import Commit
    from reviewer.standin.github_patch import FileDiff
    from reviewer.standin.github_values import (
        Artifact,
        CheckRun,
        IssueComment,
        PullRequest,
        Reaction,
        Review,
        ReviewComment,
        WorkflowRun,
    )

FIRST_ID = 3_000_000_001
"""Ids at github.com have outgrown 32 bits; a client that stores them in 32 should fail here."""

EPOCH = datetime(2026, 11, 1, 12, tzinfo=UTC)


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_Item = TypeVar("_Item", bound=_Numbered)


class Store:
    """Everything that is remembered, and the questions that the rules ask of it.

    `roles` are those that were given to an account, `gone` are accounts that were deleted;
    `reactions` are by the id of a comment in the conversation, `pull_reactions` by the number of
    a pull request.

    Time stands still but for one second a write, so that the same session gives the same answers.
    """

    def __init__(self, folder: Path, *, repository: str, default_branch: str, viewer: str) -> None:
        self.git = Git(folder)
        self.repository = repository
        self.default_branch = default_branch
        self.viewer = viewer
        self.pulls: dict[int, PullRequest] = {}
        self.roles: dict[str, str] = {}
        self.gone: set[str] = set()
        self.reactions: dict[int, tuple[Reaction, ...]] = {}
        self.pull_reactions: dict[int, tuple[Reaction, ...]] = {}
        self.runs: list[WorkflowRun] = []
        self.artifacts: list[Artifact] = []
        self.may_read_actions = True
        self.may_write_checks = False
        self.checks: list[CheckRun] = []
        self.epoch = EPOCH
        self._ids = count(FIRST_ID)
        self._seconds = count()

    def new_id(self) -> int:
        """Return an id that nothing has had."""
        return next(self._ids)

    def now(self) -> str:
        """Return the time of a write, one second after the one before."""
        return f"{self.epoch + timedelta(seconds=next(self._seconds)):%Y-%m-%dT%H:%M:%SZ}"

    def pull(self, number: int) -> PullRequest:
        """Return a pull request; raises `Refused` with a 404."""
        if number not in self.pulls:
            raise not_found()
        return self.pulls[number]

    def keep(self, pull: PullRequest) -> PullRequest:
        """Remember a pull request in the place of its earlier state."""
        self.pulls[pull.number] = pull
        return pull

    # --- what git says -------------------------------------------------------------------

    def sha(self, name: str) -> str:
        """Return the commit that a branch, tag or id names; raises `LookupError`."""
        if found := self.git.resolve(name):
            return found
        raise LookupError(f"{name!r} names no commit of the stand-in's repository")

    def merge_base(self, pull: PullRequest, commit: str) -> str:
        """Return where the commit left the base branch; raises `LookupError`."""
        if found := self.git.merge_base(self.sha(pull.base_ref), commit):
            return found
        raise LookupError(f"{commit} and {pull.base_ref!r} have no common ancestor")

    def shown(self, pull: PullRequest, commit: str = "") -> tuple[FileDiff, ...]:
        """Return the three-dot diff of the pull request, at its head or at a commit of it."""
        end = commit or pull.head_sha
        return self.git.diff(self.merge_base(pull, end), end)

    def commits(self, pull: PullRequest) -> tuple[Commit, ...]:
        """Return the commits of the pull request, oldest first."""
        return self.git.commits(f"{self.merge_base(pull, pull.head_sha)}..{pull.head_sha}")

    def moved(self, pull: PullRequest, comment: ReviewComment) -> ReviewComment:
        """Return the comment where the pull request's head has it now."""
        before, after = comment.original.commit_id, pull.head_sha
        if comment.side == "LEFT":
            before, after = self.merge_base(pull, before), self.merge_base(pull, after)
        place = follow(
            comment.original,
            moved=self.git.diff(before, after),
            shown=self.shown(pull),
            commit_id=pull.head_sha,
        )
        if place:
            return replace(comment, place=place, outdated=False)
        anchor = replace(comment.place.anchor, line=None, start_line=None)
        return replace(
            comment, place=replace(comment.place, anchor=anchor, position=None), outdated=True
        )

    # --- what is on a pull request -------------------------------------------------------

    def reviews(self, pull: PullRequest) -> list[Review]:
        """Return the reviews that the viewer sees: a pending one is its author's alone."""
        return [
            each
            for each in pull.reviews
            if not each.deleted and (not each.pending or each.author == self.viewer)
        ]

    def review(self, pull: PullRequest, review_id: int) -> Review:
        """Return one review that the viewer sees; raises `Refused` with a 404."""
        return one(self.reviews(pull), review_id)

    def review_comments(
        self, pull: PullRequest, *, own_pending: bool = False
    ) -> list[ReviewComment]:
        """Return the comments of submitted reviews, and on request the viewer's pending ones."""
        seen = {each.id for each in self.reviews(pull) if own_pending or not each.pending}
        return [
            each for each in pull.review_comments if not each.deleted and each.review_id in seen
        ]

    def issue_comments(self, pull: PullRequest) -> list[IssueComment]:
        """Return the comments in the conversation."""
        return [each for each in pull.issue_comments if not each.deleted]

    def find_review_comment(self, comment_id: int) -> tuple[PullRequest, ReviewComment]:
        """Return a comment by its id alone; raises `Refused` with a 404."""
        for pull in self.pulls.values():
            for each in self.review_comments(pull, own_pending=True):
                if each.id == comment_id:
                    return pull, each
        raise not_found()

    def find_issue_comment(self, comment_id: int) -> tuple[PullRequest, IssueComment]:
        """Return a comment by its id alone; raises `Refused` with a 404."""
        for pull in self.pulls.values():
            for each in self.issue_comments(pull):
                if each.id == comment_id:
                    return pull, each
        raise not_found()


def one(items: Iterable[_Item], item_id: int) -> _Item:
    """Return the item of that id; raises `Refused` with a 404."""
    for each in items:
        if each.id == item_id:
            return each
    raise not_found()


def swapped(items: tuple[_Item, ...], new: _Item) -> tuple[_Item, ...]:
    """Return the items with a new state of one of them."""
    return tuple(new if each.id == new.id else each for each in items)
