"""What of ours stands on a pull request at GitHub. Does I/O, through PyGithub's objects.

REST tells what was written and by whom; GraphQL alone tells who we are, the state of threads and
who edited a comment.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish
from reviewer.publish import ledger
from reviewer.publish.comments import REPLY, read_fingerprint, read_marker
from reviewer.publish.github.attempts import Forbidden, Refused
from reviewer.publish.github.listed import whole
from reviewer.publish.github.page import Answer, Note, Ours, Summary, Thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from github import Github
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser
    from github.Organization import Organization
    from github.PullRequestComment import PullRequestComment
    from github.PullRequestReview import PullRequestReview

    from reviewer.flow import Ledger, PullRequest
    from reviewer.publish.github.attempts import Attempts

HAVE_A_SAY = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""Associations of people who belong to it (docs.github.com, CommentAuthorAssociation)."""

MOST_PAGES = 50
"""Of a hundred threads each: a page that leads to itself must end too."""

_THREADS = """
query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id isResolved resolvedBy { databaseId }
        comments(first: 1) { nodes { databaseId isMinimized } }
      }
    }
  } }
}
"""
_EDITOR = """
query Editor($id: ID!) {
  node(id: $id) { ... on IssueComment {
    editor { __typename ... on User { databaseId } ... on Bot { databaseId } }
  } }
}
"""


class Reader:
    """Reads one pull request; `author` is the login of who opened it."""

    def __init__(
        self, github: Github, pull_request: PullRequest, attempts: Attempts, *, author: str
    ) -> None:
        self._requester = github.requester
        self._github = github
        self._name = pull_request.repository
        self._number = pull_request.number
        repository = github.get_repo(pull_request.repository)
        self._pull = repository.get_pull(pull_request.number)
        self._issue = repository.get_issue(pull_request.number)
        self._attempts = attempts
        self._author = author
        self._id: int | None = None

    def ours(self) -> Ours:
        """Read what we have posted, and delete what a broken run left pending."""
        return self._attempts.once(self._ours)

    def _ours(self) -> Ours:
        reviews = self._reviews()
        runs = [read_marker(one.body or "") for one in reviews]
        comments = self._attempts.read(lambda: whole(self._pull.get_review_comments()))
        ours = [one for one in comments if self.is_ours(one.user)]
        found = [(one.id, read_fingerprint(one.body or "")) for one in ours]
        notes = self._notes()
        summaries = [_summary(one) for one in notes if _is_summary(one)]
        receipts = [one.body or "" for one in notes if not _is_summary(one)]
        told = [*(one.body or "" for one in reviews), *(one.body or "" for one in ours)]
        return Ours(
            fingerprints=frozenset(name for _, name in found if name),
            runs=frozenset(one for one in runs if one),
            summary=summaries[0] if summaries else None,
            notes=tuple(Note(id=at, fingerprint=name) for at, name in sorted(found) if name),
            answers=tuple(self._answers(comments)),
            replies=frozenset(_marks([*told, *receipts])),
            born=_born([*told, *receipts]),
            spare=tuple(summaries[1:]),
        )

    def _reviews(self) -> list[PullRequestReview]:
        """Return our reviews that people can see."""
        read = self._attempts.read(lambda: whole(self._pull.get_reviews()))
        ours = [one for one in read if self.is_ours(one.user)]
        for one in ours:
            if one.state == "PENDING":
                self._drop_leftover(one)
        return [one for one in ours if one.state != "PENDING"]

    def _answers(self, comments: Sequence[PullRequestComment]) -> Iterator[Answer]:
        """Give what people with a say wrote in threads; a bot's words settle nothing.

        Whether it is an answer is asked last: for a comment that is none, PyGithub asks GitHub.
        """
        for one in comments:
            user: NamedUser | None = one.user
            if user is None or user.type == "Bot" or self.is_ours(user):
                continue
            said = one.author_association in HAVE_A_SAY or user.login == self._author
            if said and one.in_reply_to_id:
                yield Answer(note=one.in_reply_to_id, author=user.login, text=one.body or "")

    def summaries(self) -> list[Summary]:
        """Return the summaries of ours, oldest first: two runs at once can leave two."""
        notes = self._attempts.once(self._notes)
        return [_summary(one) for one in notes if _is_summary(one)]

    def _notes(self) -> list[IssueComment]:
        """Return our comments in the conversation: summaries, and receipts of commands."""
        notes = self._attempts.read(lambda: whole(self._issue.get_comments()))
        return [one for one in notes if self.is_ours(one.user)]

    def _drop_leftover(self, review: PullRequestReview) -> None:
        """Delete a pending review of ours: while it exists, nothing else can be posted.

        Several bots can share one identity: what is not marked or holds a foreign comment stays.
        """
        marked = (read_marker(review.body or "") or "").startswith("run=")
        inside = self._attempts.read(
            lambda: whole(self._pull.get_single_review_comments(review.id))
        )
        if (review.body and not marked) or not all(
            read_fingerprint(one.body or "") for one in inside
        ):
            return
        with suppress(Refused, Forbidden):  # it is gone, or it stays: posting will tell
            self._attempts.write(review.delete, landed=lambda: False)

    # --- what GraphQL alone tells ---------------------------------------------------------

    def threads(self) -> dict[int, Thread]:
        """Return the state of every thread, by the id of its first comment."""
        owner, _, name = self._name.partition("/")
        asked = {"owner": owner, "name": name, "number": self._number}
        found: dict[int, Thread] = {}
        after: str | None = None
        for _ in range(MOST_PAGES):
            some, after = self._attempts.once(partial(self._page, {**asked, "after": after}))
            found |= some
            if after is None:
                break
        return found

    def _page(self, asked: dict[str, Any]) -> tuple[dict[int, Thread], str | None]:
        """Return the threads of one page, and where the next one begins."""
        page = self._query(_THREADS, asked)["repository"]["pullRequest"]["reviewThreads"]
        info = page["pageInfo"]
        found = dict(map(self._thread, page["nodes"]))
        return found, info["endCursor"] if info["hasNextPage"] else None

    def _thread(self, node: dict[str, Any]) -> tuple[int, Thread]:
        first = (node["comments"]["nodes"] or [{"databaseId": 0, "isMinimized": False}])[0]
        by = (node["resolvedBy"] or {}).get("databaseId")
        thread = Thread(
            id=node["id"],
            resolved=node["isResolved"],
            by_us=bool(self._me()) and by == self._me(),
            minimised=first["isMinimized"],
        )
        return first["databaseId"], thread

    def edited_by_others(self, one: Summary) -> bool:
        """Whether somebody else wrote what it says now; not so where GitHub does not tell.

        Nobody can keep GitHub from telling, and a rebuilt ledger forgets what was dismissed.
        """
        with suppress(CouldNotFinish):
            node = self._query(_EDITOR, {"id": one.node_id})["node"]
            editor = (node or {}).get("editor") or {}
            if self._me():
                return bool(editor.get("databaseId", self._me()) != self._me())
            return bool(editor.get("__typename", "Bot") != "Bot")
        return False

    def _query(self, text: str, variables: dict[str, Any]) -> dict[str, Any]:
        return self._attempts.read(
            lambda: dict(self._requester.graphql_query(text, variables)[1]["data"])
        )

    # --- who we are -----------------------------------------------------------------------

    def is_ours(self, user: NamedUser | Organization | None) -> bool:
        """Whether we are the author; when nobody told who we are, whether a bot is.

        By id: the login of an app without its `[bot]`, as GraphQL may give it (cli/cli#8409), can
        be the login of a person.
        """
        if user is None:
            return False
        me = self._me()
        return user.id == me if me else user.type == "Bot"

    def _me(self) -> int:
        if self._id is None:
            self._id = self._who()
        return self._id

    def _who(self) -> int:
        """Return the id of our account, 0 when GitHub does not tell.

        An installation token may not ask `GET /user` (anthropics/claude-code-action#538).
        """
        query = "query { viewer { databaseId } }"
        with suppress(CouldNotFinish):
            return self._attempts.read(
                lambda: int(
                    self._requester.graphql_query(query, {})[1]["data"]["viewer"]["databaseId"]
                )
            )
        with suppress(CouldNotFinish):
            return self._attempts.read(lambda: self._github.get_user().id)
        return 0


def _is_summary(one: IssueComment) -> bool:
    return read_marker(one.body or "") == "summary"


def _summary(one: IssueComment) -> Summary:
    return Summary(id=one.id, body=one.body, url=one.html_url, node_id=one.node_id)


def _marks(bodies: Iterable[str]) -> Iterator[str]:
    for body in bodies:
        if (marker := read_marker(body) or "").startswith(REPLY):
            yield marker


def _born(bodies: Iterable[str]) -> tuple[Ledger, ...]:
    found = map(ledger.read, bodies)
    return tuple(each for each in found if not isinstance(each, ledger.NoLedger))
