"""Whether the prompt of real merged pull requests holds in full what the change needs.

    python benchmarks/needed.py OUT.jsonl COUNT [--exclude PATTERN] GIT_DIR...

Takes the last merged pull requests of each repository that change source by hand, until COUNT
of them need something, and prepares each with the default settings. An unchanged file is *needed*
when

- it defines a name that an added line uses: the only file of the tree to do so, or, of several,
  the one from which the changed file imports it (in Go: the one in its folder); and the use is
  tied to it by scope, by import or by what it is asked of (`index.ties`); or
- it uses a definition that the change removes or gives other parameters, tied likewise.

Nothing of how `pack.relevance` finds and ranks files is used for that: no counts of names, no
weights. Every result is one line of JSON; at the end come the tables.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections import Counter, defaultdict
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from local_engine import Remembered, codebase_of, pull_requests, reviewed

from reviewer import diff
from reviewer.ask.local import changes
from reviewer.ask.local.provided import binds_itself
from reviewer.ask.models import bundled
from reviewer.errors import CouldNotFinish
from reviewer.flow import SENDABLE, Change, FileClass, Level, SymbolKind
from reviewer.index.languages import Language, family, language_of
from reviewer.index.lookup import MOST_BYTES
from reviewer.index.modules import Modules
from reviewer.index.symbols import symbols_of
from reviewer.index.ties import Target, imports_of, tied
from reviewer.pack import relevance
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.source.repo import GitRepository
from reviewer.wiring.activity import unknown
from reviewer.wiring.local import equipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Definition, FileDiff, Mention
    from reviewer.index.lookup import Codebase, Source
    from reviewer.prepare import Prepared

MODEL = "claude-opus-5-5"
LOOKED_THROUGH = 8
"""Pull requests for each that is to be measured: many change no source, or need nothing."""

LEAST_CHARACTERS = 3
MOST_CALLER_FILES = 250
DEFINING = frozenset(SymbolKind) - {SymbolKind.FIELD, SymbolKind.MODULE}
"""Fields are named alike everywhere, and a namespace is no file."""

SEPARATORS = re.compile(r"::|[./\\]")

Need = tuple[str, str]
"""The needed path, and the name by which it is needed."""


class Definers:
    """Which files of a tree define a name; blobs are parsed once in all trees."""

    def __init__(self, repository: GitRepository) -> None:
        self._read = repository.read
        self._names: dict[tuple[str, Language], frozenset[str]] = {}

    def of(self, codebase: Codebase) -> dict[tuple[frozenset[Language], str], list[str]]:
        """Return the paths that define a name, by the languages that share it and the name."""
        found: defaultdict[tuple[frozenset[Language], str], list[str]] = defaultdict(list)
        for path, entry in codebase.files.items():
            language = language_of(path)
            if language and entry.size_bytes <= MOST_BYTES:
                for name in self._defined(entry.oid, language):
                    found[family(language), name].append(path)
        return found

    def _defined(self, oid: str, language: Language) -> frozenset[str]:
        if (oid, language) not in self._names:
            try:
                found = symbols_of(self._read(oid), language).definitions
            except CouldNotFinish:
                found = ()  # an object that the clone lacks
            self._names[oid, language] = frozenset(
                one.name for one in found if one.kind in DEFINING
            )
        return self._names[oid, language]


# --- what is needed ---------------------------------------------------------------------------


def needed(
    diffs: Sequence[FileDiff], codebase: Codebase, definers: Definers
) -> dict[str, set[str]]:
    """Return the unchanged files that the change needs, each with the names it is needed for."""
    modules = Modules(codebase.files)
    touched = {path for one in diffs for path in (one.path, one.old_path)}
    found: defaultdict[str, set[str]] = defaultdict(set)
    sources = changes.changed_sources(diffs, codebase)
    for path, name in (
        *_definitions_used(sources, codebase, definers, modules),
        *_uses_left(sources, codebase, modules),
    ):
        if path not in touched:
            found[path].add(name)
    return dict(found)


def _definitions_used(
    sources: Sequence[changes.ChangedSource],
    codebase: Codebase,
    definers: Definers,
    modules: Modules,
) -> Iterator[Need]:
    """Give the file with the only definition of each name that an added line uses."""
    defined = definers.of(codebase)
    for one in sources:
        if one.head is None:
            continue
        lines = {line.new for hunk in one.diff.hunks for line in hunk.lines if line.old is None}
        for mention in one.head.references.mentions:
            if mention.line not in lines or len(mention.name) < LEAST_CHARACTERS:
                continue
            if not mention.receiver and binds_itself(one.head, mention.name):
                continue  # a variable of its own
            paths = defined.get((family(one.head.language), mention.name), [])
            for path in paths if len(paths) == 1 else _imported(mention, one.head, paths, modules):
                home = codebase.source(path)
                if home and any(
                    tied(mention, target, one.head, modules)
                    for target in _targets(home, mention.name)
                ):
                    yield home.path, mention.name


def _imported(
    mention: Mention, source: Source, paths: Sequence[str], modules: Modules
) -> list[str]:
    """Return the one of several files that the file asks by path for the name, if it is one."""
    asked = [
        path
        for path in paths
        for one in imports_of(mention.name, source)
        if modules.reaches(one.module, source.path, source.language, path)
        or _is_at(one.module, path)
        or _is_at(f"{one.module}/{mention.name}", path)
    ]
    if source.language is Language.GO and not mention.receiver:
        asked += [path for path in paths if dirname(path) == dirname(source.path)]
    return asked if len(set(asked)) == 1 else []


def _is_at(module: str, path: str) -> bool:
    """Whether a module path such as `a.b`, `a::b` or `a\\b` is the end of a file's path."""
    place = SEPARATORS.sub("/", module).removeprefix("crate/").strip("/")
    own = path.partition(".")[0].removesuffix("/mod").removesuffix("/lib")
    return "/" in place and f"/{own}".endswith(f"/{place}")


def _targets(home: Source, name: str) -> Iterator[Target]:
    for definition in home.defines(name):
        if definition.kind in DEFINING:
            yield Target.of(definition, home, name=name)


def _uses_left(
    sources: Sequence[changes.ChangedSource], codebase: Codebase, modules: Modules
) -> Iterator[Need]:
    """Give the files that use what was removed or takes other parameters now."""
    away: list[tuple[Definition, Source, str, str]] = [
        *(
            (one.definition, one.source, one.definition.name, one.changed.diff.path)
            for one in changes.gone(sources)
        ),
        *(
            (one.after, one.source, one.called, one.changed.diff.path)
            for one in changes.resigned(sources)
        ),
    ]
    codebase.find([name for _, _, name, _ in away])
    for definition, home, name, path in away:
        target = Target.of(definition, home, name=name, path=path)
        for source in codebase.hits(name, home.language, most_files=MOST_CALLER_FILES).sources:
            if source.path != path and any(
                one.name == name and not one.binds and tied(one, target, source, modules)
                for one in source.references.mentions
            ):
                yield source.path, name


# --- what is shown ----------------------------------------------------------------------------


def measured(
    repository: GitRepository, count: int, exclude: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give what became of the needed files of COUNT pull requests."""
    remembered, definers = Remembered(), Definers(repository)
    settings = Settings(exclude=tuple(exclude))
    found = 0
    for commit, parent, subject in pull_requests(repository, count * LOOKED_THROUGH):
        change = Change(base=parent, merge_base=parent, head=commit)
        codebase = codebase_of(repository, commit, remembered)
        try:
            diffs = reviewed(repository, diff.parse(repository.patch(change)), codebase)
            wanted = needed(diffs, codebase, definers) if diffs else {}
            prepared = _prepared(repository, change, settings) if wanted else None
        except CouldNotFinish:
            continue  # an object that the clone lacks
        if prepared and (result := _result(prepared, wanted, codebase)):
            yield {"commit": commit[:12], "subject": subject, "changed": len(diffs), **result}
            found += 1
        if found == count:
            return


def _prepared(repository: GitRepository, change: Change, settings: Settings) -> Prepared:
    facts = bundled(MODEL)
    assert facts
    with equipped(repository) as tools:
        return prepare(change, settings, tools=tools, facts=facts, activity=unknown())


def _result(
    prepared: Prepared, wanted: dict[str, set[str]], codebase: Codebase
) -> dict[str, Any] | None:
    """Return the needed files by level; None where the change touches no source by hand."""
    classes = {file.path: file.file_class for file in prepared.pack.files}
    changed = [one.verdict.file_class for one in prepared.changed]
    paths = [path for path in wanted if classes.get(path) in SENDABLE]
    if FileClass.SOURCE not in changed or not paths:
        return None
    shown = {file.path: str(file.level) for file in prepared.pack.files}
    shown |= {file.path: "beside" for file in prepared.shown.related}
    missed = [path for path in paths if shown[path] not in ("beside", Level.FULL)]
    return {
        "needed": len(paths),
        "levels": Counter(shown[path] for path in paths),
        "used": prepared.estimate.prompt_tokens / prepared.budget_tokens,
        "related_tokens": sum(file.tokens for file in prepared.shown.related),
        "missed": [
            {
                "path": path,
                "names": sorted(wanted[path]),
                "level": shown[path],
                "why": _why(path, wanted[path], prepared, codebase),
            }
            for path in missed
        ],
    }


def _why(path: str, names: set[str], prepared: Prepared, codebase: Codebase) -> str:
    """Return why a needed file is not in full."""
    ranked = [one.path for one in prepared.shown.neighbours]
    if path in ranked:
        return "no room"
    codebase.find(names)
    language = language_of(path)
    standing = codebase.paths(names, family(language)) if language else {}
    if all(len(paths) > relevance.MOST_FILES for paths in standing.values()):
        return "stands in too many files"
    return "not found"


# --- what is told -----------------------------------------------------------------------------


def told(results: Sequence[dict[str, Any]]) -> str:
    """Return the tables."""
    names = list(dict.fromkeys(one["repository"] for one in results))
    head = "| repository | pull requests | all in full | needed | in full | outlined or more |"
    lines = [
        f"{head} median in full | prompt used |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(name, [one for one in results if one["repository"] == name]) for name in names),
        _row("all", results),
        "",
        *(
            f"- {why}: {number}"
            for why, number in Counter(
                f"{miss['why']}, {miss['level']}" for one in results for miss in one["missed"]
            ).most_common()
        ),
    ]
    return "\n".join(lines)


def _row(name: str, results: Sequence[dict[str, Any]]) -> str:
    needed_files = sum(one["needed"] for one in results)
    missed = [miss for one in results for miss in one["missed"]]
    whole = sum(not one["missed"] for one in results)
    listed = sum(miss["level"] == Level.LISTED for miss in missed)
    shares = [1 - len(one["missed"]) / one["needed"] for one in results]
    return (
        f"| {name} | {len(results)} | {whole} | {needed_files} | "
        f"{1 - len(missed) / needed_files:.0%} | {1 - listed / needed_files:.0%} | "
        f"{statistics.median(shares):.0%} | "
        f"{statistics.median(one['used'] for one in results):.0%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("repositories", nargs="+", type=Path)
    options = parser.parse_args()
    results = []
    with options.out.open("a", encoding="utf-8") as file:
        for folder in options.repositories:
            repository = GitRepository(folder)
            name = folder.resolve().parent.name.replace("+", "/")
            for result in measured(repository, options.count, options.exclude):
                results.append({"repository": name, **result})
                file.write(json.dumps(results[-1]) + "\n")
                file.flush()
            repository.close()
    print(told(results))


if __name__ == "__main__":
    main()
