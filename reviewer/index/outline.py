"""Text -> its signatures, without the bodies: whole lines, so that quotes stay verbatim. Pure.

What is shown is decided per file: public signatures always; then, in the order of `Telling`, each
kind of line that `signatures` found, where the outline with it costs no more than `SHARE` of the
file.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from reviewer.index.grammar import parse
from reviewer.index.languages import Language
from reviewer.index.outlined_braces import BRACES
from reviewer.index.outlined_scripts import SCRIPTS
from reviewer.index.sentences import LINE_BYTES
from reviewer.index.signatures import signatures
from reviewer.index.telling import Signatures, Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VERSION = "1"
"""Changes whenever the same bytes may give other lines: what a cache keeps is keyed by it."""

SHARE = 0.17
"""Of the bytes of a file without its indentation, which are dearer in code than in comments."""

SHARES = {Language.SCALA: 0.12}
"""Where many files are little but signatures, the others must make up for it."""

GAP = "…"
"""Begins the line that stands for lines left out, before their number. No language has it, and
`…12` costs three to four tokens, with the blanks before it one more; `⋮ 12` costs seven."""

GAP_BYTES = 8

_TABLES = {**SCRIPTS, **BRACES}


def outline_of(
    source: bytes, language: Language, *, share: float | None = None
) -> tuple[tuple[int, int], ...]:
    """Return the lines of UTF-8 text that its outline keeps, as ranges from 1, both included.

    They ascend and do not touch. What cannot be parsed is left out; nothing is raised, and a file
    on which the grammar gives up has no outline.
    `share` is what the outline may cost of the file, public signatures aside; by default `SHARE`.
    """
    tree = parse(source, language)
    if tree is None:
        return ()
    lines = source.split(b"\n")
    found = signatures(tree, lines, _TABLES[language])
    if not lines[-1]:
        lines.pop()
    weights = [len(line.strip()) + 1 for line in lines]
    budget = (SHARES.get(language, SHARE) if share is None else share) * sum(weights)
    return _ranges(_fitting(found, weights, budget), lines)


def write(text: str, kept: Sequence[tuple[int, int]]) -> str:
    """Return the outline of a text as it is shown: the kept lines, and `…12` for 12 others."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    out: list[str] = []
    done = 0
    for first, last in (*kept, (len(lines) + 1, len(lines))):
        if first - 1 > done:
            out.append(f"{GAP}{first - 1 - done}")
        out.extend(lines[first - 1 : last])
        done = last
    return "".join(f"{line}\n" for line in out)


def rows(text: str, kept: Sequence[tuple[int, int]]) -> tuple[tuple[int, str], ...]:
    """Return the kept lines of a text, each with its number."""
    lines = text.split("\n")
    return tuple(
        (number, lines[number - 1])
        for first, last in kept
        for number in range(first, min(last, len(lines)) + 1)
    )


def _fitting(found: Signatures, weights: Sequence[int], budget: float) -> list[int]:
    """Return the rows of every kind that fits with those before it, ascending."""
    kinds: dict[Telling, set[int]] = {telling: set() for telling in Telling}
    for shown in found.shown:
        kinds[shown.telling].update(range(shown.first, shown.last + 1))
    chosen = kinds.pop(Telling.SIGNATURE)
    kept = _with_wraps(chosen, found, weights)
    for rows in kinds.values():
        more = _with_wraps(chosen | rows, found, weights)
        if len(more) > len(kept) and _cost(more, weights) <= budget:
            chosen |= rows
            kept = more
    return kept


def _with_wraps(rows: set[int], found: Signatures, weights: Sequence[int]) -> list[int]:
    """Return the rows with the heads of the blocks around them, ascending, none too long."""
    ascending = sorted(rows)
    if found.wraps:
        heads: set[int] = set()
        for wrap in found.wraps:
            at = bisect_right(ascending, wrap.last)
            if at < len(ascending) and ascending[at] <= wrap.end:
                heads.update(range(wrap.first, wrap.last + 1))
        ascending = sorted(rows | heads)
    return [row for row in ascending if row < len(weights) and weights[row] <= LINE_BYTES]


def _cost(rows: Sequence[int], weights: Sequence[int]) -> int:
    """Return the bytes of the rows without indentation, and of the gaps between them."""
    gaps = sum([after > row + 1 for row, after in pairwise((-1, *rows, len(weights)))])
    return sum([weights[row] for row in rows]) + gaps * GAP_BYTES


def _ranges(rows: Iterable[int], lines: Sequence[bytes]) -> tuple[tuple[int, int], ...]:
    """Return the rows as ranges of lines; blank lines between two of them are cheaper kept."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and not b"".join(lines[ranges[-1][1] : row])[:LINE_BYTES].strip():
            ranges[-1] = ranges[-1][0], row + 1
        else:
            ranges.append((row + 1, row + 1))
    return tuple(ranges)
