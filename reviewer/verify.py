"""The second look: the findings that hold are asked about once more, each with its files. Pure.

Pure but for the model. It can only take findings away, and only with a quote that is found; if
anything goes wrong they stay as they are, and the review says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.ask import second_look
from reviewer.ask.bounds import bound_tokens
from reviewer.judge import rulings
from reviewer.judge.findings import MalformedReply
from reviewer.money import spend
from reviewer.once import once
from reviewer.pack.tokens import family_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.ask.second_look import SecondLookRequest
    from reviewer.flow import Elsewhere, KnownFinding, Proven, Rejected, Reply
    from reviewer.judge.evidence import Sent
    from reviewer.ports import Model
    from reviewer.prepare import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the code bears out, and what it does not. `unverified` is for `Review.unverified`."""

    proven: tuple[Proven, ...]
    rejected: tuple[Rejected, ...]
    unverified: str = ""
    known: tuple[KnownFinding, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    """What other tools report already."""


def verified(
    held: Held,
    sent: Sent,
    replies: tuple[Reply, ...],
    prepared: Prepared,
    *,
    model: Model,
    received: Callable[[int], None],
) -> tuple[Held, tuple[Reply, ...]]:
    """Ask about the findings once more; the replies come back with that of the second look."""
    asking = second_look.build(
        held.proven,
        sent.changed,
        {**sent.codebase, **{path: each.text for path, each in sent.outlines.items()}},
        original=prepared.request,
        family=family_of(prepared.request.model),
    )
    if not asking.asked:
        return replace(held, unverified="no second look: the files cited are too large"), replies
    if not _affordable(asking, replies, prepared):
        return replace(held, unverified="no second look: it could exceed the cap"), replies
    reply, failed = once(asking.request, model=model, received=received)
    if failed:
        return replace(held, unverified=f"the second look failed: {failed}"), (*replies, reply)
    return _ruled(held, reply, asking, sent), (*replies, reply)


def _ruled(held: Held, reply: Reply, asking: SecondLookRequest, sent: Sent) -> Held:
    if reply.incomplete:
        return replace(held, unverified=f"the second look was not finished: {reply.incomplete}")
    try:
        ruled = rulings.apply(held.proven, rulings.parse(reply.text), asking.asked, sent)
    except MalformedReply as error:
        return replace(held, unverified=f"the second look could not be read: {error}")
    return replace(
        held,
        proven=ruled.standing,
        rejected=(*held.rejected, *ruled.refuted),
        unverified=_unruled(ruled.unruled, asking.left_out, len(held.proven)),
    )


def _unruled(unruled: int, left_out: int, total: int) -> str:
    if not unruled:
        return ""
    why = f"; the files of {left_out} were too large to be sent again" if left_out else ""
    return f"the second look left out {unruled} of {total} findings{why}"


def _affordable(asking: SecondLookRequest, replies: tuple[Reply, ...], prepared: Prepared) -> bool:
    return spend.may_add(
        prepared.tariff,
        prepared.estimate,
        [attempt for reply in replies for attempt in reply.attempts],
        prompt_tokens=bound_tokens(asking.request),
        max_output_tokens=asking.request.max_output_tokens,
    )
