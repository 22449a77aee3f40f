"""Every value that travels, in the order it travels. Pure.

Lines count from 1 and ranges include both ends. A tree or commit is named by its 40-hex id.
A path is relative to the repository root with forward slashes; a name that is not UTF-8 is
percent-encoded (`TreeEntry.percent_encoded`). "Not done" is a value with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, EXIT_UNFINISHED

# What is written into links and markers as it is. A bundle can come from an outsider's run, so
# these are checked where one is read; all other text is made harmless where it is shown.
_ObjectId = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
_Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
_Url = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9_.:/\[\]-]+$")]
_FindingId = Annotated[str, Field(pattern=r"^F[0-9]+$")]
_Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]+$")]
_Encoding = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]

# --- source: what is reviewed -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """Where the findings go. `repository` is `owner/name`; `url` is the page people open."""

    repository: _Repository
    number: int
    url: _Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is reviewed: `merge_base..head`, seen from `base`, the tip of the target branch.

    The three are tree-ish ids; `head` is a tree for uncommitted work. Titles, descriptions and
    commit messages are untrusted. `commits` are whole messages, oldest first.
    """

    base: _ObjectId
    merge_base: _ObjectId
    head: _ObjectId
    title: str = ""
    description: str = ""
    commits: tuple[str, ...] = ()
    pull_request: PullRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One tracked path of a tree, as git stores it. `mode` is git's octal text, as `100644`.

    `percent_encoded` tells that the name is not UTF-8 (or holds control characters), so that
    `path` is its bytes with `%` and what cannot be shown written as `%XX`.
    """

    path: str
    oid: str
    mode: str
    size_bytes: int
    percent_encoded: bool = False


# --- diff: what changed -----------------------------------------------------------------------


class Side(StrEnum):
    """The side of a diff, in GitHub's words: LEFT is the merge base, RIGHT is the head."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a hunk. `old` or `new` is None on the side where the line does not exist.

    git's remark that a file has no newline at its end is a line with neither.
    """

    text: str
    old: int | None
    new: int | None

    @property
    def changed(self) -> bool:
        """Whether the line was added or deleted, rather than shown as context."""
        return (self.old is None) != (self.new is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Neighbouring lines with up to three lines of context; `header` is its `@@` line."""

    header: str
    lines: tuple[DiffLine, ...]


class FileStatus(StrEnum):
    """What happened to a file between merge base and head."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """One changed file. `path` is the new name (the old one when deleted).

    `old_oid` and `new_oid` are blob ids, all zeros where there is none; a side that is not there
    has the mode `000000`. Ids and modes that the diff does not tell are empty (git tells them all
    with `--raw`). A binary or a mode-only change has no hunks.
    """

    path: str
    old_path: str
    status: FileStatus
    old_oid: str
    new_oid: str
    old_mode: str
    new_mode: str
    binary: bool
    hunks: tuple[Hunk, ...]


# --- pack: what is shown ----------------------------------------------------------------------


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
    """How much of a file is shown: its whole text, or only its path and size."""

    FULL = "full"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """What became of one tracked file: its class, its level of detail, and why.

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
    encoding: _Encoding = "utf-8"
    lossy: bool = False
    percent_encoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the prompt. `breakpoint` asks for a cache breakpoint after it."""

    text: str
    breakpoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The codebase as it is shown: every tracked file exactly once in `files`, in path order.

    `texts` holds what was sent in full, by path: the evidence of a finding is looked up there.
    """

    files: tuple[PackedFile, ...]
    texts: dict[str, str]
    tokens: int


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


# --- ask: what is sent, what comes back -------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What a model can take, from the Models API or the bundled table (`source` says which)."""

    id: str
    max_input_tokens: int
    max_output_tokens: int
    betas: tuple[str, ...] = ()
    source: Literal["api", "bundled"] = "bundled"
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that is sent to the model, but the key."""

    model: str
    max_output_tokens: int
    system: tuple[Block, ...]
    user: tuple[Block, ...]
    schema: str
    """The JSON schema of the answer, as text; the same for every pass."""
    effort: str | None = None
    cache_ttl: Literal["5m", "1h"] | None = None
    """None: breakpoints are not sent, because a lone review would pay for a write nobody reads."""
    betas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was billed, in tokens. The prompt is the sum of the first four."""

    input_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cache_write_5m_tokens=self.cache_write_5m_tokens + other.cache_write_5m_tokens,
            cache_write_1h_tokens=self.cache_write_1h_tokens + other.cache_write_1h_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )

    @property
    def prompt_tokens(self) -> int:
        """Everything that was read, from the cache or not."""
        return (
            self.input_tokens
            + self.cache_write_5m_tokens
            + self.cache_write_1h_tokens
            + self.cache_read_tokens
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that reached the model: `problem` is empty for the one that was used.

    `unsure` tells that nobody said what was billed in the end: the answer broke off, and thinking
    that is not shown is billed too. Its `usage` is the least then.
    """

    request_id: str
    usage: Usage
    problem: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the model answered. `incomplete` is empty only when it ended its turn by itself.

    Otherwise it says why the text cannot be the whole review: cut off at the output limit, out
    of window, refused, or the stream broke more often than we retry.
    """

    text: str
    model: str
    stop_reason: str
    attempts: tuple[Attempt, ...]
    seconds: float
    incomplete: str = ""

    @property
    def usage(self) -> Usage:
        """The bill of every attempt, failed ones included."""
        return sum((attempt.usage for attempt in self.attempts), Usage())


# --- judge: what is claimed, what holds -------------------------------------------------------


class Severity(StrEnum):
    """How bad it is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Confidence(StrEnum):
    """How sure the model says it is, surest first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Confidence).index(self)


class Category(StrEnum):
    """What kind of problem it is."""

    CORRECTNESS = "correctness"
    CONTRACT = "contract"
    SECURITY = "security"
    CONCURRENCY = "concurrency"
    RESOURCES = "resources"
    PERFORMANCE = "performance"
    TESTS = "tests"
    OTHER = "other"


class Origin(StrEnum):
    """Whether the change brought the problem in."""

    INTRODUCED = "introduced"
    WORSENED = "worsened"
    PRE_EXISTING = "pre_existing"


class ClaimKind(StrEnum):
    """A claim of absence that a program can check against the codebase."""

    NONE = "none"
    UNDEFINED = "undefined"
    UNUSED = "unused"
    NEVER_CALLED = "never_called"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Code that the model points at: `quote` is verbatim, the lines are only its belief."""

    path: str
    first_line: int
    last_line: int
    quote: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the model claims. Nothing in it is trusted until `judge` has held it to the code."""

    title: str
    explanation: str
    severity: Severity
    confidence: Confidence
    category: Category
    origin: Origin
    place: Evidence
    evidence: tuple[Evidence, ...] = ()
    claim: ClaimKind = ClaimKind.NONE
    symbol: str = ""
    replacement: str | None = None
    """Text to put in the place of the quoted lines; None when the model offers none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A parsed reply. `problems` are items that were malformed, each with its reason.

    `incomplete` is empty only for a whole, well-formed reply: see `Reply.incomplete`.
    """

    overview: str
    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()
    incomplete: str = ""


class Match(StrEnum):
    """How a quote was found."""

    EXACT = "exact"
    WHITESPACE = "whitespace"
    CLOSEST = "closest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A quote that was found in what was sent.

    `path` is the path it is found under: the new name of a renamed file, whose old one is
    `path_before`. `side` is RIGHT for a changed file at head, LEFT for a deleted line, None for a
    file outside the change. `lines` is the code that stands there.
    """

    path: str
    side: Side | None
    first_line: int
    last_line: int
    lines: tuple[str, ...]
    match: Match
    note: str = ""
    path_before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A finding whose place was found, and a quote in every other file that it speaks of.

    A further quote that was not found in one of those files is left out of `evidence`.
    """

    finding: Finding
    place: Located
    evidence: tuple[Located, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A finding that is not posted, and why: a quote that is nowhere, a claim contradicted."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A comment on lines inside one hunk. `first_line == last_line` for a single line."""

    path: str
    side: Side
    first_line: int
    last_line: int
    kind: Literal["inline"] = "inline"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLevel:
    """A comment on a file of the change as a whole."""

    path: str
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class InSummary:
    """A finding told in the summary only, and why it has no place of its own."""

    why: str
    kind: Literal["summary"] = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A proven finding with its place on the pull request.

    `id` is short and stable within the review (`F1`); `fingerprint` is stable across pushes and
    holds no line number. `suggestion` replaces exactly the anchored lines, or is None.
    """

    id: _FindingId
    fingerprint: _Fingerprint
    proven: Proven
    anchor: Inline | FileLevel | InSummary
    suggestion: str | None = None


# --- money ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The price of a request before it is sent. `counted` tells that the API counted it.

    `most_usd` is the hard bound: the whole prompt at its dearest rate and the whole output.
    """

    prompt_tokens: int
    counted: bool
    input_usd: float
    warm_usd: float
    most_usd: float
    cap_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was spent, and what had been estimated."""

    usage: Usage
    usd: float
    estimate: Estimate | None = None


# --- publish ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The context receipt: what the model saw of the codebase and of the change, and what not.

    `unseen_changes` are changed files that were not shown in full, each with its reason.
    `incomplete` holds the reasons that make a review say "incomplete".
    """

    files: tuple[PackedFile, ...]
    changed: tuple[str, ...]
    unseen_changes: tuple[tuple[str, str], ...] = ()
    incomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review, ready to be published, rendered or kept in a bundle.

    `unfinished` is empty only when the model's answer is whole: an unfinished review has its
    own exit code and is never shown as clean. `collapsed` are findings under the thresholds or
    over the inline cap, `pre_existing` those that the change did not bring in.
    """

    change: Change
    model: str
    overview: str
    placed: tuple[Placed, ...]
    collapsed: tuple[Placed, ...]
    pre_existing: tuple[Placed, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[str, ...]
    coverage: Coverage
    cost: Cost
    seconds: float
    unfinished: str = ""
    scripted: bool = False
    """The reply was scripted (demo): everything that is shown must say so."""

    @property
    def findings(self) -> tuple[Placed, ...]:
        """Every finding that survived, in the order they are shown."""
        return (*self.placed, *self.collapsed, *self.pre_existing)

    def exit_code(self, fail_on: str) -> int:
        """Return 3 when unfinished, 1 when the change brought something that severe, else 0.

        `fail_on` is a severity or `never`. What was there before the change never fails it. With
        a severity it is a gate, and a gate must not pass what it has not seen: then a review
        that is incomplete, and found nothing, is 3 too.
        """
        if self.unfinished:
            return EXIT_UNFINISHED
        if fail_on == "never":
            return EXIT_CLEAN
        worst = Severity(fail_on).rank
        new = (*self.placed, *self.collapsed)
        if any(placed.proven.finding.severity.rank <= worst for placed in new):
            return EXIT_FOUND
        return EXIT_UNFINISHED if self.coverage.incomplete else EXIT_CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was paid for, as it is kept in a bundle.

    `review` is None when something failed between the reply and the judgement.
    """

    version: str
    change: Change
    request_digest: str
    replies: tuple[Reply, ...]
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What publishing did. `degraded` says why comments could not be posted, if so."""

    posted: int
    already_there: int
    url: str = ""
    degraded: str = ""
