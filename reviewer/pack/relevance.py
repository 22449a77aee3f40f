"""The change -> the unchanged files that it has to do with, the nearest first. Pure.

Three relations, by name: a file defines what changed lines use, it uses what changed lines
define, or it is a test that does. A name counts the more the fewer files it stands in. One that
stands in more than `MOST_FILES` says nothing, but where a changed line uses it and its import or
scope ties that to a definition: then the file that defines it is near. Files are found by a
search for the names, so this works in a tree of any size.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.flow import Neighbour, Side
from reviewer.index.languages import family
from reviewer.index.lookup import called_like
from reviewer.index.modules import Modules
from reviewer.index.ties import Target, firmly_tied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from reviewer.flow import FileDiff, Mention
    from reviewer.index.languages import Language
    from reviewer.index.lookup import Codebase, Source

    Relation = Literal["defines", "uses", "tests"]

MOST_FILES = 30
"""A name in more files than this connects everything with everything."""

MOST_NAMES = 400
"""Of a change; a larger one touches most of the codebase anyway."""

MOST_PARSED = 150
"""Files that are looked into; the ones that share the rarest names come first."""

MOST_DEFINERS = 8
"""Files that seem to define a name; where more do, only those that are called like it."""

LEAST_CHARACTERS = 3

WEIGHTS: dict[Relation, float] = {"uses": 1.0, "tests": 0.6}


@dataclass(slots=True, kw_only=True)
class _Touched:
    """What changed lines define and use, in one language: each name with the changed files."""

    defined: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    used: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    uses: defaultdict[str, dict[tuple[str, str], tuple[Mention, Source]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Of each name, one use for every file and receiver."""

    def means(self, name: str, home: Source, modules: Modules) -> bool:
        """Whether a use of the name on a changed line can mean nothing but a file's own."""
        targets = [Target.of(one, home, name=name) for one in home.defines(name)]
        return any(
            firmly_tied(use, target, user, modules)
            for use, user in self.uses[name].values()
            for target in targets
        )

    def names(self) -> list[str]:
        """Return every name once, what is defined before what is only used."""
        found = dict.fromkeys([*sorted(self.defined), *sorted(self.used)])
        return [name for name in found if len(name) >= LEAST_CHARACTERS][:MOST_NAMES]


def neighbours(
    diffs: Sequence[FileDiff], codebase: Codebase, *, is_test: Callable[[str], bool]
) -> tuple[Neighbour, ...]:
    """Return the related files of the tree at head, the nearest first."""
    changed = {file.path for file in diffs} | {file.old_path for file in diffs}
    modules = Modules(codebase.files)
    scored: list[tuple[float, Neighbour]] = []
    for language, touched in _touched(diffs, codebase).items():
        found = _standing(touched.names(), language, codebase, changed)
        found |= _tied(touched, language, codebase, changed, modules)
        for path in _nearest(found):
            if source := codebase.source(path):
                as_user: Relation = "tests" if is_test(path) else "uses"
                scored += _related(source, touched, found, modules, as_user=as_user)
    scored.sort(key=lambda one: (-one[0], one[1].path))
    return tuple(neighbour for _, neighbour in scored)


def names(diffs: Sequence[FileDiff], codebase: Codebase) -> list[str]:
    """Return the names that `neighbours` looks for."""
    return [name for touched in _touched(diffs, codebase).values() for name in touched.names()]


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
            touched.uses[mention.name][source.path, mention.receiver] = mention, source


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


def _tied(
    touched: _Touched,
    language: Language,
    codebase: Codebase,
    changed: set[str],
    modules: Modules,
) -> dict[str, set[str]]:
    """Return the unchanged files that define a name which stands nearly everywhere.

    Only those to which a use on a changed line is tied: by its import, its scope, its receiver.
    """
    languages = family(language)
    standing = codebase.paths(
        [name for name in touched.names() if name in touched.used], languages
    )
    common = [name for name, paths in standing.items() if len(paths) > MOST_FILES]
    found: dict[str, set[str]] = {}
    for name, paths in codebase.definers(common, languages).items():
        homes = {
            path
            for path in _called_like(name, paths)
            if path not in changed
            and (home := codebase.source(path))
            and touched.means(name, home, modules)
        }
        if homes:
            found[name] = homes
    return found


def _called_like(name: str, paths: Sequence[str]) -> list[str]:
    """Return all paths when they are few, else those of files that are called like the name."""
    if len(paths) <= MOST_DEFINERS:
        return list(paths)
    return [path for path in paths if called_like(path, name)][:MOST_DEFINERS]


def _nearest(found: Mapping[str, set[str]]) -> list[str]:
    """Return the files that share the most and the rarest names."""
    scores: defaultdict[str, float] = defaultdict(float)
    for name in sorted(found):
        for path in found[name]:
            scores[path] += 1 / len(found[name])
    return sorted(scores, key=lambda path: (-scores[path], path))[:MOST_PARSED]


def _related(
    source: Source,
    touched: _Touched,
    found: Mapping[str, set[str]],
    modules: Modules,
    *,
    as_user: Relation,
) -> Iterable[tuple[float, Neighbour]]:
    """Give the file's strongest relation, with its weight, if there is any.

    A definition counts in full where a changed line can mean nothing else.
    """
    here = {name for name, paths in found.items() if source.path in paths}
    defines = {each.name for each in source.symbols.definitions} & here & touched.used.keys()
    mentioned = {each.name for each in source.references.mentions if not each.binds}
    uses = mentioned & here & touched.defined.keys()
    meant = {name for name in defines if touched.means(name, source, modules)}
    shares = {name: 1.0 if name in meant else 1 / len(found[name]) for name in defines}
    options: list[tuple[float, Relation, set[str]]] = [
        (sum(shares[name] for name in sorted(defines)), "defines", defines),
        (WEIGHTS[as_user] * sum(1 / len(found[name]) for name in sorted(uses)), as_user, uses),
    ]
    total = sum(weight for weight, _, _ in options)
    if not total:
        return
    _, relation, names = max(options, key=lambda one: one[0])
    origins = {each for name in defines for each in touched.used[name]}
    origins |= {each for name in uses for each in touched.defined[name]}
    yield (
        total,
        Neighbour(
            path=source.path,
            relation=relation,
            names=tuple(sorted(names)),
            of=tuple(sorted(origins)),
        ),
    )
