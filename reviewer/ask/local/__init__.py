"""The engine that needs no model: what a change leaves broken across the codebase. Pure.

It says little and means it: a definition that went away and is still used, a call that does not
fit a signature, an import of a file that is gone. Where a name could mean something else, where
the grammar lost its way, where a name is made at run time, it is silent.

changes    diff -> what went away, what takes other arguments, what is called
provided   whether a file may give a name without a definition of it
removed    definitions that went away and are still used
misfits    calls that do not fit (`fits`: one call, one signature)
lost       imports of files that went away
quoting    lines -> quotes that the judge finds again
wording    what was found -> findings
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask.local import changes, lost, misfits, removed, wording
from reviewer.index.modules import Modules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.ask.local.changes import AddedCall, ChangedSource, Gone, Resigned
    from reviewer.flow import FileDiff, Finding
    from reviewer.index.lookup import Codebase

__all__ = ["Searched", "cited", "hints", "names", "review_locally"]

MOST_NAMES = 2_000
"""Looked for in one change: a larger one is a move of whole folders, or generated."""

MOST_FILES_OF_A_CALL = 40
"""In which the name of an added call may stand: most added calls are of the language's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was found; or why nothing was looked for, so that no finding means nothing."""

    findings: tuple[Finding, ...] = ()
    undone: str = ""


def review_locally(diffs: Sequence[FileDiff], codebase: Codebase) -> Searched:
    """Return what the change leaves broken, in the order of the diff.

    `codebase` is the tree at head. Files that are not to be looked at (vendored, generated,
    secret) are left out of `diffs` by the caller.
    """
    left = _Left.by(diffs, codebase)
    if len(left.names) > MOST_NAMES:
        return Searched(undone=_too_many(len(left.names)))
    codebase.find(left.names)
    modules = Modules(codebase.files)
    found = (
        *(_still_used(one, codebase, modules) for one in left.away),
        *(_no_longer_fits(one, codebase, modules) for one in left.resigned),
        *(_still_imported(word, one, codebase, modules) for word, one in left.lost_files),
        *(_never_fits(one, codebase, modules) for one in left.added),
    )
    return Searched(findings=tuple(one for one in found if one is not None))


def names(diffs: Sequence[FileDiff], codebase: Codebase) -> list[str]:
    """Return the names that a review of the change looks for; none of a change with too many."""
    sought = _Left.by(diffs, codebase).names
    return sought if len(sought) <= MOST_NAMES else []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What a change leaves behind that may break."""

    away: tuple[Gone, ...]
    resigned: tuple[Resigned, ...]
    lost_files: tuple[tuple[str, ChangedSource], ...]
    added: tuple[AddedCall, ...]

    @classmethod
    def by(cls, diffs: Sequence[FileDiff], codebase: Codebase) -> _Left:
        changed = changes.changed_sources(diffs, codebase)
        return cls(
            away=tuple(changes.gone(changed)),
            resigned=tuple(changes.resigned(changed)),
            lost_files=tuple(lost.lost_files(changed)),
            added=tuple(changes.added_calls(changed)),
        )

    @property
    def names(self) -> list[str]:
        """Every name once."""
        sought = (
            *(one.definition.name for one in self.away),
            *(one.called for one in self.resigned),
            *(word for word, _ in self.lost_files),
            *(one.call.name for one in self.added),
        )
        return list(dict.fromkeys(sought))


def _too_many(names: int) -> str:
    return (
        f"the local engine did not look at it: the change defines, takes away or calls {names:,} "
        f"names, and {MOST_NAMES:,} are the most that are searched for"
    )


def hints(findings: Sequence[Finding]) -> str:
    """Return the findings as facts for a model, one paragraph each; empty when there are none."""
    return "\n".join(
        f"- {one.title} ({one.place.path}:{one.place.first_line}). {one.explanation}"
        + "".join(f"\n  - {each.path}:{each.first_line}" for each in one.evidence)
        for one in findings
    )


def cited(findings: Sequence[Finding], codebase: Codebase) -> dict[str, str]:
    """Return the files of the tree that the findings quote: what the judge looks quotes up in."""
    paths = {each.path for one in findings for each in (one.place, *one.evidence)}
    sources = {path: codebase.source(path) for path in sorted(paths)}
    return {path: "\n".join(source.lines) for path, source in sources.items() if source}


def _still_used(one: Gone, codebase: Codebase, modules: Modules) -> Finding | None:
    hits = codebase.hits(one.definition.name, one.source.language)
    found = removed.still_used(one, hits, modules)
    return wording.of_still_used(found) if found else None


def _no_longer_fits(one: Resigned, codebase: Codebase, modules: Modules) -> Finding | None:
    hits = codebase.hits(one.called, one.source.language)
    found = misfits.no_longer_fits(one, hits, modules)
    return wording.of_no_longer_fits(found) if found else None


def _still_imported(
    word: str, one: ChangedSource, codebase: Codebase, modules: Modules
) -> Finding | None:
    if one.base is None:
        return None
    found = lost.still_imported(one, codebase.hits(word, one.base.language), modules)
    return wording.of_lost_file(found) if found else None


def _never_fits(one: AddedCall, codebase: Codebase, modules: Modules) -> Finding | None:
    hits = codebase.hits(one.call.name, one.source.language, most_files=MOST_FILES_OF_A_CALL)
    if not codebase.may_define(one.call.name, hits):
        return None
    found = misfits.never_fits(one, hits, modules)
    return wording.of_never_fits(found) if found else None
