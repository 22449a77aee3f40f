"""What is shown: classes and levels of files, the packed codebase, the changed files. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from reviewer.flow.diff import FileDiff
from reviewer.flow.texts import Encoding, ObjectId


class FileClass(StrEnum):
    """What a tracked file is, by rule. Only the first five are ever sent."""

    SOURCE = "source"
    TEST = "test"
    DOCS = "docs"
    CONFIG = "config"
    DATA = "data"
    GENERATED = "generated"
    VENDORED = "vendored"
    LOCK = "lock"
    MINIFIED = "minified"
    BINARY = "binary"
    MEDIA = "media"
    SUBMODULE = "submodule"
    SYMLINK = "symlink"
    LFS_POINTER = "lfs pointer"
    TOO_LARGE = "too large"
    SECRET = "secret"  # noqa: S105 - a class of files, not a secret
    EXCLUDED = "excluded"


SENDABLE = frozenset(
    (FileClass.SOURCE, FileClass.TEST, FileClass.DOCS, FileClass.CONFIG, FileClass.DATA)
)


class Level(StrEnum):
    """How much of a file is shown: its whole text, its signatures, or only its path and size."""

    FULL = "full"
    OUTLINE = "outline"
    LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The class of a file and the name of the rule that decided it (`reviewer explain`)."""

    file_class: FileClass
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file's content as text. `text.encode(encoding)` is the file, unless `lossy`."""

    text: str
    encoding: str
    lossy: bool = False


class PackedFile(NamedTuple):
    """What became of one tracked file: its class, its level of detail, and why.

    A tuple for the reason that `TreeEntry` is one.

    `tokens` is the estimate of what it costs in the prompt: 0 when only listed.
    `why` is empty for a file shown in full, else the reason it is not.
    """

    path: str
    oid: str
    size_bytes: int
    file_class: FileClass
    rule: str
    level: Level
    tokens: int
    why: str = ""
    encoding: Encoding = "utf-8"
    lossy: bool = False
    percent_encoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the prompt. `breakpoint` asks for a cache breakpoint after it."""

    text: str
    breakpoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The lines of a file that tell its signatures, each with its number, and as they are shown.

    In `text` a mark stands for the lines left out between two rows.
    """

    rows: tuple[tuple[int, str], ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The codebase as it is shown: every tracked file exactly once in `files`, in path order.

    `texts` holds what was sent in full and `outlines` what was sent as an outline, by path: the
    evidence of a finding is looked up there. `listing` names the rest, as it is written.
    """

    files: tuple[PackedFile, ...]
    texts: dict[str, str]
    tokens: int
    outlines: dict[str, Outline] = field(default_factory=dict)
    listing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The codebase as it was at the beginning of the day, and the overlay that mends it.

    `commit` is the state that `core` and `rest` show; the first is the same in every review of the
    day, the others in those that are `shared`. `text` is the overlay as it is written, empty where
    nothing has changed since. `changed` counts the files that are other now or gone, `stale` those
    of them whose new text there was no room for.
    """

    commit: ObjectId
    core: Pack
    rest: Pack
    shared: bool
    text: str = ""
    tokens: int = 0
    changed: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One file of the change as it is shown to the model.

    `text` is the file at head, or None with the reason in `why` (deleted, binary, lock file,
    over the budget). `shows_diff` is false when not even the hunks are shown. `concealed` tells
    that the name means code and that only what the change put inside keeps it from being shown.
    """

    diff: FileDiff
    verdict: Verdict
    text: str | None
    shows_diff: bool
    tokens: int
    why: str = ""
    concealed: bool = False

    @property
    def shows_change(self) -> bool:
        """Whether a model would see anything of what was changed in it."""
        return bool(self.shows_diff and self.diff.hunks) or (
            self.text is not None and self.diff.old_oid != self.diff.new_oid
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An unchanged file that the change has to do with.

    It `defines` what the change uses, `uses` what the change defines, or `tests` it; `names` are
    the symbols that connect it with the changed files `of`. `shown` tells that the prompt holds
    it in full, in the codebase or beside the change.
    """

    path: str
    relation: Literal["defines", "uses", "tests"]
    names: tuple[str, ...]
    of: tuple[str, ...]
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedFile:
    """An unchanged file shown in full beside the change; `written` is the document as sent."""

    path: str
    text: str
    written: str
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """What became of one text of the project's rules.

    `source` is its path, or which of the settings' `[[rules]]` it is. `tokens` is about what it
    costs in the prompt: 0 where it is not used. `why` is empty for a text that is used whole.
    """

    source: str
    tokens: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRule:
    """A text of the project's rules as it is shown; `reach` says for which files it holds.

    `paths` are the changed ones among them: empty for a rule that holds for every change.
    """

    use: RuleUse
    reach: str
    text: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRules:
    """The rules that hold for every change, those for the paths of this one, and those left out.

    The first depend on the base and the settings alone, and stand in the cached prefix.
    """

    everywhere: tuple[ProjectRule, ...] = ()
    here: tuple[ProjectRule, ...] = ()
    unused: tuple[RuleUse, ...] = ()

    @property
    def uses(self) -> tuple[RuleUse, ...]:
        """What became of each text, in the order in which they are shown; the unused last."""
        return (*(rule.use for rule in (*self.everywhere, *self.here)), *self.unused)
