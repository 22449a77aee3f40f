"""What a person writes to us in a comment -> an order. Pure.

    /reviewer dismiss F3 the caller checks it

The order is the first line of the comment and begins with its first character, so that a quoted
mail (`> /reviewer review`) and a comment that only speaks of one are no orders. It may stand in a
code span. The text is anybody's: nothing is obeyed before GitHub was asked who wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

NAME = "/reviewer"

MOST_CHARACTERS = 1_000
"""Of the line with the order."""

MOST_REASON_CHARACTERS = 300
"""Of a reason: it is kept in the ledger, and cutting it could turn its sense around."""

_NAMED = re.compile(rf"(?P<ticks>`{{0,3}}){NAME}(?=[\s`]|$)", re.IGNORECASE | re.ASCII)
_FINDING = re.compile(r"[Ff]([0-9]{1,6})")


class Verb(StrEnum):
    """What can be asked for."""

    REVIEW = "review"
    FULL = "full"
    EXPLAIN = "explain"
    DISMISS = "dismiss"
    UNDISMISS = "undismiss"
    PAUSE = "pause"
    RESUME = "resume"
    HELP = "help"

    @property
    def takes_finding(self) -> bool:
        """Whether it is about one finding."""
        return self in {Verb.EXPLAIN, Verb.DISMISS, Verb.UNDISMISS}

    @property
    def reviews(self) -> bool:
        """Whether it asks for a review, which costs money."""
        return self in {Verb.REVIEW, Verb.FULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order that can be obeyed. `finding` is an id like `F3`, `reason` one line."""

    verb: Verb
    finding: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody spoke to us, and why that is no order; the words in `why` are ours."""

    why: str


@dataclass(frozen=True, slots=True)
class NoOrder:
    """A comment that is not for us, and why."""

    why: str


def read(body: str) -> Order | Unclear | NoOrder:
    """Return the order that a comment begins with."""
    line = body.partition("\n")[0]
    named = _NAMED.match(line)
    if named is None:
        return NoOrder(f"it does not begin with {NAME}")
    if len(line) > MOST_CHARACTERS:
        return Unclear(f"The line is longer than {MOST_CHARACTERS:,} characters.")
    rest, ticks = line[named.end() :], named["ticks"]
    return _order((rest.replace(ticks, " ", 1) if ticks else rest).split())


def _order(words: list[str]) -> Order | Unclear:
    if not words:
        return Order(verb=Verb.HELP)
    try:
        verb = Verb(words[0].lower())
    except ValueError:
        return Unclear("There is no such command.")
    if verb.takes_finding:
        return _about_finding(verb, words[1:])
    if len(words) > 1:
        return Unclear(f"Nothing may follow `{verb}` on its line.")
    return Order(verb=verb)


def _about_finding(verb: Verb, words: list[str]) -> Order | Unclear:
    named = _FINDING.fullmatch(words[0].strip("`:,")) if words else None
    if named is None:
        return Unclear(f"`{verb}` takes the id of a finding, as `{NAME} {verb} F3`.")
    finding, reason = f"F{int(named[1])}", " ".join(words[1:])
    if verb is not Verb.DISMISS:
        if reason:
            return Unclear(f"Nothing may follow the id after `{verb}`.")
        return Order(verb=verb, finding=finding)
    if not reason:
        return Unclear("`dismiss` takes a reason, on the same line.")
    if len(reason) > MOST_REASON_CHARACTERS:
        return Unclear(f"The reason is longer than {MOST_REASON_CHARACTERS} characters.")
    return Order(verb=verb, finding=finding, reason=reason)
