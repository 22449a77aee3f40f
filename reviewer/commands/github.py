"""`reviewer github`: the entry of the Action. Reviews the pull request of a workflow run.

Nothing that is wanted ends in silence: a run that reviews nothing says why in the log and in the
job summary, and one that cannot finish leaves its reason there before the error goes on.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.commands import orders
from reviewer.commands.local import base_settings, hired, opened, recent
from reviewer.commands.review import KEYS, run_pipeline
from reviewer.errors import EXIT_CLEAN, CouldNotFinish, ReviewerError, UserMustAct
from reviewer.flow import Change, History, PullRequest
from reviewer.judge.meanwhile import reconciled
from reviewer.publish import actions, markdown
from reviewer.publish.annotations import lines as annotation_lines
from reviewer.publish.attempts import Forbidden
from reviewer.publish.neutralise import neutralise, workflow_message
from reviewer.publish.pull_request import PullRequestPublisher, merge_base
from reviewer.source import comment as comments
from reviewer.source import event as events
from reviewer.source.orders import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Receipt, Review
    from reviewer.ports import Publisher
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent
    from reviewer.source.orders import Order
    from reviewer.source.repo import GitRepository


def run(*, bundle: Path | None) -> int:
    """Review the pull request that this workflow run is about."""
    return review_event(os.environ, bundle=bundle)


def review_event(
    environment: Mapping[str, str], *, bundle: Path | None, scripted: bool = False
) -> int:
    """Review the pull request that `environment` points at, and return the exit code."""
    kept = bundle or _default_bundle(environment)
    if environment.get("GITHUB_EVENT_NAME") == comments.EVENT:
        return orders.hear(
            _payload(environment),
            environment,
            token=required_token(environment),
            review=lambda event, order: _review(
                event, environment, bundle=kept, scripted=scripted, order=order
            ),
        )
    event = events.read(_payload(environment), environment)
    if isinstance(event, events.NotReviewed):
        return _skip(event.why, environment)
    with actions.reason_left(event.step_summary, event.output):
        return _review(event, environment, bundle=kept, scripted=scripted)


def _payload(environment: Mapping[str, str]) -> bytes:
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        return Path(path).read_bytes() if path else b"{}"
    except OSError as error:
        raise UserMustAct(
            f"GITHUB_EVENT_PATH is {path}, which cannot be read: {error.strerror}",
            way_out="run it in a GitHub workflow; locally, use `reviewer review`",
        ) from error


def _skip(why: str, environment: Mapping[str, str]) -> int:
    """Say that nothing is reviewed, and why, where people look: the run stays green."""
    print(f"::notice title=reviewer::{workflow_message(f'Not reviewed: {why}.')}")
    summary, output = (
        Path(text) if (text := environment.get(name)) else None
        for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
    )
    actions.append_summary(summary, f"Not reviewed: {neutralise(why)}.\n")
    actions.append_outputs(output, actions.Outputs(outcome=actions.Outcome.SKIPPED))
    return EXIT_CLEAN


def _default_bundle(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("RUNNER_TEMP") or ".") / "reviewer" / "bundle.json"


def _review(
    event: PullRequestEvent,
    environment: Mapping[str, str],
    *,
    bundle: Path,
    scripted: bool,
    order: Order | None = None,
) -> int:
    token = required_token(environment)
    with hired(ahead=True) as pool, opened(event.workspace) as repository:
        tips = (event.base_sha, event.head_sha)
        repository.fetch(tips, token=token, server_url=event.server_url)
        settings = _in_ci(
            base_settings(repository, event.base_sha, environment=environment, flags={}), order
        )
        wanted = events.wanted(
            event,
            review_drafts=settings.review_drafts,
            has_key=order is not None
            or settings.engine == "local"
            or any(environment.get(name) for name in KEYS),
        )
        if isinstance(wanted, events.NotReviewed):
            return _skip(wanted.why, environment)
        change = _change(event, repository, token=token)
        page = PullRequestPublisher(
            token,
            api_url=event.api_url,
            pull_request=_pull_request(event),
            author=event.author,
            comment_when_clean=settings.comment_when_clean,
            resolve_fixed=settings.resolve_fixed,
            reconciled=reconciled,
        )
        history = _history(page, change, repository, event, token=token)
        if order is not None:
            history = _anew(history)
        elif history.ledger.paused:
            return _skip("reviews of this pull request are paused", environment)
        reviewed, receipt = run_pipeline(
            repository,
            change,
            settings,
            pool=pool,
            publisher=_PublisherOfRun(page, event),
            bundle=bundle,
            environment=environment,
            activity=recent(),
            history=history,
            scripted=scripted,
        )
    code = reviewed.exit_code(settings.fail_on)
    actions.append_outputs(
        event.output,
        actions.Outputs(
            outcome=actions.Outcome.of(code),
            findings=len(reviewed.findings),
            cost_usd=reviewed.cost.usd,
            bundle=str(bundle),
            review_url=receipt.url,
        ),
    )
    return code


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


def _in_ci(settings: Settings, order: Order | None) -> Settings:
    """Return them with Claude for `auto`: a forgotten secret must not pass for a review.

    What somebody ordered is reviewed in any case, and answered.
    """
    if settings.engine == "auto":
        settings = replace(settings, engine="claude")
    if order is None:
        return settings
    rounds = "all" if order.verb is Verb.FULL else settings.rounds
    return replace(settings, review_drafts=True, comment_when_clean=True, rounds=rounds)


def _anew(history: History) -> History:
    """Return it without the patch that was reviewed last: the same patch is reviewed again."""
    return replace(history, ledger=replace(history.ledger, patch=None))


class _PublisherOfRun:
    """Posts to the pull request, and leaves the review in the job summary in any case.

    Where comments could not be posted, annotations carry the findings instead: also when posting
    fails half-way, because a review that is paid for must not be lost in an error message.
    """

    def __init__(self, inner: Publisher, event: PullRequestEvent) -> None:
        self._inner = inner
        self._event = event

    def publish(self, review: Review) -> Receipt:
        """Publish, and say in the log and the job summary what came of it."""
        actions.append_summary(self._event.step_summary, markdown.job_summary(review))
        try:
            receipt = self._inner.publish(review)
        except ReviewerError:
            _annotate(review)
            raise
        if receipt.degraded:
            why = workflow_message(f"Not posted as comments: {receipt.degraded}")
            print(f"::warning title=reviewer::{why}")
            _annotate(review)
        else:
            print(f"Posted {receipt.posted}, {receipt.already_there} there already. {receipt.url}")
        return receipt


def _annotate(review: Review) -> None:
    print("\n".join(annotation_lines(review)))


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
