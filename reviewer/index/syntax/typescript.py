"""TypeScript and TSX: https://www.typescriptlang.org/docs/handbook/."""

from __future__ import annotations

from reviewer.index.syntax import Syntax, ecmascript

_DECLARED = (
    "(abstract_class_declaration name: (_) @name) @class",
    "(interface_declaration name: (_) @name) @class",
    "(enum_declaration name: (_) @name) @class",
    "(type_alias_declaration name: (_) @name) @type",
    "(internal_module name: (_) @name) @module",
    "(module name: (_) @name) @module",
    "(function_signature name: (identifier) @name parameters: (_) @params) @function",
)

_DEFINITIONS = (
    ecmascript.definitions(_DECLARED, "public_field_definition")
    + """
(ambient_declaration [
  (function_signature name: (identifier) @name parameters: (_) @params) @function
  (class_declaration name: (_) @name) @class
  (lexical_declaration (variable_declarator name: (identifier) @name) @variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @variable)])
(internal_module body: (statement_block
  (lexical_declaration (variable_declarator name: (identifier) @name) @variable)))
(abstract_method_signature name: (_) @name parameters: (_) @params) @method
(method_signature name: (_) @name parameters: (_) @params) @method
(property_signature name: (_) @name) @field
(enum_body name: (_) @name @field)
(enum_assignment name: (_) @name) @field
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @member
"""
)

_MENTIONS = (
    ecmascript.MENTIONS
    + """
(type_identifier) @name
(required_parameter pattern: (identifier) @bind)
(optional_parameter pattern: (identifier) @bind)
(public_field_definition name: (_) @bind)
(interface_declaration name: (_) @bind)
(abstract_class_declaration name: (_) @bind)
(enum_declaration name: (_) @bind)
(enum_body name: (_) @bind)
(enum_assignment name: (_) @bind)
(type_alias_declaration name: (_) @bind)
(internal_module name: (identifier) @bind)
(function_signature name: (_) @bind)
(method_signature name: (_) @bind)
(abstract_method_signature name: (_) @bind)
(property_signature name: (_) @bind)
(type_parameter name: (_) @bind)
(import_require_clause (identifier) @bind)
"""
)

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports=ecmascript.IMPORTS,
    mentions=_MENTIONS,
    calls=ecmascript.CALLS,
    parameters=ecmascript.parameters,
    exported=ecmascript.exported,
    read_import=ecmascript.read_import,
    arguments=ecmascript.ARGUMENTS,
    connectors=("?.", "!.", "."),
    transparent=ecmascript.TRANSPARENT,
    roots=frozenset({"this", "super"}),
)
