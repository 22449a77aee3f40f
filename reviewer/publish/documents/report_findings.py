"""Findings as the report shows them: every text made visible. Pure.

The page escapes every value where it stands; what would not be seen, or turn the reading
direction, is spelled out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import Inline, InSummary, Origin, Severity, Side, State
from reviewer.publish.comments import name_of, permalink
from reviewer.publish.neutralise import visible
from reviewer.publish.statistics import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Change, Known, KnownFinding, Located, Placed, Review

MOST_LINES = 40
MOST_IN_A_LINE = 300
MOST_EVIDENCE = 20
MOST_FINDINGS = 2_000
"""Of a page; a browser is slow with more, and nobody reads them."""

MOST_PROSE_CHARACTERS = 20_000

STATES = {
    "new": "new",
    "collapsed": "without a comment",
    "older": "there before the change",
    "told": "told in an earlier round",
    "settled": "settled by a person",
    "baseline": "in the baseline",
}
"""In the order in which they are shown."""

_FENCE = re.compile(r"^[ ]{0,3}```")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A place with its code. `link` is empty where the change is not on GitHub.

    `first` is the number of the first line, 0 where none is known.
    """

    name: str
    first: int
    lines: tuple[str, ...]
    path: str
    more: int = 0
    link: str = ""
    note: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A piece of prose: a block of code, or words in which every second piece is code."""

    block: bool
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding on the page. `state` is one of `STATES`; `facts` are said below it."""

    id: str
    anchor: str
    state: str
    severity: Severity
    category: str
    title: str
    path: str
    prose: tuple[Paragraph, ...]
    place: Excerpt
    facts: tuple[str, ...]
    evidence: tuple[Excerpt, ...] = ()
    more_evidence: int = 0
    suggestion: Excerpt | None = None


def shown(review: Review) -> list[Shown]:
    """Return each problem once, at most `MOST_FINDINGS`: by state, within one as it is ranked."""
    return sorted(_all(review), key=lambda one: list(STATES).index(one.state))[:MOST_FINDINGS]


def _all(review: Review) -> Iterator[Shown]:
    change = review.change
    told = {one.id: one for one in review.ledger.known} if review.ledger else {}
    groups = {
        "new": review.placed,
        "collapsed": review.collapsed,
        "older": review.pre_existing,
    }
    for state, group in groups.items():
        for placed in group:
            told.pop(placed.id, None)
            yield _found(placed, change, state)
    for again in review.again:
        known = told.pop(again.known, None)
        state = "settled" if known and known.state.settled else "told"
        yield _found(again.placed, change, state, known=known, why=again.why)
    for one in told.values():
        if one.state is not State.FIXED:
            yield _told(one)
    for at, entry in enumerate(review.known, start=1):
        yield _baselined(entry, at)


def _found(
    placed: Placed, change: Change, state: str, *, known: Known | None = None, why: str = ""
) -> Shown:
    finding, proven = placed.proven.finding, placed.proven
    name = known.id if known else placed.id
    return Shown(
        id=name,
        anchor=name,
        state=state,
        severity=finding.severity,
        category=finding.category,
        title=one_line(finding.title),
        path=one_line(proven.place.path),
        prose=prose(finding.explanation),
        place=_excerpt(proven.place, change),
        evidence=tuple(_excerpt(each, change) for each in proven.evidence[:MOST_EVIDENCE]),
        more_evidence=max(0, len(proven.evidence) - MOST_EVIDENCE),
        suggestion=_suggestion(placed),
        facts=tuple(_facts(placed, change, known, why)),
    )


def _facts(placed: Placed, change: Change, known: Known | None, why: str) -> Iterator[str]:
    finding, proven = placed.proven.finding, placed.proven
    if not change.audit:
        yield _ORIGINS[finding.origin]
    yield f"confidence {finding.confidence}"
    if proven.lenses:
        yield f"found by {', '.join(map(one_line, proven.lenses))}"
    if proven.seconded:
        yield f"{one_line(proven.seconded)} points at it too"
    if proven.second_look:
        yield f"{proven.second_look.ruling} on a second look: {one_line(proven.second_look.why)}"
    if placed.caused_by:
        yield f"comes from applying the suggestion of {placed.caused_by}"
    if isinstance(placed.anchor, InSummary) and not known and not change.audit:
        yield f"no comment of its own, because {one_line(placed.anchor.why)}"
    if known:
        yield from _settled(known)
    if why:
        yield f"not told again: {one_line(why)}"


_ORIGINS = {
    Origin.INTRODUCED: "brought in by this change",
    Origin.WORSENED: "made worse by this change",
    Origin.PRE_EXISTING: "older than this change",
}


def _settled(known: Known) -> Iterator[str]:
    yield f"told in round {known.round}"
    if known.state is not State.OPEN:
        yield f"{known.state}: {one_line(known.why)}" if known.why else str(known.state)


def _told(known: Known) -> Shown:
    """Return what an earlier round found, as far as the ledger knows it."""
    lines = known.code.split("\n") if known.code else []
    return Shown(
        id=known.id,
        anchor=known.id,
        state="settled" if known.state.settled else "told",
        severity=known.severity,
        category=known.category,
        title=one_line(known.title),
        path=one_line(known.path),
        prose=prose(known.gist),
        place=_code(known.path, one_line(known.path), lines, first=0),
        facts=tuple(_settled(known)),
    )


def _baselined(entry: KnownFinding, number: int) -> Shown:
    return Shown(
        id="",
        anchor=f"B{number}",
        state="baseline",
        severity=entry.severity,
        category=entry.category,
        title=one_line(entry.title),
        path=one_line(entry.path),
        prose=(),
        place=_code(entry.path, one_line(entry.path), entry.quote, first=0),
        facts=(f"known: {one_line(entry.reason)}",),
    )


def _excerpt(located: Located, change: Change) -> Excerpt:
    return _code(
        located.path,
        one_line(name_of(located)),
        located.lines,
        first=located.first_line,
        link=permalink(located, change),
        note=one_line(located.note),
        before=located.side is Side.LEFT,
    )


def _suggestion(placed: Placed) -> Excerpt | None:
    if placed.suggestion is None:
        return None
    anchor = placed.anchor
    first = anchor.first_line if isinstance(anchor, Inline) else 0
    path = placed.proven.place.path
    return _code(path, one_line(path), placed.suggestion.split("\n"), first=first)


def _code(
    path: str,
    name: str,
    lines: Sequence[str],
    *,
    first: int,
    link: str = "",
    note: str = "",
    before: bool = False,
) -> Excerpt:
    return Excerpt(
        name=name,
        first=max(0, first),
        lines=tuple(_visible(line) for line in lines[:MOST_LINES]),
        path=path,
        more=max(0, len(lines) - MOST_LINES),
        link=link,
        note=note,
        before=before,
    )


def _visible(line: str) -> str:
    """Return a line of code with what is invisible spelled out, and as one line."""
    return visible(line[:MOST_IN_A_LINE]).replace("\n", " ")[:MOST_IN_A_LINE]


def prose(text: str) -> tuple[Paragraph, ...]:
    """Return what a model wrote as paragraphs: fences and spans of code, else plain words."""
    found: list[Paragraph] = []
    lines: list[str] = []
    fenced = False
    for line in visible(text[:MOST_PROSE_CHARACTERS]).split("\n"):
        if _FENCE.match(line):
            found += _paragraph(lines, block=fenced)
            lines, fenced = [], not fenced
        elif line.strip() or fenced:
            lines.append(line)
        else:
            found += _paragraph(lines, block=False)
            lines = []
    return (*found, *_paragraph(lines, block=fenced))


def _paragraph(lines: Sequence[str], *, block: bool) -> list[Paragraph]:
    text = "\n".join(lines)
    if not text.strip():
        return []
    return [Paragraph(block=block, pieces=(text,) if block else tuple(_CODE.split(text)))]
