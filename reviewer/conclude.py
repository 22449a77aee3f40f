"""From the answers to the review: hold them to the code, place what holds. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer import rounds
from reviewer.flow import SENDABLE, Bill, Cost, Coverage, FileClass, Level, Review, Usage
from reviewer.judge import agree, asked, baseline, evidence, outside, refute
from reviewer.money import spend
from reviewer.verify import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.check import Checked
    from reviewer.flow import Answer, ChangedFile, History, Reply, Reported, Snapshot
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings


_MAY_BE_CODE = (FileClass.GENERATED, FileClass.VENDORED, FileClass.MINIFIED)
"""Whoever names a file chooses these; nobody calls pictures and lock files code."""

LOCAL_ENGINE = "local engine"
"""What stands in the place of a model's name."""


def sent(prepared: Prepared) -> evidence.Sent:
    """Return what the model saw, in which quotes are looked up."""
    return evidence.Sent(
        codebase=prepared.pack.texts | {file.path: file.text for file in prepared.shown.related},
        changed=prepared.changed,
        outlines=prepared.pack.outlines,
    )


def held(answers: Sequence[Answer], prepared: Prepared) -> Held:
    """Hold the claims to what was sent, and claims of absence to the tree; each problem once."""
    seen = sent(prepared)
    outcomes = [(one.lens, *evidence.prove(one.findings, seen)) for one in answers]
    proven = agree.merged([(lens, found) for lens, found, _ in outcomes])
    rejected = [one for _, _, group in outcomes for one in group]
    kept, refuted = refute.refute([one.finding for one in proven], prepared.codebase)
    standing = tuple(one for one in proven if one.finding in kept)
    if prepared.shown.change.audit:
        standing, beside = asked.about(standing, prepared.shown.asked)
        refuted = (*refuted, *beside)
    new, known = baseline.apart(standing, prepared.baseline, prepared.diffs)
    ours, told = outside.apart(new, prepared.reported)
    return Held(proven=ours, rejected=(*rejected, *refuted), known=known, elsewhere=told)


def judged(
    answers: Sequence[Answer],
    holds: Held,
    replies: tuple[Reply, ...],
    prepared: Prepared,
    settings: Settings,
    *,
    history: History | None = None,
    failed: Sequence[tuple[str, str]] = (),
    scripted: bool,
) -> Review:
    """Place and rank what holds, and add up what it cost.

    `failed` are passes without an answer. A review whose every pass is incomplete is unfinished;
    where one is whole, the others leave it incomplete.
    """
    broken = [(one.lens, one.incomplete) for one in answers if one.incomplete]
    unfinished = broken[0][1] if len(broken) == len(answers) else ""
    coverage = _coverage(prepared, () if unfinished else (*broken, *failed))
    whole = not (broken or failed)
    cost = _cost(replies, prepared, history)
    outcome = rounds.outcome(
        holds.proven,
        holds.rejected,
        prepared.diffs,
        rounds.head_of(sent(prepared), tuple(prepared.codebase.files), history),
        settings,
        history,
        whole=whole,
        audit=prepared.shown.change.audit is not None,
    )
    change = prepared.shown.change
    ledger = rounds.noted(
        outcome.ledger,
        change,
        prepared.diffs,
        whole=whole,
        incomplete=bool(coverage.incomplete),
        bill=Bill(run=history.run, usd=cost.usd, settled=True) if history else None,
        message=_message(replies, prepared),
    )
    return replace(
        rounds.told(outcome, change, coverage, cost, ledger, model=replies[0].model),
        overview=next((one.overview for one in answers if one.overview), ""),
        rejected=holds.rejected,
        problems=tuple(problem for one in answers for problem in one.problems),
        seconds=sum(reply.seconds for reply in replies),
        unfinished=unfinished,
        unverified=holds.unverified,
        known=holds.known,
        tools=_tools(prepared.reported),
        elsewhere=holds.elsewhere,
        scripted=scripted,
    )


def judged_locally(
    checked: Checked,
    settings: Settings,
    *,
    history: History | None = None,
    reported: tuple[Reported, ...] = (),
) -> Review:
    """Hold what the local engine found to the same rules; it costs nothing."""
    seen = evidence.Sent(codebase=checked.texts, changed=checked.changed)
    proven, rejected = evidence.prove(checked.findings, seen)
    new, known = baseline.apart(proven, checked.ground.baseline, checked.ground.diffs)
    new, elsewhere = outside.apart(new, reported)
    incomplete = (*([checked.undone] if checked.undone else []), *_unparsed(checked))
    outcome = rounds.outcome(
        new,
        rejected,
        checked.ground.diffs,
        rounds.head_of(seen, tuple(checked.ground.codebase.files), history),
        settings,
        history,
        whole=not checked.undone,
    )
    change = checked.ground.change
    coverage = Coverage(
        files=(),
        changed=tuple(file.diff.path for file in checked.changed),
        unseen_changes=checked.unread,
        incomplete=incomplete,
        searched=True,
    )
    ledger = rounds.noted(
        outcome.ledger,
        change,
        checked.ground.diffs,
        whole=not checked.undone,
        incomplete=bool(incomplete),
    )
    free = Cost(usage=Usage(), usd=0.0)
    return replace(
        rounds.told(outcome, change, coverage, free, ledger, model=LOCAL_ENGINE),
        rejected=rejected,
        known=known,
        tools=_tools(reported),
        elsewhere=elsewhere,
    )


def _tools(reported: Sequence[Reported]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(one.tool for one in reported).items())


def _unparsed(checked: Checked) -> Iterator[str]:
    """Give the reasons for which files were not parsed: what is in them was not looked at."""
    reasons = Counter(why for _, why in checked.unparsed)
    yield from (f"files that were not parsed: {n:,} ({why})" for why, n in reasons.items())


def unasked(prepared: Prepared, *, history: History | None = None, scripted: bool) -> Review:
    """Return the review of a change of which nothing fits: free, and it says why."""
    return rounds.unasked(
        prepared.shown.change,
        _coverage(prepared),
        model=prepared.request.model,
        scripted=scripted,
        ledger=replace(history.ledger, round=history.ledger.round + 1) if history else None,
    )


def _message(replies: tuple[Reply, ...], prepared: Prepared) -> str:
    """Return the id of the first pass's message, if it had a part in the prompt cache."""
    return replies[0].attempts[-1].message_id if prepared.request.cache_ttl else ""


def _cost(replies: tuple[Reply, ...], prepared: Prepared, history: History | None) -> Cost:
    attempts = [attempt for reply in replies for attempt in reply.attempts]
    return Cost(
        usage=sum((attempt.usage for attempt in attempts), Usage()),
        usd=spend.spent_usd(prepared.tariff, attempts),
        estimate=prepared.estimate,
        before_usd=history.ledger.spent_usd if history else 0.0,
        pull_request_cap_usd=history.cap_usd if history else None,
        uncached_usd=spend.uncached_usd(prepared.tariff, attempts),
        cache=prepared.cache,
        cache_miss=next((each.cache_miss for each in attempts if each.cache_miss), None),
        untold=any(each.untold for each in attempts),
    )


def _coverage(prepared: Prepared, passes: Sequence[tuple[str, str]] = ()) -> Coverage:
    """Return what was seen; `passes` are those that did not come to an end, with the reason."""
    changed = prepared.changed
    return Coverage(
        files=prepared.pack.files,
        changed=tuple(file.diff.path for file in changed),
        unseen_changes=tuple((file.diff.path, file.why) for file in changed if file.why),
        incomplete=(
            *gaps(changed),
            *_unaudited(prepared),
            *(f"the pass for {lens}: {why}" for lens, why in passes),
        ),
        snapshot=_snapshot(prepared.shown.snapshot),
        related=tuple(file.path for file in prepared.shown.related),
        secrets=prepared.shown.secrets,
        rules=prepared.shown.project_rules.uses,
        asked=len(prepared.shown.asked),
    )


def _snapshot(shown: Snapshot | None) -> str:
    """Say as of when the codebase is shown: reviews of a day share it in the prompt cache."""
    if shown is None:
        return ""
    said = f"the base branch at {shown.commit[:12]}, the snapshot of the day"
    if shown.changed:
        said += f", with an overlay of {shown.changed:,} files that have changed since"
    if shown.stale:
        said += f"; of {shown.stale:,} of them only the names fitted"
    return said


def gaps(changed: Sequence[ChangedFile]) -> Iterator[str]:
    """Give what a reader must not overlook: a change must not be able to hide in silence."""
    total = len(changed)
    if cut := sum(map(_cut, changed)):
        yield f"{cut} of {total} changed files did not fit in full"
    if concealed := sum(file.concealed for file in changed):
        yield f"{concealed} of {total} changed files could not be shown, but are named like code"
    elif any(file.verdict.file_class in _MAY_BE_CODE for file in changed) and not any(
        file.shows_diff or file.text is not None for file in changed
    ):
        yield "nothing of the change was shown, by the rules for names of files"


def _unaudited(prepared: Prepared) -> Iterator[str]:
    """Say how much of what an audit is about the budget kept from being shown in full."""
    cut = [file for file in prepared.shown.unseen if file.file_class in SENDABLE]
    if cut:
        outlined = sum(file.level is Level.OUTLINE for file in cut)
        total = len(prepared.shown.asked)
        yield (
            f"{len(cut):,} of {total:,} files asked about did not fit in full "
            f"({outlined:,} were shown as outlines)"
        )


def _cut(file: ChangedFile) -> bool:
    """Whether the budget, not a rule, kept a changed file from being shown in full."""
    return bool(file.why) and file.text is None and file.verdict.file_class in SENDABLE
