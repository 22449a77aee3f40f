"""Claims -> those whose quotes stand in what was sent. Pure.

This is the step that makes invention impossible: where the model says a line is only helps to
choose between several places, and a finding whose quote is nowhere is not posted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from reviewer.flow import Located, Match, Proven, Rejected, Side
from reviewer.judge.closest import closest
from reviewer.judge.pages import Library, Span
from reviewer.judge.quotes import readings, says_something, squeezed, squeezed_readings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.flow import ChangedFile, Evidence, Finding, Outline
    from reviewer.judge.pages import Page

NEAR_LINES = 3
"""A model that reads numbered lines is off by a few at most, or its number means nothing."""

_MOST_SHOWN = 80
"""Characters of a quote or a path in a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the model saw: files of the codebase by path, in full or as outlines; the change."""

    codebase: Mapping[str, str]
    changed: Sequence[ChangedFile]
    outlines: Mapping[str, Outline] = field(default_factory=dict)


def prove(
    findings: Sequence[Finding], sent: Sent
) -> tuple[tuple[Proven, ...], tuple[Rejected, ...]]:
    """Look every quote up; each finding comes out once, proven or rejected with the reason.

    The quote of the finding's place must be found, and one for every other file it speaks of. A
    further quote from a file that is already proven is left out when it is not found.
    """
    library = Library(sent.codebase, sent.changed, sent.outlines)
    outcomes = [_outcome(finding, library) for finding in findings]
    return (
        tuple(outcome for outcome in outcomes if isinstance(outcome, Proven)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Rejected)),
    )


def stands(claimed: Evidence, sent: Sent) -> bool:
    """Whether a quote is found in the file that it is said to be from."""
    library = Library(sent.codebase, sent.changed, sent.outlines)
    return isinstance(_look_up(claimed, library), Located)


@dataclass(frozen=True, slots=True, kw_only=True)
class _NotFound:
    """A quote that is nowhere. `path` is the file that was searched."""

    path: str
    why: str


def _outcome(finding: Finding, library: Library) -> Proven | Rejected:
    place = _look_up(finding.place, library)
    if isinstance(place, _NotFound):
        return Rejected(finding=finding, why=place.why)
    sought = [_look_up(evidence, library) for evidence in finding.evidence]
    found = tuple(one for one in sought if isinstance(one, Located))
    proven = {place.path, *(one.path for one in found)}
    for one in sought:
        if isinstance(one, _NotFound) and one.path not in proven:
            return Rejected(finding=finding, why=one.why)
    return Proven(finding=finding, place=place, evidence=found)


def _look_up(claimed: Evidence, library: Library) -> Located | _NotFound:
    path = library.name(claimed.path)
    change = library.change_of(path)
    name = change.diff.path if change else path
    pages = library.pages(path)
    if not pages:
        return _NotFound(path=name, why=_unsent(path, change))
    if not says_something(claimed.quote):
        why = f"the quote {_short(claimed.quote)} from {_short(path)} is too short to be evidence"
        return _NotFound(path=name, why=why)
    for match in Match:
        if located := _located(claimed, pages, match):
            return located
    before = library.before(change.diff.old_path) if change else ()
    stood = any(_located(claimed, before, match) for match in (Match.EXACT, Match.WHITESPACE))
    return _NotFound(path=name, why=_nowhere(claimed, path, stood_before=stood))


def _located(claimed: Evidence, pages: Sequence[Page], match: Match) -> Located | None:
    """Return the best place on these pages.

    Whole lines before a part of one (`n = 1` stands in `n = 10`); the right side before the left;
    then what stands near the claimed line; where nothing does, what stands in a hunk, because
    the finding is about the change; then the nearest.
    """
    quote = squeezed(claimed.quote)

    def rank(found: tuple[Page, Span]) -> tuple[bool, bool, bool, bool, int]:
        page, span = found
        lines_away = abs(span.first_line - claimed.first_line)
        return (
            squeezed(" ".join(page.lines(span))) != quote,
            page.side is Side.LEFT,
            lines_away > NEAR_LINES,
            not page.in_hunk,
            lines_away,
        )

    spans = [(page, span) for page in pages if (span := _span(claimed, page, match))]
    if not spans:
        return None
    page, span = min(spans, key=rank)
    return Located(
        path=page.path,
        side=page.side,
        first_line=span.first_line,
        last_line=span.last_line,
        lines=page.lines(span),
        match=match,
        note=claimed.note,
        path_before=page.path_before,
    )


def _span(claimed: Evidence, page: Page, match: Match) -> Span | None:
    line = claimed.first_line
    said = readings(claimed.quote, page.side)
    if match is Match.CLOSEST:
        where = Span(first_line=line, last_line=claimed.last_line)
        return closest(page, said[-1], where)
    lines = page.exact
    if match is Match.WHITESPACE:
        said, lines = squeezed_readings(claimed.quote, page.side), page.squeezed
    return next((span for piece in said if (span := lines.nearest(piece, line))), None)


def _unsent(path: str, change: ChangedFile | None) -> str:
    if change is not None:
        return f"{_short(path)} is in the change, but was not shown: {change.why or 'no text'}"
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        return f"{_short(path)} is not a path inside the repository"
    return f"{_short(path)} is not among the files that were sent"


def _nowhere(claimed: Evidence, path: str, *, stood_before: bool) -> str:
    what = f"the quote {_short(claimed.quote)}"
    if stood_before:
        return f"{what} stands only in the version of {_short(path)} before the change"
    return (
        f"{what} is not in {_short(path)} as it was sent, neither exactly nor nearly "
        f"(looked for a near match around line {claimed.first_line:,})"
    )


def _short(text: str) -> str:
    """Return the text on one line, cut, in quotes: it is the model's, and may be anything."""
    line = squeezed(text)
    return f"`{line if len(line) <= _MOST_SHOWN else line[:_MOST_SHOWN] + '…'}`"
