"""What is claimed, and what of it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from reviewer.flow.diff import Side
from reviewer.flow.texts import FindingId, Fingerprint


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

    @property
    def is_older(self) -> bool:
        """Whether the change did not bring it in."""
        return self.origin is Origin.PRE_EXISTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A parsed reply. `problems` are items that were malformed, each with its reason.

    `incomplete` is empty only for a whole, well-formed reply: see `Reply.incomplete`. `lens` is
    what the pass looked for, empty where there was one pass for everything.
    """

    overview: str
    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()
    incomplete: str = ""
    lens: str = ""


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


class Ruling(StrEnum):
    """What a second look makes of a finding."""

    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """The ruling on one finding, and the reason in the model's words."""

    ruling: Ruling
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A finding whose place was found, and a quote in every other file that it speaks of.

    A further quote that was not found in one of those files is left out of `evidence`.
    `second_look` is None where nobody looked again. `lenses` are the passes that found it.
    """

    finding: Finding
    place: Located
    evidence: tuple[Located, ...] = ()
    second_look: SecondLook | None = None
    lenses: tuple[str, ...] = ()
    seconded: str = ""
    """The tool, and its rule, that points at the same lines too."""


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

    id: FindingId
    fingerprint: Fingerprint
    proven: Proven
    anchor: Inline | FileLevel | InSummary
    suggestion: str | None = None
    caused_by: str = ""
    """The id of the finding whose suggestion, once applied, brought this one in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A finding of this round that is not told again. `known` is the id it was told under."""

    placed: Placed
    known: FindingId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """A finding that the project knows of and does not want to hear again, and its reason.

    `quote` is the code it is about, line by line; with category and path it gives the fingerprint.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    path: str
    severity: Severity
    category: Category
    title: str
    reason: str
    fingerprint: Fingerprint
    quote: tuple[str, ...]
