"""One pull request in a workflow run: whether it is reviewed, what is known of it, its review.

settings of the base -> wanted? -> the change -> its earlier rounds -> the pipeline -> told
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.commands.told import AccountOfRun, PublisherOfRun, check, ended, skip
from reviewer.commands.wanted import PAUSED, overtaken, settings_of, unwanted
from reviewer.errors import CouldNotFinish, ReviewerError
from reviewer.flow import Change, History, PullRequest
from reviewer.judge.meanwhile import reconciled
from reviewer.ports import Occasion
from reviewer.publish.github import account
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.publish.github.repository import merge_base
from reviewer.publish.terminal import TerminalProgress
from reviewer.wiring import activity
from reviewer.wiring.local import hired, opened, outside_reports
from reviewer.wiring.run import run_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reviewer.flow import Receipt, Review
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent
    from reviewer.source.orders import Order
    from reviewer.source.repo import GitRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How a workflow run was started. `sarif` are reports of other tools."""

    environment: Mapping[str, str]
    bundle: Path
    scripted: bool
    sarif: Sequence[Path]
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pull request, where its code is, where it is told, and by which settings."""

    event: PullRequestEvent
    token: str
    repository: GitRepository
    settings: Settings
    page: PullRequestPublisher

    def fetch(self, commit: str) -> None:
        """Bring a commit into the repository; raises `CouldNotFinish` where that is not to be."""
        self.repository.fetch((commit,), token=self.token, server_url=self.event.server_url)


def review(
    event: PullRequestEvent,
    job: Job,
    *,
    token: str,
    order: Order | None = None,
    pack: bytes | None = None,
) -> int:
    """Review a pull request, by itself or by an `order`, and return the exit code.

    `pack` has the objects of its head, where a run of a fork handed them over.
    """
    environment, heard = job.environment, TerminalProgress(sys.stderr, quiet=job.quiet)
    with hired(ahead=True) as pool, opened(event.workspace) as repository, heard as progress:
        settings = settings_of(repository, event, environment, order, token=token)
        page = _page(event, settings, token=token)
        if why := unwanted(event, settings, environment, order) or overtaken(event, page):
            return skip(why, event, page)
        if pack is not None:
            repository.admit(pack, event.head_sha)
        case = Case(event=event, token=token, repository=repository, settings=settings, page=page)
        change = _change(case)
        history = _accounted(_history(case, change), case, environment)
        if order is not None:
            history = _anew(history)
        elif history.ledger.paused:
            return skip(PAUSED, event, page)
        reviewed, receipt = run_pipeline(
            repository,
            change,
            settings,
            pool=pool,
            publisher=PublisherOfRun(page, event, bundle=job.bundle),
            progress=progress,
            bundle=job.bundle,
            environment=environment,
            occasion=_occasion(case, history, job),
        )
    if settings.check_run:
        check(reviewed, receipt, page, settings)
    if receipt.degraded and receipt.url == event.url:  # nothing of it is on the pull request
        _settle(case, history, reviewed)
        if order is not None:
            raise _unseen(receipt)
    return ended(reviewed, receipt, event, settings, job.bundle)


def _settle(case: Case, history: History, reviewed: Review) -> None:
    """Note the bill of a review whose own summary cannot tell it: else it counts at its cap."""
    bills = reviewed.ledger.bills if reviewed.ledger else ()
    bill = next((each for each in bills if each.run == history.run), None)
    if bill is None:
        return
    with suppress(ReviewerError):  # it counts at its cap then
        account.note(case.page, history.ledger.bills, bill, cap_usd=None)


def _unseen(receipt: Receipt) -> CouldNotFinish:
    """Return the error of an ordered review of which nothing stands where its orderer looks."""
    return CouldNotFinish(
        f"the review is not on the pull request: {receipt.degraded}",
        way_out="the job summary has all of it; order it anew for what the pull request is now",
    )


def _page(event: PullRequestEvent, settings: Settings, *, token: str) -> PullRequestPublisher:
    return PullRequestPublisher(
        token,
        api_url=event.api_url,
        pull_request=_pull_request(event),
        author=event.author,
        comment_when_clean=settings.comment_when_clean,
        resolve_fixed=settings.resolve_fixed,
        reconciled=reconciled,
    )


def _change(case: Case) -> Change:
    """Return the change as GitHub shows it; a shallow clone asks GitHub for the merge base."""
    event, base, head = case.event, case.event.base_sha, case.event.head_sha
    case.fetch(head)
    found = case.repository.merge_base(base, head)
    if found is None:
        found = merge_base(
            case.token, api_url=event.api_url, repository=event.repository, base=base, head=head
        )
        case.fetch(found)
    return Change(
        base=base,
        merge_base=found,
        head=head,
        title=event.title,
        description=event.body,
        commits=case.repository.messages(found, head),
        pull_request=_pull_request(event),
    )


def _history(case: Case, change: Change) -> History:
    """Return what the page was told before, with what is new since.

    After a force-push the old head can be gone for good: then everything counts as new.
    """
    try:
        history = case.page.history()
    except Forbidden:  # nor will anything be posted: the job summary has it all
        return History()
    last = history.ledger.head
    if not last:
        return history
    try:
        case.fetch(last)
        since = diff.parse(case.repository.patch(replace(change, merge_base=last)))
    except CouldNotFinish:
        return history
    return replace(history, since=since)


def _anew(history: History) -> History:
    """Return it for an ordered review: of the same patch again, whatever was spent before."""
    return replace(history, ledger=replace(history.ledger, patch=None), cap_usd=None)


def _accounted(history: History, case: Case, environment: Mapping[str, str]) -> History:
    """Return it with what the reviews have cost so far, and may cost."""
    run = "-".join(environment.get(name, "") for name in ("GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"))
    history = replace(history, run=run.strip("-") or f"{time.time_ns()}")
    most_usd = case.settings.max_usd_per_review
    try:
        ledger = account.recorded(case.page, history.ledger, most_usd=most_usd)
    except Forbidden:  # nor can it be noted what this one costs, which is told then
        return history
    return replace(history, cap_usd=case.settings.max_usd_per_pull_request, ledger=ledger)


def _occasion(case: Case, history: History, job: Job) -> Occasion:
    return Occasion(
        activity=activity.of_pull_request(
            case.event,
            case.settings,
            job.environment,
            token=case.token,
            last_message=history.ledger.message,
        ),
        history=history,
        account=AccountOfRun(case.page, history),
        scripted=job.scripted,
        reported=outside_reports(job.sarif, case.repository),
    )


def _pull_request(event: PullRequestEvent) -> PullRequest:
    return PullRequest(repository=event.repository, number=event.number, url=event.url)
