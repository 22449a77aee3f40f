"""C#: https://learn.microsoft.com/dotnet/csharp/language-reference/."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind, SymbolKind
from reviewer.index.syntax import SKIP, Seen, Signed, Syntax
from reviewer.index.syntax.read import flat, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(interface_declaration body: (declaration_list
  (method_declaration name: (_) @name parameters: (_) @params) @method @export))
(interface_declaration body: (declaration_list
  [(property_declaration name: (_) @name) (event_declaration name: (_) @name)] @field @export))
(interface_declaration body: (declaration_list
  (event_field_declaration (variable_declaration (variable_declarator name: (_) @name)))
  @field @export))
(record_declaration (parameter_list (parameter name: (_) @name) @field @export))
(class_declaration name: (_) @name (parameter_list) @params) @class
(record_declaration name: (_) @name (parameter_list) @params) @class
(struct_declaration name: (_) @name (parameter_list) @params) @class
(class_declaration name: (_) @name) @class
(record_declaration name: (_) @name) @class
(struct_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(delegate_declaration name: (_) @name parameters: (_) @params) @type
(namespace_declaration name: (_) @name) @module
(method_declaration name: (_) @name parameters: (_) @params) @method
(constructor_declaration name: (_) @name parameters: (_) @params) @method
(local_function_statement name: (_) @name parameters: (_) @params) @function
(property_declaration name: (_) @name) @field
(event_declaration name: (_) @name) @field
(event_field_declaration (variable_declaration (variable_declarator name: (_) @name))) @field
(field_declaration (variable_declaration (variable_declarator name: (_) @name))) @field
(enum_member_declaration name: (_) @name) @field @export
(indexer_declaration "this" @name) @method
(operator_declaration operator: _ @name parameters: (_) @params) @method
"""

_MENTIONS = """
(identifier) @name
"this" @name
"base" @name
(class_declaration name: (_) @bind)
(record_declaration name: (_) @bind)
(struct_declaration name: (_) @bind)
(interface_declaration name: (_) @bind)
(enum_declaration name: (_) @bind)
(delegate_declaration name: (_) @bind)
(method_declaration name: (_) @bind)
(constructor_declaration name: (_) @bind)
(local_function_statement name: (_) @bind)
(property_declaration name: (_) @bind)
(variable_declarator name: (identifier) @bind)
(event_declaration name: (_) @bind)
(enum_member_declaration name: (_) @bind)
(parameter_list name: (_) @bind)
(recursive_pattern name: (_) @bind)
(tuple_pattern name: (_) @bind)
(parameter name: (_) @bind)
(type_parameter name: (_) @bind)
(foreach_statement left: (identifier) @bind)
(catch_declaration name: (_) @bind)
(declaration_expression name: (_) @bind)
(declaration_pattern name: (_) @bind)
(lambda_expression parameters: (identifier) @bind)
(implicit_parameter) @name
(implicit_parameter) @bind
(assignment_expression left: [(identifier) @bind (member_access_expression name: (_) @bind)])
(using_directive name: (_) @bind)
"""

_NAME = "[(identifier) @name (generic_name (identifier) @name)]"
_CALLS = f"""
(invocation_expression function: [(identifier) @name (generic_name (identifier) @name)
    (member_access_expression name: {_NAME})
    (conditional_access_expression (member_binding_expression name: {_NAME}))]
  arguments: (_) @args)
(object_creation_expression type: [(identifier) @name (generic_name (identifier) @name)
  (qualified_name name: {_NAME})] arguments: (_)? @args)
(constructor_initializer ["this" "base"] @name (argument_list) @args)
(base_list . {_NAME} . (argument_list) @args)
"""

_PARAMETERS = {"parameter": ParameterKind.EITHER}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return the parameters. `this` of an extension method may stand before the dot instead."""
    if signed.node is None:
        return None
    found = list(flat(signed.node, signed.source, _PARAMETERS) or ())
    if found and text(signed.node, signed.source).startswith("(this "):
        found[0] = replace(found[0], optional=True)
    name = signed.node.child_by_field_name("name")
    if name is not None and any(child.type == "params" for child in signed.node.children):
        kind = ParameterKind.VARIADIC
        found.append(Parameter(name=text(name, signed.source), kind=kind, optional=True))
    return tuple(found)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    words = text(node, source).rstrip("; ").replace("=", " = ").split()
    rest = [word for word in words if word not in ("global", "using", "static", "unsafe")]
    alias = rest[0] if len(rest) > 1 and rest[1] == "=" else ""
    yield Import(
        module="".join(rest[2:] if alias else rest),
        line=node.start_point[0] + 1,
        names=(("", alias),) if alias else (),
        wildcard=not alias,
    )


_SHOWING = frozenset({"public", "internal", "protected"})


def _exported(seen: Seen) -> bool:
    """Tell whether other files see it: a type by default, a member only where it says so.

    What implements a member of an interface by its full name has no modifier and is reached
    through the interface. https://learn.microsoft.com/dotnet/csharp/programming-guide/
    classes-and-structs/access-modifiers
    """
    words = frozenset(_WORDS.findall(seen.head))
    if seen.outer is None or seen.outer.kind is SymbolKind.MODULE:
        return "file" not in words
    if seen.outer.kind is not SymbolKind.CLASS or not seen.outer.exported:
        return False
    return seen.listed or seen.head.rstrip().endswith(".") or not words.isdisjoint(_SHOWING)


_WORDS = re.compile(r"\w+")

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(using_directive) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments={"comment": SKIP, "argument": "name"},
    connectors=("?.", "!.", "::", "."),
    roots=frozenset({"this", "base"}),
)
