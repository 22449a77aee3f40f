"""Patterns over bytes, matched in linear time whatever the text is: the only RE2. Pure.

Bytes, not characters: one that is not ASCII is no part of a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AUTOMATON_BYTES = 64 << 20
"""What one automaton may hold at most. Beyond, RE2 takes another way, still in linear time."""


class Found(Protocol):
    """A match of a pattern, as RE2 gives it."""

    def span(self, group: int = 0, /) -> tuple[int, int]:
        """Return where the group begins and ends; -1 where it took no part."""


class Pattern(Protocol):
    """A compiled pattern, as RE2 gives it."""

    groups: int

    def finditer(self, text: bytes, /) -> Iterator[Found]:
        """Give every match, from left to right, without overlap."""

    def search(self, text: bytes, /) -> Found | None:
        """Return the first match."""


class Keywords(Protocol):
    """A set of words, as RE2 gives it."""

    def Match(self, text: bytes, /) -> list[int] | None:  # noqa: N802 - RE2's name
        """Return the numbers of the words that stand in the text, or None."""


def pattern(written: bytes) -> Pattern:
    """Compile a regular expression."""
    return _compile(written)


def any_of(values: Iterable[bytes]) -> Pattern:
    """Return the pattern that finds, at each place, the longest of the values."""
    return _compile(b"|".join(map(_literal, sorted(values))), longest_match=True)


def any_word_of(values: Iterable[bytes]) -> Pattern:
    """Return the same for values that stand as whole words, as `grep --word-regexp` means it.

    No letter, digit or underscore stands before or after one, whatever it begins and ends with.
    """
    words = (_edge(each[:1]) + _literal(each) + _edge(each[-1:]) for each in sorted(values))
    return _compile(b"|".join(words), longest_match=True)


def keywords(words: Iterable[str]) -> Keywords:
    """Return a set that tells which of the words stand in a text, in upper or lower case."""
    import re2  # type: ignore[import-untyped]

    found = re2.Set.SearchSet(_options(literal=True, case_sensitive=False))
    for word in words:
        found.Add(word)
    found.Compile()
    return cast("Keywords", found)


def _edge(byte: bytes) -> bytes:
    """Return what asks for no word character beyond a byte at the edge."""
    return rb"\b" if byte.isalnum() or byte == b"_" else rb"\B"


def _literal(value: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in value)


def _compile(written: bytes, *, longest_match: bool = False) -> Pattern:
    import re2

    return cast("Pattern", re2.compile(written, _options(longest_match=longest_match)))


def _options(**chosen: bool) -> object:
    import re2

    options = re2.Options()
    options.max_mem, options.log_errors = AUTOMATON_BYTES, False
    options.encoding = re2.Options.Encoding.LATIN1
    for name, value in chosen.items():
        setattr(options, name, value)
    return cast("object", options)
