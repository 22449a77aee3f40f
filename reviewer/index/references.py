"""Text -> what it calls and what it names. Pure.

A query finds the names; what stands between one name and the next tells the receiver, so no tree
is walked. Nothing raises: what the grammar cannot read sets `broken` and leaves the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import Call, Mention, References
from reviewer.index import grammar
from reviewer.index.syntax import SKIP, SPLAT, Syntax, syntax_of
from reviewer.index.syntax.read import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node, Tree

    from reviewer.index.languages import Language

VERSION = 1
"""Changes when the same text gives other references."""

UNKNOWN = "?"
_MAX_CHAIN_CHARACTERS = 300
"""A longer receiver is told as unknown, so that chains cost no more than they are long."""
_MAX_NAME_BYTES = 1_000
_MAX_WORD_BYTES = 40
_WORD = re.compile(rb"[A-Za-z]+$")
"""A keyword in the place of a name: PHP's `self::`, `parent::`."""

_ENDS_A_VALUE = frozenset(b")]}>\"'`!?")


def references_of(source: bytes, language: Language) -> References:
    """Return what a file calls and names. Never raises, whatever the bytes."""
    tree = grammar.parse(source, language)
    if tree is None:
        return References(language=language, calls=(), mentions=(), broken=True)
    return references_in(tree, source, language)


def references_in(tree: Tree, source: bytes, language: Language) -> References:
    """Return what a parsed file calls and names."""
    syntax = syntax_of(language)
    found, all_named = grammar.captures(tree, language, syntax.mentions)
    called = grammar.matches(tree, language, syntax.calls)
    binds = {node.start_byte for node in found.get("bind", ())}
    receivers: dict[int, str] = {}
    mentions = tuple(_mentions(found.get("name", ()), source, syntax, binds, receivers))
    return References(
        language=language,
        calls=tuple(_calls(called, source, syntax, receivers)),
        mentions=mentions,
        broken=tree.root_node.has_error or not (all_named and called.complete),
    )


def _mentions(
    nodes: Sequence[Node],
    source: bytes,
    syntax: Syntax,
    binds: set[int],
    receivers: dict[int, str],
) -> Iterator[Mention]:
    """Yield each name, and note its receiver under the place where it starts."""
    words: dict[bytes, str] = {}
    chains = _Chains(source, syntax)
    for node in nodes:
        start, end = node.byte_range
        raw = source[start:end]
        name = words.get(raw)
        if name is None:
            name = words[raw] = _bare(raw, syntax)
        receiver = chains.receiver(start, end, name)
        if receiver:
            receivers[start] = receiver
        if name and name not in syntax.roots and end - start <= _MAX_NAME_BYTES:
            yield Mention(
                name=name,
                line=node.start_point[0] + 1,
                receiver=receiver,
                binds=start in binds,
            )


class _Chains:
    """The chain of names up to the last one seen: `a.b` before the `c` of `a.b.c`."""

    __slots__ = ("chain", "comment", "connectors", "end", "lasts", "source")

    def __init__(self, source: bytes, syntax: Syntax) -> None:
        self.source = source
        self.comment = re.compile(re.escape(syntax.comment.encode()) + rb"[^\n]*")
        self.connectors = tuple(each.encode() for each in syntax.connectors)
        self.lasts = frozenset(each[-1] for each in self.connectors) | frozenset(b" \t\r\n")
        self.end = 0
        self.chain = ""

    def receiver(self, start: int, end: int, name: str) -> str:
        """Return what stands before the last dot, and remember the chain for the next name."""
        joined = start > 0 and self.source[start - 1] in self.lasts
        found = self._before(start) if joined else ""
        self.end = end
        if not found:
            self.chain = name
        elif found == UNKNOWN or len(found) + len(name) >= _MAX_CHAIN_CHARACTERS:
            self.chain = UNKNOWN
        else:
            self.chain = f"{found}.{name}"
        return found

    def _before(self, start: int) -> str:
        gap = self.source[self.end : start]
        if b"\n" in gap:
            gap = self.comment.sub(b"", gap)
        gap = gap.rstrip()
        connector = next((each for each in self.connectors if gap.endswith(each)), None)
        if connector is None or gap.endswith((b"..", b":::")):
            return ""
        rest = gap[: -len(connector)].rstrip()
        if not rest:
            return self.chain if self.end else self._absolute(connector)
        if rest[-1] in _ENDS_A_VALUE:
            return UNKNOWN
        word = _WORD.search(rest[-_MAX_WORD_BYTES:])
        return word[0].decode("ascii") if word else self._absolute(connector)

    @staticmethod
    def _absolute(connector: bytes) -> str:
        """Return the receiver where nothing stands before the connector: `::Name`, `.name`."""
        return UNKNOWN if connector == b"." else ""


def _bare(raw: bytes, syntax: Syntax) -> str:
    return raw.decode("utf-8", "replace").strip("`").lstrip(syntax.sigils)


def _calls(
    called: grammar.Matches, source: bytes, syntax: Syntax, receivers: Mapping[int, str]
) -> Iterator[Call]:
    best: dict[int, tuple[int, dict[str, list[Node]]]] = {}
    for pattern, found in called.found:
        start = found["name"][0].start_byte
        if start not in best or pattern < best[start][0]:
            best[start] = pattern, found
    for _, (_, found) in sorted(best.items()):
        node = found["name"][0]
        start, end = node.byte_range
        name = _bare(source[start:end], syntax)
        positional, keywords, is_open = _counted(found.get("args", ()), source, syntax)
        yield Call(
            name=name,
            receiver=receivers.get(start, ""),
            line=node.start_point[0] + 1,
            positional=positional + len(found.get("trailing", ())),
            keywords=keywords,
            open_ended=is_open or "open" in found,
        )


def _counted(
    lists: Sequence[Node], source: bytes, syntax: Syntax
) -> tuple[int, tuple[str, ...], bool]:
    """Return how many arguments go by place, which go by name, and whether a splat hides more."""
    positional, is_open = 0, False
    keywords: list[str] = []
    for child in (child for each in lists for child in each.named_children):
        role = syntax.arguments.get(child.type)
        if syntax.splat and syntax.splat(child):
            role = SPLAT
        named = syntax.keyword(child) if syntax.keyword and role is None else None
        if named is not None:
            keywords.append(text(named, source))
        elif role is None:
            positional += 1
        elif role == SPLAT:
            is_open = True
        elif role != SKIP:
            named = child.child_by_field_name(role)
            if named is None:
                positional += 1
            else:
                keywords.append(text(named, source))
    return positional, tuple(keywords), is_open
