"""Definitions that went away and are still used. Pure.

Two proofs. Nothing in the tree defines, binds or could make the name any more, and a use of it is
tied to what went away. Or an import asks one file by name for what that file no longer has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.index.languages import Language, family
from reviewer.index.modules import SCRIPT
from reviewer.index.ties import Target, import_line, imports_of, tied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.ask.local.changes import Gone
    from reviewer.flow import Mention
    from reviewer.index.lookup import Hits, Source
    from reviewer.index.modules import Modules

_ASKS_BY_NAME = SCRIPT | {Language.PYTHON}
"""There an import names its file and what it wants of it."""

_MAKES_NAMES = SCRIPT | {Language.PYTHON, Language.RUBY, Language.PHP}

_MADE_FROM_STRINGS = re.compile(
    r"define_method|define_singleton_method|\battr_|\bdelegate\b|def_delegator|\balias\b"
    r"|alias_method|const_set|Struct\.new|namedtuple|Enum\("
)
"""What makes names of the strings and symbols given to it, on the same line or a few below."""

_ANSWERS_FOR_ANY = re.compile(
    r"__getattr__|__getattribute__|globals\(\)|sys\.modules\[.*\]\s*=|\bsetattr\b|__call\b|__get\b"
    r"|\bmethod_missing\b|\bObject\.assign\b|\bdefineProperty\b"
)
"""What may give a file any name that stands in it as a string."""

_STATEMENT_LINES = 6

_COMMENT = re.compile(r"\s*(?:\*|//|/\*|#(?!\s*define))")

_DEFINING = (
    r"\b(?:def|fn|fun|func|function|class|struct|enum|union|trait|interface|protocol|object|type"
    r"|typedef|typealias|let|const|var|val|static|extern|define|module|namespace|extension)"
)
_LONGEST_LINE = 500

_C_COMES_FROM = (".S", ".s", ".asm", ".y", ".l", ".rl", ".m", ".mm", ".def", ".in", ".tbl", ".rs")
"""Endings of files that define what C uses."""

_OFFERS_MORE = re.compile(
    r"__getattr__|globals\(\)|sys\.modules\[.*\]\s*=|module\.exports\s*=|\bexport\s*\*"
    r"|\bexports\[|\bexport\s*="
)
"""How a file offers names that it does not define."""


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
    if hits.unknown or any(_may_provide(source, gone) for source in hits.sources):
        return None
    target = _target(gone)
    uses = tuple(use for source in hits.sources for use in _uses(source, target, modules))
    return StillUsed(gone=gone, uses=uses, certain=False) if uses else None


def _stands_in_assembly(gone: Gone, hits: Hits) -> bool:
    """Whether a C function may be written in what has no grammar here."""
    return gone.source.language in family(Language.C) and any(
        path.endswith(_C_COMES_FROM) for path in hits.others
    )


def _target(gone: Gone) -> Target:
    path = gone.changed.diff.path
    return Target.of(gone.definition, gone.source, name=gone.definition.name, path=path)


def _uses(source: Source, target: Target, modules: Modules) -> Iterator[Use]:
    lines = set()
    own = _binds_itself(source, target.name)
    for mention in source.references.mentions:
        if mention.name != target.name or mention.binds or mention.line in lines:
            continue
        if own and not mention.receiver:
            continue
        if tied(mention, target, source, modules):
            lines.add(mention.line)
            yield Use(path=source.path, line=mention.line, text=source.line(mention.line))


def _may_provide(source: Source, gone: Gone) -> bool:
    """Whether a file defines the name, binds it on something, or may make it at run time."""
    name = gone.definition.name
    if source.defines(name):
        return True
    if _hands_on(source, gone):
        return True
    if is_bound(name, source):
        return True
    return _is_made(source, name) or (source.broken and looks_defined(source, name))


def _hands_on(source: Source, gone: Gone) -> bool:
    """Whether a file has something else under the name: by an alias, or in the same place."""
    name = gone.definition.name
    bound = imports_of(name, source)
    if source.path == gone.changed.diff.path:
        return bool(bound)
    return any(real != name for one in bound for real, local in one.names if local == name)


def _is_made(source: Source, name: str) -> bool:
    """Whether the name stands as a string or symbol in a file that makes names at run time."""
    if source.language not in _MAKES_NAMES:
        return False
    quoted = re.compile(rf"[\"'`:]{re.escape(name)}(?!\w)")
    numbers = [
        number for number, line in enumerate(source.lines) if name in line and quoted.search(line)
    ]
    if not numbers:
        return False
    if any(_ANSWERS_FOR_ANY.search(line) for line in source.lines):
        return True
    return any(
        _MADE_FROM_STRINGS.search(line)
        for number in numbers
        for line in source.lines[max(0, number - _STATEMENT_LINES) : number + 1]
    )


def looks_defined(source: Source, name: str) -> bool:
    """Whether a broken file has the name, unseen by its grammar, as definitions are written."""
    seen = {one.line for one in source.references.mentions if one.name == name and not one.binds}
    seen |= {one.first_line for one in source.symbols.definitions if source.is_prototype(one)}
    written = re.compile(
        rf"(?:{_DEFINING}\s+(?:[\w*&]+\s+)*[*&]*|^[\w*&\s]*)(?<!\w){re.escape(name)}\s*(?:\(|=(?!=)|:|{{|$)"
        rf"|{_DEFINING}\s+{re.escape(name)}(?!\w)"
    )
    return any(
        number not in seen and name in line and written.search(line)
        for number, line in enumerate(source.lines, start=1)
        if len(line) < _LONGEST_LINE and not _COMMENT.match(line)
    )


def _binds_itself(source: Source, name: str) -> bool:
    """Whether plain uses in the file mean a variable or parameter of its own."""
    return any(not one.receiver for one in _bindings(name, source))


def is_bound(name: str, source: Source) -> bool:
    """Whether something is assigned to the name as a member."""
    return any(one.receiver for one in _bindings(name, source))


def _bindings(name: str, source: Source) -> Iterator[Mention]:
    """Give the places that bind a name, but for imports."""
    imported = {import_line(one, name, source) for one in imports_of(name, source)}
    for one in source.references.mentions:
        if one.name == name and one.binds and one.line not in imported:
            yield one


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
