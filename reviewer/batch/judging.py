"""What was shown and what came back -> a review, by the rules of a live audit. Pure.

Pure but for the ports it is handed. The commit that was packed is judged, whatever is checked out
by now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask.digest import digest
from reviewer.batch.answers import Awaited
from reviewer.batch.together import Judged, holds, together, unfinished
from reviewer.conclude import held, judged, sent
from reviewer.flow import Run
from reviewer.ground import ground
from reviewer.money import prices
from reviewer.passes import Passes
from reviewer.understand import understood
from reviewer.verify import verified
from reviewer.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.batch.answers import Answers
    from reviewer.batch.parcel import Parcel
    from reviewer.batch.state import Member
    from reviewer.flow import Reply, Request
    from reviewer.ports import Tools
    from reviewer.prepare import Prepared


def reviewed(member: Member, packs: Sequence[Parcel], answers: Answers, tools: Tools) -> Run:
    """Return the judged run of a repository.

    Raises `Awaited` with every request that has no answer yet, and `UserMustAct` where the commit
    is not there any more.
    """
    parts: list[Judged] = []
    awaited: list[Request] = []
    for pack, prepared in zip(packs, _opened(member, packs, tools), strict=True):
        try:
            parts.append(_judged(pack, prepared, member, answers))
        except Awaited as waiting:
            awaited += waiting.requests
    if awaited:
        raise Awaited(*awaited)
    whole = together([part.prepared for part in parts])
    replies = tuple(reply for part in parts for reply in part.replies)
    review = judged(
        [answer for at, part in enumerate(parts) for answer in part.named(at, len(parts))],
        holds([part.holds for part in parts]),
        replies,
        whole,
        member.target.settings,
        scripted=False,
    )
    return Run(
        version=VERSION,
        change=whole.shown.change,
        request_digest=digest(packs[0].request),
        replies=replies,
        review=replace(review, unfinished=unfinished(parts)),
    )


def _opened(member: Member, packs: Sequence[Parcel], tools: Tools) -> list[Prepared]:
    """Return the packs with the tree that they were made of."""
    settings = member.target.settings
    found = ground(packs[0].change, settings, tools=tools)
    tariff = prices.tariff(settings, model=member.model, batch=True)
    return [pack.opened(found.codebase, found.baseline, tariff) for pack in packs]


def _judged(pack: Parcel, prepared: Prepared, member: Member, answers: Answers) -> Judged:
    """Judge one pack; raises `Awaited` with every request of it that has no answer."""
    first: list[tuple[str, Reply]] = []
    awaited: list[Request] = []
    for lens, request in pack.requests():
        try:
            first.append((lens, answers.first(request)))
        except Awaited as waiting:
            awaited += waiting.requests
    if awaited:
        raise Awaited(*awaited)
    found, replies = understood(Passes(replies=tuple(first)), prepared, model=answers)
    standing = held(found, prepared)
    if member.target.settings.depth != "quick" and standing.proven:
        standing, replies = verified(
            standing, sent(prepared), replies, prepared, model=answers, received=_nobody
        )
    return Judged(prepared=prepared, answers=found, holds=standing, replies=replies)


def _nobody(_tokens: int) -> None:
    """Hear how many tokens came: all of them did."""
