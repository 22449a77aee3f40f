"""Writes text the way the tokenizer sees it: in runs, with marks for words and capitals. Pure.

The rules are those that ctok 1.3.0 (its normalize.py) found by measurement, less those for scripts
that source code hardly holds.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from reviewer.pack.tokens.vocabulary import CAPITALS, CLOSES, OPENS, SHIFT

if TYPE_CHECKING:
    from reviewer.pack.tokens.vocabulary import Vocabulary


class Kind(Enum):
    """A class of characters; a run is as many of one class as follow each other."""

    WORD = auto()
    DIGITS = auto()
    BLANK = auto()
    SIGNS = auto()
    SYMBOLS = auto()
    """Marked as signs are, but in runs of their own."""
    SINGLE = auto()
    """Chinese, Japanese and Korean, emoji: each on its own, without marks."""


BORDERED = frozenset((Kind.SIGNS, Kind.SYMBOLS))
"""They have a mark where a blank stands beside them, and the blank is free."""

SIGNS_BEYOND_ASCII = frozenset("—»«•°„–−£§€…√→（№†└│།·─═█")  # noqa: RUF001 - these are meant
SUFFIXES = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))
"""What a lone apostrophe binds to the word before it."""

SINGLE_RANGES = (
    (0x3001, 0x3006),
    (0x3008, 0x303F),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE00, 0xFE0F),
    (0x10000, 0x10FFFF),
)

RUNS = re.compile(r"[ \t\n]+|[0-9]+|[^ \t\n0-9]+")
"""Blanks, digits and, where there is no letter, signs: no piece of a vocabulary holds two."""

_PLAIN = re.compile(r"[\t\n -@\[-`{-~]*")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_DROPPED = re.compile("[\1-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff]")
_BLANKS = re.compile("[\0\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_SEAM = re.compile(f"{CLOSES} ([{SHIFT}{CAPITALS}]*){OPENS}")


def clean(text: str, known: Vocabulary) -> str:
    """Return the text as the tokenizer normalises it."""
    text = unicodedata.normalize("NFC", text)
    if known.straightens_quotes:
        text = text.translate(_QUOTES)
    return _BLANKS.sub(" ", _DROPPED.sub("", text))


def word(text: str, known: Vocabulary) -> str:
    """Return letters with their marks: a first capital becomes a mark, a hump stays a letter."""
    if text.islower():
        return f"{OPENS}{text}{CLOSES}"
    small = text.lower()
    if text[:1] != small[:1]:
        if text[1:] == small[1:]:
            return f"{SHIFT}{OPENS}{small}{CLOSES}"
        if known.least_capitals and len(text) >= known.least_capitals and text.isupper():
            return f"{CAPITALS}{OPENS}{small}{CLOSES}"
    return f"{OPENS}{text}{CLOSES}"


def between_words(text: str, known: Vocabulary) -> str:
    """Return what stands between two words, with its marks and without those of the words."""
    runs = [(Kind.WORD, ""), *_runs(text), (Kind.WORD, "")]
    marked = "".join([_run(runs, at, known) for at in range(1, len(runs) - 1)])
    return _SEAM.sub(rf"{CLOSES}\1{OPENS}", f"{CLOSES}{marked}{OPENS}")[1:-1]


def _runs(text: str) -> list[tuple[Kind, str]]:
    if _PLAIN.fullmatch(text):
        return [(kind_of(run[0]), run) for run in RUNS.findall(text)]
    return [(kind, "".join(run)) for kind, run in groupby(text, kind_of)]


@cache
def kind_of(character: str) -> Kind:
    """Return the class of a character that `clean` left."""
    code, category = ord(character), unicodedata.category(character)
    if character in " \t\n" or category[0] == "Z":
        return Kind.BLANK
    if "0" <= character <= "9":
        return Kind.DIGITS
    if character in SIGNS_BEYOND_ASCII or (character.isascii() and not character.isalpha()):
        return Kind.SIGNS
    if any(first <= code <= last for first, last in SINGLE_RANGES):
        return Kind.SINGLE
    return Kind.WORD if category[0] in "LM" else Kind.SYMBOLS


def _run(runs: list[tuple[Kind, str]], at: int, known: Vocabulary) -> str:
    kind, text = runs[at]
    if kind is Kind.WORD:
        return text + CLOSES if _is_suffix(runs, at) else word(text, known)
    if kind not in BORDERED:
        return text
    (_, before), (kind_after, after) = runs[at - 1], runs[at + 1]
    quotes = text == "'" and kind_after is Kind.WORD
    opens = OPENS if before.endswith(" ") and not quotes else ""
    closes = CLOSES if after.startswith(" ") and not after.startswith("  ") else ""
    return opens + text + closes


def _is_suffix(runs: list[tuple[Kind, str]], at: int) -> bool:
    if runs[at][1] not in SUFFIXES or runs[at - 1] != (Kind.SIGNS, "'"):
        return False
    # What stands between words begins with one, so there is a run before the apostrophe.
    return runs[at - 2][0] not in BORDERED
