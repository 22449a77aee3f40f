"""PHP: https://www.php.net/manual/en/langref.php.

A function of the program may be called with more arguments than it declares (`func_get_args`).
A namespace is a container only where it has braces; with a `;`, as nearly always, it is not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Signed, Syntax
from reviewer.index.syntax.read import Rule, by_table, imports_of, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(namespace_definition name: (_) @name body: (_)) @module
(class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(trait_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(function_definition name: (_) @name parameters: (_) @params) @function
(method_declaration name: (_) @name parameters: (_) @params) @method
(const_declaration (const_element . (name) @name)) @variable
(property_declaration (property_element name: (variable_name) @name)) @field
(property_promotion_parameter name: (variable_name) @name) @member
(enum_case name: (_) @name) @field
(program (expression_statement (assignment_expression left: [(variable_name) @name
  (list_literal (variable_name) @name)]) @variable))
(function_call_expression function: (name) @_define
  arguments: (arguments . (argument [(string (string_content) @name)
    (encapsed_string . (string_content) @name .)])) (#eq? @_define "define")) @variable
"""

_MENTIONS = """
[(name) (relative_scope)] @name
(class_declaration name: (_) @bind)
(interface_declaration name: (_) @bind)
(trait_declaration name: (_) @bind)
(enum_declaration name: (_) @bind)
(function_definition name: (_) @bind)
(method_declaration name: (_) @bind)
(const_element . (name) @bind)
(property_element name: (variable_name (name) @bind))
(property_promotion_parameter name: (variable_name (name) @bind))
(simple_parameter name: (variable_name (name) @bind))
(variadic_parameter name: (variable_name (name) @bind))
(enum_case name: (_) @bind)
(assignment_expression left: [(variable_name (name) @bind)
  (member_access_expression name: (name) @bind)
  (scoped_property_access_expression name: (variable_name (name) @bind))])
(foreach_statement (variable_name (name) @bind))
(foreach_statement (pair (variable_name (name) @bind)))
(catch_clause name: (variable_name (name) @bind))
(list_literal (variable_name (name) @bind))
(static_variable_declaration name: (variable_name (name) @bind))
(namespace_use_clause [(name) @bind (qualified_name (name) @bind)] !alias)
(namespace_use_clause alias: (name) @bind)
"""

_CALLS = """
(function_call_expression function: [(name) @name (qualified_name (name) @name)
  (relative_name (name) @name)] arguments: (_) @args)
(member_call_expression name: (name) @name arguments: (_) @args)
(nullsafe_member_call_expression name: (name) @name arguments: (_) @args)
(scoped_call_expression name: (name) @name arguments: (_) @args)
(object_creation_expression [(name) @name (qualified_name (name) @name)] (arguments)? @args)
(attribute [(name) @name (qualified_name (name) @name)] parameters: (arguments)? @args)
"""

_PARAMETERS = {
    "simple_parameter": Rule(ParameterKind.EITHER, default="default_value"),
    "property_promotion_parameter": Rule(ParameterKind.EITHER, default="default_value"),
    "variadic_parameter": Rule(ParameterKind.VARIADIC, optional=True),
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    return by_table(signed.node, signed.source, _PARAMETERS)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    line, written = node.start_point[0] + 1, text(node, source)
    if node.type != "namespace_use_declaration":
        file = _FILE.fullmatch(written)
        if file:
            here = "." if file["here"] else ""
            yield Import(module=here + file["path"], line=line)
        return
    words = _WHAT.sub("", written.rstrip("; ").partition("use")[2])
    for one in imports_of(words, line, joint="\\", rename="as", star="*"):
        yield replace(one, module=one.module.strip("\\"))


_FILE = re.compile(
    r"""\w+\s*\(?\s*(?P<here>(?:__DIR__|dirname\(__FILE__\))\s*\.)?\s*"""
    r"""(?P<quote>["'])(?P<path>[^"'$]+)(?P=quote)\s*\)?"""
)
"""The file of a `require` where it is a literal, or a literal beside the file that asks."""

_WHAT = re.compile(r"\b(?:function|const)\s+")


def _splat(node: Node) -> bool:
    return any(child.type == "variadic_unpacking" for child in node.named_children)


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="""[(namespace_use_declaration) (require_expression) (require_once_expression)
      (include_expression) (include_once_expression)] @import""",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=visible("private"),
    read_import=_imports,
    arguments={"comment": SKIP, "variadic_placeholder": SPLAT, "argument": "name"},
    splat=_splat,
    connectors=("?->", "->", "::", "\\"),
    roots=frozenset({"this", "self", "parent", "static"}),
    sigils="$",
)
