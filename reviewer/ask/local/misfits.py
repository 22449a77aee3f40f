"""Calls that do not fit what they call. Pure.

After a change of a signature: calls that fitted before and do not fit now. On an added line: a
call that does not fit while others of the same definition do. Both only where the name has one
definition in the tree, so that nothing else can be meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask.local.changes import CONSTRUCTORS, called_as
from reviewer.ask.local.fits import misfit
from reviewer.ask.local.provided import is_bound, looks_defined
from reviewer.ask.local.removed import Use
from reviewer.flow import SymbolKind
from reviewer.index.languages import Language
from reviewer.index.ties import Target, firmly_tied, imports_of, tied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.ask.local.changes import AddedCall, Resigned
    from reviewer.flow import Call, Definition
    from reviewer.index.lookup import Hits, Source
    from reviewer.index.modules import Modules

_EXTENSION = re.compile(r"\(\s*this\s")
"""A C# extension method: its first parameter is the receiver."""


_CALLABLE = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO)
_TRAILING = frozenset((Language.KOTLIN, Language.SWIFT, Language.SCALA))
_OBJECT_IS_AN_ARGUMENT = frozenset((Language.PYTHON, Language.RUST))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLongerFits:
    """A changed signature, and the calls that fitted the one before only."""

    resigned: Resigned
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverFits:
    """An added call that does not fit the one definition it can mean."""

    added: AddedCall
    definition: Use
    why: str


def no_longer_fits(resigned: Resigned, hits: Hits, modules: Modules) -> NoLongerFits | None:
    """Return the calls that a changed signature leaves behind, or None."""
    after, before = resigned.after, resigned.before
    if after.parameters is None or before.parameters is None:
        return None
    if not _is_the_only_one(resigned.after, resigned.called, resigned.source, hits):
        return None
    target = Target.of(after, resigned.source, name=resigned.called)
    uses = []
    for source, call in _calls(target, hits.sources, modules):
        why = misfit(call, after.parameters, source.language)
        if why and not misfit(call, before.parameters, source.language):
            uses.append(
                Use(path=source.path, line=call.line, text=source.line(call.line), note=why)
            )
    return NoLongerFits(resigned=resigned, uses=tuple(uses)) if uses else None


def never_fits(added: AddedCall, hits: Hits, modules: Modules) -> NeverFits | None:
    """Return the added call if its only definition cannot take it, and takes the others."""
    found = _sole(added.call.name, hits)
    if found is None:
        return None
    home, definition = found
    target = Target.of(definition, home, name=added.call.name)
    why = misfit(added.call, definition.parameters or (), added.source.language)
    if not why or not _means_it(added, target, modules):
        return None
    if not _fits_others(definition, target, hits, modules):
        return None
    line = definition.first_line
    return NeverFits(
        added=added, why=why, definition=Use(path=home.path, line=line, text=home.line(line))
    )


def _means_it(added: AddedCall, target: Target, modules: Modules) -> bool:
    """Whether the added call can mean nothing else, and passes its arguments as they are taken."""
    source, call = added.source, added.call
    if _passes_object(call, target, source) or not firmly_tied(call, target, source, modules):
        return False
    return any(one == call for _, one in _calls(target, (source,), modules))


def _fits_others(definition: Definition, target: Target, hits: Hits, modules: Modules) -> bool:
    """Whether some call in the tree fits, so that the definition is understood."""
    return any(
        not misfit(call, definition.parameters or (), source.language)
        for source, call in _calls(target, hits.sources, modules)
    )


def _sole(called: str, hits: Hits) -> tuple[Source, Definition] | None:
    """Return the one definition that a name can call, if what it takes is known."""
    found: list[tuple[Source, Definition]] = []
    for source in hits.sources:
        found += [
            (source, one)
            for one in source.symbols.definitions
            if called_as(one) == called and one.kind in _CALLABLE and not source.is_prototype(one)
        ]
        if len(found) > 1:
            return None
    if not found:
        return None
    home, definition = found[0]
    known = definition.parameters is not None and not home.broken
    return found[0] if known and _is_the_only_one(definition, called, home, hits) else None


def _is_the_only_one(definition: Definition, called: str, home: Source, hits: Hits) -> bool:
    """Whether the name can mean nothing but this definition, as it is written."""
    if hits.unknown:
        return False
    if home.language is Language.CSHARP and _EXTENSION.search(home.line(definition.first_line)):
        return False
    for source in hits.sources:
        others = [one for one in source.defines(called) if one != definition]
        if not all(_is_class_of(one, source, definition, home) for one in others):
            return False
        if is_bound(called, source):
            return False
        if source.broken and source.path != home.path and looks_defined(source, called):
            return False
    return not _has_twin(definition, home)


def _is_class_of(other: Definition, source: Source, constructor: Definition, home: Source) -> bool:
    """Whether a definition of the same name is the class that is called through a constructor."""
    return (
        constructor.name in CONSTRUCTORS
        and source.path == home.path
        and other.kind is SymbolKind.CLASS
        and constructor.container == _joined(other.container, other.name)
    )


def _has_twin(definition: Definition, home: Source) -> bool:
    """Whether the file has another way to call it: an overload, or a further constructor.

    A constructor without its class in the same file extends a class of somebody else's.
    """
    if sum(one.container == definition.container for one in home.defines(definition.name)) > 1:
        return True
    if definition.kind is SymbolKind.CLASS:
        full = _joined(definition.container, definition.name)
        return any(_constructs(one, full) for one in home.symbols.definitions)
    if not (definition.name in CONSTRUCTORS and definition.container):
        return False
    classes = [
        one
        for one in home.defines(called_as(definition))
        if _joined(one.container, one.name) == definition.container
    ]
    return [one.parameters for one in classes] != [None]


def _constructs(one: Definition, container: str) -> bool:
    return one.name in CONSTRUCTORS and one.container == container


def _joined(container: str, name: str) -> str:
    return f"{container}.{name}" if container else name


def _calls(
    target: Target, sources: Iterable[Source], modules: Modules
) -> Iterator[tuple[Source, Call]]:
    for source in sources:
        own = _binds_itself(source, target)
        for call in source.references.calls:
            if call.name != target.name or (own and not call.receiver):
                continue
            if _counts_alike(call, source) and tied(call, target, source, modules):
                yield source, call


def _binds_itself(source: Source, target: Target) -> bool:
    if source.path == target.path or imports_of(target.name, source):
        return False
    return any(
        one.name == target.name and one.binds and not one.receiver
        for one in source.references.mentions
    )


def _counts_alike(call: Call, source: Source) -> bool:
    """Whether the call gives its arguments as the definition takes them.

    A block behind the parentheses is an argument, which the grammar of Swift loses in places.
    In Go the only argument may be a call with several results (Go specification, "Calls").
    """
    after = source.line(call.line).partition(f"{call.name}(")[2]
    if source.language is Language.GO and call.positional == 1:
        return "(" not in after
    return not (source.language in _TRAILING and "{" in after and not call.positional)


def _passes_object(call: Call, target: Target, source: Source) -> bool:
    """Whether a method is asked of its class, with the object as one more argument."""
    owner = target.container.rpartition(".")[2]
    asked = call.receiver.rpartition(".")[2].rpartition("::")[2]
    return source.language in _OBJECT_IS_AN_ARGUMENT and bool(owner) and asked == owner
