"""Which words stand in a text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import automaton

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_BYTES = 16_000_000
"""A larger file is not looked into."""

BINARY_WITHIN_BYTES = 8_000
"""A NUL among the first bytes makes a file binary, as for git."""


class Words:
    """The words that are sought; what is empty, or holds a line feed or a NUL, stands nowhere."""

    def __init__(self, words: Collection[str]) -> None:
        self._by_spelling = {
            word.encode("utf-8", "surrogateescape"): word
            for word in words
            if word and not set(word) & set("\n\r\0")
        }
        self.all = frozenset(self._by_spelling.values())
        self._pattern = automaton.any_word_of(self._by_spelling)

    def of(self, data: bytes) -> frozenset[str]:
        """Return those that stand in a text as whole words; none in what is binary.

        Of two that begin at the same place (`ok` and `ok?`) the longer one is told.
        """
        if b"\0" in data[:BINARY_WITHIN_BYTES]:
            return frozenset()
        seen = {data[slice(*found.span())] for found in self._pattern.finditer(data)}
        return frozenset(self._by_spelling[each] for each in seen)
