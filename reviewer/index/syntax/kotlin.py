"""Kotlin: https://kotlinlang.org/docs/reference/grammar.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, Signed, Syntax
from reviewer.index.syntax.read import flat, imports_of, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(class_declaration name: (_) @name (primary_constructor (class_parameters) @params)) @class
(class_declaration name: (_) @name) @class
(object_declaration name: (_) @name) @class
(companion_object name: (_) @name) @class
(type_alias type: (_) @name) @type
(function_declaration name: (_) @name (function_value_parameters) @params) @function
(secondary_constructor "constructor" @name (function_value_parameters) @params) @method
(property_declaration (variable_declaration . (identifier) @name)) @variable
(property_declaration (multi_variable_declaration (variable_declaration . (identifier) @name)))
  @variable
(class_parameter ["val" "var"] (identifier) @name) @member
(enum_entry . (identifier) @name) @field
"""

_MENTIONS = """
[(identifier) (this_expression) (super_expression)] @name
(class_declaration name: (_) @bind)
(object_declaration name: (_) @bind)
(function_declaration name: (_) @bind)
(type_alias type: (_) @bind)
(variable_declaration . (identifier) @bind)
(parameter . (identifier) @bind)
(class_parameter (identifier) @bind)
(enum_entry . (identifier) @bind)
(type_parameter (identifier) @bind)
(import (qualified_identifier) (identifier) @bind)
(import (qualified_identifier (identifier) @bind .) .)
(assignment left: [(identifier) @bind (navigation_expression (identifier) @bind .)])
"""

_CALLEE = """[(identifier) @name (navigation_expression (identifier) @name .)
  (user_type (identifier) @name .)]"""

_CALLS = f"""
(call_expression (call_expression . {_CALLEE} (value_arguments) @args)
  (annotated_lambda) @trailing)
(call_expression . {_CALLEE} (value_arguments) @args (annotated_lambda)? @trailing)
(call_expression . {_CALLEE} (annotated_lambda) @trailing)
(constructor_invocation (user_type (identifier) @name .) (value_arguments) @args)
"""

_PARAMETERS = {
    "parameter": ParameterKind.EITHER,
    "class_parameter": ParameterKind.EITHER,
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    return flat(signed.node, signed.source, _PARAMETERS)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    words = " ".join(text(node, source).rstrip("; ").split()[1:])
    yield from imports_of(words, node.start_point[0] + 1, joint=".", rename="as", star="*")


def _keyword(node: Node) -> Node | None:
    """Return the name of `name = value`."""
    named = node.child_count > 1 and node.children[1].type == "="
    return node.named_child(0) if named else None


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(import) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=visible("private"),
    read_import=_imports,
    arguments={"line_comment": SKIP, "block_comment": SKIP},
    keyword=_keyword,
    connectors=("::", "?.", "!!.", "."),
    roots=frozenset({"this", "super"}),
)
