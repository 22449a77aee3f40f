"""Whether a run reviews its pull request by itself, and by which settings.

Does I/O: reads git, and asks GitHub what has become of the pull request since its event.

What somebody with write access orders is reviewed in any case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import providers
from reviewer.flow import NotReviewed
from reviewer.publish.github.attempts import Forbidden
from reviewer.source import event as events
from reviewer.source import gate
from reviewer.source.handover import OPEN
from reviewer.source.orders import Verb
from reviewer.source.payload import PullRequestNow, parse
from reviewer.wiring.local import base_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.publish.github.pull_request import PullRequestPublisher
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent
    from reviewer.source.orders import Order
    from reviewer.source.repo import GitRepository

PAUSED = NotReviewed(
    why="reviews of this pull request are paused",
    way_out="comment `/reviewer review`, or `/reviewer resume` before the next push",
)


def settings_of(
    repository: GitRepository,
    event: PullRequestEvent,
    environment: Mapping[str, str],
    order: Order | None,
    *,
    token: str,
) -> Settings:
    """Return the settings of the base, which is fetched for them."""
    repository.fetch((event.base_sha,), token=token, server_url=event.server_url)
    merged = base_settings(repository, event.base_sha, environment=environment, flags={})
    return _in_ci(merged, order)


def _in_ci(settings: Settings, order: Order | None) -> Settings:
    """Return them with Claude for `auto`: a forgotten secret must not pass for a review.

    What somebody ordered is reviewed in any case, and answered.
    """
    if settings.engine == "auto":
        settings = replace(settings, engine="claude")
    if order is None:
        return settings
    rounds = "all" if order.verb is Verb.FULL else settings.rounds
    return replace(
        settings,
        review_drafts=True,
        skip_labels=(),
        max_changed_lines=None,
        comment_when_clean=True,
        rounds=rounds,
    )


def unwanted(
    event: PullRequestEvent,
    settings: Settings,
    environment: Mapping[str, str],
    order: Order | None,
) -> NotReviewed | None:
    """Return why it is not reviewed by itself, or None. What is ordered is reviewed."""
    shut = gate.closed(event, authors=settings.fork_authors, label=settings.fork_label)
    return shut or events.unwanted(
        event,
        review_drafts=settings.review_drafts,
        skip_labels=settings.skip_labels,
        has_key=order is not None
        or settings.engine == "local"
        or providers.has_key(settings.provider, environment),
    )


def overtaken(event: PullRequestEvent, page: PullRequestPublisher) -> NotReviewed | None:
    """Return why nothing is paid for a pull request that has changed since its event, or None.

    A run can wait for hours, and an old one be run again; on a head that is the head no more
    nothing could be posted. And a label counts for the head that had it when it was given: who
    pushes after it shall get neither the old head reviewed at our expense nor the new one.
    """
    if event.event not in events.EVENTS:  # the API was asked this minute
        return None
    try:
        now = parse(PullRequestNow, page.conversation.pull())
    except Forbidden:
        if event.event in gate.WITH_SECRETS:
            raise
        return None  # nor will anything be posted: the job summary has it all
    if now.state != OPEN:
        return NotReviewed(why=f"it is {now.state} by now", way_out="comment `/reviewer review`")
    if now.head.sha != event.head_sha:
        return NotReviewed(why=f"it has moved on to {now.head.sha[:12]} since this run began")
    return None
