"""When a repository was reviewed lately, as far as GitHub tells. Does I/O, through PyGithub.

The runs of the workflow that reviews tell it best; a token without `actions: read` is refused
them in a private repository (docs.github.com, "List workflow runs for a workflow"). Then pull
requests do: each was reviewed when it was opened, and about when it was last pushed to.

What is expected of a repository is never worth a review: what fails is a reason, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from reviewer.errors import ReviewerError
from reviewer.flow import Activity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from github.PaginatedList import PaginatedList
    from github.PullRequest import PullRequest
    from github.Repository import Repository
    from github.WorkflowRun import WorkflowRun

    from reviewer.publish.github.attempts import Attempts

Listed = TypeVar("Listed", "PullRequest", "WorkflowRun")

MOST_PAGES = 2
"""Of a hundred each: what lies further back tells little of the next hour."""

PER_PAGE = 100

DAYS = 28
_DAY_SECONDS = 86_400.0

NO_REVIEW = frozenset({"skipped", "action_required", "startup_failure"})
"""Conclusions of runs that reviewed nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: `workflow` is the name of the file of the workflow that reviews.

    The run and the pull request that ask are not among what was before them.
    """

    now: float
    workflow: str
    run_id: int = 0
    number: int = 0

    @property
    def since(self) -> float:
        """From when on."""
        return self.now - DAYS * _DAY_SECONDS


def activity(repository: Repository, attempts: Attempts, asked: Asked) -> Activity:
    """Return what GitHub tells: in one to four requests, each made once."""
    try:
        return attempts.once(lambda: _by_runs(repository, asked))
    except ReviewerError as error:
        refused = f"the runs of {asked.workflow} cannot be read: {error}"
    try:
        found = attempts.once(lambda: _by_pulls(repository, asked))
    except ReviewerError as error:
        why = f"other reviews are not counted: {refused}; nor can the pull requests: {error}"
        return Activity(now=asked.now, since=asked.now, source=why)
    return found


def _by_runs(repository: Repository, asked: Asked) -> Activity:
    begin = datetime.fromtimestamp(asked.since, UTC)
    runs: PaginatedList[WorkflowRun] = repository.get_workflow(asked.workflow).get_runs(
        event="pull_request",
        created=f">={begin:%Y-%m-%dT%H:%M:%SZ}",
        exclude_pull_requests=True,
    )
    found, since = _newest(runs, lambda one: one.created_at, asked.since)
    times = [
        one.created_at.timestamp()
        for one in found
        if one.id != asked.run_id and one.conclusion not in NO_REVIEW
    ]
    return _activity(
        asked, times, since, source=f"other reviews are counted by the runs of {asked.workflow}"
    )


def _by_pulls(repository: Repository, asked: Asked) -> Activity:
    pulls = repository.get_pulls(state="all", sort="updated", direction="desc")
    found, since = _newest(pulls, _updated, asked.since)
    times = [at for one in found if one.number != asked.number for at in _reviewed(one)]
    return _activity(asked, times, since, source="other reviews are counted by the pull requests")


def _newest(
    listed: PaginatedList[Listed], when: Callable[[Listed], datetime], since: float
) -> tuple[list[Listed], float]:
    """Return the first pages of what is listed newest first, and since when that is all."""
    found: list[Listed] = []
    for number in range(MOST_PAGES):
        page = listed.get_page(number)
        found += page
        if len(page) < PER_PAGE or when(page[-1]).timestamp() < since:
            return found, since
    return found, when(found[-1]).timestamp()


def _updated(pull: PullRequest) -> datetime:
    return pull.updated_at or pull.created_at


def _reviewed(pull: PullRequest) -> Iterator[float]:
    """Give when it was reviewed about; what last happened to a closed one is that it was closed.

    A comment too is an update: pull requests tell less well than runs.
    """
    yield pull.created_at.timestamp()
    if pull.state == "open" and _updated(pull) > pull.created_at:
        yield _updated(pull).timestamp()


def _activity(asked: Asked, times: list[float], since: float, *, source: str) -> Activity:
    known = tuple(sorted(at for at in times if since <= at < asked.now))
    return Activity(now=asked.now, since=since, reviews_at=known, source=source)
