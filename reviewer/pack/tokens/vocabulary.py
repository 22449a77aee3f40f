"""The pieces of text that cost one token, and the fewest of them that make up a run. Pure.

The tables are those of ctok 1.3.0 (see LICENSE-ctok beside them), an unofficial reconstruction of
both tokenizers from the API's own counts, written by `benchmarks/fit_tokens.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from reviewer.pack.tokens.family import Family

OPENS, CLOSES, SHIFT, CAPITALS = "\1", "\2", "\3", "\4"
"""Marks of the tokenizer: a word begins, ends, had a capital, had capitals only. As characters
they cannot be met in a text: the API drops control characters."""

MARKS = frozenset((OPENS, CLOSES, SHIFT, CAPITALS))

AROUND = {
    "inside": ("", ""),
    "opening": (OPENS, ""),
    "closing": ("", CLOSES),
    "whole": (OPENS, CLOSES),
    "shifted": (SHIFT + OPENS, CLOSES),
    "capitals": (CAPITALS + OPENS, CLOSES),
}
"""By group of the table: the marks that belong to each of its pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one tokenizer knows."""

    pieces: frozenset[str]
    """Text with its marks that costs one token."""

    longest: dict[str, int]
    """By the first two characters: how long a piece can be."""

    bytes_pieces: frozenset[bytes]
    """Parts of UTF-8 sequences that cost one token, beside the single bytes."""

    common: dict[str, dict[bytes, int]]
    """Costs of frequent words and of what frequently stands between two (`exact` has how that is
    written), so that a small repository need not price thousands of them."""

    runs: dict[str, int]
    """Costs of the runs of signs and blanks that were met."""

    characters: dict[str, int]
    """What is known of the cost of characters that are no piece: filled as they are met."""

    least_capitals: int
    """Words all in capitals are written small behind a mark from this length on; 0: never."""

    straightens_quotes: bool
    """Whether typographic quotes become those of ASCII."""


@cache
def load(family: Family) -> Vocabulary:
    """Return the vocabulary of a family: 5 to 10 ms the first time."""
    table = json.loads(get_data(__package__, f"{family}.json") or b"")
    blanks = sorted(table["blanks"], key=len)
    pieces = list(blanks)
    for group, (before, after) in AROUND.items():
        if words := table["pieces"].get(group):
            between = f"{after} {before}"
            pieces += f"{before}{words.replace(' ', between)}{after}".split(" ")
    return Vocabulary(
        pieces=frozenset(pieces),
        longest=_by_number(table["longest"], " ") | {blank[:2]: len(blank) for blank in blanks},
        bytes_pieces=frozenset(map(bytes.fromhex, table["bytes"].split())),
        common={
            name: _by_number({cost: pieces.encode() for cost, pieces in costs.items()}, b" ")
            for name, costs in table["common"].items()
        },
        runs={},
        characters=dict.fromkeys(MARKS, 1),
        least_capitals=table["least_capitals"],
        straightens_quotes=table["straightens_quotes"],
    )


def fewest(marked: str, known: Vocabulary) -> int:
    """Return the least number of pieces that make up a marked run.

    Time grows with the length times that of the longest pieces; callers cut very long runs.
    """
    pieces, longest = known.pieces, known.longest
    if marked in pieces:
        return 1
    end = len(marked)
    best = [0, *[4 * end] * end]  # a character has at most four bytes
    for start, character in enumerate(marked):
        so_far = best[start]
        cost = so_far + (1 if character in pieces else _character(character, known))
        best[start + 1] = min(best[start + 1], cost)
        cost = so_far + 1
        reach = longest.get(marked[start : start + 2], 0)
        for stop in range(start + 2, min(start + reach, end) + 1):
            if cost < best[stop] and marked[start:stop] in pieces:
                best[stop] = cost
    return best[end]


def _by_number(table: dict[str, AnyStr], blank: AnyStr) -> dict[AnyStr, int]:
    """Return number by word, from words by number."""
    found: dict[AnyStr, int] = {}
    for number, words in table.items():
        found |= dict.fromkeys(words.split(blank), int(number))
    return found


def _character(character: str, known: Vocabulary) -> int:
    """Return what a character costs that is no piece: the fewest pieces of its bytes."""
    cost = known.characters.get(character)
    if cost is None:
        data = character.encode("utf-8", "replace")
        best = [0]
        for end in range(1, len(data) + 1):
            parts = (
                best[start] + 1
                for start in range(end)
                if end - start == 1 or data[start:end] in known.bytes_pieces
            )
            best.append(min(parts))
        cost = known.characters[character] = best[-1]
    return cost
