"""A pull request on the stand-in in which people give orders, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from test_github_run import NUMBER, Action

from reviewer.publish import ledger
from reviewer.publish.comments import read_fingerprint, read_marker
from reviewer.standin.github_faults import HANG_UP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import WorkTree

    from reviewer.flow import Known, Ledger
    from reviewer.standin.github import GitHub
    from reviewer.standin.messages import Turn
    from reviewer.standin.server import Answer, Application, Exchange

PERSON = "ada"
US = "github-actions[bot]"


class Busy:
    """GitHub, at which something else happens just before a summary is edited.

    From its request number `dies_at` on, counted from 0, it answers nothing any more.
    """

    def __init__(
        self, github: GitHub, meanwhile: list[Callable[[], object]], dies_at: int | None
    ) -> None:
        self._github = github
        self._meanwhile = meanwhile
        self._left = dies_at

    def answer(self, exchange: Exchange) -> Answer:
        if exchange.method == "PATCH" and self._meanwhile:
            self._meanwhile.pop()()
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                return HANG_UP(lambda: self._github.answer(exchange))
        return self._github.answer(exchange)


class Ordered(Action):
    """`PERSON` has write access; every comment is heard by a run of its own."""

    def __init__(self, work_tree: WorkTree, runner: Path, *turns: Turn, **options: Any) -> None:
        super().__init__(work_tree, runner, *turns, **options)
        self.github.give_role(PERSON, "write")
        self.meanwhile: list[Callable[[], object]] = []
        self.dies_at: int | None = None

    @property
    def served(self) -> Application:
        return Busy(self.github, self.meanwhile, self.dies_at)

    def comment(self, body: str, author: str = PERSON) -> int:
        return self.github.add_issue_comment(NUMBER, author, body).id

    def heard(self, comment_id: int, action: str = "created") -> int:
        """Hear of a comment that is there; returns the exit code."""
        return self.hear(
            "issue_comment",
            lambda url: self.github.comment_event(NUMBER, comment_id, action=action, api_url=url),
        )

    def order(self, body: str, author: str = PERSON) -> int:
        """Write a comment and hear of it; returns its id."""
        comment_id = self.comment(body, author)
        assert self.heard(comment_id) == 0
        return comment_id

    def reactions(self, comment_id: int) -> list[str]:
        return [content for _, content in self.github.reactions(comment_id)]

    @property
    def answers(self) -> list[str]:
        """What we wrote in the conversation, but for the summary."""
        pull = self.github.pull_request(NUMBER)
        return [
            one.body
            for one in pull.issue_comments
            if one.author == US and not one.deleted and read_marker(one.body) != "summary"
        ]

    @property
    def in_threads(self) -> list[str]:
        """What we answered in threads."""
        pull = self.github.pull_request(NUMBER)
        return [one.body for one in pull.review_comments if one.in_reply_to and one.author == US]

    @property
    def said(self) -> list[str]:
        """Everything we wrote, summary and findings too."""
        pull = self.github.pull_request(NUMBER)
        written = (*pull.issue_comments, *pull.review_comments, *pull.reviews)
        return [one.body for one in written if one.author == US and not one.deleted]

    @property
    def told(self) -> list[str]:
        """The fingerprints of the findings that stand in the diff."""
        pull = self.github.pull_request(NUMBER)
        found = [read_fingerprint(one.body) for one in pull.review_comments if not one.deleted]
        return [one for one in found if one]

    @property
    def summaries(self) -> list[str]:
        pull = self.github.pull_request(NUMBER)
        return [
            one.body
            for one in pull.issue_comments
            if one.author == US and not one.deleted and read_marker(one.body) == "summary"
        ]

    @property
    def ledger(self) -> Ledger:
        """What the summary says of the ledger."""
        (body,) = self.summaries
        found = ledger.read(body)
        assert not isinstance(found, ledger.NoLedger), found.why
        return found

    def known(self, name: str) -> Known:
        found = self.ledger.find(name)
        assert found is not None
        return found
