"""What stands on a pull request -> the history that a review takes up. Pure.

The ledger in the summary is believed only if we wrote all of it. What it lacks comes from our
comments and reviews, which carry what they told; what became of a finding is read off the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import History, Said, State, Where
from reviewer.publish import ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from reviewer.flow import Known, Ledger
    from reviewer.publish.github.page import Ours, Page, Thread

MOST_SAID = 50
MOST_SAID_CHARACTERS = 1_000
"""Of what people answered; more than a few words of each tells a reviewer nothing."""

EDITED = "somebody else edited the summary"


def read(page: Page, ours: Ours, threads: Mapping[int, Thread] | None) -> History:
    """Return the history; without `threads` (they could not be read) it is what was noted last."""
    noted = believed(page, ours)
    found = ledger.merged([*given(noted), *ours.born])
    if isinstance(noted, ledger.NoLedger):
        found = replace(found, round=max((one.round for one in found.known), default=0))
    current = tuple(_current(one, ours, threads) for one in found.known)
    return History(
        ledger=replace(found, known=current),
        said=tuple(_said(current, ours)),
        disbelieved=noted.why if isinstance(noted, ledger.NoLedger) and current else "",
    )


def told(page: Page, ours: Ours) -> tuple[Ledger, ...]:
    """Return every ledger on the page that is believed, to be merged with others."""
    return *given(believed(page, ours)), *ours.born


def given(noted: tuple[Ledger, ...] | ledger.NoLedger) -> tuple[Ledger, ...]:
    """Return the ledgers, none where none is believed."""
    return () if isinstance(noted, ledger.NoLedger) else noted


def believed(page: Page, ours: Ours) -> tuple[Ledger, ...] | ledger.NoLedger:
    """Return the ledgers in our summaries, or why there is none to be believed."""
    if ours.summary is None:
        return ledger.NoLedger("there is no summary")
    read_back = [(one, ledger.read(one.body)) for one in (ours.summary, *ours.spare)]
    good = tuple(
        found
        for one, found in read_back
        if not isinstance(found, ledger.NoLedger) and not page.edited_by_others(one)
    )
    if good:
        return good
    first = read_back[0][1]
    return first if isinstance(first, ledger.NoLedger) else ledger.NoLedger(EDITED)


def _current(one: Known, ours: Ours, threads: Mapping[int, Thread] | None) -> Known:
    """Return it in the state that the page shows; what was dismissed stays so."""
    if one.where is Where.SUMMARY or one.state is State.DISMISSED:
        return one
    notes = {note.id for note in ours.notes if note.fingerprint in one.fingerprints}
    if not notes:
        return one if one.state is State.FIXED else one.became(State.DELETED)
    seen = _seen(notes, ours, threads)
    if one.state is State.FIXED and (seen is None or not seen.settled):
        return one
    if seen is None:  # unknown: as it was, but that it is there again
        return one.became(State.OPEN) if one.state is State.DELETED else one
    return one.became(seen)


def _seen(
    notes: Collection[int], ours: Ours, threads: Mapping[int, Thread] | None
) -> State | None:
    """Return what became of a finding whose comments are there; None if it cannot be known."""
    about = [threads[note] for note in notes if note in threads] if threads is not None else []
    if any(thread.minimised for thread in about):
        return State.MINIMISED
    if any(thread.resolved and not thread.by_us for thread in about):
        return State.RESOLVED
    if any(answer.note in notes for answer in ours.answers):
        return State.ANSWERED
    return State.OPEN if about else None


def _said(known: Collection[Known], ours: Ours) -> Iterator[Said]:
    """Give the last words of people, each with the finding that they are about."""
    names = {name: one.id for one in known for name in one.fingerprints}
    about = {note.id: names.get(note.fingerprint, "") for note in ours.notes}
    for answer in ours.answers[-MOST_SAID:]:
        if name := about.get(answer.note):
            yield Said(id=name, author=answer.author, text=answer.text[:MOST_SAID_CHARACTERS])
