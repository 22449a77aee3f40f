"""Bash: https://www.gnu.org/software/bash/manual/bash.html.

Functions declare no parameters, so nothing says how many arguments one takes. What a function
assigns without `local` is global too; it is left out, for the two look the same. A file pattern
(`*.txt`) counts as one argument. Aliases are not listed: scripts do not expand them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter
from reviewer.index.syntax import SKIP, SPLAT, Seen, Signed, Syntax
from reviewer.index.syntax.read import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(function_definition name: (_) @name) @function
(command (variable_assignment name: (variable_name) @name) @scope)
(variable_assignment name: (variable_name) @name) @variable
"""

_MENTIONS = """
[(variable_name) (command_name (word))] @name
(function_definition name: (word) @name)
(function_definition name: (word) @bind)
(variable_assignment name: (variable_name) @bind)
(for_statement variable: (variable_name) @bind)
(declaration_command (variable_name) @bind)
"""

_CALLS = "(command name: (command_name (word) @name)) @args"

_ARGUMENTS = {
    "command_name": SKIP,
    "variable_assignment": SKIP,
    "file_redirect": SKIP,
    "herestring_redirect": SKIP,
    "simple_expansion": SPLAT,
    "expansion": SPLAT,
    "command_substitution": SPLAT,
    "brace_expression": SPLAT,
}
"""Without quotes an expansion is split into as many words as it has."""

_MANY = frozenset({"special_variable_name", "subscript"})


def _splat(node: Node) -> bool:
    """Tell whether an argument may be several: `a$b`, `"$@"`, `"${list[@]}"`."""
    if node.type == "concatenation":
        return any(_ARGUMENTS.get(child.type) == SPLAT for child in node.named_children)
    return node.type == "string" and any(
        inner.type in _MANY for child in node.named_children for inner in child.named_children
    )


def _parameters(_signed: Signed) -> tuple[Parameter, ...] | None:
    return None


def _exported(seen: Seen) -> bool:
    """Tell whether who sources the file sees it; a leading underscore says no, by convention."""
    return not seen.name.startswith("_") and seen.outer is None


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    name, argument = node.child_by_field_name("name"), node.child_by_field_name("argument")
    if name and argument and text(name, source) in _SOURCES:
        module = text(argument, source).strip("\"'")
        yield Import(module=module, line=node.start_point[0] + 1, wildcard=True)


_SOURCES = frozenset({"source", ".", "\\."})

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(command name: (command_name (word)) . argument: (_)) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments=_ARGUMENTS,
    splat=_splat,
    connectors=(),
    comment="#",
)
