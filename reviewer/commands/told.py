"""What a run on a pull request leaves behind: job summary, log, outputs, comments. Does I/O."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import EXIT_CLEAN, ReviewerError
from reviewer.publish import actions, markdown
from reviewer.publish.annotations import lines as annotation_lines
from reviewer.publish.neutralise import neutralise, workflow_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Receipt, Review
    from reviewer.ports import Publisher
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent


def skip(why: str, environment: Mapping[str, str]) -> int:
    """Say that nothing is reviewed, and why, where people look: the run stays green."""
    print(f"::notice title=reviewer::{workflow_message(f'Not reviewed: {why}.')}")
    summary, output = (
        Path(text) if (text := environment.get(name)) else None
        for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
    )
    actions.append_summary(summary, f"Not reviewed: {neutralise(why)}.\n")
    actions.append_outputs(output, actions.Outputs(outcome=actions.Outcome.SKIPPED))
    return EXIT_CLEAN


class PublisherOfRun:
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


def ended(
    reviewed: Review, receipt: Receipt, event: PullRequestEvent, settings: Settings, bundle: Path
) -> int:
    """Write the outputs of the action, and return the exit code."""
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
