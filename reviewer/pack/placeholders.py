"""Secrets -> numbered placeholders such as `[secret: github-pat #3]`. Pure.

A placeholder is one-way: nothing turns it back into a value, and what was replaced is counted
here, never read from a text. So a source that holds one from the start, by whomever, gains
nothing: it stays as it is, and is in no receipt.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from reviewer import automaton

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.automaton import Pattern
    from reviewer.pack.secrets import Secret

KNOWN_CHARACTERS = 12
"""From this length on a value is replaced wherever it stands; a shorter one may be a word."""

_ARMOUR = re.compile(r"-----[A-Z ]+-----")
"""The first and the last line of every key: no secret."""


class Placeholders:
    """The numbers of one prompt: the same value has the same number wherever it stands.

    Numbers count from 1 for each kind, in the order in which values are first replaced.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._known: dict[bytes, dict[str, str]] = {}
        self._pattern: Pattern | None = None

    def replace(self, text: str, secrets: Sequence[Secret]) -> str:
        """Return the text without the secrets that `find` saw in it.

        A value of several lines becomes its placeholder and as many newlines as it had.
        """
        pieces, at = [], 0
        for secret in secrets:
            value = text[secret.start : secret.end]
            pieces += [text[at : secret.start], self._name(secret.kind, value)]
            pieces.append("\n" * value.count("\n"))
            at = secret.end
        return "".join((*pieces, text[at:]))

    def replace_known(self, text: str) -> str:
        """Return the text without any value that `replace` met, also where no rule would see it.

        That goes for values of `KNOWN_CHARACTERS` and more, and for such lines of a value that
        has several. The time is linear in the text, however many values are known.
        """
        if not self._known:
            return text
        if self._pattern is None:
            self._pattern = automaton.any_of(self._known)
        data = text.encode("ascii", "replace")
        pieces, at = [], 0
        for found in self._pattern.finditer(data):
            start, end = found.span()
            if name := self._known.get(data[start:end], {}).get(text[start:end]):
                pieces += [text[at:start], name]
                at = end
        return "".join((*pieces, text[at:]))

    def receipt(self) -> Mapping[str, int]:
        """Return how many different values of each kind were replaced, by kind."""
        return dict(sorted(self._counts.items()))

    def _name(self, kind: str, value: str) -> str:
        if value not in self._names:
            self._counts[kind] += 1
            self._names[value] = f"[secret: {kind} #{self._counts[kind]}]"
            self._learn(value)
        return self._names[value]

    def _learn(self, value: str) -> None:
        lines = value.split("\n") if "\n" in value else [value, *value.split("\\n")]
        for line in lines:
            part = line.strip()
            if len(part) >= KNOWN_CHARACTERS and not _ARMOUR.fullmatch(part):
                same = self._known.setdefault(part.encode("ascii", "replace"), {})
                same.setdefault(part, self._names[value])
                self._pattern = None
