"""Text -> what it defines and imports. Pure.

A query finds the definitions (`syntax/`), in the order in which they stand; what is around them
is told by their ranges, so no tree is walked. Nothing raises: what the grammar cannot read sets
`broken` and leaves the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import Definition, SymbolKind, Symbols
from reviewer.index import grammar
from reviewer.index.syntax import Seen, Signed, Syntax, syntax_of
from reviewer.index.syntax.read import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Tree

    from reviewer.flow import Import, Parameter
    from reviewer.index.languages import Language

VERSION = 1
"""Changes when the same text gives other symbols."""

_KINDS = {
    "function": SymbolKind.FUNCTION,
    "declared": SymbolKind.FUNCTION,
    "method": SymbolKind.METHOD,
    "class": SymbolKind.CLASS,
    "type": SymbolKind.TYPE,
    "variable": SymbolKind.CONSTANT,
    "field": SymbolKind.FIELD,
    "member": SymbolKind.FIELD,
    "module": SymbolKind.MODULE,
    "macro": SymbolKind.MACRO,
    "scope": SymbolKind.CLASS,
}
_PATHS = frozenset({"scope", "module"})
_HIDE = "hide"
_CAPTURES = frozenset((*_KINDS, _HIDE))
_BODIES = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_VALUES = frozenset({SymbolKind.CONSTANT, SymbolKind.FIELD})
_OWNERS = frozenset({SymbolKind.CLASS, SymbolKind.CONSTANT, SymbolKind.FIELD, SymbolKind.TYPE})
"""Inside of these a function is a method, and a variable a field."""

_NOT_A_NAME = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|[^\w.:]+")
_JOINTS = re.compile(r"::|\.+")
_MAX_HEAD_BYTES = 2_000
_MAX_NAME_BYTES = 1_000
"""A longer one is no name that anybody refers to."""


@dataclass(slots=True)
class _Match:
    """One definition as the query found it."""

    start: int
    end: int
    name: Node
    capture: str
    found: dict[str, list[Node]]


@dataclass(slots=True)
class _Scope:
    """What is open at a place in the file."""

    start: int
    end: int
    path: str
    kind: SymbolKind
    definition: Definition | None
    hidden: bool = False


def symbols_of(source: bytes, language: Language) -> Symbols:
    """Return what a file defines and imports. Never raises, whatever the bytes."""
    tree = grammar.parse(source, language)
    if tree is None:
        return Symbols(language=language, definitions=(), imports=(), broken=True)
    return symbols_in(tree, source, language)


def symbols_in(tree: Tree, source: bytes, language: Language) -> Symbols:
    """Return what a parsed file defines and imports."""
    syntax = syntax_of(language)
    defined = grammar.matches(tree, language, syntax.definitions)
    imported = grammar.captures(tree, language, syntax.imports)
    matches, listed = _matches(defined)
    return Symbols(
        language=language,
        definitions=tuple(_definitions(matches, listed, syntax, source)),
        imports=tuple(_imports(imported, source, syntax)),
        broken=tree.root_node.has_error or not (defined.complete and imported.complete),
    )


def _imports(imported: grammar.Captures, source: bytes, syntax: Syntax) -> Iterator[Import]:
    for node in imported.found.get("import", ()):
        yield from syntax.read_import(node, source)


def _matches(defined: grammar.Matches) -> tuple[Sequence[_Match], Sequence[Node]]:
    """Return the definitions by where they start, outer ones first, and the exported names."""
    best: dict[int, tuple[int, _Match]] = {}
    listed: list[Node] = []
    for pattern, found in defined.found:
        listed += found.get("public", ())
        capture = next(filter(_CAPTURES.__contains__, found), None)
        if capture is None:
            continue
        name = found["name" if capture != _HIDE else _HIDE][0]
        node = found[capture][0]
        match = _Match(node.start_byte, node.end_byte, name, capture, found)
        if name.start_byte not in best or pattern < best[name.start_byte][0]:
            best[name.start_byte] = pattern, match
    ordered = sorted((m for _, m in best.values()), key=lambda m: (m.start, -m.end))
    return ordered, listed


def _definitions(
    matches: Sequence[_Match], listed: Sequence[Node], syntax: Syntax, source: bytes
) -> Iterator[Definition]:
    public = {_bare(node, source, syntax) for node in listed}
    scopes = [_Scope(0, len(source) + 1, "", SymbolKind.MODULE, None)]
    values: set[tuple[str, str]] = set()
    for match in matches:
        while scopes[-1].end <= match.start:
            scopes.pop()
        name = _bare(match.name, source, syntax)
        if match.capture in _PATHS:
            name = _joined(name)
        if match.capture == _HIDE:
            scopes[-1].hidden = name != "public"
            continue
        made = _definition(match, name, scopes, syntax, source, public)
        if made is None or not name or len(name) > _MAX_NAME_BYTES:
            continue
        container = made.container
        path = f"{container}.{name}" if container else name
        match.end = min(match.end, scopes[-1].end)
        scopes.append(_Scope(match.start, match.end, path, made.kind, made))
        if match.capture == "scope":
            continue
        if made.kind in _VALUES:
            if (container, name) in values:
                continue
            values.add((container, name))
        yield made


def _definition(
    match: _Match,
    name: str,
    scopes: Sequence[_Scope],
    syntax: Syntax,
    source: bytes,
    public: set[str],
) -> Definition | None:
    """Return one definition; None for a local variable."""
    scope = _scope_of(match, scopes)
    kind = _kind(match.capture, scope.kind)
    if scope is not scopes[0] and kind is SymbolKind.CONSTANT and scope.kind in _BODIES:
        return None
    if match.capture in ("member", "declared") and scope.kind in _BODIES:
        return None
    container = _container(match, scope, source, syntax)
    outer, node = scope.definition, match.found[match.capture][0]
    head = source[match.start : min(match.name.start_byte, match.start + _MAX_HEAD_BYTES)]
    seen = Seen(
        name=name,
        head=head.decode("utf-8", "replace"),
        outer=outer,
        hidden=scope.hidden,
        listed=(name in public and not container) or "export" in match.found,
    )
    return Definition(
        name=name,
        kind=kind,
        container=container,
        first_line=node.start_point[0] + 1,
        last_line=max(node.end_point[0] + (node.end_point[1] > 0), node.start_point[0] + 1),
        exported=syntax.exported(seen),
        parameters=_parameters(match, kind, syntax, source),
    )


_PASSED = {
    "member": _BODIES | _VALUES,
    "variable": _VALUES,
    "class": frozenset({SymbolKind.TYPE}),
}
"""What a definition is not inside of: a member belongs to the class around its method, and of
`a = b = 1` neither name is inside of the other. Nor of two names that one node defines."""


def _scope_of(match: _Match, scopes: Sequence[_Scope]) -> _Scope:
    """Return the scope that a definition belongs to."""
    passed = _PASSED.get(match.capture, frozenset())
    for each in reversed(scopes[1:]):
        twin = each.start == match.start and each.kind in _VALUES
        if not twin and each.kind not in passed:
            return each
    return scopes[0]


def _kind(capture: str, around: SymbolKind) -> SymbolKind:
    if around in _OWNERS:
        capture = {"function": "method", "declared": "method", "variable": "field"}.get(
            capture, capture
        )
    return _KINDS[capture]


def _container(match: _Match, scope: _Scope, source: bytes, syntax: Syntax) -> str:
    written = match.found.get("container")
    if not written:
        return scope.path
    word = text(written[0], source)[:_MAX_NAME_BYTES]
    if syntax.transparent:
        word = syntax.transparent.sub("", word)
    bare = _joined(word)
    return f"{scope.path}.{bare}" if scope.path and bare else bare or scope.path


def _joined(word: str) -> str:
    """Return a written path as names joined by dots: `a::B<T>` is `a.B`."""
    return _JOINTS.sub(".", _NOT_A_NAME.sub("", word)).strip(".:")


def _parameters(
    match: _Match, kind: SymbolKind, syntax: Syntax, source: bytes
) -> tuple[Parameter, ...] | None:
    if "params" not in match.found or "opaque" in match.found:
        return None
    decorators = tuple(
        text(each, source).lstrip("@").strip() for each in match.found.get("decorator", ())
    )
    return syntax.parameters(
        Signed(match.found["params"][0], decorators, kind is SymbolKind.METHOD, source)
    )


def _bare(node: Node, source: bytes, syntax: Syntax) -> str:
    """Return a name without what a language puts in front of it."""
    return text(node, source).strip("\"'`").lstrip(syntax.sigils)
