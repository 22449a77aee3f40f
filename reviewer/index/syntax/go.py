"""Go: https://go.dev/ref/spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Seen, Signed, Syntax
from reviewer.index.syntax.read import Rule, by_table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(function_declaration name: (identifier) @name parameters: (_) @params) @function
(method_declaration receiver: (parameter_list (_ type: (_) @container))
  name: (_) @name parameters: (_) @params) @method
(type_spec name: (_) @name type: [(struct_type) (interface_type)]) @class
(type_spec name: (_) @name) @type
(type_alias name: (_) @name) @type
(method_elem name: (_) @name parameters: (_) @params) @method
(field_declaration name: (_) @name) @field
(source_file (const_declaration (const_spec (identifier) @name) @variable))
(source_file (var_declaration [(var_spec (identifier) @name) @variable
  (var_spec_list (var_spec (identifier) @name) @variable)]))
"""

_MENTIONS = """
[(identifier) (field_identifier) (type_identifier) (package_identifier)] @name
(function_declaration name: (_) @bind)
(method_declaration name: (_) @bind)
(method_elem name: (_) @bind)
(type_spec name: (_) @bind)
(type_alias name: (_) @bind)
(field_declaration name: (_) @bind)
(const_spec (identifier) @bind)
(var_spec (identifier) @bind)
(parameter_declaration name: (_) @bind)
(variadic_parameter_declaration name: (_) @bind)
(type_parameter_declaration name: (_) @bind)
(short_var_declaration left: (expression_list (identifier) @bind))
(range_clause left: (expression_list (identifier) @bind))
(receive_statement left: (expression_list (identifier) @bind))
(assignment_statement left: (expression_list [(identifier) @bind
  (selector_expression field: (_) @bind)]))
(type_switch_statement alias: (expression_list (identifier) @bind))
(import_spec name: (package_identifier) @bind)
(package_clause (package_identifier) @bind)
(keyed_element key: (literal_element (identifier) @bind))
"""

_CALLS = """
(call_expression function: [(identifier) @name (selector_expression field: (_) @name)]
  arguments: (argument_list . (call_expression) @open .) @args)
(call_expression function: [(identifier) @name (selector_expression field: (_) @name)]
  arguments: (_) @args)
(type_conversion_expression type: (generic_type type: [(type_identifier) @name
  (qualified_type name: (_) @name)]) operand: (_) @trailing)
"""

# The first pattern of _CALLS: f(g(...)) passes as many arguments as g returns values (Calls).

_PARAMETERS = {
    "parameter_declaration": Rule(ParameterKind.POSITIONAL),
    "variadic_parameter_declaration": Rule(ParameterKind.VARIADIC, optional=True),
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    return by_table(signed.node, signed.source, _PARAMETERS)


def _exported(seen: Seen) -> bool:
    """Tell whether it begins with an upper-case letter (Exported identifiers)."""
    return seen.name[:1].isupper()


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    path, name = node.child_by_field_name("path"), node.child_by_field_name("name")
    alias = text(name, source) if name else ""
    yield Import(
        module=text(path, source).strip('"`') if path else "",
        line=node.start_point[0] + 1,
        names=(("", alias),) if alias and alias != "." else (),
        wildcard=alias == ".",
    )


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(import_spec) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments={"comment": SKIP, "variadic_argument": SPLAT},
)
