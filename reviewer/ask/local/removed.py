"""Definitions that went away and are still used. Pure.

Two proofs. Nothing in the tree defines, binds or could make the name any more, and a use of it is
tied to what went away. Or an import asks one file by name for what that file no longer has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask.local.fits import misfit
from reviewer.ask.local.provided import binds_itself, may_provide
from reviewer.index.languages import Language, family
from reviewer.index.modules import SCRIPT
from reviewer.index.ties import Target, firmly_tied, import_line, imports_of, tied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.ask.local.changes import Gone
    from reviewer.flow import Definition, Mention
    from reviewer.index.lookup import Hits, Source
    from reviewer.index.modules import Modules

_ASKS_BY_NAME = SCRIPT | {Language.PYTHON}
"""There an import names its file and what it wants of it."""

_OFFERS_MORE = re.compile(
    r"__getattr__|globals\(\)|sys\.modules\[.*\]\s*=|module\.exports\s*=|\bexport\s*\*"
    r"|\bexports\[|\bexport\s*="
)
"""How a file offers names that it does not define."""


_PRIVATE = re.compile(r"\b(?:private|fileprivate)\b(?!\[)")

_C_COMES_FROM = (".S", ".s", ".asm", ".y", ".l", ".rl", ".m", ".mm", ".rs")
"""Endings of files that define what C uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A line that uses a name, or would."""

    path: str
    line: int
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillUsed:
    """A definition that went away, and the lines that need it."""

    gone: Gone
    uses: tuple[Use, ...]
    certain: bool
    """An import names it, so that nothing else can be meant."""


def still_used(gone: Gone, hits: Hits, modules: Modules) -> StillUsed | None:
    """Return the uses that a removal leaves behind, or None."""
    if not _is_offered(gone) and (asked := tuple(_asked_for(gone, hits.sources, modules))):
        return StillUsed(gone=gone, uses=asked, certain=True)
    if _stands_in_assembly(gone, hits):
        return None
    if hits.unknown or _is_provided(gone, hits):
        return None
    target = _target(gone)
    uses = tuple(
        use
        for source in hits.sources
        if source.path == target.path or not _is_private(gone)
        for use in _uses(source, target, modules, gone.definition)
    )
    return StillUsed(gone=gone, uses=uses, certain=False) if uses else None


def _is_provided(gone: Gone, hits: Hits) -> bool:
    name, path = gone.definition.name, gone.changed.diff.path
    member = bool(gone.definition.container)
    return any(may_provide(source, name, path, member=member) for source in hits.sources)


def _stands_in_assembly(gone: Gone, hits: Hits) -> bool:
    """Whether a C function may be written in what has no grammar here."""
    return gone.source.language in family(Language.C) and any(
        path.endswith(_C_COMES_FROM) for path in hits.others
    )


def _target(gone: Gone) -> Target:
    path = gone.changed.diff.path
    return Target.of(gone.definition, gone.source, name=gone.definition.name, path=path)


def _is_private(gone: Gone) -> bool:
    """Whether the definition says that no other file can see it."""
    definition, source = gone.definition, gone.source
    lines = source.lines[definition.first_line - 1 : definition.last_line]
    named = (line for line in lines if definition.name in line)
    return bool(_PRIVATE.search(next(named, "").partition(definition.name)[0]))


def _uses(
    source: Source, target: Target, modules: Modules, definition: Definition
) -> Iterator[Use]:
    lines = set()
    own = binds_itself(source, target.name)
    for mention in source.references.mentions:
        if mention.name != target.name or mention.binds or mention.line in lines:
            continue
        if own and not mention.receiver:
            continue
        if not tied(mention, target, source, modules) or _is_label(mention, source):
            continue
        if firmly_tied(mention, target, source, modules) or _could_call(
            mention, definition, source
        ):
            lines.add(mention.line)
            yield Use(path=source.path, line=mention.line, text=source.line(mention.line))


def _is_label(mention: Mention, source: Source) -> bool:
    """Whether Swift reads the name as the label of an argument or as an attribute."""
    if source.language is not Language.SWIFT:
        return False
    before, _, after = source.line(mention.line).partition(mention.name)
    return before.endswith("@") or after.startswith(":")


def _could_call(mention: Mention, definition: Definition, source: Source) -> bool:
    """Whether the call that a name stands in, if it is one, fitted what went away."""
    calls = [
        call
        for call in source.references.calls
        if call.name == mention.name and call.line == mention.line
    ]
    parameters = definition.parameters
    if parameters is None or not calls:
        return True
    return any(not misfit(call, parameters, source.language) for call in calls)


def _asked_for(gone: Gone, sources: Iterable[Source], modules: Modules) -> Iterator[Use]:
    """Give the imports that ask the file itself for the name."""
    definition, path = gone.definition, gone.changed.diff.path
    for source in sources:
        if source.language not in _ASKS_BY_NAME or source.path == path:
            continue
        for one in imports_of(definition.name, source):
            if any(name == definition.name for name, _ in one.names) and modules.reaches(
                one.module, source.path, source.language, path
            ):
                line = import_line(one, definition.name, source)
                yield Use(path=source.path, line=line, text=source.line(line))


def _is_offered(gone: Gone) -> bool:
    """Whether the file still gives the name to who imports it, or may do so."""
    head, name = gone.changed.head, gone.definition.name
    if head is None or gone.definition.container or head.language not in _ASKS_BY_NAME:
        return True
    if head.broken or any(one.wildcard for one in head.symbols.imports):
        return True
    if any(_OFFERS_MORE.search(line) for line in head.lines):
        return True
    return any(one.name == name and one.binds for one in head.references.mentions) or bool(
        imports_of(name, head)
    )
