"""C: https://en.cppreference.com/w/c/language."""

from __future__ import annotations

from reviewer.index.syntax import Syntax, cfamily

SYNTAX = Syntax(
    definitions=cfamily.DEFINITIONS,
    imports=cfamily.IMPORTS,
    mentions=cfamily.MENTIONS,
    calls=cfamily.CALLS,
    parameters=cfamily.parameters,
    exported=cfamily.exported,
    read_import=cfamily.read_import,
    arguments=cfamily.ARGUMENTS,
    connectors=("->", "."),
)
