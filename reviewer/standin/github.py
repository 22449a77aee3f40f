"""A stand-in for GitHub's REST and GraphQL APIs over a real repository. Runs git, serves HTTP.

It keeps GitHub's rules for reviews and comments, so that what passes here passes there: every
anchor is checked against git's own diff, one bad comment refuses a whole review, a pending
review blocks its author. It answers on `http://127.0.0.1:port` and, as GHES does, below
`/api/v3` and `/api/graphql`.

>>> github = GitHub(folder)
>>> github.open_pull_request(7, "main", "feature", "Title", "Body")
>>> with Server(github) as server:
...     client = Github(base_url=server.url, auth=Auth.Token("stand-in"))

    github_values    what is remembered           github_bodies     keys and types of a request
    github_git       merge base, diff, commits    github_errors     GitHub's refusals
    github_patch     patch text -> hunks          github_faults     what goes wrong on request
    github_anchors   where a comment may stand    github_shapes     JSON of a pull request
    github_store     the memory                   github_objects    JSON of commits and files
    github_comments  rules of comments            github_accounts   JSON of users, repositories
    github_reviews   rules of reviews             github_graphql    GraphQL: text -> tree
    github_call      a REST request, pages        github_schema     the types known here
    github_code      endpoints for code           github_execute    check and answer a query
    github_talk      endpoints for comments       github_things     objects of the schema
    github_people    permissions, reactions       github_nodes      queries begin, mutations
    github_world     what people do
    github_checks    check runs
    github_runs      runs, lists of pull requests
    github_artifacts what runs uploaded
    github_routes    address -> endpoint          github_events     payloads of events
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reviewer.standin import github_events
from reviewer.standin.github_artifacts import STORAGE, stored
from reviewer.standin.github_bodies import parsed
from reviewer.standin.github_call import Call, Seen, seen
from reviewer.standin.github_errors import Refused, forbidden
from reviewer.standin.github_execute import execute
from reviewer.standin.github_faults import Plan
from reviewer.standin.github_nodes import Nodes
from reviewer.standin.github_routes import route
from reviewer.standin.github_shapes import Shapes
from reviewer.standin.github_store import Store, one
from reviewer.standin.github_values import BOT
from reviewer.standin.github_world import World
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.standin.github_faults import Fault
    from reviewer.standin.server import Exchange

ENTERPRISE = "/api/v3"
ENTERPRISE_GRAPHQL = "/api/graphql"
GRAPHQL = "/graphql"
REQUESTS_PER_HOUR = 1_000
"""What GITHUB_TOKEN may do in a repository (docs.github.com, REST rate limits)."""

RESET_EPOCH_SECONDS = 4_102_444_800
"""The year 2100: the limit on requests is far away unless a fault brings it."""


class GitHub(World):
    """The repository's world, seen by one token.

    `viewer` owns the token; with the suffix `[bot]` it is an installation's, as GITHUB_TOKEN is.
    `viewer_login` is how GraphQL names the viewer, by default without the suffix.
    `read_only` makes it the token of a fork's pull request; it can be switched between requests.
    `contents_write` is needed to resolve threads.
    """

    def __init__(
        self,
        git_dir: Path,
        *,
        repository: str = "octo/demo",
        default_branch: str = "main",
        viewer: str = "github-actions[bot]",
        viewer_login: str | None = None,
        read_only: bool = False,
        contents_write: bool = False,
    ) -> None:
        super().__init__(
            Store(git_dir, repository=repository, default_branch=default_branch, viewer=viewer)
        )
        self.read_only = read_only
        self.contents_write = contents_write
        self.requests: list[Seen] = []
        self._viewer_login = viewer_login or viewer.removesuffix(BOT)
        self._plan = Plan()

    # --- what the token may do -----------------------------------------------------------

    def let_checks_be_written(self) -> None:
        """Give the token `checks: write`."""
        self._store.may_write_checks = True

    def hide_actions(self) -> None:
        """Take `actions: read` from the token."""
        self._store.may_read_actions = False

    # --- what goes wrong, and what the runner is told ----------------------------------------

    def fail_next(self, method: str, path_regex: str, fault: Fault, times: int = 1) -> None:
        """Play a fault of `github_faults` on the next requests to a path that matches.

        GraphQL is a POST to `/graphql`; the prefix of GHES is not part of the path.
        """
        self._plan.add(method, re.compile(path_regex), fault, times)

    def event(
        self,
        number: int,
        action: str,
        *,
        label: str = "",
        api_url: str = "https://api.github.com",
    ) -> dict[str, Any]:
        """Return the payload of a `pull_request` event, as the runner stores it in a file.

        `label` is the one that was given, where that is the action. `api_url` is where its
        addresses point: the server's URL if a client shall follow them.
        """
        pull, shapes = self._store.pull(number), Shapes(self._store, api_url)
        return github_events.pull_request(shapes, pull, action, label)

    def run_event(
        self, run_id: int, *, action: str = "completed", api_url: str = "https://api.github.com"
    ) -> dict[str, Any]:
        """Return the payload of a `workflow_run` event about a run of another workflow."""
        run = one(self._store.runs, run_id)
        return github_events.workflow_run(Shapes(self._store, api_url), run, action)

    def comment_event(
        self,
        number: int,
        comment_id: int,
        *,
        action: str = "created",
        api_url: str = "https://api.github.com",
    ) -> dict[str, Any]:
        """Return the payload of an `issue_comment` event about a comment in the conversation."""
        pull, shapes = self._store.pull(number), Shapes(self._store, api_url)
        comment = one(pull.issue_comments, comment_id)
        return github_events.issue_comment(shapes, pull, comment, action)

    # --- what the server asks ------------------------------------------------------------

    def answer(self, exchange: Exchange) -> Answer:
        """Return GitHub's answer to one request, or what a planned fault makes of it."""
        path = exchange.path.removeprefix(ENTERPRISE)
        path = GRAPHQL if exchange.path == ENTERPRISE_GRAPHQL else path
        with self._lock:
            fault = self._plan.next(exchange.method, path)
            answer = fault(lambda: self._respond(exchange, path))
            self.requests.append(seen(exchange, path, answer))
            limits = {
                "x-github-request-id": f"{len(self.requests):X}",
                "x-ratelimit-limit": str(REQUESTS_PER_HOUR),
                "x-ratelimit-remaining": str(REQUESTS_PER_HOUR - len(self.requests)),
                "x-ratelimit-reset": str(RESET_EPOCH_SECONDS),
            }
            return replace(answer, headers={**limits, **answer.headers})

    def _respond(self, exchange: Exchange, path: str) -> Answer:
        try:
            if path.startswith(STORAGE):
                return stored(self._store, exchange)
            return self._dispatch(exchange, path)
        except Refused as error:
            return error.answer

    def _dispatch(self, exchange: Exchange, path: str) -> Answer:
        writes = exchange.method != "GET"
        if writes and "authorization" not in exchange.headers:
            raise Refused(401, "Requires authentication")
        if path == GRAPHQL:
            return self._graphql(exchange)
        if writes and self.read_only:
            raise forbidden()
        function, parts = route(exchange.method, path, self._store.repository)
        prefix = ENTERPRISE if exchange.path.startswith(ENTERPRISE) else ""
        api = f"http://{exchange.headers['host']}{prefix}"
        return function(
            Call(exchange=exchange, store=self._store, api=api, path=path, parts=parts)
        )

    def _graphql(self, exchange: Exchange) -> Answer:
        asked = parsed(exchange)
        if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
            raise Refused(400, "A query attribute must be specified and must be a string.")
        nodes = Nodes(
            self._store,
            viewer_login=self._viewer_login,
            may_write=not self.read_only,
            may_resolve=self.contents_write and not self.read_only,
        )
        variables = asked.get("variables") or {}
        if not isinstance(variables, dict):
            raise Refused(400, "Variables must be an object.")
        return Answer.of_json(execute(asked["query"], variables, nodes.roots()))
