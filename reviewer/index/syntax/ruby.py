"""Ruby: https://docs.ruby-lang.org/en/master/syntax_rdoc.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.flow import Import, Parameter, ParameterKind
from reviewer.index.syntax import SKIP, SPLAT, Signed, Syntax
from reviewer.index.syntax.read import Rule, by_table, text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_DEFINITIONS = """
(module name: (scope_resolution scope: (_) @container name: (_) @name)) @class
(class name: (scope_resolution scope: (_) @container name: (_) @name)) @class
(module name: (constant) @name) @class
(class name: (constant) @name) @class
(method name: (_) @name parameters: (_) @params) @function
(method name: (_) @name) @function
(singleton_method name: (_) @name parameters: (_) @params) @function
(singleton_method name: (_) @name) @function
(assignment left: (constant) @name) @variable
(assignment left: (instance_variable) @name) @member
(operator_assignment left: (instance_variable) @name) @member
(alias name: (_) @name) @function
(call !receiver method: (identifier) @_m arguments: (argument_list (simple_symbol) @name)
  (#any-of? @_m "attr_reader" "attr_writer" "attr_accessor" "mattr_accessor" "cattr_accessor")
  ) @field
(call !receiver method: (identifier) @_m arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_m "define_method" "alias_method" "define_singleton_method" "delegate" "scope")
  ) @function
((identifier) @hide (#any-of? @hide "private" "protected" "public" "module_function"))
"""

_MENTIONS = """
[(identifier) (constant) (instance_variable) (class_variable) (global_variable) (simple_symbol)
 (hash_key_symbol) (self) (super)] @name
(module name: (constant) @bind)
(class name: (constant) @bind)
(method name: (_) @bind)
(singleton_method name: (_) @bind)
(method_parameters (identifier) @bind)
(block_parameters (identifier) @bind)
(lambda_parameters (identifier) @bind)
(optional_parameter name: (_) @bind)
(keyword_parameter name: (_) @bind)
(splat_parameter name: (_) @bind)
(hash_splat_parameter name: (_) @bind)
(block_parameter name: (_) @bind)
(assignment left: [(identifier) (constant) (instance_variable) (class_variable)
  (global_variable)] @bind)
(assignment left: (call method: (identifier) @bind))
(operator_assignment left: [(identifier) (instance_variable)] @bind)
(left_assignment_list [(identifier) (instance_variable)] @bind)
(for pattern: (identifier) @bind)
(exception_variable (identifier) @bind)
"""

_CALLS = """
(call method: [(identifier) (constant) (super)] @name arguments: (argument_list) @args)
(call method: [(identifier) (constant)] @name)
"""

_PARAMETERS = {
    "identifier": Rule(ParameterKind.POSITIONAL),
    "destructured_parameter": Rule(ParameterKind.POSITIONAL),
    "optional_parameter": Rule(ParameterKind.POSITIONAL, optional=True),
    "splat_parameter": Rule(ParameterKind.VARIADIC, optional=True),
    "keyword_parameter": Rule(ParameterKind.KEYWORD),
    "hash_splat_parameter": Rule(ParameterKind.KEYWORD_VARIADIC, optional=True),
    "forward_parameter": Rule(ParameterKind.VARIADIC, optional=True),
}


def _parameters(signed: Signed) -> tuple[Parameter, ...] | None:
    """Return the parameters; a block is not one of them."""
    return by_table(signed.node, signed.source, _PARAMETERS)


def _imports(node: Node, source: bytes) -> Iterator[Import]:
    words = _QUOTED.findall(text(node, source)[:_MAX_BYTES])
    if words:
        relative = "./" if "require_relative" in text(node, source) else ""
        yield Import(module=relative + words[-1], line=node.start_point[0] + 1)


_MAX_BYTES = 500
_QUOTED = re.compile(r"""["']([^"'#]+)["']""")

SYNTAX = Syntax(
    definitions=_DEFINITIONS,
    imports="""(call !receiver method: (identifier) @_m arguments: (argument_list (string))
      (#any-of? @_m "require" "require_relative" "autoload" "load")) @import""",
    mentions=_MENTIONS,
    calls=_CALLS,
    parameters=_parameters,
    exported=visible("private", "protected"),
    read_import=_imports,
    arguments={
        "comment": SKIP,
        "block_argument": SKIP,
        "splat_argument": SPLAT,
        "hash_splat_argument": SPLAT,
        "forward_argument": SPLAT,
        "pair": "key",
    },
    connectors=("&.", "::", "."),
    roots=frozenset({"self", "super"}),
    sigils=":@$",
    comment="#",
)
