"""The code that is nearly what was quoted, where it was said to stand. Pure.

A model that quotes from memory slips in a name or a comma. It must not slip in what bugs are made
of: digits and operators have to be the same, whatever the likeness.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from reviewer.judge.pages import Span
from reviewer.judge.quotes import squeezed

if TYPE_CHECKING:
    from reviewer.judge.pages import Page

LEAST_LIKENESS = 0.9
"""Of `SequenceMatcher.ratio`: about one character in ten may differ. Lower, and a quote that was
made up passes for a line of the same kind: `for a in items:` and `for b in users:` are 0.8."""

NEARBY_LINES = 10
"""Claimed line numbers are off by a few lines more often than by many."""

MOST_LINES = 100
MOST_CHARACTERS = 600
"""What is compared: `ratio` is quadratic at best, and the quote may be written to make it slow."""

_MEANING = re.compile(r"[0-9<>=!+\-*/%&|^~]")


def closest(page: Page, reading: str, claimed: Span) -> Span | None:
    """Return the lines near the claimed ones that are most like the quote, if like enough."""
    wanted = [squeezed(line) for line in reading.split("\n")]
    text = "\n".join(wanted)
    if len(text) > MOST_CHARACTERS or len(wanted) > MOST_LINES:
        return None
    last_line = min(claimed.last_line, claimed.first_line + MOST_LINES)
    near = Span(
        first_line=max(1, claimed.first_line - NEARBY_LINES), last_line=last_line + NEARBY_LINES
    )
    matcher = SequenceMatcher(b=text, autojunk=False)
    best, best_likeness = None, LEAST_LIKENESS
    for span, candidate in page.windows(len(wanted), near):
        if _MEANING.findall(candidate) != _MEANING.findall(text):
            continue
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() < best_likeness or matcher.quick_ratio() < best_likeness:
            continue
        if (likeness := matcher.ratio()) >= best_likeness:
            best, best_likeness = span, likeness
    return best
