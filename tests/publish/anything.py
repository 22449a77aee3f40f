"""Any review at all, as hypothesis makes them up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from publish.made import CHANGE, COVERAGE, located, packed, placed, rejected, review

from reviewer.flow import (
    Again,
    Audit,
    Category,
    Confidence,
    FileLevel,
    Inline,
    InSummary,
    Known,
    KnownFinding,
    Ledger,
    NotReviewed,
    Origin,
    Severity,
    Side,
    State,
    Where,
)

if TYPE_CHECKING:
    from reviewer.flow import Located, Placed, Review

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](https://elsewhere.example/x) {0} {{x}}",
    "\u202e\x00\x1b[31m\ud800",
    "::error::x ]]> <!-- --> @octo/team ###[error]x",
)
LINE = st.text(st.characters(exclude_characters="\r\n"), max_size=40)
"""What the ledger keeps as a title and as a reason: line breaks are taken out of either."""
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
PATHS = st.one_of(
    st.sampled_from(
        ("src/cart.py", "a b/ü#?.py", "c:d.js", "x%FF.c", "<svg onload=alert(1)>.html")
    ),
    st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30),
)
LINES = st.integers(0, 5_000)
PRINTS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


@st.composite
def places(draw: st.DrawFn) -> Located:
    first = draw(LINES)
    return located(
        draw(PATHS),
        first,
        first + draw(st.integers(0, 9)),
        side=draw(st.sampled_from((Side.LEFT, Side.RIGHT, None))),
        lines=tuple(draw(st.lists(WORDS, max_size=3))),
        note=draw(WORDS),
    )


@st.composite
def findings(draw: st.DrawFn, number: int = 1) -> Placed:
    place = draw(places())
    inline = Inline(path=place.path, side=Side.RIGHT, first_line=4, last_line=4 + draw(LINES))
    anchors = (inline, FileLevel(path=place.path), InSummary(why=draw(WORDS)))
    return placed(
        f"F{number}",
        place=place,
        evidence=tuple(draw(st.lists(places(), max_size=2))),
        title=draw(WORDS),
        explanation=draw(WORDS),
        severity=draw(st.sampled_from(Severity)),
        confidence=draw(st.sampled_from(Confidence)),
        category=draw(st.sampled_from(Category)),
        origin=draw(st.sampled_from(Origin)),
        anchor=draw(st.sampled_from(anchors)),
        fingerprint=draw(PRINTS),
        suggestion=draw(st.none() | WORDS),
    )


@st.composite
def known(draw: st.DrawFn, number: int) -> Known:
    return Known(
        id=f"F{number}",
        fingerprints=(draw(PRINTS),),
        title=draw(LINE),
        severity=draw(st.sampled_from(Severity)),
        category=draw(st.sampled_from(Category)),
        path=draw(PATHS),
        code=draw(WORDS),
        round=1,
        where=Where.INLINE,
        older=draw(st.booleans()),
        state=draw(st.sampled_from(State)),
        why=draw(LINE),
    )


BASELINE = st.builds(
    KnownFinding,
    path=PATHS,
    severity=st.sampled_from(Severity),
    category=st.sampled_from(Category),
    title=WORDS,
    reason=WORDS,
    fingerprint=PRINTS,
    quote=st.lists(WORDS, max_size=3).map(tuple),
)


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Return a review whose findings are numbered from 1, with a past or without one."""
    numbers = iter(range(1, 100))
    groups = [
        tuple(draw(findings(next(numbers))) for _ in range(draw(st.integers(0, 2))))
        for _ in range(3)
    ]
    book = tuple(draw(known(next(numbers))) for _ in range(draw(st.integers(0, 3))))
    again = tuple(
        Again(placed=draw(findings(90)), known=one.id, why=draw(WORDS))
        for one in book
        if draw(st.booleans())
    )
    audited = draw(st.booleans())
    change = replace(CHANGE, audit=Audit(), pull_request=None) if audited else CHANGE
    files = (packed(draw(PATHS), percent_encoded=draw(st.booleans())), packed("src/cart.py"))
    return review(
        *groups[0],
        change=change,
        overview=draw(WORDS),
        collapsed=groups[1],
        pre_existing=groups[2],
        rejected=tuple(draw(st.lists(st.builds(rejected, WORDS, WORDS), max_size=2))),
        problems=tuple(draw(st.lists(WORDS, max_size=2))),
        known=tuple(draw(st.lists(BASELINE, max_size=2))),
        coverage=replace(
            COVERAGE,
            files=files,
            incomplete=tuple(draw(st.lists(WORDS, max_size=2))),
            unseen_changes=((draw(PATHS), draw(WORDS)),),
        ),
        unfinished=draw(st.sampled_from(("", "cut off at the output limit"))),
        unverified=draw(WORDS),
        scripted=draw(st.booleans()),
        skipped=draw(st.none() | st.builds(NotReviewed, why=WORDS)),
        ledger=Ledger(round=2, known=book) if book else None,
        again=again,
    )
