"""`reviewer github`: the entry of the Action. Reviews the pull request of a workflow run.

Nothing that is wanted ends in silence: a run that reviews nothing says why in the log and in the
job summary, and one that cannot finish leaves its reason there before the error goes on.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.commands import forks, orders, warm
from reviewer.commands.told import AccountOfRun, PublisherOfRun, check, ended, nothing, skip
from reviewer.commands.wanted import PAUSED, settings_of, unwanted
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Change, History, NotReviewed, PullRequest
from reviewer.judge.meanwhile import reconciled
from reviewer.ports import Occasion
from reviewer.publish.github import account, actions
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.publish.github.repository import merge_base
from reviewer.publish.terminal import TerminalProgress
from reviewer.source import comment as comments
from reviewer.source import event as events
from reviewer.source import gate
from reviewer.wiring import activity
from reviewer.wiring.local import hired, opened, outside_reports
from reviewer.wiring.run import run_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent
    from reviewer.source.orders import Order
    from reviewer.source.repo import GitRepository


def run(*, sarif: Sequence[Path], bundle: Path | None, quiet: bool) -> int:
    """Review the pull request that this workflow run is about."""
    return review_event(os.environ, bundle=bundle, sarif=sarif, quiet=quiet)


def review_event(
    environment: Mapping[str, str],
    *,
    bundle: Path | None,
    scripted: bool = False,
    sarif: Sequence[Path] = (),
    quiet: bool = False,
) -> int:
    """Review the pull request that `environment` points at, and return the exit code."""
    kept = bundle or _default_bundle(environment)
    reviewed = partial(
        _review, environment=environment, bundle=kept, scripted=scripted, sarif=sarif, quiet=quiet
    )
    if environment.get("GITHUB_EVENT_NAME") == comments.EVENT:
        return orders.hear(
            _payload(environment),
            environment,
            token=required_token(environment),
            review=lambda event, order: reviewed(event, order=order),
        )
    if environment.get("GITHUB_EVENT_NAME") == warm.EVENT:
        return warm.keep(environment, token=required_token(environment))
    if environment.get("GITHUB_EVENT_NAME") == gate.AFTER_A_RUN:
        return forks.take_over(
            _payload(environment),
            environment,
            token=required_token(environment),
            review=lambda event, pack: reviewed(event, pack=pack),
        )
    event = events.read(_payload(environment), environment)
    if isinstance(event, NotReviewed):
        return nothing(event, environment)
    with actions.reason_left(event.step_summary, event.output):
        return reviewed(event)


def _payload(environment: Mapping[str, str]) -> bytes:
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        return Path(path).read_bytes() if path else b"{}"
    except OSError as error:
        raise UserMustAct(
            f"GITHUB_EVENT_PATH is {path}, which cannot be read: {error.strerror}",
            way_out="run it in a GitHub workflow; locally, use `reviewer review`",
        ) from error


def _default_bundle(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("RUNNER_TEMP") or ".") / "reviewer" / "bundle.json"


def _review(
    event: PullRequestEvent,
    *,
    environment: Mapping[str, str],
    bundle: Path,
    scripted: bool,
    order: Order | None = None,
    sarif: Sequence[Path] = (),
    pack: bytes | None = None,
    quiet: bool = False,
) -> int:
    token = required_token(environment)
    heard = TerminalProgress(sys.stderr, quiet=quiet)
    with hired(ahead=True) as pool, opened(event.workspace) as repository, heard as progress:
        settings = settings_of(repository, event, environment, order, token=token)
        page = _page(event, settings, token=token)
        if why := unwanted(event, settings, environment, order) or forks.moved(event, page):
            return skip(why, event, page)
        if pack is not None:
            repository.admit(pack, event.head_sha)
        change = _change(event, repository, token=token)
        history = _history(page, change, repository, event, token=token)
        history = _accounted(history, page, settings, environment)
        if order is not None:
            history = _anew(history)
        elif history.ledger.paused:
            return skip(PAUSED, event, page)
        reviewed, receipt = run_pipeline(
            repository,
            change,
            settings,
            pool=pool,
            publisher=PublisherOfRun(page, event),
            progress=progress,
            bundle=bundle,
            environment=environment,
            occasion=Occasion(
                activity=activity.of_pull_request(
                    event,
                    settings,
                    environment,
                    token=token,
                    last_message=history.ledger.message,
                ),
                history=history,
                account=AccountOfRun(page, history),
                scripted=scripted,
                reported=outside_reports(sarif, repository),
            ),
        )
    if settings.check_run:
        check(reviewed, receipt, page, settings)
    return ended(reviewed, receipt, event, settings, bundle)


def _history(
    page: PullRequestPublisher,
    change: Change,
    repository: GitRepository,
    event: PullRequestEvent,
    *,
    token: str,
) -> History:
    """Return what the page was told before, with what is new since.

    After a force-push the old head can be gone for good: then everything counts as new.
    """
    try:
        history = page.history()
    except Forbidden:  # nor will anything be posted: the job summary has it all
        return History()
    last = history.ledger.head
    if not last:
        return history
    try:
        repository.fetch((last,), token=token, server_url=event.server_url)
        since = diff.parse(repository.patch(replace(change, merge_base=last)))
    except CouldNotFinish:
        return history
    return replace(history, since=since)


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


def _anew(history: History) -> History:
    """Return it for an ordered review: of the same patch again, whatever was spent before."""
    return replace(history, ledger=replace(history.ledger, patch=None), cap_usd=None)


def _accounted(
    history: History,
    page: PullRequestPublisher,
    settings: Settings,
    environment: Mapping[str, str],
) -> History:
    """Return it with what the reviews have cost so far, and may cost."""
    run = "-".join(environment.get(name, "") for name in ("GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"))
    history = replace(history, run=run.strip("-") or f"{time.time_ns()}")
    try:
        ledger = account.recorded(page, history.ledger, most_usd=settings.max_usd_per_review)
    except Forbidden:  # nor can it be noted what this one costs, which is told then
        return history
    return replace(history, cap_usd=settings.max_usd_per_pull_request, ledger=ledger)


def required_token(environment: Mapping[str, str]) -> str:
    """Return the GitHub token; raises `UserMustAct` when there is none."""
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
    if not token:
        raise UserMustAct(
            "there is no GitHub token",
            way_out="set GITHUB_TOKEN; the action does it with its input `github-token`",
        )
    return token


def _change(event: PullRequestEvent, repository: GitRepository, *, token: str) -> Change:
    """Return the change as GitHub shows it; a shallow clone asks GitHub for the merge base."""
    base, head = event.base_sha, event.head_sha
    repository.fetch((head,), token=token, server_url=event.server_url)
    found = repository.merge_base(base, head)
    if found is None:
        found = merge_base(
            token, api_url=event.api_url, repository=event.repository, base=base, head=head
        )
        repository.fetch((found,), token=token, server_url=event.server_url)
    return Change(
        base=base,
        merge_base=found,
        head=head,
        title=event.title,
        description=event.body,
        commits=repository.messages(found, head),
        pull_request=_pull_request(event),
    )


def _pull_request(event: PullRequestEvent) -> PullRequest:
    return PullRequest(repository=event.repository, number=event.number, url=event.url)
