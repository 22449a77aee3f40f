"""JavaScript and JSX."""

from __future__ import annotations

from reviewer.index.syntax import Syntax, ecmascript

_MENTIONS = (
    ecmascript.MENTIONS
    + """
(formal_parameters [(identifier) @bind (array_pattern (identifier) @bind)])
(field_definition property: (_) @bind)
"""
)

SYNTAX = Syntax(
    definitions=ecmascript.definitions(),
    imports=ecmascript.IMPORTS,
    mentions=_MENTIONS,
    calls=ecmascript.CALLS,
    parameters=ecmascript.parameters,
    exported=ecmascript.exported,
    read_import=ecmascript.read_import,
    arguments=ecmascript.ARGUMENTS,
    connectors=("?.", "."),
    transparent=ecmascript.TRANSPARENT,
    roots=frozenset({"this", "super"}),
)
