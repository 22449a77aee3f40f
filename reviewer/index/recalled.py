"""Parsing that remembers, by blob id, what it found. Pure, but for the memory it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.index import codec, references, symbols
from reviewer.index.lookup import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import References, Symbols
    from reviewer.index.languages import Language
    from reviewer.ports import Memory


def recalling(memory: Memory) -> Callable[[str, bytes, Language], tuple[Symbols, References]]:
    """Return a `lookup.Parse` that asks the memory first, and believes only what is whole."""

    def parse(oid: str, data: bytes, language: Language) -> tuple[Symbols, References]:
        defined = f"symbols/{symbols.VERSION}/{language}"
        used = f"references/{references.VERSION}/{language}"
        known = memory.recall(defined, [oid]), memory.recall(used, [oid])
        try:
            return codec.load_symbols(known[0][oid]), codec.load_references(known[1][oid])
        except (KeyError, ValueError):
            found = parsed(oid, data, language)
        memory.remember(defined, {oid: codec.dump_symbols(found[0])})
        memory.remember(used, {oid: codec.dump_references(found[1])})
        return found

    return parse
