"""The model's reply -> claims, or why it is malformed. Pure.

Nothing claimed is trusted here: only its shape is held to the schema (`ask.schema`). A parse
failure is never an empty list, because that would look like a clean review.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from reviewer.errors import CouldNotFinish
from reviewer.flow import (
    Answer,
    Category,
    ClaimKind,
    Confidence,
    Evidence,
    Finding,
    Origin,
    Severity,
)
from reviewer.judge.salvage import salvage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Reply

MOST_FINDINGS = 200
MOST_EVIDENCE = 20
MOST_LINE = 10_000_000
"""More lines than any file that is sent; a claimed line is only a belief."""

MOST_CHARACTERS = {
    "overview": 4_000,
    "path": 4_096,
    "quote": 4_000,
    "note": 1_000,
    "title": 200,
    "explanation": 4_000,
    "symbol": 200,
}
MOST_REPLACEMENT_CHARACTERS = 20_000


class MalformedReply(CouldNotFinish):
    """The reply cannot be read at all: `why`, and `where` in its text."""

    def __init__(self, why: str, *, where: str) -> None:
        super().__init__(
            f"the answer is malformed at {where}: {why}",
            way_out="run the review again, or choose a model that supports structured outputs",
        )
        self.why = why
        self.where = where


def parse(reply: Reply) -> Answer:
    """Return the claims of a reply; items that are malformed become `problems`.

    A reply that did not end by itself gives what arrived whole, and stays incomplete; so does one
    with an item that cannot be read, which could have been the worst. Raises `MalformedReply`
    when nothing can be read.
    """
    claimed = _salvaged(reply.text) if reply.incomplete else _whole(reply.text)
    limits = _Limits()
    found = [
        _finding(number, item, limits) for number, item in _numbered(claimed.findings, limits)
    ]
    return Answer(
        overview=limits.cut("overview", claimed.overview),
        findings=tuple(finding for finding in found if finding is not None),
        problems=tuple(limits.told),
        incomplete=reply.incomplete or _unread(found),
    )


def _unread(found: Sequence[Finding | None]) -> str:
    lost = found.count(None)
    return f"{lost} of {len(found)} findings could not be read" if lost else ""


# --- the shape --------------------------------------------------------------------------------


def plain(name: object) -> object:
    """Enums arrive in any capitalisation (platform.claude.com/docs, "Structured outputs")."""
    if not isinstance(name, str):
        return name
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def encodable(text: str) -> str:
    r"""JSON can spell what no file that is sent holds: half a character (`"\ud800"`), or a NUL."""
    return _NOT_IN_FILES.sub("\N{REPLACEMENT CHARACTER}", text)


_NOT_IN_FILES = re.compile("[\0\ud800-\udfff]")
_AnyCase = BeforeValidator(plain)
_Text = Annotated[str, AfterValidator(encodable)]


class _Code(BaseModel):
    path: _Text
    quote: _Text
    first_line: int
    last_line: int


class _Evidence(_Code):
    note: _Text


class _Finding(_Code):
    evidence: list[_Evidence]
    title: _Text
    explanation: _Text
    severity: Annotated[Severity, _AnyCase]
    confidence: Annotated[Confidence, _AnyCase]
    category: Annotated[Category, _AnyCase]
    origin: Annotated[Origin, _AnyCase]
    claim: Annotated[ClaimKind, _AnyCase]
    symbol: _Text
    replacement: _Text | None


class _Answer(BaseModel):
    overview: _Text
    findings: list[Any]


def _whole(text: str) -> _Answer:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise MalformedReply(error.msg, where=f"character {error.pos:,}") from error
    except RecursionError as error:
        raise MalformedReply("nested too deeply", where="an unknown place") from error
    except ValueError as error:  # an integer with more digits than Python converts
        raise MalformedReply(str(error), where="an unknown place") from error
    return _outside(answer)


def _salvaged(text: str) -> _Answer:
    try:
        overview, findings = salvage(text)
    except ValueError as error:
        raise MalformedReply(
            str(error), where=f"its end, after {len(text):,} characters"
        ) from error
    return _outside({"overview": overview, "findings": findings})


def _outside(answer: object) -> _Answer:
    try:
        return _Answer.model_validate(answer)
    except ValidationError as error:
        raise MalformedReply(reasons(error), where="its outermost object") from error


def reasons(error: ValidationError) -> str:
    """Say what is wrong without repeating the input, which is untrusted."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the whole'}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    )


# --- the items --------------------------------------------------------------------------------


class _Limits:
    """Cuts what is too long, and tells what it cut."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def cut(self, name: str, text: str, where: str = "") -> str:
        most = MOST_CHARACTERS[name]
        if len(text) <= most:
            return text
        self.told.append(f"{where}{name} cut from {len(text):,} to {most:,} characters")
        return text[:most]


def _numbered(items: Sequence[Any], limits: _Limits) -> Sequence[tuple[int, Any]]:
    if (more := len(items) - MOST_FINDINGS) > 0:
        limits.told.append(f"{more} findings left out: at most {MOST_FINDINGS} are read")
    return list(enumerate(items[:MOST_FINDINGS], start=1))


def _finding(number: int, item: object, limits: _Limits) -> Finding | None:
    """Return one claim, or None when it is malformed, which `limits` then tells."""
    where = f"finding {number}: "
    try:
        claimed = _Finding.model_validate(item)
    except ValidationError as error:
        limits.told.append(where + reasons(error))
        return None
    return Finding(
        title=limits.cut("title", claimed.title, where),
        explanation=limits.cut("explanation", claimed.explanation, where),
        severity=claimed.severity,
        confidence=claimed.confidence,
        category=claimed.category,
        origin=claimed.origin,
        place=_evidence(claimed, limits, where),
        evidence=_evidences(claimed.evidence, limits, where),
        claim=claimed.claim,
        symbol=limits.cut("symbol", claimed.symbol, where),
        replacement=_replacement(claimed, limits, where),
    )


def _evidences(claimed: Sequence[_Evidence], limits: _Limits, where: str) -> tuple[Evidence, ...]:
    if (more := len(claimed) - MOST_EVIDENCE) > 0:
        limits.told.append(f"{where}{more} places left out: at most {MOST_EVIDENCE} are read")
    return tuple(
        _evidence(one, limits, where, note=limits.cut("note", one.note, where))
        for one in claimed[:MOST_EVIDENCE]
    )


def _evidence(claimed: _Code, limits: _Limits, where: str, note: str = "") -> Evidence:
    first, last = sorted((claimed.first_line, claimed.last_line))
    return Evidence(
        path=limits.cut("path", claimed.path, where),
        first_line=min(max(1, first), MOST_LINE),
        last_line=min(max(1, last), MOST_LINE),
        quote=limits.cut("quote", claimed.quote, where),
        note=note,
    )


def _replacement(claimed: _Finding, limits: _Limits, where: str) -> str | None:
    """Return the replacement, unless it or the quote that it stands for is too long."""
    text = claimed.replacement
    if text is None:
        return None
    if len(text) > MOST_REPLACEMENT_CHARACTERS:
        limits.told.append(f"{where}replacement left out: {len(text):,} characters")
        return None
    return text if len(claimed.quote) <= MOST_CHARACTERS["quote"] else None
