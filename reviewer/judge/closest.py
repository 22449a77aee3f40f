"""The code that is nearly what was quoted, where it was said to stand. Pure.

A model that quotes from memory slips in a name or a comma. It must not slip in what bugs are made
of: digits and operators have to be the same, whatever the likeness.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from heapq import nlargest
from typing import TYPE_CHECKING

from reviewer.judge.pages import Span
from reviewer.judge.quotes import squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.judge.pages import Page

LEAST_LIKENESS = 0.9
"""Of 1: about one character in ten may differ (`SequenceMatcher.ratio`, line by line). Lower, and
a made-up line of the same kind passes: `for a in items:` and `for b in users:` are 0.8 alike."""

NEARBY_LINES = 10
"""Claimed line numbers are off by a few lines more often than by many."""

MOST_LINES = 40
MOST_CHARACTERS = 600
MOST_LINE_CHARACTERS = 150
MOST_CANDIDATES = 3
"""What is compared: `SequenceMatcher` is quadratic at best, and a quote can be written to be its
worst case (2 ms a line of 150 characters)."""

_MEANING = re.compile(r"[0-9<>=!+\-*/%&|^~]")


def closest(page: Page, reading: str, claimed: Span) -> Span | None:
    """Return the lines near the claimed ones that are most like the quote, if like enough."""
    wanted = [squeezed(line) for line in reading.split("\n")]
    size = sum(map(len, wanted))
    if size > MOST_CHARACTERS or len(wanted) > MOST_LINES:
        return None
    meaning, letters = _MEANING.findall("".join(wanted)), Counter("".join(wanted))
    candidates = []
    for span, lines in page.windows(len(wanted), _near(claimed)):
        text = "".join(lines)
        if len(text) > 2 * MOST_CHARACTERS or _MEANING.findall(text) != meaning:
            continue
        most = 2 * (letters & Counter(text)).total() / (size + len(text))
        if most >= LEAST_LIKENESS:
            candidates.append((most, span, lines))
    scored = [
        (_likeness(wanted, lines), span)
        for _, span, lines in nlargest(MOST_CANDIDATES, candidates, key=lambda one: one[0])
    ]
    likeness, best = max(scored, key=lambda one: one[0], default=(0.0, None))
    return best if likeness >= LEAST_LIKENESS else None


def _near(claimed: Span) -> Span:
    last_line = min(claimed.last_line, claimed.first_line + MOST_LINES)
    first_line = max(1, claimed.first_line - NEARBY_LINES)
    return Span(first_line=first_line, last_line=last_line + NEARBY_LINES)


def _likeness(wanted: Sequence[str], lines: Sequence[str]) -> float:
    """Return the share of characters that both have in common, line by line."""
    total = sum(map(len, (*wanted, *lines)))
    return 2 * sum(map(_in_common, wanted, lines)) / total


def _in_common(one: str, other: str) -> int:
    if one == other:
        return len(one)
    if max(len(one), len(other)) > MOST_LINE_CHARACTERS:
        return 0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)
