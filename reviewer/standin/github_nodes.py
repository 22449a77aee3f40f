"""GitHub's GraphQL: where queries begin, and the four mutations. Changes the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.standin.github_accounts import repository_id
from reviewer.standin.github_errors import FORBIDDEN
from reviewer.standin.github_execute import Failed, Thing
from reviewer.standin.github_store import swapped
from reviewer.standin.github_things import PREFIXES, Things, actor
from reviewer.standin.github_values import IssueComment, PullRequest, Review, ReviewComment

if TYPE_CHECKING:
    from reviewer.standin.github_execute import Json
    from reviewer.standin.github_store import Store
    from reviewer.standin.github_things import Minimizable


class Nodes:
    """The objects of one request.

    Resolving a thread takes `contents: write` beside `pull-requests: write`
    (github/gh-aw#35726).
    """

    def __init__(
        self, store: Store, *, viewer_login: str, may_write: bool, may_resolve: bool
    ) -> None:
        self._store = store
        self._viewer_login = viewer_login
        self._may_write = may_write
        self._may_resolve = may_resolve
        self._things = Things(store, may_resolve=may_resolve)

    def roots(self) -> dict[str, Thing]:
        """Return where queries and mutations begin."""
        viewer = {**actor(self._store.viewer).fields, "login": self._viewer_login}
        query = {
            "viewer": Thing(type="User", fields=viewer),
            "node": lambda arguments: self._node(arguments["id"]),
            "repository": self._repository,
        }
        mutation = {
            "resolveReviewThread": lambda arguments: self._resolve(arguments, "Resolve"),
            "unresolveReviewThread": lambda arguments: self._resolve(arguments, "Unresolve"),
            "minimizeComment": lambda arguments: self._minimize(arguments, "Minimize"),
            "unminimizeComment": lambda arguments: self._minimize(arguments, "Unminimize"),
        }
        return {
            "query": Thing(type="Query", fields=query),
            "mutation": Thing(type="Mutation", fields=mutation),
        }

    # --- mutations -----------------------------------------------------------------------

    def _resolve(self, arguments: Json, verb: str) -> Thing:
        given, resolved = arguments["input"], verb == "Resolve"
        pull, root = self._thread_of(given["threadId"])
        if not self._may_resolve:
            raise Failed("FORBIDDEN", FORBIDDEN)
        root = replace(root, resolved_by=self._store.viewer if resolved else None)
        comments = swapped(pull.review_comments, root)
        pull = self._store.keep(replace(pull, review_comments=comments))
        fields = {"thread": self._things.thread(pull, root)}
        return _payload(f"{verb}ReviewThreadPayload", given, fields)

    def _minimize(self, arguments: Json, verb: str) -> Thing:
        given = arguments["input"]
        pull, item = self._find(given["subjectId"])
        if isinstance(item, PullRequest):
            raise _unknown_id(given["subjectId"])
        if not self._may_write:
            raise Failed("FORBIDDEN", FORBIDDEN)
        classifier = given.get("classifier", "").lower().replace("_", "-") or None
        changed = replace(item, minimized=classifier)
        pull = self._store.keep(_with(pull, changed))
        fields = {f"{verb.lower()}dComment": self._things.item(pull, changed)}
        return _payload(f"{verb}CommentPayload", given, fields)

    # --- finding things ------------------------------------------------------------------

    def _repository(self, arguments: Json) -> Thing:
        name = f"{arguments['owner']}/{arguments['name']}"
        if name.lower() != self._store.repository.lower():
            why = f"Could not resolve to a Repository with the name '{name}'."
            raise Failed("NOT_FOUND", why)
        fields = {
            "id": f"R_{repository_id(self._store.repository)}",
            "nameWithOwner": self._store.repository,
            "pullRequest": lambda given: self._numbered(given["number"]),
        }
        return Thing(type="Repository", fields=fields)

    def _numbered(self, number: int) -> Thing:
        if number not in self._store.pulls:
            why = f"Could not resolve to a PullRequest with the number of {number}."
            raise Failed("NOT_FOUND", why)
        return self._things.pull(self._store.pulls[number])

    def _node(self, node_id: str) -> Thing:
        if node_id.startswith("PRRT_"):
            return self._things.thread(*self._thread_of(node_id))
        pull, item = self._find(node_id)
        return (
            self._things.pull(pull)
            if isinstance(item, PullRequest)
            else self._things.item(pull, item)
        )

    def _thread_of(self, node_id: str) -> tuple[PullRequest, ReviewComment]:
        for pull in self._store.pulls.values():
            for root in self._things.roots(pull):
                if node_id == f"PRRT_{root.id}":
                    return pull, root
        raise _unknown_id(node_id)

    def _find(self, node_id: str) -> tuple[PullRequest, PullRequest | Minimizable]:
        store = self._store
        for pull in store.pulls.values():
            if node_id == f"PR_{pull.number}":
                return pull, pull
            items: list[Minimizable] = [*store.reviews(pull), *store.issue_comments(pull)]
            for item in [*items, *store.review_comments(pull, own_pending=True)]:
                if node_id == f"{PREFIXES[type(item)]}_{item.id}":
                    return pull, item
        raise _unknown_id(node_id)


def _payload(name: str, given: Json, fields: Json) -> Thing:
    return Thing(type=name, fields={"clientMutationId": given.get("clientMutationId"), **fields})


def _unknown_id(node_id: str) -> Failed:
    why = f"Could not resolve to a node with the global id of '{node_id}'"
    return Failed("NOT_FOUND", why)


def _with(pull: PullRequest, item: Minimizable) -> PullRequest:
    match item:
        case Review():
            return replace(pull, reviews=swapped(pull.reviews, item))
        case ReviewComment():
            return replace(pull, review_comments=swapped(pull.review_comments, item))
        case IssueComment():
            return replace(pull, issue_comments=swapped(pull.issue_comments, item))
