"""What commands tell of a path, the prompt, its price and the cache, as JSON documents. Pure.

The fields are the keys. Sizes are exact, tokens estimated; a path is as git spells it, with
`%XX` for bytes that are not UTF-8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from reviewer.flow import FileClass, FileStatus, Level, Neighbour, Quote, RuleUse
from reviewer.flow.texts import Encoding, ObjectId
from reviewer.publish.documents.json_text import json_text

if TYPE_CHECKING:
    from reviewer.flow import ChangedFile, PackedFile, ProjectRules
    from reviewer.publish.statistics import Group


# --- parts of them ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A tracked file of the base: what it is, by which rule, and how it is shown.

    `tokens` is what it costs in the prompt: 0 when only listed. `why` is the reason that it is
    not in full, empty where it is. `lossy` tells that some bytes cannot be shown.
    """

    path: str
    oid: ObjectId
    size_bytes: int
    file_class: FileClass
    rule: str
    level: Level
    tokens: int
    why: str
    encoding: Encoding
    lossy: bool
    percent_encoded: bool

    @classmethod
    def of(cls, file: PackedFile) -> File:
        """Return a file of a pack with a name for each value."""
        return cls(**file._asdict())


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfChange:
    """A file of the change: what it is, by which rule, and how it is shown.

    `in_full` tells that its text at head is shown, `shows_diff` that its hunks are. `why` is the
    reason that it is not in full: empty where it is, or where there is no text, as it was deleted.
    `project_rules` name the texts that hold for it.
    """

    path: str
    old_path: str
    status: FileStatus
    file_class: FileClass
    rule: str
    in_full: bool
    shows_diff: bool
    tokens: int
    why: str
    project_rules: tuple[str, ...]

    @classmethod
    def of(cls, file: ChangedFile, rules: ProjectRules) -> FileOfChange:
        """Return a changed file, with those of the project's rules that hold for it."""
        path = file.diff.path
        holding = [*rules.everywhere, *(rule for rule in rules.here if path in rule.paths)]
        return cls(
            path=path,
            old_path=file.diff.old_path,
            status=file.diff.status,
            file_class=file.verdict.file_class,
            rule=file.verdict.rule,
            in_full=file.text is not None,
            shows_diff=file.shows_diff,
            tokens=file.tokens,
            why=file.why,
            project_rules=tuple(rule.use.source for rule in holding),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An unchanged file that is shown in full beside the change."""

    path: str
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Files of one class, or of one top folder: how many, how they are shown, their sizes."""

    name: str
    files: int
    in_full: int
    outlined: int
    listed: int
    size_bytes: int
    tokens: int

    @classmethod
    def of(cls, group: Group) -> Sum:
        """Return the sums over a group of files."""
        in_full, outlined, listed = group.by_level
        return cls(
            name=group.name,
            files=group.files,
            in_full=in_full,
            outlined=outlined,
            listed=listed,
            size_bytes=group.size_bytes,
            tokens=group.tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What the cache holds of one kind; `value_bytes` are without what the file puts around."""

    kind: str
    entries: int
    value_bytes: int


CacheState = Literal["off", "absent", "usable", "damaged", "unusable"]


# --- documents ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What happens to one path: in the codebase, as one of the project's rules, in the change.

    `codebase` is null where the base has no such file. `changes` are the files of the change that
    have the path, or had it before they were renamed.
    """

    FORMAT: ClassVar = "reviewer-explain/1"

    path: str
    codebase: File | None
    as_rule: tuple[RuleUse, ...]
    changes: tuple[FileOfChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Where the prompt's tokens go, what surrounds the change, and what is left out.

    `tokens_by_part` adds up to the budget. `secrets_replaced` counts the different ones by kind.
    `files` are all tracked files of the base, in path order.
    """

    FORMAT: ClassVar = "reviewer-map/1"

    model: str
    base: ObjectId
    merge_base: ObjectId
    head: ObjectId
    budget_tokens: int
    prompt_tokens: int
    tokens_by_part: dict[str, int]
    secrets_replaced: dict[str, int]
    files: tuple[File, ...]
    changes: tuple[FileOfChange, ...]
    related: tuple[Related, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackStatistics:
    """Where the prompt's tokens go, and every file that is not shown in full.

    `tokens_by_part` adds up to `prompt_tokens`; `prompt_bytes` are those that `reviewer pack`
    writes. `classes` and `folders` are the same files, the dearest first.
    """

    FORMAT: ClassVar = "reviewer-pack-stats/1"

    prompt_bytes: int
    prompt_tokens: int
    tokens_by_part: dict[str, int]
    classes: tuple[Sum, ...]
    folders: tuple[Sum, ...]
    not_in_full: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheInfo:
    """Where the cache of the machine is, its size, and what it holds.

    There is none yet where it is `absent`. A `damaged` one is begun anew by the next run, and runs
    go on without one that is `unusable`: `why` says why. `path` is null where it is `off`, and
    `size_bytes` where nobody looked: `off` or `unusable`.
    """

    FORMAT: ClassVar = "reviewer-cache-info/1"

    state: CacheState
    path: str | None
    why: str
    size_bytes: int | None
    most_bytes: int
    results: tuple[Results, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """What the next review costs, by model and depth; `cache_reason` is that of the policy."""

    FORMAT: ClassVar = "reviewer-cost/1"

    quotes: tuple[Quote, ...]
    cache_reason: str


Document = Explained | Mapped | PackStatistics | CacheInfo | Quotes

DOCUMENTS: dict[str, type[Document]] = {
    "explain": Explained,
    "map": Mapped,
    "pack-stats": PackStatistics,
    "cache-info": CacheInfo,
    "cost": Quotes,
}
"""By the command that writes them; a `FORMAT` goes up when a key changes its meaning or goes."""


def as_json(document: Document) -> str:
    """Return a document as JSON text."""
    from pydantic import TypeAdapter

    fields = TypeAdapter(type(document)).dump_python(document, mode="json")
    return json_text({"format": document.FORMAT, **fields}, indent=1)


def schema(of: type[Document]) -> dict[str, Any]:
    """Return the JSON Schema of what `as_json` writes."""
    from pydantic import TypeAdapter

    made = TypeAdapter(of).json_schema(mode="serialization")
    made["properties"] = {"format": {"const": of.FORMAT}, **made["properties"]}
    made["required"] = sorted(made["properties"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
