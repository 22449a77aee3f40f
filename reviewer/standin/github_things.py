"""GitHub's GraphQL objects: pull request, threads, comments, reviews, and their pages. Reads only.

Ids: PRRT_ thread (with the id of its first comment), PRRC_ review comment, PRR_ review,
IC_ issue comment, PR_ pull request; the same as the REST answers' `node_id`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from reviewer.standin.github_accounts import account_id
from reviewer.standin.github_execute import Failed, Thing
from reviewer.standin.github_values import BOT, IssueComment, Review, ReviewComment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.standin.github_execute import Json
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import PullRequest

MAX_PER_PAGE = 100
"""Source: docs.github.com, "Rate limits and query limits for the GraphQL API"."""

Minimizable = Review | ReviewComment | IssueComment

PREFIXES = {Review: "PRR", ReviewComment: "PRRC", IssueComment: "IC"}


class Things:
    """The objects as one viewer sees them; `may_resolve` goes for every thread."""

    def __init__(self, store: Store, *, may_resolve: bool) -> None:
        self._store = store
        self._may_resolve = may_resolve

    def roots(self, pull: PullRequest) -> list[ReviewComment]:
        """Return the first comments of threads; a deleted one still heads its answers."""
        seen = self._store.review_comments(pull, own_pending=True)
        wanted = {comment.in_reply_to or comment.id for comment in seen}
        return [comment for comment in pull.review_comments if comment.id in wanted]

    def pull(self, pull: PullRequest) -> Thing:
        """Return a pull request."""

        def thing(item: Minimizable) -> Thing:
            return self.item(pull, item)

        def thread(root: ReviewComment) -> Thing:
            return self.thread(pull, root)

        store = self._store
        fields = {
            "id": f"PR_{pull.number}",
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "isDraft": pull.draft,
            "author": actor(pull.author),
            "baseRefName": pull.base_ref,
            "baseRefOid": store.sha(pull.base_ref),
            "headRefName": pull.head_ref,
            "headRefOid": pull.head_sha,
            "comments": _pages("IssueComment", store.issue_comments(pull), thing),
            "reviews": _pages("PullRequestReview", store.reviews(pull), thing),
            "reviewThreads": _pages("PullRequestReviewThread", self.roots(pull), thread),
        }
        return Thing(type="PullRequest", fields=fields)

    def thread(self, pull: PullRequest, root: ReviewComment) -> Thing:
        """Return a thread; its `startLine` follows the head and its `line` does not.

        Measured on github.com by GuillaumeLagrange/diffy: use the comments' lines.
        """
        comments = [
            each
            for each in self._store.review_comments(pull, own_pending=True)
            if root.id in (each.id, each.in_reply_to)
        ]
        resolved, original = root.resolved_by is not None, root.original.anchor
        fields = {
            "id": f"PRRT_{root.id}",
            "isResolved": resolved,
            "isOutdated": root.outdated,
            "isCollapsed": resolved or root.outdated,
            "path": root.path,
            "line": None if root.outdated else original.line,
            "startLine": root.start_line,
            "originalLine": original.line,
            "originalStartLine": original.start_line,
            "diffSide": root.side,
            "startDiffSide": root.start_side,
            "subjectType": root.subject_type.upper(),
            "viewerCanResolve": self._may_resolve and not resolved,
            "viewerCanUnresolve": self._may_resolve and resolved,
            "resolvedBy": actor(root.resolved_by, "User") if root.resolved_by else None,
            "comments": _pages(
                "PullRequestReviewComment", comments, lambda each: self.item(pull, each)
            ),
        }
        return Thing(type="PullRequestReviewThread", fields=fields)

    def item(self, pull: PullRequest, item: Minimizable) -> Thing:
        """Return a review or a comment."""
        common = _common(item)
        match item:
            case Review():
                return Thing(type="PullRequestReview", fields=common | _review(item))
            case IssueComment():
                return Thing(type="IssueComment", fields=common | _dates(item))
            case ReviewComment():
                own = self._comment(pull, item)
                return Thing(type="PullRequestReviewComment", fields=common | own)

    def _comment(self, pull: PullRequest, comment: ReviewComment) -> Json:
        original = comment.original
        review = next(each for each in pull.reviews if each.id == comment.review_id)
        parents = [each for each in pull.review_comments if each.id == comment.in_reply_to]
        return {
            **_dates(comment),
            "path": comment.path,
            "line": comment.line,
            "startLine": comment.start_line,
            "originalLine": original.anchor.line,
            "originalStartLine": original.anchor.start_line,
            "outdated": comment.outdated,
            "subjectType": comment.subject_type.upper(),
            "state": "PENDING" if review.pending else "SUBMITTED",
            "commit": _commit(comment.commit_id),
            "originalCommit": _commit(original.commit_id),
            "replyTo": self.item(pull, parents[0]) if parents else None,
            "pullRequestReview": self.item(pull, review),
        }


def actor(login: str, kind: str = "") -> Thing:
    """Return an account; a bot's login has no suffix here, unlike in REST."""
    fields = {
        "id": f"{'BOT' if login.endswith(BOT) else 'U'}_{account_id(login)}",
        "login": login.removesuffix(BOT),
        "databaseId": account_id(login),
    }
    return Thing(type=kind or ("Bot" if login.endswith(BOT) else "User"), fields=fields)


def _common(item: Minimizable) -> Json:
    return {
        "id": f"{PREFIXES[type(item)]}_{item.id}",
        "databaseId": item.id,
        "fullDatabaseId": str(item.id),
        "author": actor(item.author),
        "body": item.body,
        "editor": actor(item.edited_by) if item.edited_by else None,
        "isMinimized": item.minimized is not None,
        "minimizedReason": item.minimized,
    }


def _dates(comment: ReviewComment | IssueComment) -> Json:
    return {"createdAt": comment.created_at, "updatedAt": comment.updated_at}


def _review(review: Review) -> Json:
    return {
        "state": review.state,
        "submittedAt": review.submitted_at,
        "commit": _commit(review.commit_id),
    }


def _commit(sha: str) -> Thing:
    return Thing(type="Commit", fields={"id": f"C_{sha}", "oid": sha})


# --- connections -----------------------------------------------------------------------------


def _pages(
    name: str, items: Sequence[Any], shape: Callable[[Any], Thing]
) -> Callable[[Json], Thing]:
    """Return the function behind a connection's field."""

    def connection(given: Json) -> Thing:
        start, end = _bounds(name, len(items), given)
        info = {
            "startCursor": _cursor(start) if end > start else None,
            "endCursor": _cursor(end - 1) if end > start else None,
            "hasPreviousPage": start > 0,
            "hasNextPage": end < len(items),
        }
        fields = {
            "nodes": [shape(item) for item in items[start:end]],
            "pageInfo": Thing(type="PageInfo", fields=info),
            "totalCount": len(items),
        }
        return Thing(type=f"{name}Connection", fields=fields)

    return connection


def _bounds(name: str, total: int, given: Json) -> tuple[int, int]:
    first, last = given.get("first"), given.get("last")
    amount = last if first is None else first
    if amount is None:
        why = f"You must provide a `first` or `last` value to properly paginate the {name}s."
        raise Failed("MISSING_PAGINATION_BOUNDARIES", why)
    if not 0 <= amount <= MAX_PER_PAGE:
        why = f"Requesting {amount} records of the {name}s exceeds the limit of {MAX_PER_PAGE}."
        raise Failed("EXCESSIVE_PAGINATION", why)
    start = _index(given["after"]) + 1 if given.get("after") else 0
    end = _index(given["before"]) if given.get("before") else total
    if first is None:
        return max(start, end - amount), end
    return start, min(start + amount, end)


def _cursor(index: int) -> str:
    return b64encode(f"cursor:{index}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(b64decode(cursor).decode().removeprefix("cursor:"))
    except ValueError as error:
        why = f"`{cursor}` does not appear to be a valid cursor."
        raise Failed("INVALID_CURSOR_ARGUMENTS", why) from error
