"""What an order does on a pull request, but for reviewing. Pure, but for the page it is handed.

The answer to an order is what makes it hold: it carries the changed part of the ledger on its
hidden line, so that one write either did all of it or nothing, and two orders at once lose
nothing. Its marker names the order, which is therefore obeyed once, however often the run is
repeated. The summary only copies what the answers say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import Ledger, State
from reviewer.publish import ledger
from reviewer.publish.comments import BODY_CHARACTERS, MARKER, REPLY
from reviewer.publish.github import history
from reviewer.publish.github.attempts import Refused
from reviewer.publish.neutralise import code_block, code_span, cut, inline, neutralise
from reviewer.render import render

if TYPE_CHECKING:
    from reviewer.flow import Known
    from reviewer.publish.github.page import Note, Ours, Page

MOST_SUMMARIES = 3
"""How often the summary is written anew because another run wrote it at the same time."""

_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_SMALL = re.compile(r"<sub>([^<>\n]*)</sub>")
_SECOND_LOOK = re.compile(r"(confirmed|uncertain) on a second look")

_BECAME = {
    State.OPEN: "it stands",
    State.ANSWERED: "it stands, and was answered",
    State.FIXED: "it was mended",
    State.DELETED: "our comment was deleted, so it is not told again",
    State.MINIMISED: "our comment was hidden, so it is not told again",
    State.RESOLVED: "its thread was resolved, so it is not told again",
    State.DISMISSED: "it was dismissed, so it is not told again",
}


def mark_of(comment_id: int) -> str:
    """Return what the marker of the answer to a comment says."""
    return f"{REPLY}order {comment_id}"


def dismiss(page: Page, mark: str, one: Known, *, why: str, author: str) -> None:
    """Settle a finding for good, and say so where it stands."""
    told = one.became(State.DISMISSED, why=why)
    words = render(
        "order.md.j2", about="dismissed", id=one.id, why=inline(why), author=code_span(author)
    )
    _change_finding(page, mark, told, words)


def undismiss(page: Page, mark: str, one: Known, *, author: str) -> None:
    """Let a dismissed finding stand again, and say so where it stands."""
    words = render("order.md.j2", about="undismissed", id=one.id, author=code_span(author))
    _change_finding(page, mark, one.became(State.OPEN), words)


def pause(page: Page, mark: str, told: Ledger, *, paused: bool, author: str) -> None:
    """Stop or resume the reviews of pushes, and say so."""
    after = told.pausing(paused=paused)
    words = render("order.md.j2", about="pause", paused=paused, author=code_span(author))
    switch = Ledger(paused=after.paused, edition=after.edition)
    page.say(mark, _body(words, mark, carries=f"{ledger.line(switch)}\n"))
    copy_down(page)


def explain(page: Page, mark: str, one: Known) -> None:
    """Say everything that is known of a finding; nobody is asked."""
    note = _note(one, page.ours())
    words = explanation(one, page.text_of(note) if note else "")
    page.say(mark, _body(words, mark))


def help_with(page: Page, mark: str, *, wrong: str = "") -> None:
    """Say which orders there are, and what was wrong with this one; `wrong` is trusted."""
    page.say(mark, _body(render("order.md.j2", about="help", wrong=wrong), mark))


def sorry(page: Page, comment_id: int, *, why: str) -> None:
    """Say that the review that a comment asked for could not be finished."""
    mark = f"{REPLY}sorry {comment_id}"
    words = render("order.md.j2", about="unfinished", why=neutralise(why))
    page.say(mark, _body(words, mark))


def copy_down(page: Page) -> None:
    """Bring the ledger in the summary up to date, as far as there is one that is believed.

    It is read back: what another run wrote between our look and our word comes into the next try.
    """
    for _ in range(MOST_SUMMARIES):
        ours = page.ours()
        noted = history.believed(page, ours)
        if ours.summary is None or isinstance(noted, ledger.NoLedger):
            return
        body = ledger.within(ours.summary.body, ledger.merged([*noted, *ours.born]))
        if body == ours.summary.body:
            return
        page.put_summary(body, ours.summary)


def explanation(one: Known, comment: str = "") -> str:
    """Return a finding as the ledger has it, and as our `comment` told it, if that is there.

    Others may have edited the comment: it is neutralised like any text.
    """
    small = _SMALL.findall(comment)
    look = _SECOND_LOOK.search(small[-1]) if small else None
    return render(
        "order.md.j2",
        about="explain",
        id=one.id,
        title=inline(one.title),
        severity=one.severity,
        category=one.category,
        places=[code_span(path) for path in (one.path, *one.others)],
        told=_told(comment) or neutralise(one.gist),
        whole=bool(comment),
        code=code_block(one.code),
        proposed="" if comment else code_block(one.proposed) if one.proposed else "",
        round=one.round,
        older=one.older,
        became=_BECAME[one.state],
        why=inline(one.why),
        second_look=look[1] if look else "",
    )


def _told(comment: str) -> str:
    """Return the words of a comment of ours, without its title and what only a program reads."""
    lines = comment.partition("\n\n")[2].split("\n")
    words = [line for line in lines if not line.startswith(MARKER.partition("{")[0])]
    text = "\n".join(line for line in words if not _SMALL.fullmatch(line))
    return neutralise(_LINK.sub(r"\1", text))


def _change_finding(page: Page, mark: str, told: Known, words: str) -> None:
    carries = ledger.of(Ledger(known=(told,)), told.fingerprints)
    body = _body(words, mark, carries=carries)
    note = _note(told, page.ours())
    if note is None or not _replied(page, note, mark, body):
        page.say(mark, body)
    copy_down(page)


def _replied(page: Page, note: Note, mark: str, body: str) -> bool:
    try:
        page.reply(note, mark, body)
    except Refused:  # the comment went away this minute
        return False
    return True


def _note(one: Known, ours: Ours) -> Note | None:
    """Return the comment that tells a finding, if there is one."""
    return next((note for note in ours.notes if note.fingerprint in one.fingerprints), None)


def _body(words: str, mark: str, *, carries: str = "") -> str:
    end = f"{carries}{MARKER.format(mark)}"
    return f"{cut(words.strip(), limit_characters=BODY_CHARACTERS - len(end) - 2)}\n\n{end}"
