"""The replies -> answers: parsed, and repaired once where they do not follow the format. Pure.

Pure but for the model.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import request
from reviewer.ask.bounds import bound_tokens
from reviewer.flow import Answer
from reviewer.judge import findings
from reviewer.money import spend
from reviewer.once import once

if TYPE_CHECKING:
    from reviewer.flow import Reply, Request
    from reviewer.passes import Passes
    from reviewer.ports import Model
    from reviewer.prepare import Prepared

_SEVERITY = '"severity"'
"""Every finding has this key once, and no text inside an answer holds these quotes unescaped."""


def understood(
    passes: Passes, prepared: Prepared, *, model: Model
) -> tuple[tuple[Answer, ...], tuple[Reply, ...]]:
    """Parse the reply of each pass; one that ended by itself but is malformed is repaired once.

    Returns the answers, and every reply, those of repairs and of passes without an answer
    included. Whatever fails here leaves an incomplete answer with the reason: never an error,
    because the reply is paid for, and never an empty list that looks clean.
    """
    answers: list[Answer] = []
    replies = (*(reply for _, reply in passes.replies), *passes.lost)
    for lens, reply in passes.replies:
        answer, repairs = _understood(reply, replies, prepared, model=model)
        answers.append(replace(answer, lens=lens))
        replies += repairs
    return tuple(answers), replies


def _understood(
    reply: Reply, paid: tuple[Reply, ...], prepared: Prepared, *, model: Model
) -> tuple[Answer, tuple[Reply, ...]]:
    """Return the answer, and the reply of a repair, if one was made."""
    try:
        return findings.parse(reply), ()
    except findings.MalformedReply as broken:
        if reply.incomplete:
            return _nothing(f"{reply.incomplete}; nothing in it could be read"), ()
        return _repaired(reply, broken, paid, prepared, model=model)


def _repaired(
    reply: Reply,
    broken: findings.MalformedReply,
    paid: tuple[Reply, ...],
    prepared: Prepared,
    *,
    model: Model,
) -> tuple[Answer, tuple[Reply, ...]]:
    again = request.repair(reply.text, str(broken), prepared.request)
    if not _affordable(again, paid, prepared):
        return _nothing(f"{broken}; a repair could exceed the cap"), ()
    second, failed = once(again, model=model)
    if failed:
        return _nothing(f"{broken}; the repair failed: {failed}"), (second,)
    try:
        return _whole(findings.parse(second), reply.text, str(broken)), (second,)
    except findings.MalformedReply as still:
        return _nothing(f"{broken}; after one repair: {still}"), (second,)


def _whole(repaired: Answer, text: str, broken: str) -> Answer:
    """Return the repaired answer; it is incomplete unless it holds what the malformed one held.

    A finding that cannot be read is left out by a repair, and one that was cut off has gone: a
    repaired answer without findings could come from anything.
    """
    least, found = max(1, text.count(_SEVERITY)), len(repaired.findings)
    if repaired.incomplete or found >= least:
        return repaired
    return replace(repaired, incomplete=f"{broken}; {found} of at least {least} findings are left")


def _affordable(again: Request, paid: tuple[Reply, ...], prepared: Prepared) -> bool:
    return spend.may_add(
        prepared.tariff,
        prepared.estimate,
        [attempt for reply in paid for attempt in reply.attempts],
        prompt_tokens=bound_tokens(again),
        max_output_tokens=again.max_output_tokens,
    )


def _nothing(why: str) -> Answer:
    return Answer(overview="", findings=(), incomplete=why)
