"""What was told about a change in earlier rounds, and what became of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewer.flow.diff import FileDiff, Side
from reviewer.flow.judge import Category, Severity
from reviewer.flow.texts import (
    Code,
    Count,
    FindingId,
    Fingerprint,
    Line,
    MaybeObjectId,
    MessageId,
    Path,
    Usd,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(StrEnum):
    """What became of a finding that was told.

    OPEN and ANSWERED findings stand; all others but FIXED were settled by a person.
    """

    OPEN = "open"
    ANSWERED = "answered"
    FIXED = "fixed"
    DELETED = "deleted"
    MINIMISED = "minimised"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def stands(self) -> bool:
        """Whether it still counts against the change: a reply alone mends nothing."""
        return self in {State.OPEN, State.ANSWERED}

    @property
    def settled(self) -> bool:
        """Whether a person decided: such a problem is never told again, reworded or moved."""
        return self in {State.DELETED, State.MINIMISED, State.RESOLVED, State.DISMISSED}

    @property
    def rank(self) -> int:
        """How final it is, as far as two accounts of the same age disagree."""
        return list(State).index(self)


class Where(StrEnum):
    """Where a finding was told."""

    INLINE = "inline"
    FILE = "file"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A finding that was told. `id` is never given to another finding of the pull request.

    `fingerprints` are all it was found under; the first is the one in the marker of its comment.
    `code` is what it quotes, whitespace squeezed, and `proposed` what we offered in its place;
    `gist` is the beginning of the explanation. `others` are further files that it speaks of.
    `edition` goes up with every change of `state`: of two accounts the younger one counts.
    """

    id: FindingId
    fingerprints: tuple[Fingerprint, ...]
    title: Line
    severity: Severity
    category: Category
    path: Path
    code: Code
    round: Count
    where: Where
    side: Side | None = Side.RIGHT
    symbol: Line = ""
    gist: Words = ""
    proposed: Code = ""
    others: tuple[Path, ...] = ()
    older: bool = False
    """It was there before the change, so it never fails the change."""
    state: State = State.OPEN
    why: Line = ""
    """The reason that was given for a dismissal."""
    edition: Count = 0

    @property
    def number(self) -> int:
        """The number in its id."""
        return int(self.id[1:])

    def became(self, state: State, *, why: str = "") -> Known:
        """Return it in another state, as a younger account of it; the same if nothing changed."""
        if (state, why) == (self.state, self.why):
            return self
        return replace(self, state=state, why=why, edition=self.edition + 1)


MOST_BILLS = 40
"""In a ledger; what the oldest ones come to is one bill then. Runs are named in their order."""

EARLIER = "earlier"
"""In the name of this run the oldest bills are kept together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a run has cost, or, until it is `settled`, the most that it may come to."""

    run: Line
    usd: Usd
    settled: bool = False


def one_account(bills: Iterable[Bill]) -> tuple[Bill, ...]:
    """Return one bill for each run, whatever the order: a settled one counts, else the dearest.

    Two accounts of which only one has put its oldest bills together are counted too high, never
    too low.
    """
    counted: dict[str, Bill] = {}
    for bill in sorted(bills, key=lambda one: (one.run, one.settled, one.usd)):
        counted[bill.run] = bill
    too_many = max(0, len(counted) - MOST_BILLS)
    if not too_many:
        return tuple(counted.values())
    earlier = counted.pop(EARLIER, Bill(run=EARLIER, usd=0))
    by_run = tuple(counted.values())
    old, kept = by_run[: too_many + 1], by_run[too_many + 1 :]
    usd = earlier.usd + sum(bill.usd for bill in old)
    return (Bill(run=EARLIER, usd=usd, settled=True), *kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a pull request was told over all rounds. An empty one has `round` 0.

    `base` and `head` are what the last whole review was of, `patch` the fingerprint of its
    effective patch, empty where no review came to its end. `numbers` is the highest number that
    an id was ever given. `edition` goes up when `paused` changes. `bills` are what its reviews
    cost, by run.
    """

    round: Count = 0
    base: MaybeObjectId = ""
    head: MaybeObjectId = ""
    patch: Fingerprint | None = None
    incomplete: bool = False
    """The last review could not see all of the change."""
    numbers: Count = 0
    known: tuple[Known, ...] = ()
    paused: bool = False
    edition: Count = 0
    message: MessageId = ""  # the last one that wrote to the prompt cache or read from it
    bills: tuple[Bill, ...] = ()

    @property
    def spent_usd(self) -> float:
        """What all runs have cost, those that have not ended at the most they may come to."""
        return sum(bill.usd for bill in self.bills)

    def billed(self, *bills: Bill) -> Ledger:
        """Return it with these bills too."""
        return replace(self, bills=one_account((*self.bills, *bills)))

    @property
    def next_number(self) -> int:
        """The number of the next finding that is new."""
        return 1 + max((self.numbers, *(one.number for one in self.known)))

    def find(self, name: str) -> Known | None:
        """Return the finding with this id (`F3`, in any case), if it is known."""
        return next((one for one in self.known if one.id == name.upper()), None)

    def by_fingerprint(self) -> dict[str, Known]:
        """Return each finding under each of its fingerprints."""
        return {name: one for one in self.known for name in one.fingerprints}

    def having(self, these: Iterable[Known]) -> Ledger:
        """Return it with these findings in the place of those with the same ids, or added."""
        known = {one.id: one for one in self.known} | {one.id: one for one in these}
        return replace(self, known=tuple(sorted(known.values(), key=lambda one: one.number)))

    def dismissed(self, name: str, *, why: str) -> Ledger | None:
        """Return it with this finding dismissed, or None if no such finding is known."""
        found = self.find(name)
        if found is None:
            return None
        return self.having([found.became(State.DISMISSED, why=why)])

    def undismissed(self, name: str) -> Ledger | None:
        """Return it with this finding open again, or None if it was not dismissed."""
        found = self.find(name)
        if found is None or found.state is not State.DISMISSED:
            return None
        return self.having([found.became(State.OPEN)])

    def pausing(self, *, paused: bool) -> Ledger:
        """Return it paused or resumed."""
        if paused == self.paused:
            return self
        return replace(self, paused=paused, edition=self.edition + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person answered in the thread of a finding; untrusted text."""

    id: str
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a review knows of the rounds before it; empty for a local review.

    The states in `ledger` are those of the page as it was read. `since` is the difference to the
    head that was reviewed last, None where that is not known. `disbelieved` says why the ledger
    of the page was not believed and was rebuilt from our comments; empty if it was. `run` names
    this run in its bill; `cap_usd` is what all reviews of the pull request may cost together, None
    where one was ordered in any case.
    """

    run: Line = ""
    cap_usd: float | None = None
    ledger: Ledger = field(default_factory=Ledger)
    since: tuple[FileDiff, ...] | None = None
    said: tuple[Said, ...] = ()
    disbelieved: str = ""

    @property
    def left_usd(self) -> float | None:
        """What is left for this review; None for a review without a cap of that kind."""
        return None if self.cap_usd is None else max(0.0, self.cap_usd - self.ledger.spent_usd)
