"""Imports of a file that went away. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask.local.removed import Use
from reviewer.flow import FileStatus
from reviewer.index.languages import Language
from reviewer.index.modules import stem, used

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.ask.local.changes import ChangedSource
    from reviewer.flow import Import
    from reviewer.index.lookup import Hits, Source
    from reviewer.index.modules import Modules

_GUARDED = re.compile(r"\s*(?:try\b|except\b|if\b|#\s*if)|.*__has_include")
_TEMPLATE_ENDINGS = (".in", ".tmpl", ".template", ".erb", ".j2", ".am", ".cmake")


@dataclass(frozen=True, slots=True, kw_only=True)
class LostFile:
    """A file that went away, and the imports that still ask for it."""

    changed: ChangedSource
    uses: tuple[Use, ...]


def lost_files(changed: Sequence[ChangedSource]) -> tuple[tuple[str, ChangedSource], ...]:
    """Return the files that the change took away, each with the word to look for."""
    gone = (FileStatus.DELETED, FileStatus.RENAMED)
    return tuple(
        (stem(one.diff.old_path), one) for one in changed if one.base and one.diff.status in gone
    )


def still_imported(changed: ChangedSource, hits: Hits, modules: Modules) -> LostFile | None:
    """Return the imports that a removal leaves behind, or None."""
    path = changed.diff.old_path
    if any(path + ending in modules.paths for ending in _TEMPLATE_ENDINGS):
        return None
    uses = tuple(
        Use(path=source.path, line=one.line, text=source.line(one.line))
        for source in hits.sources
        for one in source.symbols.imports
        if _asks_for(one, source, path, modules)
    )
    return LostFile(changed=changed, uses=uses) if uses else None


def _asks_for(imported: Import, source: Source, path: str, modules: Modules) -> bool:
    language = source.language
    asked = used(imported) if language is Language.PYTHON else (imported.module,)
    meant = [one for one in asked if modules.reaches(one, source.path, language, path)]
    return any(
        not modules.found(one, source.path, language)
        and not _is_given(imported, one, source, modules)
        for one in meant
    ) and not _is_guarded(imported, source)


def _is_given(imported: Import, meant: str, source: Source, modules: Modules) -> bool:
    """Whether what reads as a module may be a name that its package gives: `from . import x`."""
    return meant != imported.module and modules.found(
        imported.module, source.path, source.language
    )


def _is_guarded(imported: Import, source: Source) -> bool:
    """Whether the import is tried only: it stands under a `try`, an `if` or an `#if`."""
    line = source.line(imported.line)
    indent = len(line) - len(line.lstrip())
    above = range(imported.line - 1, max(0, imported.line - 20), -1)
    lines: Iterator[str] = (source.line(number) for number in above)
    if source.language in (Language.C, Language.CPP):
        return any(_GUARDED.match(one) for one in lines)
    return indent > 0 and any(
        len(one) - len(one.lstrip()) < indent and _GUARDED.match(one) for one in lines
    )
