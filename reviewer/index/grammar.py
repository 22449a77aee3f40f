"""Text -> syntax tree, and queries over it: the only module that knows tree-sitter. Pure.

A grammar is loaded when the first file in its language is parsed. What a grammar does not
understand becomes an ERROR node with the rest of the file around it.

Some inputs cost a parser more than linear time. Steps are therefore bounded, by the parser's own
count and not by the clock, so that the outcome is the same on every machine: tree-sitter reports
after a fixed number of steps, and a file may take so many reports per byte. Error recovery spends
time between two reports, and that nothing bounds here: whoever parses what others wrote does so
in a process that can be ended (`ports.Pool`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from reviewer.index.languages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tree_sitter
    from tree_sitter import Node, Parser, Point, Query, QueryCursor, Tree

_GRAMMARS = {
    Language.PYTHON: ("tree_sitter_python", "language"),
    Language.JAVASCRIPT: ("tree_sitter_javascript", "language"),
    Language.TYPESCRIPT: ("tree_sitter_typescript", "language_typescript"),
    Language.TSX: ("tree_sitter_typescript", "language_tsx"),
    Language.GO: ("tree_sitter_go", "language"),
    Language.RUST: ("tree_sitter_rust", "language"),
    Language.JAVA: ("tree_sitter_java", "language"),
    Language.C: ("tree_sitter_c", "language"),
    Language.CPP: ("tree_sitter_cpp", "language"),
    Language.CSHARP: ("tree_sitter_c_sharp", "language"),
    Language.RUBY: ("tree_sitter_ruby", "language"),
    Language.PHP: ("tree_sitter_php", "language_php"),
    Language.KOTLIN: ("tree_sitter_kotlin", "language"),
    Language.SWIFT: ("tree_sitter_swift", "language"),
    Language.SCALA: ("tree_sitter_scala", "language"),
    Language.BASH: ("tree_sitter_bash", "language"),
}
"""Each grammar's module and the function in it. They are wheels on PyPI; nothing is fetched."""

_FREE_REPORTS = 500
_BYTES_PER_REPORT = 25
"""Of 2,956 real files over 2 kB the most costly took a report for 46 bytes."""

_MAX_LOOSE_NODES = 20_000
"""A file in which nothing fits together is one ERROR node; a query over its children takes time
in the square of their number (0.08 s for 10,000, 0.38 s for 20,000)."""

_CHUNK_BYTES = 1 << 16


_START = attrgetter("start_byte")
"""tree-sitter's captures come without an order."""

_MAX_DEPTH = 1_000
"""What is nested deeper is not looked for: a chain of n calls is n half-done matches at each
of its nodes. The deepest of 4,397 real files is 153 deep."""

_MATCH_LIMIT = 2_000
"""How many matches may be half done at one time: a query looks at each of them at every node, so
this keeps thousands of nested nodes from costing quadratic time. The callback that bounds parsing
has no counterpart here: with tree-sitter 0.26.1 a query with one ends the process."""


class Matches(NamedTuple):
    """What a query found. `complete` is False where the limit dropped a match."""

    found: Sequence[tuple[int, dict[str, list[Node]]]]
    complete: bool


class Captures(NamedTuple):
    """The nodes under each capture. `complete` is False where the limit dropped one."""

    found: dict[str, list[Node]]
    complete: bool


@dataclass(slots=True)
class _Allowance:
    """How many more reports a file may take."""

    left: int

    def spent(self, *_: object) -> bool:
        """Count one report; tell whether to stop."""
        self.left -= 1
        return self.left < 0


def _allowance(size_bytes: int) -> _Allowance:
    return _Allowance(_FREE_REPORTS + size_bytes // _BYTES_PER_REPORT)


def parse(source: bytes, language: Language) -> Tree | None:
    """Return the syntax tree of UTF-8 text; its nodes count bytes and lines from 0.

    None where the grammar would need far more steps than any real file of that size takes, or
    where it could make nothing of a file with thousands of tokens.
    """
    parser = _parser(language)

    def read(offset: int, _point: Point) -> bytes:
        return source[offset : offset + _CHUNK_BYTES]

    try:
        tree = parser.parse(read, progress_callback=_allowance(len(source)).spent)
    except ValueError:  # "Parsing failed": the allowance is spent
        parser.reset()
        return None
    root = tree.root_node
    return None if root.is_error and root.child_count > _MAX_LOOSE_NODES else tree


def matches(tree: Tree, language: Language, query: str) -> Matches:
    """Return each match of a query as (number of its pattern, capture -> nodes), in order."""
    cursor = _cursor(language, query)
    found = cursor.matches(tree.root_node)
    return Matches(found, not cursor.did_exceed_match_limit)


def captures(tree: Tree, language: Language, query: str) -> Captures:
    """Return the nodes that each capture of a query stands for, in order."""
    cursor = _cursor(language, query)
    found = {
        name: sorted(nodes, key=_START) for name, nodes in cursor.captures(tree.root_node).items()
    }
    return Captures(found, not cursor.did_exceed_match_limit)


def _cursor(language: Language, query: str) -> QueryCursor:
    import tree_sitter

    cursor = tree_sitter.QueryCursor(_query(language, query), match_limit=_MATCH_LIMIT)
    cursor.set_max_start_depth(_MAX_DEPTH)
    return cursor


@cache
def _grammar(language: Language) -> tree_sitter.Language:
    import tree_sitter

    module, function = _GRAMMARS[language]
    return tree_sitter.Language(getattr(import_module(module), function)())


@cache
def _parser(language: Language) -> Parser:
    import tree_sitter

    return tree_sitter.Parser(_grammar(language))


@cache
def _query(language: Language, text: str) -> Query:
    import tree_sitter

    return tree_sitter.Query(_grammar(language), text)
