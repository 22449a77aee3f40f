"""How often the engine without a model speaks on merged pull requests, and what it finds.

    python benchmarks/local_engine.py merged OUT.jsonl COUNT GIT_DIR...
    python benchmarks/local_engine.py mutated OUT.jsonl COUNT GIT_DIR...

`merged` takes the last COUNT merged pull requests of each repository: merge commits on the first
parent line, and squash merges, whose subject ends in `(#1234)`. `mutated` takes the newest commit,
picks up to COUNT definitions for each kind whose name is defined once and used elsewhere, changes
one file without its callers, and looks whether that is found. Every result is one line of JSON.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import random
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer import diff
from reviewer.ask import local
from reviewer.ask.local.changes import CONSTRUCTORS
from reviewer.ask.local.fits import misfit
from reviewer.errors import CouldNotFinish
from reviewer.flow import Change, FileClass, SymbolKind, TreeEntry
from reviewer.index import ties
from reviewer.index.languages import language_of
from reviewer.index.lookup import Codebase, parsed
from reviewer.pack import rules_of, survey
from reviewer.pack.classify import by_name
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from reviewer.flow import Definition, FileDiff, Finding, References, Symbols
    from reviewer.index.languages import Language
    from reviewer.index.lookup import Source

PULL_REQUEST = re.compile(r"\(#\d+\)$|^Merge (?:pull request|PR) ")
LOOKED_AT = (FileClass.SOURCE, FileClass.TEST)
MOST_CHANGED_FILES = 300
MOST_KNOWN = 4_000


class Remembered:
    """Parses of blobs that were met before: a run goes over nearly the same tree many times."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Symbols, References]] = {}

    def __call__(self, oid: str, data: bytes, language: Language) -> tuple[Symbols, References]:
        key = (oid, language)
        if key not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[key] = parsed(oid, data, language)
        return self._known[key]


def merged(repository: GitRepository, count: int) -> Iterator[dict[str, Any]]:
    remembered = Remembered()
    for commit, parent, subject in pull_requests(repository, count):
        change = Change(base=parent, merge_base=parent, head=commit)
        started = time.perf_counter()
        codebase = codebase_of(repository, commit, remembered)
        try:
            patch = repository.patch(change)
        except CouldNotFinish:
            continue  # an object that the clone lacks
        diffs = reviewed(repository, diff.parse(patch), codebase)
        findings = local.review_locally(diffs, codebase).findings
        yield {
            "commit": commit[:12],
            "subject": subject,
            "files": len(diffs),
            "seconds": round(time.perf_counter() - started, 3),
            "findings": [_shown(one) for one in findings],
        }


def pull_requests(repository: GitRepository, count: int) -> list[tuple[str, str, str]]:
    raw = repository._git.run(  # noqa: SLF001 - a benchmark looks for its own inputs
        "log", "--first-parent", "-n", str(count * 8), "--format=%H%x09%P%x09%s", "HEAD"
    )
    rows = [line.split("\t", 2) for line in raw.decode("utf-8", "replace").splitlines()]
    found = [
        (commit, parents.split()[0], subject)
        for commit, parents, subject in rows
        if parents and PULL_REQUEST.search(subject)
    ]
    return found[:count]


def codebase_of(
    repository: GitRepository, tree: str, parse: Callable[..., Any] = parsed
) -> Codebase:
    return Codebase(
        repository.entries(tree),
        read=repository.read,
        search=lambda words: repository.search(tree, words),
        parse=parse,
    )


def reviewed(
    repository: GitRepository, diffs: tuple[FileDiff, ...], codebase: Codebase
) -> list[FileDiff]:
    """Return the changed files that are written by hand, as the pipeline would."""
    entries = tuple(codebase.files.values())
    rules = rules_of(entries, repository.read, include=(), exclude=())
    return [
        one
        for one in diffs[:MOST_CHANGED_FILES]
        if by_name(
            TreeEntry(path=one.path, oid=one.new_oid, mode="100644", size_bytes=0),
            rules,
            max_file_bytes=1_000_000,
        ).file_class
        in LOOKED_AT
    ]


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "title": finding.title,
        "why": finding.explanation,
        "place": f"{finding.place.path}:{finding.place.first_line} {finding.place.quote}",
        "evidence": [
            f"{one.path}:{one.first_line} {one.quote} {one.note}" for one in finding.evidence
        ],
    }


# --- mutations --------------------------------------------------------------------------------

KINDS = ("rename", "delete", "add", "drop")
EXTRA = {
    "python": "extra_one", "javascript": "extraOne", "typescript": "extraOne: string",
    "tsx": "extraOne: string", "go": "extraOne string", "rust": "extra_one: u32",
    "java": "int extraOne", "c": "int extra_one", "c++": "int extra_one", "c#": "int extraOne",
    "ruby": "extra_one", "php": "$extraOne", "kotlin": "extraOne: Int", "swift": "extraOne: Int",
    "scala": "extraOne: Int",
}  # fmt: skip
RECEIVERS = re.compile(r"\s*(?:&?\s*(?:'\w+\s+)?(?:mut\s+)?self|cls)\b\s*,?")
FILES_AT_ONCE = 25
MUTABLE = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS)


def mutated(repository: GitRepository, count: int) -> Iterator[dict[str, Any]]:
    tree, remembered = repository.resolve("HEAD"), Remembered()
    codebase = codebase_of(repository, tree, remembered)
    chosen = random.Random(3)
    paths = [entry.path for entry in _written(repository, codebase) if language_of(entry.path)]
    chosen.shuffle(paths)
    left = dict.fromkeys(KINDS, count)
    for at in range(0, len(paths), FILES_AT_ONCE):
        sources = [
            one for path in paths[at : at + FILES_AT_ONCE] if (one := codebase.source(path))
        ]
        codebase.find([one.name for each in sources for one in each.symbols.definitions])
        for source in sources:
            for result in _of_file(source, codebase, repository, tree, remembered, left, chosen):
                left[result["kind"]] -= 1
                yield result
        if not any(left.values()):
            return


def _written(repository: GitRepository, codebase: Codebase) -> list[TreeEntry]:
    entries = tuple(codebase.files.values())
    rules = rules_of(entries, repository.read, include=(), exclude=())
    known = survey(entries, rules, max_file_bytes=1_000_000)
    return [entry for entry, verdict in known if verdict.file_class is FileClass.SOURCE]


def _of_file(
    source: Source, codebase: Codebase, repository: GitRepository, tree: str,
    remembered: Remembered, left: dict[str, int], chosen: random.Random,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Give one mutation of each kind for which the file has a definition that will do."""
    definitions = [
        one
        for one in source.symbols.definitions
        if one.kind in MUTABLE and not source.is_prototype(one)
    ]
    chosen.shuffle(definitions)
    for kind in KINDS:
        if left[kind] <= 0:
            continue
        for definition in definitions:
            after = _edited(source, definition, kind, remembered)
            if after is None or not _breaks(source, definition, after, kind, codebase):
                continue
            yield _tried(
                source, definition, after[0], kind, codebase, repository, tree, remembered
            )
            break


def _edited(
    source: Source, definition: Definition, kind: str, remembered: Remembered
) -> tuple[str, Definition | None] | None:
    """Return the file after the mutation, and the definition in it; None where it cannot be."""
    lines = list(source.lines)
    span = range(definition.first_line, definition.last_line + 1)
    whole = re.compile(rf"(?<!\w){re.escape(definition.name)}(?!\w)")
    number = next((one for one in span if whole.search(source.line(one))), None)
    if number is None or definition.name.startswith("__") or definition.name in CONSTRUCTORS:
        return None
    if kind == "rename":
        if re.search(r"\bexport\s+default\b", lines[number - 1]):
            return None  # who imports it gives it a name
        lines[number - 1] = whole.sub(f"{definition.name}Renamed", lines[number - 1], count=1)
    elif kind == "delete":
        del lines[definition.first_line - 1 : definition.last_line]
    else:
        text = "\n".join(lines)
        start = sum(len(line) + 1 for line in lines[: number - 1])
        at = whole.search(text, start)
        changed = _with_parameters(text, at.end(), source, kind) if at else None
        if changed is None:
            return None
        lines = changed.split("\n")
    text = "\n".join(lines) + "\n"
    data = text.encode()
    symbols, _ = remembered(_oid(data), data, source.language)
    if symbols.broken != source.symbols.broken:
        return None
    same = [
        one
        for one in symbols.definitions
        if one.name == definition.name and one.container == definition.container
    ]
    return text, same[0] if len(same) == 1 else None


def _with_parameters(text: str, at: int, source: Source, kind: str) -> str | None:
    """Add a required parameter in front, or drop the last that is written plainly."""
    opening = text.find("(", at)
    if opening < 0 or text[at:opening].strip().strip("=:").strip() not in ("", "function"):
        return None
    closing = _closing(text, opening)
    if closing is None:
        return None
    inside = text[opening + 1 : closing]
    first = RECEIVERS.match(inside) if source.language in ("python", "rust") else None
    head, rest = (inside[: first.end()], inside[first.end() :]) if first else ("", inside)
    if kind == "add":
        joint = ", " if rest.strip() and rest.strip() != "void" else ""
        rest = "" if rest.strip() == "void" else rest
        head = f"{head.rstrip()}, " if head.strip() and not head.rstrip().endswith(",") else head
        inside = f"{head}{EXTRA.get(source.language, '')}{joint}{rest}"
    else:
        parts = rest.rstrip().removesuffix(",").split(",")
        if re.search(r"[(\[{<*&=.]", parts[-1]) or not parts[-1].strip():
            return None
        inside = head + ",".join(parts[:-1])
    return f"{text[: opening + 1]}{inside}{text[closing:]}"


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for at in range(opening, min(len(text), opening + 3000)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return None


def _breaks(
    source: Source, definition: Definition, after: tuple[str, Definition | None], kind: str,
    codebase: Codebase,
) -> bool:  # fmt: skip
    """Whether the name is unique in the tree, and the mutation leaves a use of it behind."""
    hits = codebase.hits(definition.name, source.language)
    if hits.unknown:
        return False
    sources = tuple(hits.sources)
    named = [one for each in sources for one in each.defines(definition.name)]
    if len(named) != 1 or _rebound(definition, sources):
        return False
    now = after[1]
    if kind in ("rename", "delete"):
        return now is None and any(
            one.name == definition.name
            and not one.binds
            and not (each.path == source.path
                     and definition.first_line <= one.line <= definition.last_line)
            for each in sources
            for one in each.references.mentions
        )  # fmt: skip
    if now is None or now.parameters is None or definition.parameters is None:
        return False
    if abs(len(now.parameters) - len(definition.parameters)) != 1:
        return False
    return any(
        call.name == definition.name
        and not misfit(call, definition.parameters, each.language)
        and misfit(call, now.parameters, each.language)
        for each in sources
        for call in each.references.calls
    )


def _rebound(definition: Definition, sources: Collection[Source]) -> bool:
    """Whether the name is bound anywhere but in its definition and in imports."""
    for source in sources:
        imported = {
            ties.import_line(one, definition.name, source)
            for one in ties.imports_of(definition.name, source)
        }
        own = {
            one.first_line
            for one in source.symbols.definitions
            if one == definition or source.is_prototype(one)
        }
        inside = range(definition.first_line, definition.last_line + 1) if own else range(0)
        for one in source.references.mentions:
            elsewhere = one.line not in imported | own and one.line not in inside
            if one.name == definition.name and one.binds and elsewhere:
                return True
    return False


def _tried(
    source: Source, definition: Definition, text: str, kind: str, codebase: Codebase,
    repository: GitRepository, tree: str, remembered: Remembered,
) -> dict[str, Any]:  # fmt: skip
    path, data = source.path, text.encode()
    oid = _oid(data)
    entries = [
        TreeEntry(path=path, oid=oid, mode=entry.mode, size_bytes=len(data))
        if entry.path == path
        else entry
        for entry in codebase.files.values()
    ]

    def search(words: Collection[str]) -> dict[str, frozenset[str]]:
        found = repository.search(tree, words)
        standing = {word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
        return {**found, path: frozenset(standing)}

    started = time.perf_counter()
    findings = local.review_locally(
        [_diff(path, codebase.files[path], oid, "\n".join(source.lines) + "\n", text)],
        Codebase(
            entries,
            read=lambda one: data if one == oid else repository.read(one),
            search=search,
            parse=remembered,
        ),
    ).findings
    whole = re.compile(rf"(?<!\w){re.escape(definition.name)}(?!\w)")
    return {
        "kind": kind,
        "language": source.language,
        "definition": f"{path}:{definition.first_line} {definition.container}.{definition.name}",
        "what": definition.kind,
        "found": any(whole.search(one.title) for one in findings),
        "seconds": round(time.perf_counter() - started, 3),
        "others": [one.title for one in findings if not whole.search(one.title)],
    }


def _diff(path: str, entry: TreeEntry, oid: str, before: str, after: str) -> FileDiff:
    rows = [
        f":100644 100644 {entry.oid} {oid} M\t{path}\n",
        "\n",
        f"diff --git a/{path} b/{path}\n",
        f"index {entry.oid}..{oid} 100644\n",
        *difflib.unified_diff(
            re.findall(r"[^\n]*\n", before),
            re.findall(r"[^\n]*\n", after),
            f"a/{path}",
            f"b/{path}",
        ),
    ]
    (file,) = diff.parse("".join(rows).encode())
    return file


def _oid(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def main(words: list[str]) -> None:
    mode, out, count, *folders = words
    with Path(out).open("a", encoding="utf-8") as file:
        for folder in folders:
            repository = GitRepository(Path(folder))
            name = Path(folder).parent.name.replace("+", "/")
            results = (merged if mode == "merged" else mutated)(repository, int(count))
            for result in results:
                file.write(json.dumps({"repository": name, **result}) + "\n")
                file.flush()
            repository.close()


if __name__ == "__main__":
    main(sys.argv[1:])
