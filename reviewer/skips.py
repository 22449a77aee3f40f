"""What needs no model: decided before anything is packed, counted or paid. Pure.

Pure but for the repository it is handed. What the event alone decides (drafts, labels) is in
`source.event`, and a patch that an earlier round reviewed in `rounds`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer import diff, rounds
from reviewer.coverage import gaps
from reviewer.errors import UserMustAct
from reviewer.flow import SENDABLE, Coverage, NotReviewed
from reviewer.money import plan
from reviewer.pack import changed, rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Change, ChangedFile, History, Review
    from reviewer.ports import Occasion, Tools
    from reviewer.settings import Settings

MOST_REASONS = 5
"""Of the rules that keep a change from being shown; the summary names each file with its own."""

UNWRITTEN = "no line of it was changed"
"""Of a file that has another name or mode alone."""

LOCALLY = "raise max_changed_lines (REVIEWER_MAX_CHANGED_LINES), or name a nearer --base"


def skipped(
    change: Change,
    settings: Settings,
    occasion: Occasion,
    *,
    tools: Tools,
) -> Review | None:
    """Return the review of a change about which nobody needs to be asked, or None.

    Nothing of it may be shown, or it is too large. Where the first hides code, it is no skip but
    an incomplete review. Raises `UserMustAct` for a local change (without a history) that is too
    large: who runs it is there to decide.
    """
    if change.audit:
        return None
    history, scripted = occasion.history, occasion.scripted
    if history is not None and (spent := used_up(settings, history)):
        seen = Coverage(files=(), changed=(), incomplete=(spent.why,))
        return rounds.unasked(
            change, seen, scripted=scripted, ledger=history.ledger, skipped=spent
        )
    files = _files(change, settings, tools=tools)
    if large := too_large(files, settings):
        if history is None:
            raise UserMustAct(f"not reviewed: {large.why}", way_out=LOCALLY)
        seen = Coverage(files=(), changed=_paths(files), incomplete=(large.why,))
        return rounds.unasked(
            change, seen, scripted=scripted, ledger=history.ledger, skipped=large
        )
    if any(file.shows_change for file in files):
        return None
    hidden = tuple(gaps(files))
    told = history.ledger if history else None
    return rounds.unasked(
        change,
        Coverage(
            files=(), changed=_paths(files), unseen_changes=_unseen(files), incomplete=hidden
        ),
        model=settings.model,
        scripted=scripted,
        ledger=replace(told, round=told.round + 1) if told and hidden else told,
        skipped=None if hidden else ignored(files),
    )


def used_up(settings: Settings, history: History) -> NotReviewed | None:
    """Return why not even a small review may be paid for any more, or None."""
    least_usd = plan.least_usd(settings)
    if history.left_usd is None or history.left_usd >= least_usd:
        return None
    spent, cap = history.ledger.spent_usd, settings.max_usd_per_pull_request
    return NotReviewed(
        why=f"the reviews of this pull request have cost ${spent:.2f}, another may cost "
        f"${least_usd:.2f} at the least, and the setting max_usd_per_pull_request is ${cap:.2f}",
        way_out="comment `/reviewer review`, or raise the setting",
    )


def too_large(files: Sequence[ChangedFile], settings: Settings) -> NotReviewed | None:
    """Return why a change is too large to be sent, or None; what no rule lets out is not counted.

    A deleted line counts like an added one: it would be sent too.
    """
    lines = sum(
        line.changed
        for file in files
        if file.verdict.file_class in SENDABLE
        for hunk in file.diff.hunks
        for line in hunk.lines
    )
    most = settings.max_changed_lines
    if most is None or lines <= most:
        return None
    return NotReviewed(
        why=f"it changes {lines:,} lines, and the setting max_changed_lines is {most:,}",
        way_out="comment `/reviewer review`, or raise the setting",
    )


def ignored(files: Sequence[ChangedFile]) -> NotReviewed:
    """Return why nothing of a change may be shown: how many files by which rule."""
    reasons = Counter(file.why or UNWRITTEN for file in files).most_common()
    told = [
        f"{count:,} file{'s' if count > 1 else ''} ({why})"
        for why, count in reasons[:MOST_REASONS]
    ]
    if more := sum(count for _, count in reasons[MOST_REASONS:]):
        told.append(f"{more:,} more by other rules")
    if not told:
        return NotReviewed(why="it changes no file")
    return NotReviewed(why=f"nothing of it may be shown to a model: {', '.join(told)}")


def _files(change: Change, settings: Settings, *, tools: Tools) -> tuple[ChangedFile, ...]:
    """Return the changed files as they would be shown if all had room."""
    repository = tools.repository
    rules = rules_of(
        repository.entries(change.base),
        repository.read,
        include=settings.include,
        exclude=settings.exclude,
    )
    return changed.whole(
        diff.parse(repository.patch(change)),
        repository.read,
        rules,
        max_file_bytes=settings.max_file_bytes,
    )


def _paths(files: Sequence[ChangedFile]) -> tuple[str, ...]:
    return tuple(file.diff.path for file in files)


def _unseen(files: Sequence[ChangedFile]) -> tuple[tuple[str, str], ...]:
    return tuple((file.diff.path, file.why or UNWRITTEN) for file in files)
