"""What the ledger keeps of a finding: when it is told, and when it is found again. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import FileLevel, Inline, InSummary, Known, State, Where
from reviewer.flow.texts import (
    MOST_CODE_CHARACTERS,
    MOST_LINE_CHARACTERS,
    MOST_WORDS_CHARACTERS,
)
from reviewer.judge.quotes import squeezed_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import Placed
    from reviewer.judge.same import Kind

MOST_FINGERPRINTS = 8
"""Of one finding: its first, and the last ones under which it came back."""

MOST_OTHERS = 5


def entry(one: Placed, number: int, *, older: bool = False) -> Known:
    """Return what the ledger keeps of a finding that is told in round `number`."""
    finding, place = one.proven.finding, one.proven.place
    others = dict.fromkeys(each.path for each in one.proven.evidence if each.path != place.path)
    return Known(
        id=one.id,
        fingerprints=(one.fingerprint,),
        title=_line(finding.title),
        severity=finding.severity,
        category=finding.category,
        path=place.path,
        code=_code(place.lines),
        round=number,
        where=_where(one),
        side=place.side,
        symbol=_line(finding.symbol),
        gist=finding.explanation[:MOST_WORDS_CHARACTERS],
        proposed=_code((one.suggestion or "").split("\n")),
        others=tuple(others)[:MOST_OTHERS],
        older=older,
    )


def found_again(known: Known, one: Placed) -> Known:
    """Return it as it was found this time: under one more fingerprint, with its code of today."""
    entered = entry(one, known.round)
    first, *rest = known.fingerprints
    rest = [name for name in rest if name != one.fingerprint]
    if one.fingerprint != first:
        rest.append(one.fingerprint)
    prints = (first, *rest[-(MOST_FINGERPRINTS - 1) :])
    state = State.OPEN if known.state is State.FIXED else known.state
    now = replace(
        known,
        fingerprints=prints,
        path=entered.path,
        code=entered.code,
        side=entered.side,
        others=entered.others or known.others,
        state=state,
    )
    return known if now == known else replace(now, edition=known.edition + 1)


def why_not(known: Known, kind: Kind) -> str:
    """Return why a finding is not told again."""
    told = f"{kind} {known.id}, told in round {known.round}"
    if known.state.settled:
        because = f": {known.why}" if known.why else ""
        return f"{told} and {known.state} by a person{because}"
    if known.state is State.FIXED:
        return f"{told}, mended and there again"
    return f"{told}, and it still stands"


def _where(one: Placed) -> Where:
    match_on = {Inline: Where.INLINE, FileLevel: Where.FILE, InSummary: Where.SUMMARY}
    return match_on[type(one.anchor)]


def _code(lines: Iterable[str]) -> str:
    return "\n".join(squeezed_lines("\n".join(lines)))[:MOST_CODE_CHARACTERS]


def _line(text: str) -> str:
    return " ".join(text.split())[:MOST_LINE_CHARACTERS]
