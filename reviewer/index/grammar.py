"""Text -> syntax tree: the only module that knows tree-sitter and its grammars. Pure.

A grammar is loaded when the first file in its language is parsed. Parsing never fails: what a
grammar does not understand becomes an ERROR node with the rest of the file around it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from reviewer.index.languages import Language

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

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


def parse(source: bytes, language: Language) -> Tree:
    """Return the syntax tree of UTF-8 text; its nodes count bytes and lines from 0."""
    return _parser(language).parse(source)


@cache
def _parser(language: Language) -> Parser:
    import tree_sitter

    module, function = _GRAMMARS[language]
    grammar = tree_sitter.Language(getattr(import_module(module), function)())
    return tree_sitter.Parser(grammar)
