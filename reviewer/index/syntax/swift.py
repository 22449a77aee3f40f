"""Swift: https://docs.swift.org/swift-book/."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind, SymbolKind
from reviewer.index.syntax import SKIP, Seen, Signed, Syntax
from reviewer.index.syntax.read import flat, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(class_declaration "extension" name: (_) @name) @scope
(class_declaration name: (_) @name) @class
(protocol_declaration name: (_) @name) @class
(typealias_declaration name: (type_identifier) @name) @type
(associatedtype_declaration name: (_) @name) @type
(function_declaration name: (simple_identifier) @name) @params @function
(protocol_function_declaration name: (simple_identifier) @name) @params @function
(function_declaration name: (custom_operator) @name) @params @function
(init_declaration name: _ @name) @params @method
(subscript_declaration "subscript" @name) @method
(macro_declaration . (modifiers)? . (simple_identifier) @name) @macro
(property_declaration name: (pattern (pattern (simple_identifier) @name))) @variable
(property_declaration name: (pattern bound_identifier: (_) @name)) @variable
(protocol_property_declaration name: (pattern bound_identifier: (_) @name)) @variable
(enum_entry name: (_) @name) @field
"""

_MENTIONS = """
[(simple_identifier) (type_identifier) (self_expression) (super_expression)] @name
(class_declaration name: (type_identifier) @bind)
(protocol_declaration name: (_) @bind)
(typealias_declaration name: (type_identifier) @bind)
(function_declaration name: (simple_identifier) @bind)
(protocol_function_declaration name: (simple_identifier) @bind)
(pattern bound_identifier: (_) @bind)
(pattern (pattern (simple_identifier) @bind))
(macro_declaration (simple_identifier) @bind)
(if_statement bound_identifier: (_) @bind)
(guard_statement bound_identifier: (_) @bind)
(parameter name: (simple_identifier) @bind)
(lambda_parameter name: (simple_identifier) @bind)
(enum_entry name: (_) @bind)
(type_parameter (type_identifier) @bind)
(assignment target: (directly_assignable_expression [(simple_identifier) @bind
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @bind))]))
"""

_CALLEE = """[(simple_identifier) @name
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))
  (prefix_expression target: (simple_identifier) @name)]"""

_CALLS = f"""
(call_expression {_CALLEE} (call_suffix (value_arguments "(") @args (lambda_literal)* @trailing))
(call_expression {_CALLEE} (call_suffix . (lambda_literal)+ @trailing))
(constructor_expression constructed_type: (user_type (type_identifier) @name (type_arguments)? .)
  (constructor_suffix (value_arguments) @args (lambda_literal)* @trailing))
"""


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return the parameters by the label that a call writes: `_` is positional."""
    if signed.node is None:
        return None
    kinds = {"parameter": ParameterKind.KEYWORD}
    found = flat(signed.node, signed.source, kinds) or ()
    nodes = [child for child in signed.node.children if child.type == "parameter"]
    return tuple(
        _labelled(node, one, signed.source) for node, one in zip(nodes, found, strict=True)
    )


def _labelled(node: Node, one: Parameter, source: bytes) -> Parameter:
    outer = node.child_by_field_name("external_name")
    if outer is None or one.kind is ParameterKind.VARIADIC:
        return one
    label = text(outer, source)
    if label == "_":
        return replace(one, kind=ParameterKind.POSITIONAL)
    return replace(one, name=label)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    """Yield the module, or the one declaration in it that `import struct A.B` names."""
    words, line = text(node, source).split(), node.start_point[0] + 1
    module, _, name = words[-1].rpartition(".")
    if name and words[-2] in _DECLARED:
        yield Import(module=module, line=line, names=((name, name),))
    else:
        yield Import(module=words[-1], line=line, wildcard=True)


_DECLARED = frozenset(["typealias", "struct", "class", "enum", "protocol", "let", "var", "func"])


def _exported(seen: Seen) -> bool:
    """Tell whether other files see it; `private(set)` hides only the assignment."""
    if seen.outer is not None and seen.outer.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD):
        return False
    return _VISIBLE(seen._replace(head=seen.head.replace("private(set)", "")))


_VISIBLE = visible("private", "fileprivate")

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(import_declaration) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments={"comment": SKIP, "multiline_comment": SKIP, "value_argument": "name"},
    connectors=("?.", "!.", "."),
    roots=frozenset({"self", "super"}),
)
