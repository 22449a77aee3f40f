"""What a run on a pull request leaves behind: job summary, log, outputs, comments. Does I/O."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import rounds
from reviewer.errors import EXIT_CLEAN, CouldNotFinish, ReviewerError
from reviewer.flow import Change, Coverage, PullRequest, Receipt
from reviewer.publish.documents import markdown
from reviewer.publish.github import account, actions
from reviewer.publish.github.annotations import lines as annotation_lines
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.checks import check_of, without_comment
from reviewer.publish.neutralise import neutralise, workflow_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Bill, History, NotReviewed, Review
    from reviewer.ports import Publisher
    from reviewer.publish.github.pull_request import PullRequestPublisher
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent


def nothing(why: NotReviewed, environment: Mapping[str, str]) -> int:
    """Say that this run has nothing to review, and why: it stays green."""
    summary, output = (
        Path(text) if (text := environment.get(name)) else None
        for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
    )
    notice(f"Not reviewed: {why.why}.")
    actions.append_summary(summary, f"Not reviewed: {neutralise(why.why)}.\n")
    actions.append_outputs(output, actions.Outputs(outcome=actions.Outcome.SKIPPED))
    return EXIT_CLEAN


def skip(why: NotReviewed, event: PullRequestEvent, page: PullRequestPublisher) -> int:
    """Say that this push is not reviewed by itself, and why: the run stays green.

    A summary that is there is brought up to date, so that nobody takes what it says for the new
    head; where there is none, the pull request stays quiet.
    """
    change = Change(
        base=event.base_sha,
        merge_base=event.base_sha,
        head=event.head_sha,
        pull_request=PullRequest(repository=event.repository, number=event.number, url=event.url),
    )
    review = rounds.unasked(change, Coverage(files=(), changed=()), skipped=why)
    PublisherOfRun(_WhereTold(page), event).publish(review)
    actions.append_outputs(event.output, actions.Outputs(outcome=actions.Outcome.SKIPPED))
    return EXIT_CLEAN


class _WhereTold:
    """Publishes where there is a summary of another commit, with what that remembers."""

    def __init__(self, page: PullRequestPublisher) -> None:
        self._page = page

    def publish(self, review: Review) -> Receipt:
        told = self._page.history().ledger if self._page.ours().summary else None
        if told is None or told.head == review.change.head:  # that was reviewed, by order
            return Receipt(posted=0, already_there=0)
        return self._page.publish(replace(review, ledger=told))


class PublisherOfRun:
    """Posts to the pull request, and leaves the review in the job summary in any case.

    Where comments could not be posted, annotations carry the findings instead: also when posting
    fails half-way, because a review that is paid for must not be lost in an error message.
    """

    def __init__(
        self, inner: Publisher, event: PullRequestEvent, *, bundle: Path | None = None
    ) -> None:
        self._inner = inner
        self._event = event
        self._bundle = bundle

    def publish(self, review: Review) -> Receipt:
        """Publish, and say in the log and the job summary what came of it."""
        self._leave(review)
        if review.skipped:
            return self._skip(review, review.skipped)
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

    def _leave(self, review: Review) -> None:
        """Leave what is known on the runner: posting can fail, or be cancelled.

        A disk that is full must not cost the comments too.
        """
        try:
            actions.append_summary(self._event.step_summary, markdown.job_summary(review))
            if self._bundle:
                told = _outputs(review, actions.Outcome.UNFINISHED, self._bundle)
                actions.append_outputs(self._event.output, told)
        except CouldNotFinish as error:
            notice(f"Not all of the review is left on the runner: {error}")

    def _skip(self, review: Review, why: NotReviewed) -> Receipt:
        """Tell a summary that is there; nothing was paid for, so a failure to do so is none."""
        way_out = f" To have it reviewed: {why.way_out}." if why.way_out else ""
        notice(f"Not reviewed, because {why.why}.{way_out}")
        try:
            receipt = self._inner.publish(review)
        except ReviewerError as error:
            receipt = Receipt(posted=0, already_there=0, degraded=str(error))
        if receipt.degraded:
            notice(f"A summary that is there could not be told: {receipt.degraded}")
        return receipt


class AccountOfRun:
    """Notes on the pull request what this run may cost.

    Where nothing may be written, the cap over all runs cannot be kept: that is told, and the cap
    of the review holds all the same.
    """

    def __init__(self, page: PullRequestPublisher, history: History) -> None:
        self._page = page
        self._history = history

    def note(self, bill: Bill) -> None:
        """Note a bill; raises what the page raises, and `CapReached`."""
        known, cap_usd = self._history.ledger.bills, self._history.cap_usd
        try:
            account.note(self._page, known, bill, cap_usd=cap_usd)
        except Forbidden as error:
            notice(f"max_usd_per_pull_request cannot be kept, for lack of a record: {error}")


def check(
    review: Review, receipt: Receipt, page: PullRequestPublisher, settings: Settings
) -> None:
    """Make the check run with what has no comment; where that may not be, the log annotates it.

    It is told elsewhere too, so a failure here is none of the review.
    """
    if review.why_unasked:
        return
    untold = [one.fingerprint for one in review.placed] if receipt.degraded else []
    try:
        page.check_runs.put(check_of(review, settings.fail_on, refused=untold))
    except ReviewerError as error:
        notice(f"No check run was made: {error}")
        if not receipt.degraded:
            bare = tuple(without_comment(review))
            _annotate(replace(review, placed=bare, collapsed=(), pre_existing=()))


def notice(text: str) -> None:
    """Show a line above the log of the run."""
    print(f"::notice title=reviewer::{workflow_message(text)}")


def _annotate(review: Review) -> None:
    print("\n".join(annotation_lines(review)))


def ended(
    reviewed: Review, receipt: Receipt, event: PullRequestEvent, settings: Settings, bundle: Path
) -> int:
    """Write the outputs of the action, and return the exit code."""
    code = reviewed.exit_code(settings.fail_on)
    skipped = reviewed.skipped is not None and code == EXIT_CLEAN
    outcome = actions.Outcome.SKIPPED if skipped else actions.Outcome.of(code)
    actions.append_outputs(event.output, _outputs(reviewed, outcome, bundle, url=receipt.url))
    return code


def _outputs(
    review: Review, outcome: actions.Outcome, bundle: Path, *, url: str = ""
) -> actions.Outputs:
    return actions.Outputs(
        outcome=outcome,
        findings=len(review.findings),
        cost_usd=review.cost.usd,
        bundle=str(bundle) if bundle.exists() else "",
        review_url=url,
    )
