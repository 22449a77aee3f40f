"""Symbols and references <-> bytes, for a cache by blob id. Pure.

JSON, because a cache may be restored from somewhere else and must not be able to run anything.
The cache's key has to hold `symbols.VERSION` or `references.VERSION`; bytes that are no such
value raise ValueError and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from reviewer.flow import (
    Call,
    Definition,
    Import,
    Mention,
    Parameter,
    ParameterKind,
    References,
    SymbolKind,
    Symbols,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_MAX_BYTES = 64 << 20
_PARAMETER_KINDS = tuple(ParameterKind)
_SYMBOL_KINDS = tuple(SymbolKind)


def dump_symbols(symbols: Symbols) -> bytes:
    """Return symbols as bytes."""
    return _dump(
        [
            symbols.language,
            [_definition(each) for each in symbols.definitions],
            [[i.module, i.line, i.names, i.wildcard] for i in symbols.imports],
            symbols.broken,
        ]
    )


def load_symbols(data: bytes) -> Symbols:
    """Return the symbols in bytes; ValueError where they hold none."""
    language, definitions, imports, broken = _fields(_load(data), 4)
    return Symbols(
        language=_string(language),
        definitions=_all(_read_definition, definitions),
        imports=_all(_read_import, imports),
        broken=_flag(broken),
    )


def dump_references(references: References) -> bytes:
    """Return references as bytes. Words are written once, and named by their place after that."""
    words: dict[str, int] = {}

    def number(word: str) -> int:
        return words.setdefault(word, len(words))

    calls = [
        [number(c.name), number(c.receiver), c.line, c.positional, list(map(number, c.keywords))]
        + [c.open_ended] * c.open_ended
        for c in references.calls
    ]
    mentions = [[number(m.name), m.line, number(m.receiver), m.binds] for m in references.mentions]
    return _dump([references.language, list(words), calls, mentions, references.broken])


def load_references(data: bytes) -> References:
    """Return the references in bytes; ValueError where they hold none."""
    language, words, calls, mentions, broken = _fields(_load(data), 5)
    table = _all(_string, words)
    return References(
        language=_string(language),
        calls=_all(lambda raw: _read_call(raw, table), calls),
        mentions=_all(lambda raw: _read_mention(raw, table), mentions),
        broken=_flag(broken),
    )


def _definition(one: Definition) -> list[object]:
    parameters = one.parameters
    return [
        one.name,
        _SYMBOL_KINDS.index(one.kind),
        one.container,
        one.first_line,
        one.last_line,
        one.exported,
        None
        if parameters is None
        else [[p.name, _PARAMETER_KINDS.index(p.kind), p.optional] for p in parameters],
    ]


def _read_definition(raw: object) -> Definition:
    name, kind, container, first, last, exported, parameters = _fields(raw, 7)
    return Definition(
        name=_string(name),
        kind=_SYMBOL_KINDS[_below(kind, len(_SYMBOL_KINDS))],
        container=_string(container),
        first_line=_count(first),
        last_line=_count(last),
        exported=_flag(exported),
        parameters=None if parameters is None else _all(_read_parameter, parameters),
    )


def _read_parameter(raw: object) -> Parameter:
    name, kind, optional = _fields(raw, 3)
    return Parameter(
        name=_string(name),
        kind=_PARAMETER_KINDS[_below(kind, len(_PARAMETER_KINDS))],
        optional=_flag(optional),
    )


def _read_import(raw: object) -> Import:
    module, line, names, wildcard = _fields(raw, 4)
    return Import(
        module=_string(module),
        line=_count(line),
        names=_all(_read_pair, names),
        wildcard=_flag(wildcard),
    )


def _read_pair(raw: object) -> tuple[str, str]:
    there, here = _fields(raw, 2)
    return _string(there), _string(here)


def _read_call(raw: object, words: tuple[str, ...]) -> Call:
    name, receiver, line, positional, keywords, *is_open = _list(raw, 5)
    return Call(
        name=_word(name, words),
        receiver=_word(receiver, words),
        line=_count(line),
        positional=_count(positional),
        keywords=_all(lambda each: _word(each, words), keywords),
        open_ended=bool(is_open),
    )


def _read_mention(raw: object, words: tuple[str, ...]) -> Mention:
    name, line, receiver, binds = _fields(raw, 4)
    return Mention(
        name=_word(name, words),
        line=_count(line),
        receiver=_word(receiver, words),
        binds=_flag(binds),
    )


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _load(data: bytes) -> object:
    if len(data) > _MAX_BYTES:
        raise ValueError("too large")
    try:
        value: object = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _list(raw: object, least: int) -> list[object]:
    if not isinstance(raw, list) or len(raw) < least:
        raise ValueError("a list is missing or too short")
    return raw


def _fields(raw: object, number: int) -> list[object]:
    if not isinstance(raw, list) or len(raw) != number:
        raise ValueError(f"not {number} fields")
    return raw


def _all(read: Callable[[object], T], raw: object) -> tuple[T, ...]:
    return tuple(read(each) for each in _list(raw, 0))


def _string(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError("not a string")  # noqa: TRY004 - callers know ValueError alone
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("not a flag")  # noqa: TRY004
    return raw


def _count(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise ValueError("not a count")
    return raw


def _below(raw: object, limit: int) -> int:
    if (number := _count(raw)) >= limit:
        raise ValueError("out of range")
    return number


def _word(raw: object, words: tuple[str, ...]) -> str:
    return words[_below(raw, len(words))]
