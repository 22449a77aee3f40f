"""What people do in the stand-in's repository: open, push, comment, react. Changes the store.

None of it goes over the API, and no token is asked: it is what happens on GitHub's own pages, and
what a test or the demo lets happen between two requests.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

from reviewer.standin import github_comments, github_reviews
from reviewer.standin.github_store import one, swapped
from reviewer.standin.github_values import Artifact, PullRequest, Reaction, WorkflowRun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import CheckRun, IssueComment, Review, ReviewComment


class World:
    """One repository with its pull requests, and everybody who works in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Re-entrant: a fault may push while its request is being answered.
        self._lock = RLock()

    @contextmanager
    def _held(self, number: int) -> Iterator[PullRequest]:
        """Let nobody else change anything; yields a pull request as it is now."""
        with self._lock:
            yield self._store.pull(number)

    def be_at(self, now: datetime) -> None:
        """Let the next thing happen at that time, or a few seconds after it."""
        self._store.epoch = now

    # --- pull requests --------------------------------------------------------------------

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
        with self._held(number) as pull:
            pushed = replace(
                pull,
                head_sha=self._store.sha(new_sha),
                previous_head_sha=pull.head_sha,
                updated_at=self._store.now(),
            )
            comments = tuple(self._store.moved(pushed, each) for each in pull.review_comments)
            self._store.keep(replace(pushed, review_comments=comments))

    def set_labels(self, number: int, *names: str) -> None:
        """Let somebody give a pull request these labels, in the place of those it has."""
        with self._held(number) as pull:
            self._store.keep(replace(pull, labels=names))

    def close_pull_request(self, number: int) -> None:
        """Let somebody close a pull request without merging it."""
        with self._held(number) as pull:
            self._store.keep(replace(pull, state="closed"))

    def delete_head_repository(self, number: int) -> None:
        """Let the fork be deleted: `head.repo` is null from now on."""
        with self._held(number) as pull:
            self._store.keep(replace(pull, head_repository=None))

    # --- what is said ---------------------------------------------------------------------

    def add_issue_comment(self, number: int, author: str, body: str) -> IssueComment:
        """Let somebody write in the conversation."""
        with self._held(number) as pull:
            return github_comments.add_issue_comment(self._store, pull, author, body)

    def add_review_comment(
        self, number: int, author: str, body: str, **place: object
    ) -> ReviewComment:
        """Let somebody comment in the diff of the head, under GitHub's own rules.

        `place` has the keys of the REST endpoint: `path` with `line` or `subject_type="file"`,
        or `in_reply_to`. Raises `Refused`.
        """
        with self._held(number) as pull:
            fields = {"body": body, "commit_id": pull.head_sha, **place}
            return github_comments.create_comment(self._store, pull, author, fields)

    def add_review(self, number: int, author: str, body: str, **fields: object) -> Review:
        """Let somebody review; without an `event` the review stays pending. Raises `Refused`."""
        with self._held(number) as pull:
            return github_reviews.create_review(
                self._store, pull, author, {"body": body, **fields}
            )

    def edit_issue_comment(self, number: int, comment_id: int, author: str, body: str) -> None:
        """Let somebody with write access give a comment of the conversation another body."""
        with self._held(number) as pull:
            comment = one(pull.issue_comments, comment_id)
            github_comments.edit_issue_comment(self._store, pull, comment, body, by=author)

    def delete_comment(self, number: int, comment_id: int) -> None:
        """Let somebody delete a comment, in the diff or in the conversation."""
        with self._held(number) as pull:
            if any(each.id == comment_id for each in pull.issue_comments):
                note = one(pull.issue_comments, comment_id)
                github_comments.delete_issue_comment(self._store, pull, note)
            else:
                comment = one(pull.review_comments, comment_id)
                github_comments.delete_comment(self._store, pull, comment)

    def minimize_comment(self, number: int, comment_id: int, classifier: str) -> None:
        """Let somebody hide a comment in the diff; `classifier` as GraphQL answers it."""
        with self._held(number) as pull:
            hidden = replace(one(pull.review_comments, comment_id), minimized=classifier)
            comments = swapped(pull.review_comments, hidden)
            self._store.keep(replace(pull, review_comments=comments))

    def resolve_thread(self, number: int, comment_id: int, author: str | None) -> None:
        """Let somebody resolve the thread that a comment began; None opens it again."""
        with self._held(number) as pull:
            root = replace(one(pull.review_comments, comment_id), resolved_by=author)
            comments = swapped(pull.review_comments, root)
            self._store.keep(replace(pull, review_comments=comments))

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

    def reactions(self, comment_id: int) -> list[tuple[str, str]]:
        """Return who reacted to a comment of the conversation, and how."""
        found = self._store.reactions.get(comment_id, ())
        return [(each.author, each.content) for each in found]

    def pull_reactions(self, number: int) -> list[tuple[str, str]]:
        """Return who reacted to a pull request itself, and how."""
        found = self._store.pull_reactions.get(number, ())
        return [(each.author, each.content) for each in found]

    # --- accounts -------------------------------------------------------------------------

    def give_role(self, login: str, role: str) -> None:
        """Give an account a role in the repository: admin, maintain, write, triage, read, none."""
        with self._lock:
            self._store.roles[login] = role

    def delete_account(self, login: str) -> None:
        """Let an account be deleted: what it wrote has no user from now on."""
        with self._lock:
            self._store.gone.add(login)

    # --- what workflows did ---------------------------------------------------------------

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
        with self._held(number) as pull:
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

    def check_runs(self) -> list[CheckRun]:
        """Return the check runs, oldest first."""
        return list(self._store.checks)
