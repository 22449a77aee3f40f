"""What a model writes for a quote, and what it may have meant. Pure.

Models copy line numbers along, write our escaped tags as they saw them, keep the signs of a diff,
and are careless with whitespace. Each of these is undone before a quote counts as invented; what
was found is always code that was sent.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reviewer.flow import Side
from reviewer.pack import document

LEAST_ALPHANUMERICS = 3
"""A quote with less (`}`, `);`) stands everywhere, and proves nothing."""

_NUMBER = re.compile(r"[ \t]*\d+\|")
_SIGNS = {Side.RIGHT: "+", Side.LEFT: "-"}


def says_something(quote: str) -> bool:
    """Whether the quote is long enough to be evidence."""
    return sum(character.isalnum() for character in quote) >= LEAST_ALPHANUMERICS


@lru_cache(maxsize=8)  # a quote is looked up on many pages, one after the other
def readings(quote: str, side: Side | None) -> tuple[str, ...]:
    """Return what the quote may stand for, the most literal first, without blank ends.

    `side` is where it is looked for: a piece of a diff reads differently on the two sides.
    """
    literal = plain(quote)
    unescaped = document.unescape(literal)
    unnumbered = without_numbers(unescaped)
    found = (literal, unescaped, unnumbered, _without_signs(unnumbered, side or Side.RIGHT))
    return tuple(dict.fromkeys(reading.strip("\n") for reading in found if reading.strip()))


@lru_cache(maxsize=8)
def squeezed_readings(quote: str, side: Side | None) -> tuple[str, ...]:
    """Return the readings without blank lines, and with the whitespace of each line squeezed."""
    found = ("\n".join(squeezed_lines(reading)) for reading in readings(quote, side))
    return tuple(dict.fromkeys(found))


def plain(text: str) -> str:
    """Return the text with line feeds alone at its line ends, as files are read here."""
    return text.replace("\r\n", "\n")


def without_numbers(text: str) -> str:
    """Take off the `12|` of the numbered listing, if every line that is not blank has it."""
    lines = text.split("\n")
    if not all(_NUMBER.match(line) for line in lines if line.strip()):
        return text
    return "\n".join(_NUMBER.sub("", line, count=1) for line in lines)


def squeezed(line: str) -> str:
    """Return the line with every run of whitespace as one space, and none at its ends."""
    return " ".join(line.split())


def squeezed_lines(text: str) -> list[str]:
    """Return the lines that are not blank, squeezed."""
    return [line for line in map(squeezed, text.split("\n")) if line]


def _without_signs(text: str, side: Side) -> str:
    """Return one side of what was copied from a diff, or the text if it was not."""
    lines = [line for line in text.split("\n") if line]
    if not all(line[0] in " +-" for line in lines):
        return text
    return "\n".join(line[1:] for line in lines if line[0] in (" ", _SIGNS[side]))
