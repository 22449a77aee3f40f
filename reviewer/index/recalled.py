"""Parsing that remembers, by blob id, what it found. Pure, but for the memory and the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Unparsed
from reviewer.index import codec, references, symbols
from reviewer.index.languages import Language
from reviewer.index.lookup import parsed

if TYPE_CHECKING:
    from reviewer.flow import References, Symbols
    from reviewer.index.lookup import Parse
    from reviewer.ports import Memory, Pool


def recalling(memory: Memory, pool: Pool) -> Parse:
    """Return a `lookup.Parse` that asks the memory first, and believes only what is whole.

    What the pool could not parse is not remembered: another machine may be faster.
    """

    def parse(oid: str, data: bytes, language: Language) -> tuple[Symbols, References] | Unparsed:
        defined = f"symbols/{symbols.VERSION}/{language}"
        used = f"references/{references.VERSION}/{language}"
        try:
            return _load(*(memory.recall(kind, [oid])[oid] for kind in (defined, used)))
        except (KeyError, ValueError):
            (made,) = pool.run(dumped, [(data, language.value)])
        if isinstance(made, Unparsed):
            return made
        first, _, second = made.partition(b"\n")
        memory.remember(defined, {oid: first})
        memory.remember(used, {oid: second})
        return _load(first, second)

    return parse


def dumped(source: bytes, language: str) -> bytes:
    """Return the symbols and the references of a file, as `codec` writes them: a line each."""
    found = parsed("", source, Language(language))
    return b"\n".join((codec.dump_symbols(found[0]), codec.dump_references(found[1])))


def _load(first: bytes, second: bytes) -> tuple[Symbols, References]:
    return codec.load_symbols(first), codec.load_references(second)
