"""The ledger of a pull request <-> one hidden line of text; and two ledgers -> one. Pure.

    <!-- reviewer:v1 ledger/1 eNqrVkrOz... -->      zlib, base64
    <!-- reviewer:v1 summary -->                    the marker of the comment, on its last line

It stands in three places: all of it in the sticky summary, what a review told in the body of that
review, and what a comment tells in that comment; the receipt of a command can carry what it
changed. So a summary that is damaged or deleted, or was written by two at once, can be rebuilt.
It counts only in a comment of our own account (the caller looks), only on that line, and only if
it parses as outside data. Base64 has neither `-` nor `@`: what stands in it can end no comment
and ping nobody.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from reviewer.flow import Known, Ledger, Where
from reviewer.flow.rounds import one_account
from reviewer.publish.comments import MARKER, read_marker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pydantic import TypeAdapter

FORMAT = 1
"""Goes up when an older `reviewer` would misread it. New fields with a default do not."""

MOST_CHARACTERS = 20_000
"""Of the line: a third of what a body holds. The oldest settled findings go first."""

MOST_BODY_CHARACTERS = 65_000
"""Of a summary in which only this line is written anew; GitHub takes 65,536."""

MOST_JSON_BYTES = 400_000
"""Unpacked: zlib can make a gigabyte of a megabyte."""

_LINE = re.compile(re.escape(MARKER).replace(r"\{\}", r"ledger/(\d{1,6}) ([A-Za-z0-9+/=]+)"))


@dataclass(frozen=True, slots=True)
class NoLedger:
    """A body in which no ledger can be believed, and why."""

    why: str


def line(ledger: Ledger, *, most_characters: int = MOST_CHARACTERS) -> str:
    """Return the ledger as its line, cut to the size by leaving out what matters least."""
    for smaller in _smaller(ledger):
        text = MARKER.format(f"ledger/{FORMAT} {_packed(smaller)}")
        if len(text) <= most_characters:
            return text
    return ""


def of(ledger: Ledger | None, fingerprints: Collection[str]) -> str:
    """Return the line of these findings alone, with its end; empty where there is no ledger.

    That is what a comment or a review carries of what it tells; it knows of no round as a whole.
    """
    known = ledger.known if ledger is not None else ()
    told = tuple(one for one in known if set(one.fingerprints) & set(fingerprints))
    return f"{line(Ledger(known=told))}\n" if told else ""


def within(body: str, ledger: Ledger) -> str:
    """Return a summary of ours with this ledger in the place of the one that it holds."""
    words, _, marker = body.rstrip().rpartition("\n")
    if _LINE.fullmatch(words.rpartition("\n")[2]):
        words = words.rpartition("\n")[0]
    room = MOST_BODY_CHARACTERS - len(words) - len(marker) - 2
    told = line(ledger, most_characters=min(MOST_CHARACTERS, room))
    return f"{words}\n{told}\n{marker}"


def refused(ledger: Ledger, fingerprints: Collection[str]) -> Ledger:
    """Return it with these told in the summary alone: GitHub did not take their comments."""
    return ledger.having(
        replace(one, where=Where.SUMMARY)
        for one in ledger.known
        if set(one.fingerprints) & set(fingerprints)
    )


def read(body: str) -> Ledger | NoLedger:
    """Return the ledger on the line above our marker; the caller has looked at the author."""
    lines = body.rstrip().splitlines()[-2:]
    found = _LINE.fullmatch(lines[0]) if read_marker(body) and len(lines) > 1 else None
    if found is None:
        return NoLedger("there is none")
    if int(found[1]) != FORMAT:
        return NoLedger(f"it is of format {found[1]}, and this version reads {FORMAT}")
    if len(lines[0]) > MOST_CHARACTERS:
        return NoLedger(f"it is longer than {MOST_CHARACTERS:,} characters")
    return _unpacked(found[2])


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """Return one ledger with the findings of all, whatever their order.

    Of two accounts of one finding the younger counts. Where two runs gave one id to two findings,
    the one told first keeps it. Merge all at once: what is merged in steps is numbered in steps.
    """
    every = [*ledgers, Ledger()]
    newest = max(every, key=_age)
    switch = max(every, key=lambda each: (each.edition, each.paused))
    highest = max(each.next_number for each in every) - 1
    known = _numbered(_united(one for each in every for one in each.known), highest)
    return replace(
        newest,
        known=known,
        numbers=max((highest, *(one.number for one in known))),
        paused=switch.paused,
        edition=switch.edition,
        bills=one_account(bill for each in every for bill in each.bills),
    )


# --- text -------------------------------------------------------------------------------------


def _packed(ledger: Ledger) -> str:
    text = json.dumps(_adapter().dump_python(ledger, mode="json", exclude_defaults=True))
    return b64encode(zlib.compress(text.encode(), level=9)).decode()


def _unpacked(text: str) -> Ledger | NoLedger:
    from pydantic import ValidationError

    try:
        packer = zlib.decompressobj()
        data = packer.decompress(b64decode(text, validate=True), MOST_JSON_BYTES)
    except (ValueError, zlib.error):
        return NoLedger("it is damaged")
    if not packer.eof:
        why = f"it unpacks to more than {MOST_JSON_BYTES:,} bytes"
        return NoLedger(why if packer.unconsumed_tail else "it is cut off")
    try:
        return _consistent(_adapter().validate_json(data))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "its start"
        return NoLedger(f"it is damaged at {where}: {first['msg']}")


def _consistent(ledger: Ledger) -> Ledger | NoLedger:
    ids = [one.id for one in ledger.known]
    if len(set(ids)) < len(ids):
        return NoLedger("it gives one id to two findings")
    if not all(one.fingerprints for one in ledger.known):
        return NoLedger("a finding in it has no fingerprint")
    return ledger


@cache
def _adapter() -> TypeAdapter[Ledger]:
    from pydantic import TypeAdapter

    return TypeAdapter(Ledger)


def _smaller(ledger: Ledger) -> Iterator[Ledger]:
    """Give it whole, then with fewer words, of what is settled first, then with fewer findings.

    Ids of what is left out are still never given again: `numbers` remembers the highest.
    """
    ledger = replace(ledger, numbers=ledger.next_number - 1)
    yield ledger
    short = tuple(one if one.state.stands else _short(one) for one in ledger.known)
    yield replace(ledger, known=short)
    kept = sorted(map(_short, short), key=lambda one: (one.state.stands, one.round, one.number))
    step = max(1, len(kept) // 50)
    for left_out in range(0, len(kept) + step, step):
        left = sorted(kept[left_out:], key=lambda one: one.number)
        yield replace(ledger, known=tuple(left))


def _short(one: Known) -> Known:
    return replace(one, gist="", proposed="", others=())


# --- many into one ----------------------------------------------------------------------------


def _age(ledger: Ledger) -> tuple[int, bool, str]:
    """Return what tells the younger of two; the rest only settles ties the same way for all."""
    return ledger.round, ledger.patch is not None, ledger.head


def _united(known: Iterable[Known]) -> list[Known]:
    """Return each finding once: what shares a fingerprint is one, in however many steps."""
    groups: list[list[Known]] = []
    for one in known:
        same = [group for group in groups if any(_is_same(each, one) for each in group)]
        groups = [group for group in groups if group not in same]
        groups.append([one, *(each for group in same for each in group)])
    return [_one_finding(group) for group in groups]


def _is_same(one: Known, other: Known) -> bool:
    return bool(set(one.fingerprints) & set(other.fingerprints))


def _one_finding(accounts: Sequence[Known]) -> Known:
    """Return the youngest account, under the fingerprints of them all, whatever their order."""
    first = min(accounts, key=_birth)
    youngest = max(accounts, key=lambda each: (each.edition, each.state.rank, *_rest(each)))
    prints = {name for each in accounts for name in each.fingerprints}
    return replace(
        youngest,
        round=first.round,
        where=first.where,
        fingerprints=(first.fingerprints[0], *sorted(prints - {first.fingerprints[0]})),
    )


def _birth(one: Known) -> tuple[int, int, tuple[str, ...], str]:
    return one.round, one.number, one.fingerprints, one.where


def _rest(one: Known) -> tuple[int, int, str]:
    """Return what settles a tie the same way for all; the fuller account comes first."""
    return -one.number, len(one.gist), repr(one)


def _numbered(known: Iterable[Known], highest: int) -> tuple[Known, ...]:
    """Give those whose id another finding had first the next number that was never given."""
    taken: set[str] = set()
    numbered = []
    for one in sorted(known, key=lambda each: (each.round, each.number, each.fingerprints)):
        if one.id in taken:
            highest += 1
            numbered.append(replace(one, id=f"F{highest}", edition=one.edition + 1))
        else:
            numbered.append(one)
        taken.add(numbered[-1].id)
    return tuple(sorted(numbered, key=lambda each: each.number))
