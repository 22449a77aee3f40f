"""What is done in the threads of earlier findings, and about what two runs did at once. Pure.

Pure, but for the page it is handed.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish
from reviewer.flow import Ledger
from reviewer.publish.comments import MARKER, REPLY, comments
from reviewer.publish.github import history
from reviewer.publish.github.attempts import Refused
from reviewer.publish.ledger import merged, of
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reviewer.flow import Known, Review
    from reviewer.publish.comments import Comment
    from reviewer.publish.github.page import Note, Ours, Page

    Reconciled = Callable[[Review, Ledger], Review]


def answer(page: Page, review: Review, ours: Ours, *, resolve_fixed: bool) -> None:
    """Say in their threads which earlier findings were mended or came back, once."""
    for about, note, one in _to_tell(review, ours):
        mark = f"{REPLY}{one.id} {about} {one.edition}"
        if mark not in ours.replies:
            words = render("reply.md.j2", about=about, commit=review.change.head[:7])
            with suppress(Refused):  # the comment went away this minute
                page.reply(note, mark, f"{words}\n\n{MARKER.format(mark)}")
        if about == "fixed" and resolve_fixed:
            _resolve(page, note, ours)


def yielded(
    page: Page, review: Review, posted: Sequence[Comment], reconciled: Reconciled
) -> Review:
    """Return the review without what another run told while this one was posting.

    Nobody can lock a pull request: two runs can both look, and then both post. Each looks again
    afterwards, and who came later takes its doubles away, and gives up ids that were taken.
    """
    ours = page.ours()
    _take_away_doubles(page, ours)
    mine = {one.fingerprint for one in posted}
    since = min((note.id for note in ours.notes if note.fingerprint in mine), default=0)
    before = {note.fingerprint for note in ours.notes if note.id < since}
    settled = reconciled(review, merged(_of(each, before) for each in history.told(page, ours)))
    bodies = {
        one.fingerprint: one.body
        for one in comments(settled, carried=lambda name: of(settled.ledger, {name}))
    }
    names = {one.fingerprint: one.id for one in review.placed}
    renamed = {one.fingerprint for one in settled.placed if names[one.fingerprint] != one.id}
    for note in ours.notes:
        if note.fingerprint in mine and note.fingerprint not in bodies:
            page.delete(note)
        elif note.fingerprint in mine & renamed:
            page.edit(note, bodies[note.fingerprint])
    return settled


def _of(ledger: Ledger, fingerprints: set[str]) -> Ledger:
    """Return the part of a ledger that is about these comments."""
    known = tuple(one for one in ledger.known if fingerprints & {*one.fingerprints})
    return Ledger(known=known, numbers=ledger.numbers)


def _to_tell(review: Review, ours: Ours) -> Iterator[tuple[str, Note, Known]]:
    for about, names in (("fixed", review.fixed), ("back", review.back)):
        for name in names:
            one = review.ledger.find(name) if review.ledger else None
            notes = [note for note in ours.notes if one and note.fingerprint in one.fingerprints]
            if one and notes:
                yield about, notes[0], one


def _resolve(page: Page, note: Note, ours: Ours) -> None:
    """Resolve the thread, unless a person wrote in it; the reply says it where we may not."""
    if any(answer.note == note.id for answer in ours.answers):
        return
    with suppress(CouldNotFinish):
        thread = page.threads().get(note.id)
        if thread is not None and not thread.resolved:
            page.resolve(thread)


def _take_away_doubles(page: Page, ours: Ours) -> None:
    """Delete the later of two equal comments, which two runs at once both posted.

    Every run keeps the first one, so whoever comes last cleans up, and nobody deletes both.
    """
    answered = {answer.note for answer in ours.answers}
    counts = Counter(note.fingerprint for note in ours.notes)
    first = {note.fingerprint: note for note in reversed(ours.notes)}
    for note in ours.notes:
        double = counts[note.fingerprint] > 1 and note != first[note.fingerprint]
        if double and note.id not in answered:
            page.delete(note)
