"""Rust: https://doc.rust-lang.org/reference/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind, SymbolKind
from reviewer.index.syntax import SKIP, Seen, Signed, Syntax
from reviewer.index.syntax.read import Rule, by_table, imports_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(function_item name: (_) @name parameters: (_) @params) @function
(function_signature_item name: (_) @name parameters: (_) @params) @function
(struct_item name: (_) @name) @class
(enum_item name: (_) @name) @class
(union_item name: (_) @name) @class
(trait_item name: (_) @name) @class
(impl_item type: (_) @name) @scope
(type_item name: (_) @name) @type
(associated_type name: (_) @name) @type
(const_item name: (_) @name) @variable
(static_item name: (_) @name) @variable
(field_declaration name: (_) @name) @field
(enum_variant name: (_) @name) @field
(mod_item name: (_) @name body: (_)) @module
(macro_definition name: (_) @name) @macro
"""

_MENTIONS = """
[(identifier) (field_identifier) (type_identifier) (shorthand_field_identifier) (self) (super)
 (crate)] @name
(function_item name: (_) @bind)
(function_signature_item name: (_) @bind)
(struct_item name: (_) @bind)
(enum_item name: (_) @bind)
(union_item name: (_) @bind)
(trait_item name: (_) @bind)
(type_item name: (_) @bind)
(associated_type name: (_) @bind)
(const_item name: (_) @bind)
(static_item name: (_) @bind)
(field_declaration name: (_) @bind)
(enum_variant name: (_) @bind)
(mod_item name: (_) @bind)
(macro_definition name: (_) @bind)
(parameter pattern: (identifier) @bind)
(let_declaration pattern: (identifier) @bind)
(let_condition pattern: (identifier) @bind)
(for_expression pattern: (identifier) @bind)
(closure_parameters (identifier) @bind)
(tuple_pattern (identifier) @bind)
(tuple_struct_pattern (identifier) @bind)
(mut_pattern (identifier) @bind)
(ref_pattern (identifier) @bind)
(match_pattern (identifier) @bind)
(captured_pattern . (identifier) @bind)
(shorthand_field_identifier) @bind
(use_as_clause alias: (_) @bind)
(use_declaration argument: [(identifier) @bind (scoped_identifier name: (_) @bind)])
(use_list [(identifier) @bind (scoped_identifier name: (_) @bind)])
(type_parameter name: (_) @bind)
(field_initializer field: (_) @bind)
"""

_CALLS = """
(call_expression function: [(identifier) @name (scoped_identifier name: (_) @name)
    (field_expression field: (_) @name)
    (generic_function function: [(identifier) @name (scoped_identifier name: (_) @name)
      (field_expression field: (_) @name)])]
  arguments: (_) @args)
(macro_invocation macro: [(identifier) @name (scoped_identifier name: (_) @name)] @open)
"""

_PARAMETERS = {
    "parameter": Rule(ParameterKind.POSITIONAL),
    "variadic_parameter": Rule(ParameterKind.VARIADIC, optional=True),
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    return by_table(signed.node, signed.source, _PARAMETERS)


def _exported(seen: Seen) -> bool:
    """Tell whether it is `pub`; fields and variants without it are seen where their type is."""
    if seen.outer is not None and seen.outer.kind is SymbolKind.CLASS and not seen.head.strip():
        return seen.outer.exported
    return "pub" in seen.head or "macro_rules" in seen.head


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    """Yield what a `use` tree brings in, or the file that `mod name;` stands for."""
    line = node.start_point[0] + 1
    if node.type == "mod_item":
        name = node.child_by_field_name("name")
        if name and node.child_by_field_name("body") is None:
            yield Import(module=text(name, source), line=line)
        return
    argument = node.child_by_field_name("argument") or node.child_by_field_name("name")
    if argument:
        written = text(argument, source)
        yield from imports_of(written, line, joint="::", rename="as", star="*", itself="self")


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="[(use_declaration) (mod_item) (extern_crate_declaration)] @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments={"line_comment": SKIP, "block_comment": SKIP, "attribute_item": SKIP},
    connectors=("::", "?.", "."),
    roots=frozenset({"self", "super", "crate"}),
)
