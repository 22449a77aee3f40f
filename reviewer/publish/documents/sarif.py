"""A review -> SARIF 2.1.0, for code scanning and other tools. Pure.

Results are what is found, what earlier rounds found and nobody mended, and, as suppressed, what
the baseline or a person took off the list: what is missing from a log counts as mended where it
is read. Sources of the rules: the OASIS standard (sections in parentheses) and GitHub's
"SARIF support for code scanning".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.flow import Category, Severity
from reviewer.publish.documents.json_text import json_text
from reviewer.publish.documents.sarif_results import LEVELS, ROOT, Paths, results, rule_id, text
from reviewer.version import VERSION

if TYPE_CHECKING:
    from reviewer.flow import Review

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 5_000
"""GitHub keeps no more of a run."""

_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""The middle of what GitHub reads as critical (over 9.0), high (7.0), medium (4.0) and low. It
looks for them at rules alone, so there is a rule of security for each severity."""

_KINDS = {
    Category.CORRECTNESS: "The code does not do what it is meant to do.",
    Category.CONTRACT: "Two places of the codebase disagree about what holds between them.",
    Category.SECURITY: "The code can be made to do what it must not do.",
    Category.CONCURRENCY: "The outcome depends on what runs at the same time.",
    Category.RESOURCES: "Something is not released, or grows without a bound.",
    Category.PERFORMANCE: "It takes more time or memory than it has to.",
    Category.TESTS: "A test does not test what it says, or is missing.",
    Category.OTHER: "A problem of another kind.",
}


def report(review: Review) -> str:
    """Return the review as the text of a SARIF log with one run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(review)]}
    return json_text(log, indent=1) + "\n"


def _run(review: Review) -> dict[str, Any]:
    encoded = frozenset(file.path for file in review.coverage.files if file.percent_encoded)
    found = list(results(review, Paths(encoded)))
    kept = sorted(found, key=lambda one: _WORST.index(one["level"]))[:MOST_RESULTS]
    kind = "audit" if review.change.audit else "review"
    return {
        "tool": {"driver": _driver()},
        "automationDetails": {"id": f"reviewer/{kind}/"},
        "invocations": [_invocation(review, left_out=len(found) - len(kept))],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        **_provenance(review),
        "results": kept,
    }


_WORST = ("error", "warning", "note")


# --- the tool ---------------------------------------------------------------------------------


def _driver() -> dict[str, Any]:
    return {
        "name": "reviewer",
        "semanticVersion": VERSION,
        "rules": [
            _rule(category, severity)
            for category in Category
            for severity in (Severity if category is Category.SECURITY else (None,))
        ],
    }


def _rule(category: Category, severity: Severity | None) -> dict[str, Any]:
    scored = {"security-severity": _SCORES[severity]} if severity else {}
    return {
        "id": rule_id(category, severity),
        "name": f"{category}{severity or ''}".title(),
        "shortDescription": {"text": _KINDS[category]},
        "defaultConfiguration": {"level": LEVELS[severity] if severity else "warning"},
        "properties": {"tags": [str(category)], **scored},
    }


def _invocation(review: Review, *, left_out: int) -> dict[str, Any]:
    """Return how it went: what nobody looked at is no success (3.20.14), found or not."""
    unfinished = review.unfinished or (review.why_unasked if review.skipped else "")
    told = [("error", unfinished)] if unfinished else []
    told += [("warning", f"incomplete: {why}") for why in review.coverage.incomplete]
    told += [("warning", f"malformed in the answer: {why}") for why in review.problems]
    if review.unverified:
        told.append(("warning", f"not verified: {review.unverified}"))
    if review.scripted:
        told.append(("note", "the answer comes from a script, not from a model"))
    if left_out:
        told.append(("warning", f"{left_out:,} results are left out: GitHub keeps no more"))
    return {
        "executionSuccessful": not unfinished,
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": text(why)}} for level, why in told
        ],
    }


def _provenance(review: Review) -> dict[str, Any]:
    pull_request = review.change.pull_request
    if pull_request is None:
        return {}
    uri = pull_request.url.removesuffix(f"/pull/{pull_request.number}")
    commit = {"repositoryUri": uri, "revisionId": review.change.head}
    return {"versionControlProvenance": [commit | {"mappedTo": {"uriBaseId": ROOT}}]}
