"""What stands in an outline: Python, JavaScript, TypeScript, Ruby, PHP, Bash. Pure: tables.

Names are node types of the grammars (`node-types.json` in each grammar's repository).
"""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.outlined import table

_BY_WORD = rb"^[^({=]*\bprivate\b"

_PYTHON = table(
    through="block decorated_definition expression_statement",
    wrap="if_statement elif_clause else_clause try_statement except_clause finally_clause "
    "with_statement",
    type="class_definition",
    function="function_definition",
    value="assignment",
    alias="type_alias_statement",
    comment="comment",
    mark="decorator",
    bodies="block",
    private=rb"^\s*(?:async\s+)?(?:def\s+|class\s+)?_(?!_)",
    skip=rb"^if\s+__name__\b",
    docstrings=True,
    marks_tell=True,
)

_SCRIPT_PRIVATE = (
    rb"^\s*(?:(?:export|default|static|async|get|set|function|const|let|var|readonly)\s+)*[#_]"
    rb"|^[^({=]*\bprivate\b"
)
_REQUIRED = rb"\brequire\s*\(|^\s*['\"]use strict"
_JAVASCRIPT = table(
    through="expression_statement statement_block class_body object interface_body object_type "
    "enum_body call_expression parenthesized_expression member_expression unary_expression "
    "function_expression arrow_function",
    wrap="if_statement else_clause internal_module module ambient_declaration",
    export="export_statement",
    type="class_declaration abstract_class_declaration class interface_declaration "
    "enum_declaration",
    function="function_declaration generator_function_declaration function_signature "
    "method_definition method_signature abstract_method_signature call_signature "
    "construct_signature",
    value="lexical_declaration variable_declaration assignment_expression field_definition "
    "public_field_definition pair shorthand_property_identifier spread_element enum_assignment "
    "property_identifier",
    alias="type_alias_declaration export_clause property_signature index_signature",
    comment="comment",
    mark="decorator",
    bodies="statement_block class_body object interface_body object_type enum_body",
    chain="variable_declarator arrow_function function_expression generator_function "
    "assignment_expression class call_expression arguments as_expression satisfies_expression",
    entered="object class_body object_type",
    parameters="formal_parameters",
    private=_SCRIPT_PRIVATE,
    skip=_REQUIRED,
    marks_tell=True,
    exports=True,
)

_RUBY = table(
    through="body_statement do_block",
    wrap="if unless else then singleton_class",
    type="class module",
    function="method singleton_method",
    value="call assignment",
    comment="comment",
    access="identifier",
    bodies="body_statement do_block",
    chain="call argument_list",
    entered="do_block body_statement",
    private=_BY_WORD,
    skip=rb"^\s*(?:require|require_relative|load|autoload|raise|return)\b|^\s*(?!class\b)\S+\s*(?:\+=|<<|\|\|=)",
)

_PHP = table(
    through="compound_statement declaration_list enum_declaration_list expression_statement",
    wrap="if_statement else_clause",
    package="namespace_definition",
    type="class_declaration interface_declaration trait_declaration enum_declaration",
    function="function_definition method_declaration",
    value="property_declaration const_declaration use_declaration enum_case",
    comment="comment",
    mark="attribute_list",
    bodies="compound_statement declaration_list enum_declaration_list property_hook_list",
    private=_BY_WORD,
)

_BASH = table(
    through="compound_statement list",
    wrap="if_statement else_clause elif_clause",
    function="function_definition",
    value="variable_assignment declaration_command",
    comment="comment",
    bodies="compound_statement",
    private=rb"^\s*(?:function\s+)?_",
)

SCRIPTS = {
    Language.PYTHON: _PYTHON,
    Language.JAVASCRIPT: _JAVASCRIPT,
    Language.TYPESCRIPT: _JAVASCRIPT,
    Language.TSX: _JAVASCRIPT,
    Language.RUBY: _RUBY,
    Language.PHP: _PHP,
    Language.BASH: _BASH,
}
