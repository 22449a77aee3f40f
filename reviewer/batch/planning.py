"""Repositories -> requests, and what they can cost. Pure.

Pure but for the ports it is handed, and the folder that keeps what is to be sent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.ask.digest import digest
from reviewer.batch.parcel import Parcel, parcelled
from reviewer.batch.state import Member, Question
from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.state import Batch, Target
    from reviewer.flow import Change, Request
    from reviewer.prepare import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One repository as it is packed: its packs, and the requests they make by id."""

    member: Member
    packs: tuple[Parcel, ...]
    requests: tuple[tuple[Request, Question], ...]


def planned(
    target: Target, changes: Sequence[Change], prepare: Callable[[Change], Prepared]
) -> Planned:
    """Return the packs of a repository, one for each change, and their requests.

    Raises what `prepare` raises.
    """
    packs = tuple(_parcel(prepare(change)) for change in changes)
    asked = [
        (request, _question(target, request, _named(at, len(packs), lens), parcel))
        for at, parcel in enumerate(packs)
        for lens, request in parcel.requests()
    ]
    member = Member(
        target=target,
        model=packs[0].request.model,
        packs=len(packs),
        prompt_tokens=sum(
            pack.estimate.prompt_tokens * max(1, len(pack.lenses)) for pack in packs
        ),
        first=tuple(dict.fromkeys(question.id for _, question in asked)),
    )
    return Planned(member=member, packs=packs, requests=tuple(asked))


def _parcel(prepared: Prepared) -> Parcel:
    """Return what is kept; the cap, which is that of one request, grows with the lenses."""
    parcel = parcelled(prepared)
    cap_usd = parcel.estimate.cap_usd * max(1, len(parcel.lenses))
    return replace(parcel, estimate=replace(parcel.estimate, cap_usd=cap_usd))


def _question(target: Target, request: Request, what: str, parcel: Parcel) -> Question:
    return Question(
        id=digest(request),
        member=target.name,
        what=what,
        most_usd=parcel.estimate.most_usd,
        size_bytes=0,
        betas=request.betas,
    )


def _named(at: int, packs: int, lens: str) -> str:
    pack = f"pack {at + 1} of {packs}" if packs > 1 else ""
    return ", ".join(filter(None, (pack, lens))) or "audit"


def kept(
    plans: Sequence[Planned],
    batch: Batch,
    before: Batch | None,
    folder: BatchFolder,
    written: Callable[[Request], Mapping[str, Any]],
) -> Batch:
    """Keep what the plans are to send, to the byte, and the state last; return the state.

    Whoever is killed before that has planned nothing. `written` is what is sent for a request.
    What was answered in a batch `before` is not asked again.
    """
    questions = dict(batch.questions)
    for plan in plans:
        folder.keep_packs(plan.member.name, plan.packs)
        for request, question in plan.requests:
            if question.id not in questions:
                size_bytes = folder.keep_request(question.id, written(request))
                questions[question.id] = replace(question, size_bytes=size_bytes)
    answered = before.results if before else {}
    made = replace(
        batch,
        members=tuple(plan.member for plan in plans),
        questions=questions,
        results={
            name: one
            for name, one in answered.items()
            if name in questions and one.kind == "succeeded"
        },
    )
    folder.save(made)
    folder.forget_requests(but=questions)
    return made


def check_cap(plans: Sequence[Planned], max_usd: float | None) -> None:
    """Raise `UserMustAct` when all of it together could cost more than `max_usd`."""
    most = most_usd(plans)
    if max_usd is not None and most > max_usd:
        raise over_the_cap(most, max_usd, len(plans))


def over_the_cap(most: float, max_usd: float, repositories: int) -> UserMustAct:
    """Return the error of a batch that could cost too much."""
    return UserMustAct(
        f"the batch of {repositories} repositories could cost ${most:,.2f} at the most, and "
        f"--max-usd is ${max_usd:,.2f}; nothing was sent",
        way_out=f"raise --max-usd to {math.ceil(most * 100) / 100:.2f}, lower max_usd_per_review "
        "or max_output_tokens, or leave out repositories",
    )


def most_usd(plans: Sequence[Planned]) -> float:
    """Return what the requests of all repositories can cost at the most; equal ones count once."""
    asked = {question.id: question for plan in plans for _, question in plan.requests}
    return sum(question.most_usd for question in asked.values())
