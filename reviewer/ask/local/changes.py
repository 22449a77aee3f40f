"""The change in terms of symbols: what went away, takes other arguments, is called. Pure.

Vendored and generated files are not looked at: what is in them is not written by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import FileStatus, SymbolKind
from reviewer.index.languages import Language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Call, Definition, FileDiff
    from reviewer.index.lookup import Codebase, Source

LEAST_LETTERS = 3
"""Of a name: a shorter one is a loop variable somewhere else."""

CONSTRUCTORS = frozenset(("__init__", "constructor", "initialize", "__construct", "init"))
"""Called by the name of their class; in Java and its kin a constructor is called like it."""

_CALLED_BY_OTHERS = frozenset(("main", "setup", "teardown", "new", "default"))
_CHECKED = frozenset(
    (
        Language.GO, Language.RUST, Language.JAVA, Language.C, Language.CPP, Language.CSHARP,
        Language.KOTLIN, Language.SWIFT, Language.SCALA, Language.TYPESCRIPT, Language.TSX,
    )
)  # fmt: skip
"""A compiler knows their fields; elsewhere a field may be made by any assignment."""


_MEANT_TO_FAIL = re.compile(
    r"raises?\b|throws?\b|toThrow|-expect-error|expectException|should_panic", re.IGNORECASE
)
_LINES_ABOVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSource:
    """A changed file before and after, where it could be parsed."""

    diff: FileDiff
    base: Source | None
    head: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A definition that a file had at base and has no longer at head."""

    definition: Definition
    changed: ChangedSource
    source: Source
    """The file at base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resigned:
    """A definition that takes other arguments than before. `called` is the name calls use."""

    before: Definition
    after: Definition
    called: str
    changed: ChangedSource
    source: Source
    """The file at head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedCall:
    """A call on a line that the change added."""

    call: Call
    changed: ChangedSource
    source: Source


def changed_sources(diffs: Sequence[FileDiff], codebase: Codebase) -> tuple[ChangedSource, ...]:
    """Return the changed files that have a grammar and are no links, in the order of the diff."""
    found = []
    for diff in diffs:
        base = codebase.blob(diff.old_path, diff.old_oid) if diff.old_mode[:3] == "100" else None
        head = codebase.blob(diff.path, diff.new_oid) if diff.new_mode[:3] == "100" else None
        if base or head:
            found.append(ChangedSource(diff=diff, base=base, head=head))
    return tuple(found)


def gone(changed: Sequence[ChangedSource]) -> Iterator[Gone]:
    """Give what is defined at base but not at head, once for each name and container of a file.

    The members of a class that went away as a whole are not told one by one: what replaces the
    class may well have them.
    """
    for one in changed:
        if one.base is None or one.diff.status is FileStatus.COPIED or _unreadable(one):
            continue
        present = _definitions(one.head)
        names, whole = {each.name for each in present}, {_full(each) for each in present}
        lost_whole = {_full(each) for each in _definitions(one.base)} - whole
        seen = set()
        for definition in _definitions(one.base):
            key = (definition.name, definition.container)
            if definition.name in names or definition.container in lost_whole or key in seen:
                continue
            seen.add(key)
            if _counts(definition, one.base):
                yield Gone(definition=definition, changed=one, source=one.base)


def resigned(changed: Sequence[ChangedSource]) -> Iterator[Resigned]:
    """Give the definitions that stand once before and after, and take other arguments."""
    for one in changed:
        if one.base is None or one.head is None or one.base.broken != one.head.broken:
            continue
        after = _single(one.head)
        for key, before in _single(one.base).items():
            now = after.get(key)
            if now and _takes_others(before, now):
                yield Resigned(
                    before=before, after=now, called=called_as(now), changed=one, source=one.head
                )


def added_calls(changed: Sequence[ChangedSource]) -> Iterator[AddedCall]:
    """Give the calls that begin on a line that the change added.

    JavaScript is left out: there an argument that is left out is `undefined`, and means it.
    """
    for one in changed:
        if one.head is None or one.head.broken or one.head.language is Language.JAVASCRIPT:
            continue
        lines = {line.new for hunk in one.diff.hunks for line in hunk.lines if line.old is None}
        for call in one.head.references.calls:
            if call.line in lines and not _is_meant_to_fail(call, one.head):
                yield AddedCall(call=call, changed=one, source=one.head)


def _is_meant_to_fail(call: Call, source: Source) -> bool:
    """Whether a test makes the call to see it fail."""
    above = range(max(1, call.line - _LINES_ABOVE), call.line + 1)
    return any(_MEANT_TO_FAIL.search(source.line(number)) for number in above)


def _full(definition: Definition) -> str:
    return f"{definition.container}.{definition.name}".lstrip(".")


def _takes_others(before: Definition, after: Definition) -> bool:
    known = before.parameters is not None and after.parameters is not None
    return known and before.parameters != after.parameters


def called_as(definition: Definition) -> str:
    """Return the name by which calls reach a definition: a constructor goes by its class."""
    if definition.name in CONSTRUCTORS and definition.container:
        return definition.container.rpartition(".")[2]
    return definition.name


def _definitions(source: Source | None) -> tuple[Definition, ...]:
    """Return what a file defines, without prototypes."""
    if source is None:
        return ()
    return tuple(one for one in source.symbols.definitions if not source.is_prototype(one))


def _unreadable(changed: ChangedSource) -> bool:
    """Whether the head is there but could not be understood: an absence proves nothing then."""
    if changed.diff.status is FileStatus.DELETED:
        return False
    return changed.head is None or (changed.head.broken and not _broken(changed.base))


def _broken(source: Source | None) -> bool:
    return source is not None and source.broken


def _counts(definition: Definition, source: Source) -> bool:
    name = definition.name
    if len(name) < LEAST_LETTERS or name.lower() in _CALLED_BY_OTHERS or name in CONSTRUCTORS:
        return False
    if name.startswith("__") and name.endswith("__"):
        return False
    if definition.kind is SymbolKind.FIELD:
        return source.language in _CHECKED
    return definition.kind is not SymbolKind.MODULE


def _single(source: Source) -> dict[tuple[str, str], Definition]:
    """Return the definitions of a file that no other in it shares name and container with."""
    found: dict[tuple[str, str], list[Definition]] = {}
    for definition in _definitions(source):
        found.setdefault((definition.name, definition.container), []).append(definition)
    return {key: same[0] for key, same in found.items() if len(same) == 1}
