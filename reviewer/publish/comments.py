"""A placed finding -> one comment with its fingerprint, and back. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from reviewer.flow import Inline, InSummary, Origin, Side
from reviewer.publish.neutralise import (
    MOST_CHARACTERS,
    code_block,
    code_span,
    cut,
    fence,
    inline,
    neutralise,
    visible,
)
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Change, FileLevel, Located, Placed, Review

BODY_CHARACTERS = 60_000
"""Of one body. GitHub answers 422 above 65,536 (telia-oss/github-pr-resource#259)."""

MOST_EVIDENCE = 20
MOST_CODE_LINES = 12
MOST_IN_A_CODE_LINE = 300

MARKER = "<!-- reviewer:v1 {} -->"
REPLY = "reply="
"""How the marker of a short reply of ours begins."""

_MARKER = re.compile(r"<!-- reviewer:v1 (?P<text>[^<>]+) -->")
_FINGERPRINT = re.compile(r"fp=([0-9a-f]+)")

_ORIGINS = {
    Origin.INTRODUCED: "brought in by this change",
    Origin.WORSENED: "made worse by this change",
    Origin.PRE_EXISTING: "older than this change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What is posted for one finding, and where.

    `body` holds at most `BODY_CHARACTERS`; its last line is the marker.
    """

    fingerprint: str
    body: str
    anchor: Inline | FileLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A piece of code as it is shown: a link (or only its name), a note, the code."""

    link: str
    note: str
    code: str


def comments(
    review: Review, *, carried: Callable[[str], str] = lambda _fingerprint: ""
) -> list[Comment]:
    """Return the comments of a review, one for each shown finding that has a place.

    `carried` gives what stands above the marker of a finding: its line of the ledger.
    """
    return [
        _comment(placed, placed.anchor, review.change, told=told)
        for placed in review.placed
        if not isinstance(placed.anchor, InSummary)
        for told in [carried(placed.fingerprint)]
    ]


def _comment(placed: Placed, anchor: Inline | FileLevel, change: Change, *, told: str) -> Comment:
    marker = told + MARKER.format(f"fp={placed.fingerprint}")
    room = BODY_CHARACTERS - len(marker) - 2
    body = text(placed, change, posted=True)
    if len(body) > room:  # half a suggestion could still be applied: it is only shown then
        body = cut(text(placed, change), limit_characters=room)
    return Comment(fingerprint=placed.fingerprint, body=f"{body}\n\n{marker}", anchor=anchor)


def text(
    placed: Placed, change: Change, *, posted: bool = False, whole: bool = False, why: str = ""
) -> str:
    """Return the finding in full, without a marker.

    `posted` at its anchor, it can offer a suggestion and need not show the code it stands beside;
    `whole` shows the code of every place, for readers who cannot follow links; `why` says why
    it is told here and has no comment.
    """
    finding, proven = placed.proven.finding, placed.proven
    beside = posted and _stands_beside(placed)
    suggestion = _suggestion(placed) if posted else ""
    return render(
        "comment.md.j2",
        id=placed.id,
        severity=finding.severity.capitalize(),
        category=finding.category,
        title=inline(finding.title),
        explanation=neutralise(finding.explanation),
        place=None if beside else place(proven.place, change),
        evidence=[place(located, change) for located in proven.evidence[:MOST_EVIDENCE]],
        more_evidence=max(0, len(proven.evidence) - MOST_EVIDENCE),
        whole=whole,
        suggestion=suggestion,
        replacement="" if suggestion else code_block(placed.suggestion or ""),
        proposes=placed.suggestion is not None,
        origin="in the code as it is" if change.audit else _ORIGINS[finding.origin],
        confidence=finding.confidence,
        second_look=proven.second_look.ruling if proven.second_look else "",
        seconded=inline(proven.seconded),
        why=inline(why),
        caused_by=placed.caused_by,
    )


def place(located: Located, change: Change) -> Place:
    """Return a place as it is shown, linked when the change is on GitHub."""
    return Place(
        link=link(located, change, name=code_span(name_of(located))),
        note=inline(located.note),
        code=_excerpt(located),
    )


def name_of(located: Located) -> str:
    """Return `path:first-last`, as people write it."""
    last = "" if located.last_line == located.first_line else f"-{located.last_line}"
    return f"{located.path}:{located.first_line}{last}"


def link(located: Located, change: Change, *, name: str) -> str:
    """Return `name`, harmless Markdown already, linked when the change is on GitHub."""
    linked = f"[{name}]({permalink(located, change)})" if change.pull_request else name
    return f"{linked} (before the change)" if located.side is Side.LEFT else linked


def permalink(located: Located, change: Change) -> str:
    """Return the address of the lines at the commit they were read from.

    A file outside the change was read at the tip of the target branch. Empty without a pull
    request.
    """
    if change.pull_request is None:
        return ""
    commit = {Side.RIGHT: change.head, Side.LEFT: change.merge_base, None: change.base}
    pull = f"/pull/{change.pull_request.number}"
    repository = change.pull_request.url.removesuffix(pull)
    lines = f"L{located.first_line}"
    if located.last_line != located.first_line:
        lines += f"-L{located.last_line}"
    old_name = located.path_before if located.side is Side.LEFT else ""
    path = quote(old_name or located.path, errors="replace")
    return f"{repository}/blob/{commit[located.side]}/{path}#{lines}"


def read_marker(body: str) -> str | None:
    """Return what our marker on the very last line says, as `fp=1f2e` or `summary`.

    A marker anywhere else was quoted or pasted. The caller looks at the author too: the marker
    alone can be written by anyone.
    """
    last = body.rstrip().splitlines()[-1:]
    found = _MARKER.fullmatch(last[0]) if last else None
    return found["text"] if found else None


def read_fingerprint(body: str) -> str | None:
    """Return the fingerprint that a comment of ours carries."""
    found = _FINGERPRINT.fullmatch(read_marker(body) or "")
    return found[1] if found else None


def _stands_beside(placed: Placed) -> bool:
    """Whether an inline comment covers the code that the finding is about."""
    anchor, located = placed.anchor, placed.proven.place
    return (
        isinstance(anchor, Inline)
        and (anchor.path, anchor.side) == (located.path, located.side)
        and anchor.first_line <= located.first_line
        and located.last_line <= anchor.last_line
    )


def _excerpt(located: Located) -> str:
    shown = [line[:MOST_IN_A_CODE_LINE] for line in located.lines[:MOST_CODE_LINES]]
    if (more := len(located.lines) - MOST_CODE_LINES) > 0:
        shown.append(f"… {more} more lines")
    return code_block("\n".join(shown), PurePosixPath(located.path).suffix[1:])


def _suggestion(placed: Placed) -> str:
    """Return the fence that GitHub can apply, empty where that is not possible or not safe.

    It replaces lines of the right side only (isaacs/github#1755), and nobody should be offered
    a button for characters that cannot be seen.
    """
    anchor, replacement = placed.anchor, placed.suggestion
    if replacement is None or len(replacement) > MOST_CHARACTERS:
        return ""
    if not isinstance(anchor, Inline) or anchor.side is not Side.RIGHT:
        return ""
    return fence(replacement, "suggestion") if visible(replacement) == replacement else ""
