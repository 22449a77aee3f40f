"""Java: https://docs.oracle.com/javase/specs/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, Signed, Syntax
from reviewer.index.syntax.read import Rule, by_table, imports_of, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(record_declaration name: (_) @name parameters: (_) @params) @class
(annotation_type_declaration name: (_) @name) @class
(method_declaration name: (_) @name parameters: (_) @params) @method
(constructor_declaration name: (_) @name parameters: (_) @params) @method
(annotation_type_element_declaration name: (_) @name) @method
(field_declaration declarator: (variable_declarator name: (_) @name)) @field
(constant_declaration declarator: (variable_declarator name: (_) @name)) @field
(enum_constant name: (_) @name) @field
"""

_MENTIONS = """
[(identifier) (type_identifier) (this) (super)] @name
(class_declaration name: (_) @bind)
(interface_declaration name: (_) @bind)
(enum_declaration name: (_) @bind)
(record_declaration name: (_) @bind)
(annotation_type_declaration name: (_) @bind)
(method_declaration name: (_) @bind)
(constructor_declaration name: (_) @bind)
(annotation_type_element_declaration name: (_) @bind)
(variable_declarator name: (_) @bind)
(enum_constant name: (_) @bind)
(formal_parameter name: (_) @bind)
(catch_formal_parameter name: (_) @bind)
(lambda_expression parameters: (identifier) @bind)
(inferred_parameters (identifier) @bind)
(enhanced_for_statement name: (_) @bind)
(resource name: (_) @bind)
(type_pattern (identifier) @bind)
(instanceof_expression name: (_) @bind)
(type_parameter (type_identifier) @bind)
(assignment_expression left: [(identifier) @bind (field_access field: (_) @bind)])
(import_declaration (scoped_identifier name: (_) @bind))
"""

_CALLS = """
(method_invocation name: (_) @name arguments: (_) @args)
(object_creation_expression type: [(type_identifier) @name
    (scoped_type_identifier (type_identifier) @name .)
    (generic_type [(type_identifier) @name (scoped_type_identifier (type_identifier) @name .)])]
  arguments: (_) @args)
(explicit_constructor_invocation constructor: (_) @name arguments: (_) @args)
"""

_PARAMETERS = {
    "formal_parameter": Rule(ParameterKind.POSITIONAL),
    "spread_parameter": Rule(ParameterKind.VARIADIC, optional=True),
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    return by_table(signed.node, signed.source, _PARAMETERS)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    words = text(node, source).rstrip("; ").split()
    written = "".join(word for word in words[1:] if word != "static")
    yield from imports_of(written, node.start_point[0] + 1, joint=".", rename="as", star="*")


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(import_declaration) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=visible("private"),
    read_import=_imports,
    arguments={"line_comment": SKIP, "block_comment": SKIP},
    connectors=("::", "."),
    roots=frozenset({"this", "super"}),
)
