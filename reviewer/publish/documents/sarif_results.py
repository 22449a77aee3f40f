"""What was found -> results of a SARIF log, with their places and texts. Pure.

Sources as in `sarif`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reviewer.flow import Category, Inline, Origin, Severity, Side, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.flow import Known, KnownFinding, Located, Placed, Review

ROOT = "%SRCROOT%"

MOST_LOCATIONS = 100
"""GitHub keeps no more of a result."""

MOST_TEXT_CHARACTERS = 20_000
MOST_SNIPPET_CHARACTERS = 4_000

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

_STATES = {
    Origin.INTRODUCED: "new",
    Origin.WORSENED: "updated",
    Origin.PRE_EXISTING: "unchanged",
}

_SETTLED = {
    State.DISMISSED: "it was dismissed",
    State.RESOLVED: "its thread was resolved",
    State.MINIMISED: "its comment was hidden",
    State.DELETED: "its comment was deleted",
}

_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def results(review: Review, paths: Paths) -> Iterator[dict[str, Any]]:
    """Give each problem once: as it was found now, or else as it was told."""
    audit = review.change.audit is not None
    told = {one.id: one for one in review.ledger.known} if review.ledger else {}
    for placed in review.findings:
        told.pop(placed.id, None)
        yield _found(placed, paths, audit=audit)
    for again in review.again:
        known = told.pop(again.known, None)
        yield _found(again.placed, paths, audit=audit, known=known)
    for known in told.values():
        if known.state is not State.FIXED:
            yield _told(known, paths)
    for entry in review.known:
        yield _baselined(entry, paths, audit=audit)


def _found(
    placed: Placed, paths: Paths, *, audit: bool, known: Known | None = None
) -> dict[str, Any]:
    finding, place = placed.proven.finding, placed.proven.place
    related = _once(paths.location(each) for each in placed.proven.evidence[:MOST_LOCATIONS])
    return {
        **_problem(finding.category, finding.severity, finding.title, finding.explanation),
        "locations": [paths.location(place)],
        **({"relatedLocations": related} if related else {}),
        **_identity(known.fingerprints[0] if known else placed.fingerprint),
        **({} if audit else {"baselineState": _STATES[finding.origin]}),
        **_suppressed(known),
        **_fix(placed, paths),
        "properties": {
            "id": known.id if known else placed.id,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "category": finding.category,
        },
    }


def _told(known: Known, paths: Paths) -> dict[str, Any]:
    """Return what an earlier round found; where it stands by now is not known."""
    return {
        **_problem(known.category, known.severity, known.title, known.gist),
        "locations": [paths.file(known.path)],
        **_identity(known.fingerprints[0]),
        "baselineState": "unchanged" if known.older else "new",
        **_suppressed(known),
        "properties": {
            "id": known.id,
            "severity": known.severity,
            "category": known.category,
            "round": known.round,
        },
    }


def _baselined(entry: KnownFinding, paths: Paths, *, audit: bool) -> dict[str, Any]:
    code = "\n".join(entry.quote)
    return {
        **_problem(entry.category, entry.severity, entry.title, code),
        "locations": [paths.file(entry.path)],
        **_identity(entry.fingerprint),
        **({} if audit else {"baselineState": "unchanged"}),
        "suppressions": [_suppression(entry.reason)],
        "properties": {"severity": entry.severity, "category": entry.category},
    }


def _problem(category: Category, severity: Severity, title: str, more: str) -> dict[str, Any]:
    return {
        "ruleId": rule_id(category, severity),
        "level": LEVELS[severity],
        "message": {"text": text(f"{title}\n\n{more}".strip() or "no title")},
    }


def _identity(fingerprint: str) -> dict[str, Any]:
    """Return what makes it the same result in another run; GitHub reads the second alone."""
    return {
        "partialFingerprints": {
            "reviewerFinding/v1": fingerprint,
            "primaryLocationLineHash": f"{fingerprint}:1",
        }
    }


def _suppressed(known: Known | None) -> dict[str, Any]:
    if known is None or not known.state.settled:
        return {}
    return {"suppressions": [_suppression(known.why or _SETTLED[known.state])]}


def _suppression(why: str) -> dict[str, str]:
    return {"kind": "external", "status": "accepted", "justification": why}


def _fix(placed: Placed, paths: Paths) -> dict[str, Any]:
    """Return the suggestion, which replaces whole lines of the file at head."""
    anchor, inserted = placed.anchor, placed.suggestion
    if inserted is None or not isinstance(anchor, Inline) or anchor.side is not Side.RIGHT:
        return {}
    region = {"startLine": max(1, anchor.first_line), "startColumn": 1}
    region |= {"endLine": max(1, anchor.last_line) + 1, "endColumn": 1}
    whole = inserted if inserted.endswith("\n") or not inserted else f"{inserted}\n"
    change = {
        "artifactLocation": paths.artifact(anchor.path),
        "replacements": [{"deletedRegion": region, "insertedContent": {"text": whole}}],
    }
    return {"fixes": [{"artifactChanges": [change]}]}


def rule_id(category: Category, severity: Severity | None) -> str:
    """Return the rule of a problem: its category, for security with its severity."""
    return f"{category}/{severity}" if category is Category.SECURITY else str(category)


# --- places and texts -------------------------------------------------------------------------


class Paths:
    """Paths -> locations. `encoded` are those that are percent-encoded already."""

    def __init__(self, encoded: frozenset[str]) -> None:
        self._encoded = encoded

    def artifact(self, path: str) -> dict[str, str]:
        """Return a relative URI (3.4.3): `:` is encoded, or it would look like a scheme."""
        safe = "/%" if path in self._encoded else "/"
        uri = quote(path, safe=safe, errors="replace")
        return {"uri": uri.lstrip("/"), "uriBaseId": ROOT}

    def file(self, path: str) -> dict[str, Any]:
        """Return a file as a whole."""
        return {"physicalLocation": {"artifactLocation": self.artifact(path)}}

    def location(self, located: Located) -> dict[str, Any]:
        """Return lines with their code; lines that were deleted are none of the file any more."""
        note = {"message": {"text": text(located.note)}} if located.note else {}
        if located.side is Side.LEFT:
            return {**self.file(located.path), **note}
        first = max(1, located.first_line)
        region = {"startLine": first, "endLine": max(first, located.last_line)}
        code = "\n".join(located.lines)[:MOST_SNIPPET_CHARACTERS]
        place = self.file(located.path)["physicalLocation"]
        return {"physicalLocation": {**place, "region": region | _snippet(code)}, **note}


def _once(locations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each location once: the schema wants them unique."""
    return list({json.dumps(each): each for each in locations}.values())


def _snippet(code: str) -> dict[str, Any]:
    return {"snippet": {"text": code}} if code else {}


def text(said: str) -> str:
    """Return the text of a message: nothing in it is a link (3.11.6) or a placeholder (3.11.5)."""
    cut = _joined(said)[:MOST_TEXT_CHARACTERS]
    return _PLACEHOLDER.sub(r"{{\1}}", cut.replace("](", "] ("))


def _joined(said: str) -> str:
    """Drop what has no place in a text: control characters other than tabs and newlines."""
    return "".join(each for each in said if each in "\t\n" or not _is_control(each))


def _is_control(char: str) -> bool:
    return ord(char) < ord(" ") or char == "\x7f"
