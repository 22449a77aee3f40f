"""Whether an outsider's pull request is reviewed where the run has the key. Pure.

The workflows of `reviewer init --forks` ask the same in their conditions. It is asked again here,
because those are copied and edited, and a mistake in one must not open the purse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import NotReviewed
from reviewer.source.event import TARGET

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewer.source.event import PullRequestEvent

AFTER_A_RUN = "workflow_run"
WITH_SECRETS = (TARGET, AFTER_A_RUN)
"""The events on which a run has secrets whoever opened the pull request."""

ANYONE = "anyone"

_LABEL = "give it the label of the setting fork_label, anew where it has it"
_ORDER = "comment `/reviewer review`"


def closed(event: PullRequestEvent, *, authors: Collection[str], label: str) -> NotReviewed | None:
    """Return why the gate is closed to a pull request, or None: it is open, or there is none.

    `authors` is the setting `fork_authors`, `label` the setting `fork_label`. A label counts in
    the moment in which it is given, for the head that the pull request had then: what is pushed
    after it needs it anew. Who may give labels is GitHub's rule: those with triage access.
    """
    if event.event not in WITH_SECRETS:
        return None
    if event.label_given:
        return _by_label(event, label)
    if not event.from_fork or ANYONE in authors or event.association.lower() in authors:
        return None
    return NotReviewed(
        why=f"it comes from a fork, and GitHub calls its author {event.association} here; "
        f"the setting fork_authors has {', '.join(authors) or 'nobody'}",
        way_out=f"{_LABEL}, or {_ORDER}" if label and event.event == TARGET else _ORDER,
    )


def _by_label(event: PullRequestEvent, label: str) -> NotReviewed | None:
    """Return why a label that was given has nothing reviewed, or None. GitHub ignores its case."""
    if event.from_fork and label and event.label_given.casefold() == label.casefold():
        return None
    given = f"the label {event.label_given!r} was given"
    if not event.from_fork:
        return NotReviewed(why=f"{given}, and a label has only forks reviewed")
    return NotReviewed(why=f"{given}, and the setting fork_label has {label!r}", way_out=_ORDER)
