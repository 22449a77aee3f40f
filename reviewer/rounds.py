"""One round after others: what of it is told, and what need not be asked again. Pure.

Pure but for the repository it is handed. The rules are in `judge.rounds`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.flow import Cost, Coverage, History, Review, Usage
from reviewer.judge import anchor, fingerprint, rank, rounds
from reviewer.judge.head import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import (
        Again,
        Change,
        FileDiff,
        Ledger,
        NotReviewed,
        Placed,
        Proven,
        Rejected,
    )
    from reviewer.judge.evidence import Sent
    from reviewer.ports import Occasion, Tools
    from reviewer.settings import Settings

UNCHANGED = (
    "the change is line for line what was reviewed in round {}: only its base moved, or its "
    "commits were rewritten"
)
NOT_SEEN = "the review of this change could not see all of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is told in this round, and the ledger after it; None where nothing is remembered."""

    placed: tuple[Placed, ...]
    collapsed: tuple[Placed, ...]
    pre_existing: tuple[Placed, ...]
    ledger: Ledger | None = None
    again: tuple[Again, ...] = ()
    fixed: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    disbelieved: str = ""


def head_of(sent: Sent, paths: Sequence[str], history: History | None) -> Head:
    """Return what earlier findings are held against: the files that were seen in full."""
    changed = {file.diff.path: file.text for file in sent.changed}
    unseen = {path for path, text in changed.items() if text is None}
    texts = {path: text for path, text in sent.codebase.items() if path not in unseen}
    return Head(
        texts=texts | {path: text for path, text in changed.items() if text is not None},
        paths=frozenset(paths),
        changed=tuple(changed),
        since=history.since if history else None,
    )


def outcome(
    proven: Sequence[Proven],
    rejected: Sequence[Rejected],
    diffs: Sequence[FileDiff],
    head: Head,
    settings: Settings,
    history: History | None,
    *,
    whole: bool,
    audit: bool = False,
) -> Outcome:
    """Place the findings, hold them to what was told, and rank what is new."""
    told = history.ledger if history else rounds.NOTHING
    decided = rounds.decide(
        anchor.place(proven, diffs),
        told,
        head,
        rejected=[one.finding for one in rejected],
        whole=whole,
        only_new_or_severe=settings.rounds == "new_or_severe",
    )
    ranked = rank.rank(
        decided.new,
        max_inline=settings.max_inline,
        min_severity=settings.min_severity,
        min_confidence=settings.min_confidence,
        late=decided.late,
        first_number=told.next_number,
        audit=audit,
    )
    shown = _shown(decided, ranked, told)
    if history is None:
        return shown
    book = rounds.after(
        told,
        decided.known,
        (*shown.placed, *shown.collapsed, *shown.pre_existing),
        len(shown.pre_existing),
    )
    return replace(shown, ledger=book, disbelieved=history.disbelieved)


def _shown(decided: rounds.Decided, ranked: rank.Ranked, told: Ledger) -> Outcome:
    """Return what is told: what is new by its rank, and what stood in the summary already."""
    older = {one.id for one in told.known if one.older}
    kept = [one for one in decided.kept if one.id not in older]
    still = [one for one in decided.kept if one.id in older]
    return Outcome(
        placed=ranked.placed,
        collapsed=(*ranked.collapsed, *kept),
        pre_existing=(*ranked.pre_existing, *still),
        again=decided.again,
        fixed=decided.fixed,
        back=decided.back,
    )


def noted(
    ledger: Ledger | None,
    seen: Coverage,
    change: Change,
    diffs: Sequence[FileDiff],
    *,
    whole: bool,
) -> Ledger | None:
    """Return the ledger with what was reviewed: only a whole review need not be made again."""
    if ledger is None or not whole:
        return ledger
    return replace(
        ledger,
        base=change.base,
        head=change.head,
        patch=fingerprint.of_patch(diffs),
        incomplete=bool(seen.incomplete),
    )


def told(
    outcome: Outcome,
    change: Change,
    coverage: Coverage,
    cost: Cost,
    ledger: Ledger | None,
    *,
    model: str,
) -> Review:
    """Return the review that tells an outcome, and nothing beside."""
    return replace(
        unasked(change, coverage, model=model, ledger=ledger),
        placed=outcome.placed,
        collapsed=outcome.collapsed,
        pre_existing=outcome.pre_existing,
        cost=cost,
        again=outcome.again,
        fixed=outcome.fixed,
        back=outcome.back,
        disbelieved=outcome.disbelieved,
    )


def unasked(
    change: Change,
    coverage: Coverage,
    *,
    model: str = "",
    scripted: bool = False,
    ledger: Ledger | None = None,
    skipped: NotReviewed | None = None,
) -> Review:
    """Return a review for which nobody was asked: without findings, and free."""
    return Review(
        change=change,
        model=model,
        overview="",
        placed=(),
        collapsed=(),
        pre_existing=(),
        rejected=(),
        problems=(),
        coverage=coverage,
        cost=Cost(usage=Usage(), usd=0.0),
        seconds=0.0,
        scripted=scripted,
        ledger=ledger,
        skipped=skipped,
    )


def unchanged(change: Change, model: str, occasion: Occasion, *, tools: Tools) -> Review | None:
    """Return the review of a patch that an earlier round reviewed, or None: it has to be asked.

    What was told then stands, and decides over the exit code.
    """
    history = occasion.history
    if history is None or not history.ledger.patch:
        return None
    diffs = diff.parse(tools.repository.patch(change))
    told = history.ledger
    if fingerprint.of_patch(diffs) != told.patch:
        return None
    coverage = Coverage(
        files=(),
        changed=tuple(file.path for file in diffs),
        incomplete=(NOT_SEEN,) if told.incomplete else (),
    )
    after = replace(told, round=told.round + 1, base=change.base, head=change.head)
    return replace(
        unasked(change, coverage, model=model, scripted=occasion.scripted, ledger=after),
        unchanged=UNCHANGED.format(told.round),
        disbelieved=history.disbelieved,
    )
