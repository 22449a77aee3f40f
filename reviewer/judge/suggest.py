"""The replacement that the model offers -> text that GitHub can put over the anchored lines. Pure.

A suggestion is committed with one click, so it is offered only when it replaces whole lines of
the head, exactly those that were quoted. Otherwise the finding stands without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import Inline, Match, Side
from reviewer.judge.quotes import (
    plain,
    readings,
    squeezed_lines,
    squeezed_readings,
    without_numbers,
)
from reviewer.pack import document
from reviewer.pack.secrets import WRITTEN

if TYPE_CHECKING:
    from reviewer.flow import FileLevel, InSummary, Proven

MOST_LINES = 100
"""Of a replacement; more is a rewrite, which nobody reads in a comment."""

_LIKE_A_PLACEHOLDER = re.compile(r"\[\s*secret\s*:\s*[a-z0-9]", re.IGNORECASE)
"""A model copies with slips. Code that only looks like one loses a suggestion, no more."""


def suggestion(proven: Proven, anchor: Inline | FileLevel | InSummary) -> str | None:
    """Return the text for exactly the anchored lines, or None when there is none that is safe."""
    offered, place = proven.finding.replacement, proven.place
    quoted_lines = Inline(
        path=place.path,
        side=Side.RIGHT,
        first_line=place.first_line,
        last_line=place.last_line,
    )
    if offered is None or place.match is Match.CLOSEST or anchor != quoted_lines:
        return None
    code = "\n".join(place.lines)
    quote = proven.finding.place.quote
    text = _in_whole_lines(_read(offered, quote), quote, code)
    if text is None or _LIKE_A_PLACEHOLDER.search(text) or WRITTEN.search(code):
        return None  # it would put a placeholder into the code, or something else over a secret
    return text if _is_sane(text, code) else None


def _read(offered: str, quote: str) -> str:
    """Return the replacement as code: it is written as the quote was, numbers and all."""
    text = document.unescape(plain(offered)).removesuffix("\n")
    return text if without_numbers(quote) == quote else without_numbers(text)


def _in_whole_lines(text: str, quote: str, code: str) -> str | None:
    """Return the replacement of the whole lines, of which the quote may be only a part."""
    piece = next((one for one in readings(quote, Side.RIGHT) if one in code), None)
    if piece is None:
        whole = "\n".join(squeezed_lines(code)) in squeezed_readings(quote, Side.RIGHT)
        return text if whole else None
    before, _, after = code.partition(piece)
    if not before.strip() and not after.strip():
        return _indented(text, before)
    if "\n" in code or "\n" in text or piece in after:
        return None
    return _spliced(text, before, after)


def _indented(text: str, indentation: str) -> str | None:
    """Give the first line the indentation that its quote lacked; the others must have theirs."""
    first, *others = text.split("\n")
    if not indentation or first[:1].isspace() or not text:
        return text
    if all(line.startswith(indentation) for line in others if line.strip()):
        return indentation + text
    return None


def _spliced(text: str, before: str, after: str) -> str:
    """Put the text between what stands around the quote, unless it holds that already."""
    stripped = text.strip()
    if stripped.startswith(before.lstrip()) and stripped.endswith(after.rstrip()):
        return _blanks_before(before) + stripped
    return before + stripped + after


def _is_sane(text: str, code: str) -> bool:
    """Whether the text changes something, is not huge, and is indented like the code."""
    lines, present = text.split("\n"), code.split("\n")
    if len(lines) > MOST_LINES or text == code:
        return False
    blanks = {blank for line in present for blank in _blanks_before(line)}
    used = {blank for line in lines for blank in _blanks_before(line)}
    alike = _blanks_before(text) == _blanks_before(code)
    return not text or (alike and (not blanks or used <= blanks))


def _blanks_before(text: str) -> str:
    """Return the blanks that the text begins with; blank lines above it do not count."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    return line[: len(line) - len(line.lstrip())]
