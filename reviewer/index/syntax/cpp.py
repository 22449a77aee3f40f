"""C++: https://en.cppreference.com/w/cpp/language."""

from __future__ import annotations

from reviewer.index.syntax import SPLAT, Syntax, cfamily

_REFERENCE = ("(reference_declarator {})",)
_MEMBER = "[(field_identifier) (operator_name) (destructor_name)] @name"
_PLAIN = "[(identifier) (destructor_name) (operator_name)] @name"
_LAST = "[(identifier) (destructor_name) (operator_name)] @name"
_QUALIFIED = (
    f"(qualified_identifier scope: (_) @container name: {_LAST})",
    f"(qualified_identifier name: (qualified_identifier scope: (_) @container name: {_LAST}))",
)

_DEFINITIONS = "\n".join(
    (
        *(
            cfamily.functions("function_definition", each, "method", _REFERENCE)
            for each in _QUALIFIED
        ),
        cfamily.functions("function_definition", _PLAIN, "function", _REFERENCE),
        cfamily.functions("function_definition", _MEMBER, "function", _REFERENCE),
        cfamily.functions("declaration", _PLAIN, "declared", _REFERENCE),
        cfamily.functions("field_declaration", _MEMBER, "method", _REFERENCE),
        cfamily.DEFINITIONS,
        """
(class_specifier name: (_) @name body: (_)) @class
(namespace_definition name: (_) @name) @module
(alias_declaration name: (_) @name) @type
(concept_definition name: (_) @name) @type
(access_specifier) @hide
""",
    )
)

_MENTIONS = (
    cfamily.MENTIONS
    + """
(namespace_identifier) @name
(this) @name
(class_specifier name: (_) @bind body: (_))
(namespace_definition name: (namespace_identifier) @bind)
(alias_declaration name: (_) @bind)
(optional_parameter_declaration declarator: (identifier) @bind)
(reference_declarator (identifier) @bind)
(variadic_declarator (identifier) @bind)
(type_parameter_declaration (type_identifier) @bind)
(function_declarator declarator: (qualified_identifier name: (identifier) @bind))
(structured_binding_declarator (identifier) @bind)
(for_range_loop declarator: (identifier) @bind)
"""
)

_NAME = "[(identifier) @name (template_function name: (identifier) @name)]"
_CALLS = f"""
(call_expression function: [{_NAME[1:-1]}
    (field_expression field: [(field_identifier) @name
      (template_method name: (field_identifier) @name)])
    (qualified_identifier name: [{_NAME[1:-1]}
      (qualified_identifier name: [{_NAME[1:-1]}
        (qualified_identifier name: {_NAME})])])]
  arguments: (argument_list) @args)
(new_expression type: [(type_identifier) @name (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)] arguments: (argument_list)? @args)
"""

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports=cfamily.IMPORTS,
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=cfamily.parameters,
    exported=cfamily.exported,
    read_import=cfamily.read_import,
    arguments={**cfamily.ARGUMENTS, "parameter_pack_expansion": SPLAT},
    connectors=("->", "::", "."),
    roots=frozenset({"this"}),
)
