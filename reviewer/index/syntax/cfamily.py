"""What C and C++ have in common: declarators, includes, macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind, SymbolKind
from reviewer.index.syntax import SKIP, Seen, Signed
from reviewer.index.syntax.read import Rule, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEPTHS = (
    "{}",
    "(pointer_declarator declarator: {})",
    "(pointer_declarator declarator: (pointer_declarator declarator: {}))",
)

_FUNCTION = "(function_declarator declarator: {name} parameters: (_) @params)"


def at_any_depth(inner: str, more: tuple[str, ...] = ()) -> str:
    """Return a declarator, also behind one or two stars."""
    return "[" + " ".join(each.format(inner) for each in (*_DEPTHS, *more)) + "]"


def functions(node: str, name: str, capture: str, more: tuple[str, ...] = ()) -> str:
    """Return the pattern for a node that declares a function of that name."""
    inner = at_any_depth(_FUNCTION.replace("{name}", name), more)
    return f"({node} declarator: {inner}) @{capture}"


def values(node: str, name: str, capture: str) -> str:
    """Return the pattern for a node that declares a value."""
    plain = at_any_depth(f"[{name} (array_declarator declarator: {name})]")
    return f"({node} declarator: [{plain[1:-1]} (init_declarator declarator: {plain})]) @{capture}"


DEFINITIONS = "\n".join(
    (
        functions("function_definition", "(identifier) @name", "function"),
        functions("declaration", "(identifier) @name", "declared"),
        values("declaration", "(identifier) @name", "variable"),
        """
(struct_specifier name: (_) @name body: (_)) @class
(union_specifier name: (_) @name body: (_)) @class
(enum_specifier name: (_) @name body: (_)) @class
(enumerator name: (_) @name) @field
(type_definition declarator: [(type_identifier) @name
  (pointer_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator
    declarator: (type_identifier) @name)))]) @type
(field_declaration declarator: [(field_identifier) @name
  (pointer_declarator declarator: (field_identifier) @name)
  (array_declarator declarator: (field_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator
    declarator: (field_identifier) @name)))]) @field
(preproc_def name: (_) @name) @macro
(preproc_function_def name: (_) @name) @macro
""",
    )
)

MENTIONS = """
[(identifier) (field_identifier) (type_identifier)] @name
(function_declarator declarator: [(identifier) @bind (field_identifier) @bind])
(pointer_declarator declarator: [(identifier) @bind (field_identifier) @bind])
(array_declarator declarator: [(identifier) @bind (field_identifier) @bind])
(init_declarator declarator: (identifier) @bind)
(declaration declarator: (identifier) @bind)
(field_declaration declarator: (field_identifier) @bind)
(parameter_declaration declarator: (identifier) @bind)
(type_definition declarator: (type_identifier) @bind)
(struct_specifier name: (_) @bind body: (_))
(union_specifier name: (_) @bind body: (_))
(enum_specifier name: (_) @bind body: (_))
(enumerator name: (_) @bind)
(preproc_def name: (_) @bind)
(preproc_function_def name: (_) @bind)
(preproc_params (identifier) @bind)
(assignment_expression left: [(identifier) @bind (field_expression field: (_) @bind)])
(field_designator (field_identifier) @bind)
"""

CALLS = """
(call_expression function: [(identifier) @name (field_expression field: (field_identifier) @name)]
  arguments: (_) @args)
"""

IMPORTS = "(preproc_include path: (_)) @import"

ARGUMENTS = {"comment": SKIP}

_PARAMETERS = {
    "parameter_declaration": Rule(ParameterKind.POSITIONAL),
    "optional_parameter_declaration": Rule(ParameterKind.POSITIONAL, optional=True),
    "variadic_parameter": Rule(ParameterKind.VARIADIC, optional=True),
    "variadic_parameter_declaration": Rule(ParameterKind.VARIADIC, optional=True),
}


def parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return the parameters; `(void)` has none."""
    if signed.node is None:
        return None
    found = [
        each for each in signed.node.children if each.type in _PARAMETERS or each.type == "..."
    ]
    if len(found) == 1 and text(found[0], signed.source) == "void":
        return ()
    return tuple(_parameter(each, signed.source) for each in found)


def _parameter(node: Node, source: bytes) -> Parameter:
    rule = _PARAMETERS.get(node.type, _PARAMETERS["variadic_parameter"])
    inner = node.child_by_field_name("declarator")
    while inner is not None and inner.type != "identifier":
        inner = inner.child_by_field_name("declarator") or _only(inner)
    return Parameter(
        name=text(inner, source) if inner else "", kind=rule.kind, optional=rule.optional
    )


def _only(node: Node) -> Node | None:
    last = node.named_child_count - 1
    wraps = node.type in (
        "parenthesized_declarator",
        "reference_declarator",
        "variadic_declarator",
    )
    return node.named_child(last) if wraps and last >= 0 else None


def exported(seen: Seen) -> bool:
    """Tell whether other files see it: not `static`, and not after `private:`."""
    if seen.hidden or (seen.outer is not None and not seen.outer.exported):
        return False
    inside = seen.outer is not None and seen.outer.kind is SymbolKind.CLASS
    return inside or "static" not in seen.head.split()


def read_import(node: Node, source: bytes) -> Iterator[Import]:
    """Yield the file as it stands in the quotes or brackets."""
    path = node.child_by_field_name("path")
    if path:
        yield Import(module=text(path, source).strip('"<>'), line=node.start_point[0] + 1)
