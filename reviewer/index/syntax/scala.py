"""Scala 2 and 3: https://docs.scala-lang.org/scala3/reference/."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Signed, Syntax
from reviewer.index.syntax.read import flat, imports_of, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(class_definition name: (_) @name class_parameters: (_) @params) @class
(class_definition name: (_) @name) @class
(object_definition name: (_) @name) @class
(trait_definition name: (_) @name) @class
(enum_definition name: (_) @name) @class
(type_definition name: (_) @name) @type
(function_definition name: (_) @name parameters: (_) @params) @function
(function_declaration name: (_) @name parameters: (_) @params) @function
(function_definition name: (_) @name) @function
(function_declaration name: (_) @name) @function
(given_definition name: (_) @name) @variable
(val_definition pattern: [(identifier) @name (identifiers (identifier) @name)]) @variable
(var_definition pattern: [(identifier) @name (identifiers (identifier) @name)]) @variable
(val_declaration name: (_) @name) @variable
(var_declaration name: (_) @name) @variable
(class_parameter name: (_) @name) @member
(simple_enum_case name: (_) @name) @field
(full_enum_case name: (_) @name class_parameters: (_) @params) @class
"""

_MENTIONS = """
[(identifier) (type_identifier) (operator_identifier)] @name
(class_definition name: (_) @bind)
(object_definition name: (_) @bind)
(trait_definition name: (_) @bind)
(enum_definition name: (_) @bind)
(type_definition name: (_) @bind)
(function_definition name: (_) @bind)
(function_declaration name: (_) @bind)
(given_definition name: (_) @bind)
(val_definition pattern: (identifier) @bind)
(var_definition pattern: (identifier) @bind)
(val_declaration name: (_) @bind)
(parameter name: (_) @bind)
(class_parameter name: (_) @bind)
(binding name: (_) @bind)
(lambda_expression parameters: (identifier) @bind)
(enumerator . (identifier) @bind)
(case_clause pattern: (identifier) @bind)
(typed_pattern pattern: (identifier) @bind)
(capture_pattern name: (_) @bind)
(assignment_expression left: [(identifier) @bind (field_expression field: (_) @bind)])
(arrow_renamed_identifier alias: (_) @bind)
(as_renamed_identifier alias: (_) @bind)
(namespace_selectors (identifier) @bind)
"""

_CALLEE = """[(identifier) @name (field_expression field: (_) @name)
  (generic_function function: [(identifier) @name (field_expression field: (_) @name)])]"""

_CALLS = f"""
(call_expression function: {_CALLEE} arguments: (arguments) @args)
(call_expression function: {_CALLEE} arguments: [(block) (case_block)] @trailing)
(instance_expression [(type_identifier) @name (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name)] arguments: (_)? @args)
(infix_expression operator: (identifier) @name right: (_) @trailing @open)
"""

_PARAMETERS = {"parameter": ParameterKind.EITHER, "class_parameter": ParameterKind.EITHER}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return the first list; what follows it is passed by further calls, or implicitly."""
    found = flat(signed.node, signed.source, _PARAMETERS)
    if signed.node is None or found is None:
        return None
    shown = [child for child in signed.node.named_children if child.type in _PARAMETERS]
    many = [
        (kind := child.child_by_field_name("type")) is not None
        and kind.type == "repeated_parameter_type"
        for child in shown
    ]
    return tuple(
        replace(one, kind=ParameterKind.VARIADIC, optional=True) if repeated else one
        for one, repeated in zip(found, many, strict=True)
    )


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    line = node.start_point[0] + 1
    written = text(node, source).partition("import")[2].replace("=>", " as ")
    for part in _TOP_COMMAS.split(written):
        scala2 = part.rstrip().endswith(("._", "_}", "_ }"))
        star = "_" if scala2 else "*"
        yield from imports_of(part, line, joint=".", rename="as", star=star)


_TOP_COMMAS = re.compile(r",(?![^{}]*\})")


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="(import_declaration) @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=visible("private"),
    read_import=_imports,
    arguments={
        "comment": SKIP,
        "block_comment": SKIP,
        "vararg": SPLAT,
        "assignment_expression": "left",
    },
    roots=frozenset({"this", "super"}),
)
