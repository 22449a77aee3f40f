"""What stands in an outline: Go, Rust, C, C++ and the languages around Java. Pure: tables.

Names are node types of the grammars (`node-types.json` in each grammar's repository).
"""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.outlined import table

_BY_WORD = rb"^[^({=]*\b(?:private|fileprivate)\b"

_GO = table(
    through="type_declaration field_declaration_list interface_type var_spec_list",
    wrap="const_declaration var_declaration",
    type="type_spec",
    function="function_declaration method_declaration method_elem",
    package="package_clause",
    value="const_spec var_spec field_declaration type_elem",
    alias="type_alias",
    comment="comment",
    bodies="block field_declaration_list interface_type",
    chain="struct_type",
    private=rb"^\s*(?!package\b)(?:func\s*(?:\([^)]*\)\s*)?|type\s+|const\s+|var\s+)?+[a-z_]",
)

_RUST = table(
    through="declaration_list field_declaration_list enum_variant_list",
    wrap="impl_item mod_item foreign_mod_item",
    type="struct_item enum_item union_item trait_item",
    function="function_item function_signature_item",
    value="const_item static_item field_declaration enum_variant macro_definition",
    alias="type_item associated_type",
    reexport="use_declaration",
    comment="line_comment block_comment",
    mark="attribute_item",
    bodies="block declaration_list field_declaration_list enum_variant_list",
    open_types="trait_item enum_item",
    private=rb"^\s*pub\s*\((?:self|super)\)",
    public=rb"^\s*pub\b|^\s*(?:macro_rules!|(?:unsafe\s+)?impl\b)",
    skip=rb"^\s*mod tests?\b",
)

_C_PRIVATE = rb"^\s*static\b(?!\s+(?:inline|constexpr))"
_C_SKIP = rb"^\s*#\s*define\s+\w+\s*$|^\s*(?:friend|using\s+namespace)\b"
_FAMILY_C = table(
    through="preproc_ifdef preproc_if preproc_else preproc_elif declaration_list "
    "field_declaration_list enumerator_list template_declaration",
    wrap="linkage_specification namespace_definition",
    type="struct_specifier union_specifier enum_specifier class_specifier type_definition",
    function="function_definition",
    value="declaration field_declaration enumerator preproc_def preproc_function_def",
    alias="alias_declaration concept_definition",
    comment="comment",
    mark="template_parameter_list requires_clause",
    access="access_specifier",
    bodies="compound_statement field_declaration_list enumerator_list initializer_list "
    "field_initializer_list declaration_list try_statement",
    chain="struct_specifier union_specifier enum_specifier class_specifier init_declarator",
    entered="field_declaration_list enumerator_list",
    parameters="function_declarator",
    tails="type_definition declaration field_declaration",
    private=_C_PRIVATE,
    skip=_C_SKIP,
    marks_tell=True,
)

_JAVA = table(
    through="class_body interface_body enum_body enum_body_declarations annotation_type_body",
    type="class_declaration interface_declaration enum_declaration record_declaration "
    "annotation_type_declaration",
    function="method_declaration constructor_declaration compact_constructor_declaration",
    package="package_declaration",
    value="field_declaration constant_declaration enum_constant",
    alias="annotation_type_element_declaration",
    comment="block_comment line_comment",
    mark="annotation marker_annotation",
    bodies="block constructor_body class_body interface_body enum_body annotation_type_body",
    private=_BY_WORD,
)

_CSHARP = table(
    through="declaration_list enum_member_declaration_list preproc_if preproc_else preproc_elif",
    package="namespace_declaration file_scoped_namespace_declaration",
    type="class_declaration struct_declaration interface_declaration record_declaration "
    "enum_declaration",
    function="method_declaration constructor_declaration indexer_declaration "
    "operator_declaration conversion_operator_declaration delegate_declaration",
    value="field_declaration property_declaration "
    "event_field_declaration event_declaration enum_member_declaration",
    comment="comment",
    mark="attribute_list",
    bodies="block declaration_list enum_member_declaration_list accessor_list "
    "arrow_expression_clause constructor_initializer",
    open_types="interface_declaration enum_declaration",
    private=_BY_WORD,
    public=rb"\b(?:public|protected|internal|namespace|partial)\b",
)

_KOTLIN = table(
    through="class_body enum_class_body",
    type="class_declaration object_declaration companion_object",
    function="function_declaration secondary_constructor",
    package="package_header",
    value="property_declaration enum_entry",
    alias="type_alias",
    comment="block_comment line_comment",
    mark="annotation",
    bodies="class_body enum_class_body function_body block getter setter",
    private=_BY_WORD,
)

_SWIFT = table(
    through="class_body enum_class_body protocol_body",
    type="class_declaration protocol_declaration",
    function="function_declaration init_declaration subscript_declaration "
    "protocol_function_declaration",
    value="property_declaration enum_entry",
    alias="typealias_declaration protocol_property_declaration associatedtype_declaration "
    "operator_declaration macro_declaration",
    comment="comment multiline_comment",
    mark="attribute",
    bodies="class_body enum_class_body protocol_body function_body computed_property "
    "willset_didset_block",
    private=_BY_WORD,
)

_SCALA = table(
    through="template_body enum_body enum_case_definitions",
    package="package_clause",
    type="class_definition object_definition trait_definition enum_definition package_object "
    "extension_definition given_definition",
    function="function_definition function_declaration",
    value="val_definition val_declaration var_definition var_declaration simple_enum_case "
    "full_enum_case",
    alias="type_definition",
    comment="comment block_comment",
    mark="annotation",
    bodies="template_body enum_body",
    private=rb"^[^({=]*\b(?:private|protected)\b",
)

BRACES = {
    Language.GO: _GO,
    Language.RUST: _RUST,
    Language.C: _FAMILY_C,
    Language.CPP: _FAMILY_C,
    Language.JAVA: _JAVA,
    Language.CSHARP: _CSHARP,
    Language.KOTLIN: _KOTLIN,
    Language.SWIFT: _SWIFT,
    Language.SCALA: _SCALA,
}
