"""What JavaScript and TypeScript have in common: https://tc39.es/ecma262/ and Node's CommonJS.

Everything may be called with fewer arguments; `optional` tells only what the declaration says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Seen, Signed
from reviewer.index.syntax.read import Rule, by_table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_FUNCTIONS = """[(arrow_function parameters: (_) @params) (arrow_function parameter: _ @params)
  (function_expression parameters: (_) @params) (generator_function parameters: (_) @params)]"""

_DECLARED = (
    "(function_declaration name: (identifier) @name parameters: (_) @params) @function",
    "(generator_function_declaration name: (identifier) @name parameters: (_) @params) @function",
    "(class_declaration name: (_) @name) @class",
    "(lexical_declaration (variable_declarator name: (identifier) @name value: "
    + _FUNCTIONS
    + ") @function)",
    "(variable_declaration (variable_declarator name: (identifier) @name value: "
    + _FUNCTIONS
    + ") @function)",
    "(lexical_declaration (variable_declarator name: (identifier) @name value: (class)) @class)",
)
_PATTERN = """(_ [(shorthand_property_identifier_pattern) @name (identifier) @name
  (pair_pattern value: (identifier) @name)])"""
_BOUND = (
    "(lexical_declaration (variable_declarator name: (identifier) @name) @variable)",
    "(variable_declaration (variable_declarator name: (identifier) @name) @variable)",
    f"(lexical_declaration (variable_declarator name: {_PATTERN}) @variable)",
    f"(variable_declaration (variable_declarator name: {_PATTERN}) @variable)",
)


def exporting(patterns: tuple[str, ...], field: str = "declaration") -> str:
    """Return the patterns inside of an export statement."""
    return "\n".join(f"(export_statement {field}: {each}) @export" for each in patterns)


def definitions(declared: tuple[str, ...] = (), field_node: str = "field_definition") -> str:
    """Return the query for definitions; `declared` are those that TypeScript adds."""
    every = _DECLARED + declared
    label = "property" if field_node == "field_definition" else "name"
    top = "\n".join(f"(program {each})" for each in _BOUND)
    return f"""
{exporting(every)}
{exporting(_BOUND)}
{chr(10).join(every)}
{top}
(method_definition name: (_) @name parameters: (_) @params) @method
({field_node} {label}: (_) @name value: {_FUNCTIONS}) @method
({field_node} {label}: (_) @name) @field
(pair key: [(property_identifier) (string)] @name value: {_FUNCTIONS}) @method
(program (expression_statement (assignment_expression
  left: (member_expression object: (_) @container property: (property_identifier) @name)
  right: {_FUNCTIONS}) @method (#not-eq? @name "exports")))
(program (expression_statement (assignment_expression
  left: (member_expression object: (_) @container property: (property_identifier) @name)) @field
  (#not-eq? @name "exports")))
(program [(lexical_declaration (variable_declarator name: (identifier) value: (object [
    (pair key: (property_identifier) @name) @field
    (shorthand_property_identifier) @name @field])))
  (export_statement declaration: (lexical_declaration (variable_declarator value: (object
    (pair key: (property_identifier) @name) @field))))])
(export_specifier name: (_) @public)
(export_statement value: (identifier) @public)
(assignment_expression left: (member_expression object: (identifier) @_m
  property: (property_identifier) @_e) right: [(identifier) @public
  (object [(shorthand_property_identifier) @public (pair value: (identifier) @public)])]
  (#eq? @_m "module") (#eq? @_e "exports"))
(assignment_expression left: (member_expression object: (identifier) @_m) right: (identifier)
  @public (#eq? @_m "exports"))
"""


IMPORTS = """
(import_statement) @import
(export_statement source: (_)) @import
(variable_declarator value: (call_expression function: (identifier) @_r
  arguments: (arguments . (string) .)) (#eq? @_r "require")) @import
(call_expression function: (identifier) @_r arguments: (arguments . (string) .)
  (#eq? @_r "require")) @import
(call_expression function: (import) arguments: (arguments . (string))) @import
"""

MENTIONS = """
[(identifier) (property_identifier) (private_property_identifier) (shorthand_property_identifier)
 (shorthand_property_identifier_pattern) (this) (super)] @name
(shorthand_property_identifier_pattern) @bind
(function_declaration name: (_) @bind)
(generator_function_declaration name: (_) @bind)
(function_expression name: (_) @bind)
(class_declaration name: (_) @bind)
(class name: (_) @bind)
(method_definition name: (_) @bind)
(variable_declarator name: (identifier) @bind)
(assignment_expression left: [(identifier) @bind (member_expression property: (_) @bind)])
(augmented_assignment_expression left: [(identifier) @bind
  (member_expression property: (_) @bind)])
(assignment_pattern left: (identifier) @bind)
(array_pattern (identifier) @bind)
(rest_pattern (identifier) @bind)
(pair_pattern value: (identifier) @bind)
(arrow_function parameter: (identifier) @bind)
(catch_clause parameter: (identifier) @bind)
(for_in_statement left: (identifier) @bind)
(pair key: (property_identifier) @bind)
(import_clause (identifier) @bind)
(namespace_import (identifier) @bind)
(import_specifier name: (_) @bind !alias)
(import_specifier alias: (_) @bind)
"""

CALLS = """
(call_expression function: [(identifier) @name (super) @name
  (member_expression property: (_) @name)]
  arguments: (arguments) @args)
(new_expression constructor: [(identifier) @name (member_expression property: (_) @name)]
  arguments: (arguments) @args)
(new_expression constructor: [(identifier) @name (member_expression property: (_) @name)]
  )
(decorator [(identifier) @name (member_expression property: (_) @name)] @open)
"""

ARGUMENTS = {"comment": SKIP, "spread_element": SPLAT}

_PARAMETERS = {
    "identifier": Rule(ParameterKind.POSITIONAL),
    "assignment_pattern": Rule(ParameterKind.POSITIONAL, default="right"),
    "object_pattern": Rule(ParameterKind.POSITIONAL),
    "array_pattern": Rule(ParameterKind.POSITIONAL),
    "rest_pattern": Rule(ParameterKind.VARIADIC, optional=True),
    "required_parameter": Rule(ParameterKind.POSITIONAL),
    "optional_parameter": Rule(ParameterKind.POSITIONAL, optional=True),
}


def parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return what a call may pass; TypeScript's `this` is not passed."""
    node = signed.node
    if node is None:
        return None
    if node.type == "identifier":
        name = text(node, signed.source)
        return (Parameter(name=name, kind=ParameterKind.POSITIONAL),)
    found = by_table(node, signed.source, _PARAMETERS) or ()
    rests = {
        child.start_byte
        for child in node.named_children
        if (pattern := child.child_by_field_name("pattern")) and pattern.type == "rest_pattern"
    }
    shown = [child for child in node.named_children if child.type in _PARAMETERS]
    return tuple(
        Parameter(name=each.name, kind=ParameterKind.VARIADIC, optional=True)
        if child.start_byte in rests
        else each
        for child, each in zip(shown, found, strict=True)
        if each.name != "this"
    )


TRANSPARENT = re.compile(r"^(?:module\.)?exports\b|\.prototype$|^this\b")
"""What stands before a name without being a name around it: `exports.x`, `A.prototype.x`."""

_HIDDEN = frozenset(("private", "protected"))


def exported(seen: Seen) -> bool:
    """Return whether other files can see it: exported itself, or a member of what is."""
    if seen.name.startswith("#") or _HIDDEN & set(seen.head.split()):
        return False
    common = seen.head.startswith(("exports.", "module.exports."))
    return seen.listed or common or (seen.outer is not None and seen.outer.exported)


def read_import(node: Node, source: bytes) -> Iterator[Import]:
    """Yield what an import, a re-export, a `require` or an `import()` brings in."""
    line = node.start_point[0] + 1
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        names = _bound(node.child_by_field_name("name"), source)
        yield Import(module=_argument(value, source), line=line, names=names)
    elif node.type == "call_expression":
        parent = node.parent
        if parent is None or parent.type != "variable_declarator":
            yield Import(module=_argument(node, source), line=line)
    else:
        yield _statement(node, source, line)


def _statement(node: Node, source: bytes, line: int) -> Import:
    names: list[tuple[str, str]] = []
    where = node.child_by_field_name("source")
    wildcard = any(child.type == "*" for child in node.children)
    for child in node.named_children:
        if child.type == "import_require_clause":
            where = child.child_by_field_name("source")
            names += [("", text(each, source)) for each in _some(child, "identifier")]
        elif child.type in ("import_clause", "export_clause", "namespace_export"):
            names += _clause(child, source)
    module = text(where, source).strip("\"'") if where else ""
    return Import(module=module, line=line, names=tuple(names), wildcard=wildcard)


def _clause(node: Node, source: bytes) -> Iterator[tuple[str, str]]:
    for child in node.named_children:
        if child.type == "identifier":
            whole = node.type == "namespace_export"
            yield "" if whole else "default", text(child, source)
        elif child.type == "namespace_import":
            yield from (("", text(each, source)) for each in _some(child, "identifier"))
        elif child.type == "export_specifier":
            yield _specifier(child, source)
        elif child.type == "named_imports":
            yield from (_specifier(each, source) for each in _some(child, "import_specifier"))


def _some(node: Node, kind: str) -> Iterator[Node]:
    return (child for child in node.named_children if child.type == kind)


def _specifier(node: Node, source: bytes) -> tuple[str, str]:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    real = text(name or node, source)
    return real, text(alias, source) if alias else real


def _argument(node: Node | None, source: bytes) -> str:
    found = node.child_by_field_name("arguments") if node else None
    first = found.named_child(0) if found else None
    return text(first, source).strip("\"'") if first else ""


def _bound(node: Node | None, source: bytes) -> tuple[tuple[str, str], ...]:
    """Return what `const ... = require()` binds; a plain name is the module itself."""
    if node is None or node.type == "identifier":
        return (("", text(node, source)),) if node else ()
    names: list[tuple[str, str]] = []
    for child in node.named_children:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key and value:
            names.append((text(key, source), text(value, source)))
        elif child.type == "shorthand_property_identifier_pattern":
            names.append((text(child, source),) * 2)
    return tuple(names)
