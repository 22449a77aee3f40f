"""The change -> the unchanged files that it has to do with, the nearest first. Pure.

Three relations, by name: a file defines what changed lines use, it uses what changed lines
define, or it is a test that does. A name counts the more the fewer files it stands in; one that
stands in more than `MOST_FILES` says nothing. Files are found by a search for the names, so this
works in a tree of any size.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.flow import Neighbour, Side
from reviewer.index.languages import family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from reviewer.flow import FileDiff
    from reviewer.index.languages import Language
    from reviewer.index.lookup import Codebase, Source

    Relation = Literal["defines", "uses", "tests"]

MOST_FILES = 30
"""A name in more files than this connects everything with everything."""

MOST_NAMES = 400
"""Of a change; a larger one touches most of the codebase anyway."""

MOST_PARSED = 150
"""Files that are looked into; the ones that share the rarest names come first."""

LEAST_CHARACTERS = 3

WEIGHTS: dict[Relation, float] = {"defines": 1.0, "uses": 1.0, "tests": 0.6}


@dataclass(slots=True, kw_only=True)
class _Touched:
    """What changed lines define and use, in one language: each name with the changed files."""

    defined: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    used: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def names(self) -> list[str]:
        """Return every name once, what is defined before what is only used."""
        found = dict.fromkeys([*sorted(self.defined), *sorted(self.used)])
        return [name for name in found if len(name) >= LEAST_CHARACTERS][:MOST_NAMES]


def neighbours(
    diffs: Sequence[FileDiff], codebase: Codebase, *, is_test: Callable[[str], bool]
) -> tuple[Neighbour, ...]:
    """Return the related files of the tree at head, the nearest first."""
    changed = {file.path for file in diffs} | {file.old_path for file in diffs}
    scored: list[tuple[float, Neighbour]] = []
    for language, touched in _touched(diffs, codebase).items():
        found = _standing(touched.names(), language, codebase, changed)
        for path in _nearest(found):
            scored += _related(path, touched, found, codebase, is_test=is_test)
    scored.sort(key=lambda one: (-one[0], one[1].path))
    return tuple(neighbour for _, neighbour in scored)


def _touched(diffs: Sequence[FileDiff], codebase: Codebase) -> dict[Language, _Touched]:
    found: defaultdict[Language, _Touched] = defaultdict(_Touched)
    for file in diffs:
        for side, path, oid in (
            (Side.LEFT, file.old_path, file.old_oid),
            (Side.RIGHT, file.path, file.new_oid),
        ):
            source = codebase.blob(path, oid)
            if source:
                _collect(source, _changed_lines(file, side), found[source.language], file.path)
    return dict(found)


def _changed_lines(file: FileDiff, side: Side) -> set[int]:
    return {
        number
        for hunk in file.hunks
        for line in hunk.lines
        if line.changed and (number := line.old if side is Side.LEFT else line.new) is not None
    }


def _collect(source: Source, lines: set[int], touched: _Touched, path: str) -> None:
    """Add the names of the definitions around changed lines, and the names in those lines."""
    for definition in source.symbols.definitions:
        if not lines.isdisjoint(range(definition.first_line, definition.last_line + 1)):
            touched.defined[definition.name].add(path)
    own = {definition.name for definition in source.symbols.definitions}
    for mention in source.references.mentions:
        if mention.line in lines and not mention.binds and mention.name not in own:
            touched.used[mention.name].add(path)


def _standing(
    names: Sequence[str], language: Language, codebase: Codebase, changed: set[str]
) -> dict[str, set[str]]:
    """Return the unchanged files in which a name stands, for names that say something."""
    languages = family(language)
    found = codebase.paths(names, languages)
    return {
        name: others
        for name, paths in found.items()
        if len(paths) <= MOST_FILES and (others := set(paths) - changed)
    }


def _nearest(found: Mapping[str, set[str]]) -> list[str]:
    """Return the files that share the most and the rarest names."""
    scores: defaultdict[str, float] = defaultdict(float)
    for name in sorted(found):
        for path in found[name]:
            scores[path] += 1 / len(found[name])
    return sorted(scores, key=lambda path: (-scores[path], path))[:MOST_PARSED]


def _related(
    path: str,
    touched: _Touched,
    found: Mapping[str, set[str]],
    codebase: Codebase,
    *,
    is_test: Callable[[str], bool],
) -> Iterable[tuple[float, Neighbour]]:
    """Give the file's strongest relation, with its weight, if there is any."""
    source = codebase.source(path)
    if source is None:
        return
    here = [name for name, paths in found.items() if path in paths]
    defines = {each.name for each in source.symbols.definitions}.intersection(here)
    uses = {each.name for each in source.references.mentions if not each.binds}.intersection(here)
    options: list[tuple[Relation, set[str], Mapping[str, set[str]]]] = [
        ("defines", defines & touched.used.keys(), touched.used),
        ("tests" if is_test(path) else "uses", uses & touched.defined.keys(), touched.defined),
    ]
    weighed = [
        (WEIGHTS[relation] * sum(1 / len(found[name]) for name in sorted(names)), relation, names)
        for relation, names, _ in options
    ]
    total = sum(weight for weight, _, _ in weighed)
    if not total:
        return
    _, relation, names = max(weighed, key=lambda one: one[0])
    origins = {origin for _, which, by in options for name in which for origin in by[name]}
    yield (
        total,
        Neighbour(
            path=path, relation=relation, names=tuple(sorted(names)), of=tuple(sorted(origins))
        ),
    )
