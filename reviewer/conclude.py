"""From the answers to the review: hold them to the code, place what holds. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer import coverage, rounds
from reviewer.flow import Bill, Cost, Review, Usage
from reviewer.judge import agree, asked, baseline, evidence, outside, refute
from reviewer.money import spend
from reviewer.verify import Held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.check import Checked
    from reviewer.flow import Answer, History, Ledger, Reply, Reported
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings


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
    whole = not (broken or failed)
    seen = coverage.shown(prepared, () if unfinished else (*broken, *failed))
    cost = _cost(replies, prepared, history)
    outcome = _placed(holds, prepared, settings, history, whole=whole)
    ledger = rounds.noted(outcome.ledger, seen, prepared.shown.change, prepared.diffs, whole=whole)
    if ledger and history:
        ledger = _paid(ledger, history.run, replies, prepared)
    return replace(
        rounds.told(outcome, prepared.shown.change, seen, cost, ledger, model=replies[0].model),
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


def _placed(
    holds: Held,
    prepared: Prepared,
    settings: Settings,
    history: History | None,
    *,
    whole: bool,
) -> rounds.Outcome:
    return rounds.outcome(
        holds.proven,
        holds.rejected,
        prepared.diffs,
        rounds.head_of(sent(prepared), tuple(prepared.codebase.files), history),
        settings,
        history,
        whole=whole,
        audit=prepared.shown.change.audit is not None,
    )


def _paid(ledger: Ledger, run: str, replies: tuple[Reply, ...], prepared: Prepared) -> Ledger:
    """Return the ledger with what this run cost, and the message that used the prompt cache.

    A try whose bill nobody told counts as the dearest, so that the cap of all reviews holds.
    """
    attempts = [attempt for reply in replies for attempt in reply.attempts]
    usd = spend.at_worst_usd(prepared.tariff, prepared.estimate, attempts)
    billed = ledger.billed(Bill(run=run, usd=usd, settled=True))
    return replace(billed, message=_message(replies, prepared) or ledger.message)


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
    outcome = rounds.outcome(
        new,
        rejected,
        checked.ground.diffs,
        rounds.head_of(seen, tuple(checked.ground.codebase.files), history),
        settings,
        history,
        whole=not checked.undone,
    )
    looked, change = coverage.searched(checked), checked.ground.change
    ledger = rounds.noted(
        outcome.ledger, looked, change, checked.ground.diffs, whole=not checked.undone
    )
    free = Cost(usage=Usage(), usd=0.0)
    return replace(
        rounds.told(outcome, change, looked, free, ledger, model=LOCAL_ENGINE),
        rejected=rejected,
        known=known,
        tools=_tools(reported),
        elsewhere=elsewhere,
    )


def _tools(reported: Sequence[Reported]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(one.tool for one in reported).items())


def unasked(prepared: Prepared, *, history: History | None = None, scripted: bool) -> Review:
    """Return the review of a change of which nothing fits: free, and it says why."""
    return rounds.unasked(
        prepared.shown.change,
        coverage.shown(prepared),
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
