"""What a text costs, summed from its words and from what stands between them. Pure.

The tokenizer never joins a word to what stands beside it, so each distinct piece is priced once
and remembered. Splitting is done with `bytes.translate` and `bytes.split`, at the speed of C.
"""

from __future__ import annotations

import re
from functools import cache, partial
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from reviewer.pack.tokens import marks
from reviewer.pack.tokens.family import Family
from reviewer.pack.tokens.vocabulary import CLOSES, fewest, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.pack.tokens.vocabulary import Vocabulary

LONGEST_PIECE_BYTES = 60
"""Longer pieces are priced in parts of this size: half a megabyte without a blank takes its length
in time, not the square, and the same part over and over is priced once. Whole characters of two,
three and four bytes fit in."""

MOST_REMEMBERED = 400_000
"""Then all is forgotten: about 50 MB."""

_LETTERS = frozenset(ascii_letters.encode()) | frozenset(range(0x80, 0x100))
_CONTROLS = bytes({*range(1, 32), 127} - {*b"\t\n"})
_CONTRACTION = re.compile(
    rb"'(?<![!-/:-@\[-`{-~]')(s|t|d|m|ll|re|ve)(?![A-Za-z\x80-\xff])",
)


def pieces(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the words of a text, and what stands between them as `_BETWEEN` writes it."""
    words = data.translate(_WORDS, _CONTROLS).split()
    return words, data.translate(_BETWEEN, _CONTROLS).split()


def estimate(text: str, path: str, family: Family = Family.CURRENT) -> int:  # noqa: ARG001
    """Return what the text costs in the middle of a prompt.

    Good enough to spend money on: benchmarks/README.md has how far it is off. `path` is for
    callers that price what they cannot count; the text alone says what it costs.
    """
    return estimate_encoded(text.encode("utf-8", "replace"), family)


def estimate_encoded(data: bytes, family: Family) -> int:
    """Return the same of UTF-8; bytes that are none are left out."""
    words, between = pieces(data)
    costs_of_words, costs_between = _costs(family)
    tokens = sum(map(costs_of_words.__getitem__, words))
    tokens += sum(map(costs_between.__getitem__, between))
    for suffix in _CONTRACTION.findall(data):
        tokens -= _saved(suffix.decode(), family)
    return tokens


class _Costs(dict[bytes, int]):
    """Cost by piece: what is not known is priced where it is met first."""

    def __init__(self, common: dict[bytes, int], price: Callable[[bytes], int]) -> None:
        super().__init__(common)
        self._price = price

    def __missing__(self, piece: bytes) -> int:
        if len(piece) > LONGEST_PIECE_BYTES:
            starts = range(0, len(piece), LONGEST_PIECE_BYTES)
            return sum(self[piece[at : at + LONGEST_PIECE_BYTES]] for at in starts)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        cost = self[piece] = self._price(piece)
        return cost


@cache
def _costs(family: Family) -> tuple[_Costs, _Costs]:
    """Return the costs of words, and of what stands between words."""
    known = load(family)
    words = _Costs(known.common["words"], partial(price_word, known=known))
    return words, _Costs(known.common["between"], partial(price_between, known=known))


def price_word(piece: bytes, *, known: Vocabulary) -> int:
    """Return the cost of letters and of what is not ASCII, with no blank within."""
    if piece.isascii():
        return fewest(marks.word(piece.decode(), known), known)
    text = marks.clean(piece.decode("utf-8", "ignore"), known)
    # Most of it stands between blanks, which then are free.
    return fewest(marks.between_words(f" {text} ", known).strip(" "), known)


def price_between(piece: bytes, *, known: Vocabulary) -> int:
    """Return the cost of signs, digits and blanks; `_BETWEEN` has how they are written."""
    marked = marks.between_words(piece.translate(_BLANKS_AGAIN).decode(), known)
    return sum([_price_run(run, known) for run in marks.RUNS.findall(marked)])


def _price_run(run: str, known: Vocabulary) -> int:
    cost = known.runs.get(run)
    if cost is None:
        if len(known.runs) >= MOST_REMEMBERED:
            known.runs.clear()
        cost = known.runs[run] = fewest(run, known)
    return cost


@cache
def _saved(suffix: str, family: Family) -> int:
    """Return by how much `it's` is cheaper than its three parts."""
    known = load(family)
    apart = fewest("'", known) + fewest(marks.word(suffix, known), known)
    return apart - fewest(f"'{suffix}{CLOSES}", known)


def _table(kept: frozenset[int], others: dict[str, str]) -> bytes:
    """Return a translation table: what is not kept becomes a blank to split at, or another."""
    table = bytearray(byte if byte in kept else 0x20 for byte in range(256))
    for characters, other in others.items():
        for character in characters.encode():
            table[character] = ord(other)
    return bytes(table)


_WORDS = _table(_LETTERS, {})
_BETWEEN = _table(
    frozenset(range(0x80)) - _LETTERS,
    # Blanks would be lost in the split, and letters are free. Any digits cost as many noughts.
    {" \0": "s", "\t": "t", "\n": "n", digits: "0"},
)
_BLANKS_AGAIN = bytes.maketrans(b"stn", b" \t\n")
