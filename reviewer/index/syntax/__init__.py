"""What each language's syntax looks like, as data: queries and tables, one module per family.

`syntax_of` loads the one that is asked for. The query captures that the walkers understand:

definitions   on the whole of a definition: @function @method @class @type @variable @field
              @declared (a prototype) @member @module @macro, or @scope for a place that names are
              put into without being defined there (Rust's `impl`, Swift's `extension`). Beside it
              @name (one per match), @params, @container (text of an outer name), @decorator,
              @export, @public (names that are exported by a list), @opaque (parameters are not
              known).
              @hide is a word that hides what follows it in the same scope, or ends that.
imports       @import on each statement
mentions      @name on every name, @bind on those that are bound there
calls         @name of what is called, @args, @trailing (one more argument), @open

A @function is a method inside of a class, a @variable a field; inside of a function a @variable
is a local and left out. A @member belongs to the class around the function around it. Where two
patterns find the same name, the first one written counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from reviewer.index.languages import Language

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping

    from tree_sitter import Node

    from reviewer.flow import Definition, Import, Parameter

MODULES = {
    Language.PYTHON: "python",
    Language.JAVASCRIPT: "javascript",
    Language.TYPESCRIPT: "typescript",
    Language.TSX: "typescript",
    Language.GO: "go",
    Language.RUST: "rust",
    Language.JAVA: "java",
    Language.C: "c",
    Language.CPP: "cpp",
    Language.CSHARP: "csharp",
    Language.RUBY: "ruby",
    Language.PHP: "php",
    Language.KOTLIN: "kotlin",
    Language.SWIFT: "swift",
    Language.SCALA: "scala",
    Language.BASH: "bash",
}

SKIP = "skip"
SPLAT = "splat"


class Seen(NamedTuple):
    """What decides whether a definition is exported: its name and what stands around it."""

    name: str
    head: str
    """The text from the start of the definition to its name: modifiers and the like."""
    outer: Definition | None
    hidden: bool
    """Stands after a word that hides what follows it: `private` in Ruby, `private:` in C++."""
    listed: bool
    """Stands in a list of exported names, or in an export statement."""


class Signed(NamedTuple):
    """What decides which parameters a call may pass."""

    node: Node | None
    decorators: tuple[str, ...]
    method: bool
    source: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """One language. `arguments` maps a node type to SKIP, SPLAT, or the field of its keyword."""

    definitions: str
    imports: str
    mentions: str
    calls: str
    parameters: Callable[[Signed], tuple[Parameter, ...] | None]
    exported: Callable[[Seen], bool]
    read_import: Callable[[Node, bytes], Iterator[Import]]
    arguments: Mapping[str, str]
    transparent: re.Pattern[str] | None = None
    """The parts of a written container that are no names."""
    splat: Callable[[Node], bool] | None = None
    """Where no node type tells it: whether an argument is a splat."""
    keyword: Callable[[Node], Node | None] | None = None
    """Where no field holds it: the keyword of an argument."""
    connectors: tuple[str, ...] = (".",)
    roots: frozenset[str] = field(default_factory=frozenset)
    """Words that begin a chain of names without being names: `this`, `super`."""
    comment: str = "//"
    """What begins a comment that ends with its line."""
    sigils: str = ""
    """Characters in front of a name that do not belong to it."""


@cache
def syntax_of(language: Language) -> Syntax:
    """Return the syntax of a language."""
    found = import_module(f"reviewer.index.syntax.{MODULES[language]}").SYNTAX
    assert isinstance(found, Syntax)  # noqa: S101
    return found
