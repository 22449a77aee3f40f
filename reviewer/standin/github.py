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
    github_checks    check runs
    github_runs      runs, lists of pull requests
    github_artifacts what runs uploaded
    github_routes    address -> endpoint          github_events     payloads of events
"""

from __future__ import annotations

import re
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any

from reviewer.standin import github_comments, github_events, github_reviews
from reviewer.standin.github_artifacts import STORAGE, stored
from reviewer.standin.github_bodies import parsed
from reviewer.standin.github_call import Call, Seen, seen
from reviewer.standin.github_errors import Refused, forbidden
from reviewer.standin.github_execute import execute
from reviewer.standin.github_faults import Plan
from reviewer.standin.github_nodes import Nodes
from reviewer.standin.github_routes import route
from reviewer.standin.github_shapes import Shapes
from reviewer.standin.github_store import Store, one, swapped
from reviewer.standin.github_values import BOT, Artifact, PullRequest, Reaction, WorkflowRun
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from reviewer.standin.github_faults import Fault
    from reviewer.standin.github_values import CheckRun, IssueComment, Review, ReviewComment
    from reviewer.standin.server import Exchange

ENTERPRISE = "/api/v3"
ENTERPRISE_GRAPHQL = "/api/graphql"
GRAPHQL = "/graphql"
REQUESTS_PER_HOUR = 1_000
"""What GITHUB_TOKEN may do in a repository (docs.github.com, REST rate limits)."""

RESET_EPOCH_SECONDS = 4_102_444_800
"""The year 2100: the limit on requests is far away unless a fault brings it."""


class GitHub:
    """One repository with its pull requests, seen by one token.

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
        self.read_only = read_only
        self.contents_write = contents_write
        self.requests: list[Seen] = []
        self._store = Store(
            git_dir, repository=repository, default_branch=default_branch, viewer=viewer
        )
        self._viewer_login = viewer_login or viewer.removesuffix(BOT)
        self._plan = Plan()
        # Re-entrant: a fault may push while its request is being answered.
        self._lock = RLock()

    # --- what a test or the demo does ----------------------------------------------------

    def open_pull_request(
        self,
        number: int,
        base_ref: str,
        head_ref: str,
        title: str,
        body: str,
        *,
        head_repository: str | None = None,
        draft: bool = False,
        author: str = "octocat",
    ) -> None:
        """Open a pull request between two branches of the repository on this machine.

        `head_repository` names a fork; `head_ref` is here all the same. Raises `LookupError` for
        an unknown branch and for histories without a common ancestor.
        """
        pull = PullRequest(
            number=number,
            base_ref=base_ref,
            head_ref=head_ref,
            head_sha=self._store.sha(head_ref),
            title=title,
            body=body,
            author=author,
            head_repository=head_repository or self._store.repository,
            draft=draft,
            created_at=self._store.now(),
        )
        self._store.merge_base(pull, pull.head_sha)
        self._store.keep(pull)

    def pull_request(self, number: int) -> PullRequest:
        """Return a pull request as it is now; deleted things are in it, flagged."""
        return self._store.pull(number)

    def push(self, number: int, new_sha: str) -> None:
        """Move the head, by force if need be; comments follow their lines or become outdated."""
        with self._lock:
            pull = self._store.pull(number)
            head = self._store.sha(new_sha)
            pull = replace(
                pull,
                head_sha=head,
                previous_head_sha=pull.head_sha,
                updated_at=self._store.now(),
            )
            comments = tuple(self._store.moved(pull, each) for each in pull.review_comments)
            self._store.keep(replace(pull, review_comments=comments))

    def set_labels(self, number: int, *names: str) -> None:
        """Let somebody give a pull request these labels, in the place of those it has."""
        with self._lock:
            self._store.keep(replace(self._store.pull(number), labels=names))

    def be_at(self, now: datetime) -> None:
        """Let the next thing happen at that time, or a few seconds after it."""
        self._store.epoch = now

    def add_run(
        self,
        workflow: str,
        created_at: datetime,
        *,
        event: str = "pull_request",
        conclusion: str = "success",
        run_id: int | None = None,
    ) -> None:
        """Let a workflow have run; `workflow` is the name of its file."""
        self._store.runs.append(
            WorkflowRun(
                id=run_id or self._store.new_id(),
                workflow=workflow,
                event=event,
                conclusion=conclusion,
                created_at=f"{created_at:%Y-%m-%dT%H:%M:%SZ}",
            )
        )

    def finish_run(
        self,
        number: int,
        *artifacts: bytes,
        name: str = "reviewer-handover",
        event: str = "pull_request",
        conclusion: str = "success",
        head_sha: str = "",
    ) -> int:
        """Let a workflow have run for the head of a pull request, and return the run's id.

        `artifacts` are what it uploaded, all under one name; `head_sha` is another head than now.
        """
        with self._lock:
            pull = self._store.pull(number)
            run = WorkflowRun(
                id=self._store.new_id(),
                workflow=f"{name}.yml",
                event=event,
                conclusion=conclusion,
                created_at=self._store.now(),
                head_sha=head_sha or pull.head_sha,
                head_branch=pull.head_ref,
                head_repository=pull.head_repository,
            )
            self._store.runs.append(run)
            self._store.artifacts += (
                Artifact(id=self._store.new_id(), run=run, name=name, content=content)
                for content in artifacts
            )
            return run.id

    def let_artifacts_expire(self) -> None:
        """Let the time pass for which what was uploaded is kept."""
        with self._lock:
            self._store.artifacts[:] = [
                replace(each, expired=True) for each in self._store.artifacts
            ]

    def close_pull_request(self, number: int) -> None:
        """Let somebody close a pull request without merging it."""
        with self._lock:
            self._store.keep(replace(self._store.pull(number), state="closed"))

    def let_checks_be_written(self) -> None:
        """Give the token `checks: write`."""
        self._store.may_write_checks = True

    def check_runs(self) -> list[CheckRun]:
        """Return the check runs, oldest first."""
        return list(self._store.checks)

    def hide_actions(self) -> None:
        """Take `actions: read` from the token."""
        self._store.may_read_actions = False

    def delete_head_repository(self, number: int) -> None:
        """Let the fork be deleted: `head.repo` is null from now on."""
        with self._lock:
            self._store.keep(replace(self._store.pull(number), head_repository=None))

    def add_issue_comment(self, number: int, author: str, body: str) -> IssueComment:
        """Let somebody write in the conversation."""
        with self._lock:
            pull = self._store.pull(number)
            return github_comments.add_issue_comment(self._store, pull, author, body)

    def add_review_comment(
        self, number: int, author: str, body: str, **place: object
    ) -> ReviewComment:
        """Let somebody comment in the diff of the head, under GitHub's own rules.

        `place` has the keys of the REST endpoint: `path` with `line` or `subject_type="file"`,
        or `in_reply_to`. Raises `Refused`.
        """
        with self._lock:
            pull = self._store.pull(number)
            fields = {"body": body, "commit_id": pull.head_sha, **place}
            return github_comments.create_comment(self._store, pull, author, fields)

    def add_review(self, number: int, author: str, body: str, **fields: object) -> Review:
        """Let somebody review; without an `event` the review stays pending. Raises `Refused`."""
        with self._lock:
            pull = self._store.pull(number)
            return github_reviews.create_review(
                self._store, pull, author, {"body": body, **fields}
            )

    def edit_issue_comment(self, number: int, comment_id: int, author: str, body: str) -> None:
        """Let somebody with write access give a comment of the conversation another body."""
        with self._lock:
            pull = self._store.pull(number)
            comment = one(pull.issue_comments, comment_id)
            github_comments.edit_issue_comment(self._store, pull, comment, body, by=author)

    def delete_comment(self, number: int, comment_id: int) -> None:
        """Let somebody delete a comment, in the diff or in the conversation."""
        with self._lock:
            pull = self._store.pull(number)
            if any(each.id == comment_id for each in pull.issue_comments):
                note = one(pull.issue_comments, comment_id)
                github_comments.delete_issue_comment(self._store, pull, note)
            else:
                comment = one(pull.review_comments, comment_id)
                github_comments.delete_comment(self._store, pull, comment)

    def minimize_comment(self, number: int, comment_id: int, classifier: str) -> None:
        """Let somebody hide a comment in the diff; `classifier` as GraphQL answers it."""
        with self._lock:
            pull = self._store.pull(number)
            hidden = replace(one(pull.review_comments, comment_id), minimized=classifier)
            comments = swapped(pull.review_comments, hidden)
            self._store.keep(replace(pull, review_comments=comments))

    def give_role(self, login: str, role: str) -> None:
        """Give an account a role in the repository: admin, maintain, write, triage, read, none."""
        with self._lock:
            self._store.roles[login] = role

    def delete_account(self, login: str) -> None:
        """Let an account be deleted: what it wrote has no user from now on."""
        with self._lock:
            self._store.gone.add(login)

    def reactions(self, comment_id: int) -> list[tuple[str, str]]:
        """Return who reacted to a comment of the conversation, and how."""
        found = self._store.reactions.get(comment_id, ())
        return [(each.author, each.content) for each in found]

    def react(self, number: int, login: str, content: str) -> None:
        """Let somebody react to a pull request itself."""
        with self._lock:
            made = Reaction(
                id=self._store.new_id(),
                author=login,
                content=content,
                created_at=self._store.now(),
            )
            there = self._store.pull_reactions.get(number, ())
            self._store.pull_reactions[number] = (*there, made)

    def pull_reactions(self, number: int) -> list[tuple[str, str]]:
        """Return who reacted to a pull request itself, and how."""
        found = self._store.pull_reactions.get(number, ())
        return [(each.author, each.content) for each in found]

    def resolve_thread(self, number: int, comment_id: int, author: str | None) -> None:
        """Let somebody resolve the thread that a comment began; None opens it again."""
        with self._lock:
            pull = self._store.pull(number)
            root = replace(one(pull.review_comments, comment_id), resolved_by=author)
            comments = swapped(pull.review_comments, root)
            self._store.keep(replace(pull, review_comments=comments))

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
