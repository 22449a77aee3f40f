"""From the reply to the review: understand it, hold it to the code, place it. Pure.

Pure but for the model, which is asked once more when its answer does not follow the format.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import request
from reviewer.errors import ReviewerError
from reviewer.flow import SENDABLE, Answer, Cost, Coverage, FileClass, Review, Usage
from reviewer.judge import anchor, evidence, findings, rank, refute
from reviewer.money import spend
from reviewer.verify import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.check import Checked
    from reviewer.flow import ChangedFile, FileDiff, Proven, Reply, Request
    from reviewer.ports import Model
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings


_MAY_BE_CODE = (FileClass.GENERATED, FileClass.VENDORED, FileClass.MINIFIED)
"""Whoever names a file chooses these; nobody calls pictures and lock files code."""

LOCAL_ENGINE = "local engine"
"""What stands in the place of a model's name."""

_SEVERITY = '"severity"'
"""Every finding has this key once, and no text inside an answer holds these quotes unescaped."""


def understood(
    reply: Reply, prepared: Prepared, *, model: Model
) -> tuple[Answer, tuple[Reply, ...]]:
    """Parse the reply; one that ended by itself but is malformed is repaired once.

    Whatever fails here leaves an incomplete answer with the reason: never an error, because the
    reply is paid for, and never an empty list that looks clean.
    """
    try:
        return findings.parse(reply), (reply,)
    except findings.MalformedReply as broken:
        if reply.incomplete:
            return _nothing(f"{reply.incomplete}; nothing in it could be read"), (reply,)
        return _repaired(reply, broken, prepared, model=model)


def _repaired(
    reply: Reply, broken: findings.MalformedReply, prepared: Prepared, *, model: Model
) -> tuple[Answer, tuple[Reply, ...]]:
    again = request.repair(reply.text, str(broken), prepared.request)
    if not _affordable(again, reply, prepared):
        return _nothing(f"{broken}; a repair could exceed the cap"), (reply,)
    try:
        second = model.ask(again, received=lambda _tokens: None, may_repeat=lambda _tries: False)
    except ReviewerError as error:
        return _nothing(f"{broken}; the repair failed: {error}"), (reply,)
    try:
        return _whole(findings.parse(second), reply.text, str(broken)), (reply, second)
    except findings.MalformedReply as still:
        return _nothing(f"{broken}; after one repair: {still}"), (reply, second)


def _whole(repaired: Answer, text: str, broken: str) -> Answer:
    """Return the repaired answer; it is incomplete unless it holds what the malformed one held.

    A finding that cannot be read is left out by a repair, and one that was cut off has gone: a
    repaired answer without findings could come from anything.
    """
    least, found = max(1, text.count(_SEVERITY)), len(repaired.findings)
    if repaired.incomplete or found >= least:
        return repaired
    return replace(repaired, incomplete=f"{broken}; {found} of at least {least} findings are left")


def _affordable(again: Request, reply: Reply, prepared: Prepared) -> bool:
    return spend.may_add(
        again.model,
        prepared.estimate,
        reply.attempts,
        prompt_tokens=request.bound_tokens(again),
        max_output_tokens=again.max_output_tokens,
    )


def _nothing(why: str) -> Answer:
    return Answer(overview="", findings=(), incomplete=why)


def sent(prepared: Prepared) -> evidence.Sent:
    """Return what the model saw, in which quotes are looked up."""
    return evidence.Sent(
        codebase=prepared.pack.texts | {file.path: file.text for file in prepared.shown.related},
        changed=prepared.changed,
        outlines=prepared.pack.outlines,
    )


def held(answer: Answer, prepared: Prepared) -> Held:
    """Hold the claims to what was sent, and claims of absence to the tree."""
    proven, rejected = evidence.prove(answer.findings, sent(prepared))
    kept, refuted = refute.refute([one.finding for one in proven], prepared.codebase)
    return Held(
        proven=tuple(one for one in proven if one.finding in kept), rejected=(*rejected, *refuted)
    )


def judged(
    answer: Answer,
    holds: Held,
    replies: tuple[Reply, ...],
    prepared: Prepared,
    settings: Settings,
    *,
    scripted: bool,
) -> Review:
    """Place and rank what holds, and add up what it cost."""
    ranked = _ranked(holds.proven, prepared.diffs, settings)
    return Review(
        change=prepared.shown.change,
        model=replies[0].model,
        overview=answer.overview,
        placed=ranked.placed,
        collapsed=ranked.collapsed,
        pre_existing=ranked.pre_existing,
        rejected=holds.rejected,
        problems=answer.problems,
        coverage=_coverage(prepared),
        cost=_cost(replies, prepared),
        seconds=sum(reply.seconds for reply in replies),
        unfinished=answer.incomplete,
        unverified=holds.unverified,
        scripted=scripted,
    )


def judged_locally(checked: Checked, settings: Settings) -> Review:
    """Hold what the local engine found to the same rules; it costs nothing."""
    seen = evidence.Sent(codebase=checked.texts, changed=checked.changed)
    proven, rejected = evidence.prove(checked.findings, seen)
    ranked = _ranked(proven, checked.ground.diffs, settings)
    return Review(
        change=checked.ground.change,
        model=LOCAL_ENGINE,
        overview="",
        placed=ranked.placed,
        collapsed=ranked.collapsed,
        pre_existing=ranked.pre_existing,
        rejected=rejected,
        problems=(),
        coverage=Coverage(
            files=(),
            changed=tuple(file.diff.path for file in checked.changed),
            unseen_changes=checked.unread,
            incomplete=(*([checked.undone] if checked.undone else []), *_unparsed(checked)),
            searched=True,
        ),
        cost=Cost(usage=Usage(), usd=0.0),
        seconds=0.0,
    )


def _unparsed(checked: Checked) -> Iterator[str]:
    """Give the reasons for which files were not parsed: what is in them was not looked at."""
    reasons = Counter(why for _, why in checked.unparsed)
    yield from (f"files that were not parsed: {n:,} ({why})" for why, n in reasons.items())


def _ranked(
    proven: Sequence[Proven], diffs: Sequence[FileDiff], settings: Settings
) -> rank.Ranked:
    return rank.rank(
        anchor.place(proven, diffs),
        max_inline=settings.max_inline,
        min_severity=settings.min_severity,
        min_confidence=settings.min_confidence,
    )


def unasked(prepared: Prepared, *, scripted: bool) -> Review:
    """Return the review of a change of which nothing can be shown: free, and it says why."""
    return Review(
        change=prepared.shown.change,
        model=prepared.request.model,
        overview="",
        placed=(),
        collapsed=(),
        pre_existing=(),
        rejected=(),
        problems=(),
        coverage=_coverage(prepared),
        cost=Cost(usage=Usage(), usd=0.0),
        seconds=0.0,
        scripted=scripted,
    )


def _cost(replies: tuple[Reply, ...], prepared: Prepared) -> Cost:
    attempts = [attempt for reply in replies for attempt in reply.attempts]
    return Cost(
        usage=sum((attempt.usage for attempt in attempts), Usage()),
        usd=spend.spent_usd(prepared.request.model, attempts),
        estimate=prepared.estimate,
    )


def _coverage(prepared: Prepared) -> Coverage:
    changed = prepared.changed
    return Coverage(
        files=prepared.pack.files,
        changed=tuple(file.diff.path for file in changed),
        unseen_changes=tuple((file.diff.path, file.why) for file in changed if file.why),
        incomplete=tuple(_gaps(changed)),
        related=tuple(file.path for file in prepared.shown.related),
        secrets=prepared.shown.secrets,
    )


def _gaps(changed: tuple[ChangedFile, ...]) -> Iterator[str]:
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


def _cut(file: ChangedFile) -> bool:
    """Whether the budget, not a rule, kept a changed file from being shown in full."""
    return bool(file.why) and file.text is None and file.verdict.file_class in SENDABLE
