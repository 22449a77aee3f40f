"""A review -> a check run: annotations for what has no comment. Pure.

At most 50 annotations go into a request and are appended by the next one (docs.github.com, REST
API, "Check runs"); message and title have limits of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND
from reviewer.flow import InSummary, Severity, Side
from reviewer.publish.neutralise import inline, visible
from reviewer.publish.summary import verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reviewer.flow import Placed, Review

NAME = "reviewer"

MOST_IN_A_REQUEST = 50
MOST_ANNOTATIONS = 500
"""Ten requests; whoever has more to read reads the job summary."""

MOST_TITLE_CHARACTERS = 255
MOST_MESSAGE_CHARACTERS = 10_000
"""GitHub takes 64 KB; nobody reads them in a margin."""

LEVELS = {
    Severity.CRITICAL: "failure",
    Severity.HIGH: "failure",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}

Annotation = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check run as it is to be in the end. `mark` names it: the same review makes it once."""

    commit: str
    mark: str
    title: str
    summary: str
    conclusion: Literal["success", "failure", "neutral"]
    annotations: tuple[Annotation, ...]

    @property
    def batches(self) -> list[tuple[Annotation, ...]]:
        """The annotations of each request, at least one of which is made."""
        steps = range(0, max(1, len(self.annotations)), MOST_IN_A_REQUEST)
        return [self.annotations[at : at + MOST_IN_A_REQUEST] for at in steps]


def check_of(review: Review, fail_on: str, *, refused: Collection[str] = ()) -> Check:
    """Return the check run of a review; `refused` are fingerprints that got no comment."""
    bare = [placed for placed in without_comment(review, refused) if _is_on_head(placed)]
    made = tuple(_annotation(placed) for placed in bare[:MOST_ANNOTATIONS])
    return Check(
        commit=review.change.head,
        mark=_mark(review, made),
        title=verdict(review)[:MOST_TITLE_CHARACTERS],
        summary="\n\n".join(_summary(review, len(made), len(bare))),
        conclusion=conclusion(review, fail_on),
        annotations=made,
    )


def conclusion(review: Review, fail_on: str) -> Literal["success", "failure", "neutral"]:
    """Return what the check concludes: without a gate, findings are neither good nor bad.

    With one it is no success to have seen too little, as the exit code says.
    """
    code = review.exit_code(fail_on)
    if code == EXIT_FOUND:
        return "failure"
    if fail_on == "never":
        return "neutral" if review.findings or code != EXIT_CLEAN else "success"
    return "success" if code == EXIT_CLEAN else "failure"


def without_comment(review: Review, refused: Collection[str] = ()) -> Iterator[Placed]:
    """Give what stands in no comment, the worst first; what was there before is not of this."""
    for placed in (*review.placed, *review.collapsed):
        if isinstance(placed.anchor, InSummary) or placed.fingerprint in refused:
            yield placed


def _is_on_head(placed: Placed) -> bool:
    return placed.proven.place.side is not Side.LEFT


def _annotation(placed: Placed) -> Annotation:
    finding, place = placed.proven.finding, placed.proven.place
    first = max(1, place.first_line)
    return {
        "path": place.path,
        "start_line": first,
        "end_line": max(first, place.last_line),
        "annotation_level": LEVELS[finding.severity],
        "title": visible(" ".join(f"{placed.id}: {finding.title}".split()))[
            :MOST_TITLE_CHARACTERS
        ],
        "message": visible(finding.explanation)[:MOST_MESSAGE_CHARACTERS] or "no explanation",
    }


def _summary(review: Review, told: int, bare: int) -> Iterator[str]:
    if review.unfinished:
        yield f"**Unfinished:** {inline(review.unfinished)}"
    yield f"Annotated: {told} of {bare} findings without a comment of their own."
    if review.scripted:
        yield "**Scripted:** the answer comes from a script, not from a model."


def _mark(review: Review, annotations: tuple[Annotation, ...]) -> str:
    told = [review.change.head, *(f"{one['path']} {one['title']}" for one in annotations)]
    return sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:16]
