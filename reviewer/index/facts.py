"""What the packer knows of one source file, small enough to keep for every blob. Pure.

Names are kept as 32-bit hashes: the graph only asks whether two files speak of the same name, and
a cache that holds no names holds nothing of the source. Languages that use each other's code
share their hashes, all others differ.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from dataclasses import dataclass

from reviewer.flow import SymbolKind
from reviewer.index import outline, symbols
from reviewer.index.languages import Language, family

VERSION = f"facts/2.{symbols.VERSION}.{outline.VERSION}"

LEAST_NAME_CHARACTERS = 3
"""`x`, `i` and `fn` connect files that have nothing to do with each other."""

_HEAD = 4
"""Numbers at the head of what is dumped: three lengths, and the size of the outline."""

_WORD = re.compile(rb"[A-Za-z_]\w{2,}")
_LINKS = frozenset(SymbolKind) - {SymbolKind.FIELD, SymbolKind.MODULE}
"""Kinds whose use tells that one file needs another; fields are named alike everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hashes of the names a file defines for others and of all its words, and its outline.

    `kept` are the line ranges of the outline, as `outline.outline_of` gives them, and
    `outline_bytes` is the size of these lines, without the marks between them.
    """

    defined: frozenset[int]
    words: frozenset[int]
    kept: tuple[tuple[int, int], ...]
    outline_bytes: int


def facts_of(source: bytes, language: Language) -> Facts:
    """Return the facts of a file's UTF-8 text."""
    salt = _salt(language)
    found = symbols.symbols_of(source, language)
    kept = outline.outline_of(source, language)
    return Facts(
        defined=frozenset(
            zlib.crc32(each.name.encode("utf-8", "replace"), salt)
            for each in found.definitions
            if each.exported and each.kind in _LINKS and len(each.name) >= LEAST_NAME_CHARACTERS
        ),
        words=frozenset(zlib.crc32(word, salt) for word in set(_WORD.findall(source))),
        kept=kept,
        outline_bytes=_size_bytes(source, kept),
    )


def _size_bytes(source: bytes, kept: tuple[tuple[int, int], ...]) -> int:
    lines = source.split(b"\n")
    return sum([len(line) + 1 for first, last in kept for line in lines[first - 1 : last]])


def dumped(source: bytes, language: str) -> bytes:
    """Return the facts of a file as bytes, to be sent between processes and kept."""
    return dump(facts_of(source, Language(language)))


def dump(facts: Facts) -> bytes:
    """Write facts as little-endian 32-bit numbers: the head, then the three lists."""
    lines = [line for kept in facts.kept for line in kept]
    head = (len(facts.defined), len(facts.words), len(lines), facts.outline_bytes)
    numbers = array("I", (*head, *sorted(facts.defined), *sorted(facts.words), *lines))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def load(data: bytes) -> Facts:
    """Read what `dump` wrote; raises `ValueError` for anything else."""
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    if len(numbers) < _HEAD or len(numbers) != _HEAD + sum(numbers[: _HEAD - 1]):
        raise ValueError("the lengths do not fit")
    defined, words, _lines, outline_bytes = numbers[:_HEAD]
    kept = _ranges(numbers[_HEAD + defined + words :].tolist())
    return Facts(
        defined=frozenset(numbers[_HEAD : _HEAD + defined]),
        words=frozenset(numbers[_HEAD + defined : _HEAD + defined + words]),
        kept=kept,
        outline_bytes=outline_bytes,
    )


def _ranges(lines: list[int]) -> tuple[tuple[int, int], ...]:
    """Pair the lines up; raises `ValueError` unless they are ranges in order, apart."""
    ranges = tuple(zip(lines[::2], lines[1::2], strict=True))
    last = 0
    for first, end in ranges:
        if not last < first <= end:
            raise ValueError("the ranges are not in order")
        last = end
    return ranges


def _salt(language: Language) -> int:
    return zlib.crc32(min(family(language)).encode())
