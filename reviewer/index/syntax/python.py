"""Python: https://docs.python.org/3/reference/grammar.html."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Seen, Signed, Syntax
from reviewer.index.syntax.read import Rule, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(decorated_definition (decorator)+ @decorator definition: (function_definition
  name: (identifier) @name parameters: (parameters) @params)) @function
(decorated_definition (decorator)+ @decorator definition: (class_definition
  name: (identifier) @name)) @class
(function_definition name: (identifier) @name parameters: (parameters) @params) @function
(class_definition name: (identifier) @name) @class
(type_alias_statement left: (type [(identifier) @name (generic_type . (identifier) @name)])) @type
(assignment left: (identifier) @name) @variable
(assignment left: (pattern_list (identifier) @name)) @variable
(assignment left: (tuple_pattern (identifier) @name)) @variable
(assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)
  (#eq? @_self "self")) @member
(assignment left: (pattern_list (attribute object: (identifier) @_self
  attribute: (identifier) @name)) (#eq? @_self "self")) @member
(assignment left: (identifier) @_all
  right: (_ (string (string_content) @public)) (#eq? @_all "__all__"))
(augmented_assignment left: (identifier) @_all
  right: (_ (string (string_content) @public)) (#eq? @_all "__all__"))
"""

_MENTIONS = """
(identifier) @name
(function_definition name: (identifier) @bind)
(class_definition name: (identifier) @bind)
(parameters [(identifier) @bind (_ . (identifier) @bind)])
(parameters (typed_parameter [(list_splat_pattern (identifier) @bind)
  (dictionary_splat_pattern (identifier) @bind)]))
(lambda_parameters [(identifier) @bind (_ . (identifier) @bind)])
(assignment left: [(identifier) @bind (attribute attribute: (identifier) @bind)])
(pattern_list [(identifier) @bind (attribute attribute: (identifier) @bind)])
(augmented_assignment left: [(identifier) @bind (attribute attribute: (identifier) @bind)])
(tuple_pattern [(identifier) @bind (attribute attribute: (identifier) @bind)])
(list_pattern [(identifier) @bind (attribute attribute: (identifier) @bind)])
(list_splat_pattern (identifier) @bind)
(for_statement left: (identifier) @bind)
(for_in_clause left: (identifier) @bind)
(as_pattern_target [(identifier) @bind (_ (identifier) @bind)])
(named_expression name: (identifier) @bind)
(type_alias_statement left: (type [(identifier) @bind (generic_type . (identifier) @bind)]))
(aliased_import alias: (identifier) @bind)
(import_statement name: (dotted_name . (identifier) @bind))
(import_from_statement name: (dotted_name (identifier) @bind))
(case_pattern (dotted_name . (identifier) @bind .))
(case_pattern (as_pattern (identifier) @bind))
(splat_pattern (identifier) @bind)
"""

_CALLS = """
(call function: [(identifier) @name (attribute attribute: (identifier) @name)]
  arguments: [(argument_list) @args (generator_expression) @trailing])
(decorator [(identifier) @name (attribute attribute: (identifier) @name)] @trailing)
"""

_PARAMETERS = {
    "identifier": Rule(ParameterKind.EITHER),
    "typed_parameter": Rule(ParameterKind.EITHER),
    "default_parameter": Rule(ParameterKind.EITHER),
    "typed_default_parameter": Rule(ParameterKind.EITHER),
    "tuple_pattern": Rule(ParameterKind.POSITIONAL),
    "list_splat_pattern": Rule(ParameterKind.VARIADIC, optional=True),
    "dictionary_splat_pattern": Rule(ParameterKind.KEYWORD_VARIADIC, optional=True),
}

_KEPT_BY = """staticmethod classmethod abstractmethod override final overload contextmanager
asynccontextmanager cache lru_cache wraps deprecated no_type_check"""
"""Decorators after which a call still passes what the definition says."""
_KEEPING = frozenset(_KEPT_BY.split())


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return what a call may pass; None where a decorator may have changed it."""
    node, words = (
        signed.node,
        {word.partition("(")[0].rpartition(".")[2] for word in signed.decorators},
    )
    if node is None or not words <= _KEEPING:
        return None
    found: list[Parameter] = []
    by_name = False
    for child in node.named_children:
        if child.type == "positional_separator":
            found = [replace(each, kind=ParameterKind.POSITIONAL) for each in found]
        elif child.type == "keyword_separator":
            by_name = True
        elif each := _parameter(child, signed.source):
            keyword = by_name and each.kind is ParameterKind.EITHER
            found.append(replace(each, kind=ParameterKind.KEYWORD) if keyword else each)
            by_name = by_name or each.kind is ParameterKind.VARIADIC
    if signed.method and "staticmethod" not in words and found and _is_first(found[0]):
        del found[0]
    return tuple(found)


def _is_first(parameter: Parameter) -> bool:
    return parameter.kind in (ParameterKind.EITHER, ParameterKind.POSITIONAL)


def _parameter(node: Node, source: bytes) -> Parameter | None:
    splat = node.named_child(0) if node.type == "typed_parameter" else None
    rule = _PARAMETERS.get(splat.type if splat and "splat" in splat.type else node.type)
    if rule is None:
        return None
    named = node.child_by_field_name("name") or splat or node
    name = "" if named.type == "tuple_pattern" else text(named, source).lstrip("* ")
    optional = rule.optional or node.child_by_field_name("value") is not None
    return Parameter(name=name, kind=rule.kind, optional=optional)


def _exported(seen: Seen) -> bool:
    dunder = seen.name.startswith("__") and seen.name.endswith("__")
    return seen.listed or dunder or not seen.name.startswith("_")


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    line = node.start_point[0] + 1
    named = node.children_by_field_name("name")
    if node.type == "import_statement":
        for each in named:
            name, alias = _aliased(each, source)
            yield Import(module=name, line=line, names=(("", alias),) if alias != name else ())
        return
    module = node.child_by_field_name("module_name")
    where = "".join(text(module, source).split()) if module else "__future__"
    wildcard = any(child.type == "wildcard_import" for child in node.named_children)
    names = tuple(_aliased(each, source) for each in named)
    yield Import(module=where, line=line, names=names, wildcard=wildcard)


def _aliased(node: Node, source: bytes) -> tuple[str, str]:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    real = text(name or node, source)
    return real, text(alias, source) if alias else real


SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="[(import_statement) (import_from_statement) (future_import_statement)] @import",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=_exported,
    read_import=_imports,
    arguments={
        "comment": SKIP,
        "list_splat": SPLAT,
        "dictionary_splat": SPLAT,
        "keyword_argument": "name",
    },
    comment="#",
)
