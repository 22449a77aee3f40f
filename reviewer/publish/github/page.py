"""What stands on a pull request, and who carries out what is posted to it. Pure: values.

Only what our own account wrote is ours: a marker alone can be written by anyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reviewer.flow import Ledger
    from reviewer.publish.comments import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary comment that is there. `node_id` is its name in GraphQL."""

    id: int
    body: str
    url: str
    node_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A comment of ours in the diff that tells a finding."""

    id: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person with a say wrote below a comment; `note` is the id of that comment.

    Those with a say are the author of the pull request and whoever belongs to the repository.
    """

    note: int
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The state of a thread. `by_us` tells that we resolved it ourselves."""

    id: str
    resolved: bool
    by_us: bool
    minimised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What we have on the pull request already: marker and author both say so.

    `notes` are in the order in which they were posted; `born` is what our comments and reviews
    carry of the ledger, those in the conversation too. `replies` are the marks of our answers,
    in threads and in the conversation. `spare` are summaries that a second run made at the same
    time.
    """

    fingerprints: frozenset[str]
    runs: frozenset[str]
    summary: Summary | None
    notes: tuple[Note, ...] = ()
    answers: tuple[Answer, ...] = ()
    replies: frozenset[str] = frozenset()
    born: tuple[Ledger, ...] = ()
    spare: tuple[Summary, ...] = ()


class Page(Protocol):
    """A pull request. Every method raises the errors of `attempts`."""

    def head(self) -> str:
        """Return the commit that the pull request has now."""
        ...

    def ours(self) -> Ours:
        """Read what we have posted, and delete what a broken run left pending."""
        ...

    def threads(self) -> dict[int, Thread]:
        """Return the state of every thread, by the id of its first comment."""
        ...

    def edited_by_others(self, one: Summary) -> bool:
        """Whether somebody else wrote what it says now: people with write access can."""
        ...

    def add_review(self, commit: str, run: str, body: str, these: list[Comment]) -> bool:
        """Post one review; tell whether GitHub confirmed it. `run` is the text of its marker."""
        ...

    def add_comment(self, commit: str, one: Comment) -> None:
        """Post a single comment, unless an earlier try did."""
        ...

    def reply(self, note: Note, mark: str, body: str) -> None:
        """Answer in the thread of a comment, unless an earlier try did."""
        ...

    def say(self, mark: str, body: str) -> None:
        """Write in the conversation, unless an earlier try did."""
        ...

    def text_of(self, note: Note) -> str:
        """Return what a comment of ours in the diff says now."""
        ...

    def resolve(self, thread: Thread) -> None:
        """Resolve a thread; it takes `contents: write` (github/gh-aw#35726)."""
        ...

    def edit(self, note: Note, body: str) -> None:
        """Give a comment of ours another body."""
        ...

    def delete(self, note: Note) -> None:
        """Delete a comment of ours that is there twice."""
        ...

    def drop(self, one: Summary) -> None:
        """Delete a summary of ours that is there twice."""
        ...

    def begun(self) -> bool:
        """Whether a run of ours said that it began to review."""
        ...

    def begin(self) -> bool:
        """Say that a run begins to review; tell whether it is the first that does."""
        ...

    def put_summary(self, body: str, there: Summary | None) -> str:
        """Edit the summary, or make it, and return its address."""
        ...
