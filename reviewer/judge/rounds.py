"""The findings of this round and what was told before -> what is told now. Pure.

    already told, reworded, moved          -> not told again, listed with the reason
    settled by a person                    -> never again, reworded or moved
    after round one, on code that was
    reviewed, and not severe               -> in the summary only
    everything else                        -> told

A problem that was told is never told twice, and a new one is never lost: which of the two a
finding is, is decided by `same`; what is in doubt on code that is still there as it was, is old.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reviewer.flow import Again, InSummary, Known, Ledger, Severity, Side, State, Where
from reviewer.judge import fingerprint
from reviewer.judge.entries import entry, found_again, why_not
from reviewer.judge.quotes import says_something, squeezed_lines
from reviewer.judge.same import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import Finding, Placed
    from reviewer.judge.head import Head

NOTHING = Ledger()
"""What a local review was told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Every finding of a round once.

    `new` are told; `late` gives for some of them, by fingerprint, why only in the summary.
    `kept` stood in the summary already and stay there, under their ids. `known` are the earlier
    findings as they are now.
    """

    new: tuple[Placed, ...]
    late: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[Placed, ...] = ()
    again: tuple[Again, ...] = ()
    known: tuple[Known, ...] = ()
    fixed: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def decide(
    placed: Sequence[Placed],
    told: Ledger,
    head: Head,
    *,
    rejected: Sequence[Finding] = (),
    whole: bool,
    only_new_or_severe: bool,
) -> Decided:
    """Hold the findings to the ledger; `whole` tells that the review came to its end.

    `rejected` are claims of this round that were not borne out: what is claimed at all is not
    mended.
    """
    if not told.known and not told.round:
        return Decided(new=tuple(placed))
    matches = match(placed, told.known, head)
    found = {at: found_again(told.known[at], one) for one, (at, _) in matches}
    mended = _mended(told.known, found, rejected, head) if whole else {}
    new = tuple(_new(placed, {id(one) for one, _ in matches}, told))
    current = {**dict(enumerate(told.known)), **found, **mended}
    return Decided(
        new=tuple(_caused(one, told.known) for one in new),
        late=_late(new, head) if only_new_or_severe and told.round else {},
        kept=tuple(_kept(one, told.known[at]) for one, (at, _) in matches if _stays(told, at)),
        again=tuple(
            Again(placed=one, known=told.known[at].id, why=why_not(told.known[at], kind))
            for one, (at, kind) in matches
            if not _stays(told, at)
        ),
        known=tuple(current.values()),
        fixed=tuple(one.id for one in mended.values()),
        back=tuple(
            told.known[at].id for at in sorted(found) if told.known[at].state is State.FIXED
        ),
    )


def after(told: Ledger, known: Iterable[Known], shown: Sequence[Placed], older: int) -> Ledger:
    """Return the ledger with what this round tells; the last `older` of `shown` are no news.

    What is told already keeps its entry. The next round begins from here.
    """
    number = told.round + 1
    book = replace(told, known=(), numbers=told.next_number - 1).having(known)
    first_older = len(shown) - older
    fresh = [
        entry(one, number, older=at >= first_older)
        for at, one in enumerate(shown)
        if book.find(one.id) is None
    ]
    return replace(book.having(fresh), round=number)


# --- what was told ----------------------------------------------------------------------------


def _stays(told: Ledger, at: int) -> bool:
    """Whether a finding has its place in the summary alone: there it must stay to be seen."""
    return told.known[at].where is Where.SUMMARY and not told.known[at].state.settled


def _kept(one: Placed, known: Known) -> Placed:
    why = f"it was told here in round {known.round}"
    return replace(one, id=known.id, fingerprint=known.fingerprints[0], anchor=InSummary(why=why))


# --- what is new ------------------------------------------------------------------------------


def _new(placed: Sequence[Placed], matched: set[int], told: Ledger) -> Iterator[Placed]:
    """Give what no earlier finding is, under a fingerprint of its own."""
    taken = told.by_fingerprint()
    for one in placed:
        if id(one) not in matched:
            other = fingerprint.told_apart(one.fingerprint, one.proven.finding)
            yield replace(one, fingerprint=other) if one.fingerprint in taken else one


def _late(new: Sequence[Placed], head: Head) -> dict[str, str]:
    """Return what was there to be found in an earlier round, and is not severe."""
    why = "it is about code of an earlier round, and less than high"
    return {
        one.fingerprint: why
        for one in new
        if one.proven.finding.severity.rank > Severity.HIGH.rank and not head.is_new(one.proven)
    }


def _caused(one: Placed, known: Sequence[Known]) -> Placed:
    """Say so where the code in question is what we proposed ourselves."""
    place = one.proven.place
    if place.side is not Side.RIGHT:
        return one
    lines = {line for line in squeezed_lines("\n".join(place.lines)) if says_something(line)}
    for earlier in known:
        proposed = set(earlier.proposed.split("\n")) - set(earlier.code.split("\n"))
        if place.path == earlier.path and lines & proposed:
            return replace(one, caused_by=earlier.id)
    return one


# --- what is mended ---------------------------------------------------------------------------


def _mended(
    known: Sequence[Known], found: Mapping[int, Known], rejected: Sequence[Finding], head: Head
) -> dict[int, Known]:
    """Return the earlier findings that a whole review had in view and does not find any more.

    Not without a change: a model that says nothing today was not wrong yesterday.
    """
    return {
        at: one.became(State.FIXED)
        for at, one in enumerate(known)
        if at not in found
        and one.state.stands
        and head.shows(one)
        and head.touches(one)
        and not any(_claims(claim, one) for claim in rejected)
    }


def _claims(claim: Finding, known: Known) -> bool:
    return claim.place.path == known.path and claim.category == known.category
