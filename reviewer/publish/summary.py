"""A review -> the sticky summary: verdict, findings, and what was and was not seen. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import InSummary, Severity
from reviewer.publish import earlier
from reviewer.publish.comments import BODY_CHARACTERS, MARKER, link, name_of, text
from reviewer.publish.ledger import line
from reviewer.publish.neutralise import code_span, cut, inline, neutralise
from reviewer.publish.seen import receipt, some
from reviewer.publish.spent import cache_lines, paid
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Elsewhere, KnownFinding, Placed, Review

SUMMARY_MARKER = MARKER.format("summary")

_LENGTHS = (1_000, 100, 30, 10, 3)
"""How many entries each list may have: the first length with which the whole fits is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding in the table."""

    id: str
    severity: str
    link: str
    title: str


def verdict(review: Review) -> str:
    """Return the outcome in one line of plain text."""
    parts = [_counted((*review.placed, *review.collapsed))]
    if older := len(review.pre_existing):
        parts.append(f"{older} older {'problem' if older == 1 else 'problems'}")
    if known := len(review.known):
        parts.append(f"{known} known")
    if elsewhere := len(review.elsewhere):
        parts.append(f"{elsewhere} told by another tool")
    if standing := len(review.standing):
        parts += [] if any(parts) or review.skipped else ["nothing new"]
        parts.append(f"{standing} of an earlier round still {_open(standing)}")
    found = ", ".join(part for part in parts if part)
    if review.skipped:
        return f"Not reviewed: {found}" if found else "Not reviewed"
    if review.unchanged:
        return f"Reviewed before: {found or 'nothing is open'}"
    kind = "audit" if review.change.audit else "review"
    if review.unfinished:
        return f"Unfinished {kind}: {found} so far" if found else f"Unfinished {kind}"
    whole = f"Incomplete {kind}" if review.coverage.incomplete else kind.capitalize()
    return f"{whole}: {found or 'nothing found'}"


def worth_telling(review: Review) -> bool:
    """Whether there is anything to say where nothing was said before.

    Silence is for whole reviews that found nothing, and for what was not reviewed.
    """
    if review.skipped:
        return False
    told = review.ledger.known if review.ledger else ()
    found = review.findings or review.elsewhere
    return bool(found or review.unfinished or review.coverage.incomplete or told)


def _open(number: int) -> str:
    return "stands" if number == 1 else "stand"


def sticky(review: Review, *, refused: Mapping[str, str]) -> str:
    """Return the summary comment, at most `BODY_CHARACTERS` long, its marker on the last line.

    `refused` are the findings that could not be posted as comments: fingerprint -> reason. They
    are told here in full, like those that have no place in the diff.
    """
    end = f"{line(review.ledger)}\n{SUMMARY_MARKER}" if review.ledger else SUMMARY_MARKER
    room = BODY_CHARACTERS - len(end) - 2
    body = ""
    for most in _LENGTHS:
        body = render(
            "summary.md.j2", **values(review, most=most), told=_told(review, refused, most)
        )
        if len(body) <= room:
            break
    return f"{cut(body, limit_characters=room)}\n\n{end}"


def values(review: Review, *, most: int) -> dict[str, object]:
    """Return what the templates of summary and report share; no list is longer than `most`."""
    usage = review.cost.usage
    return {
        "verdict": verdict(review),
        "warnings": _warnings(review),
        "skipped": _skipped(review),
        "rows": [_row(placed, review) for placed in review.placed[:most]],
        "more_rows": max(0, len(review.placed) - most),
        "overview": neutralise(review.overview, limit_characters=2_000),
        "collapsed": _texts(review.collapsed, review, most, reasons=review.ledger is not None),
        "collapsed_count": len(review.collapsed),
        "older": _texts(review.pre_existing, review, most),
        "older_count": len(review.pre_existing),
        "known": some([_known(entry) for entry in review.known[:most]], most, len(review.known)),
        "known_count": len(review.known),
        "elsewhere": some([_elsewhere(one) for one in review.elsewhere], most),
        "elsewhere_count": len(review.elsewhere),
        "rejected": some([_rejected(r.finding.title, r.why) for r in review.rejected], most),
        **earlier.values(review, most=most),
        "problems": some([inline(problem) for problem in review.problems], most),
        "receipt": receipt(review, most),
        "tools": inline(tools(review)),
        "model": code_span(review.model),
        "commit": _commit(review),
        "read": f"{usage.prompt_tokens:,}",
        "cached": f"{usage.cache_read_tokens:,}" if usage.cache_read_tokens else "",
        "cache": [inline(one) for one in cache_lines(review.cost)],
        "wrote": f"{usage.output_tokens:,}",
        "paid": paid(review.cost),
        "estimate": review.cost.estimate,
        "pull_request_usd": f"{review.cost.pull_request_usd:.2f}",
        "pull_request_cap": _dollars(review.cost.pull_request_cap_usd),
        "seconds": f"{review.seconds:.0f}" if review.seconds else "",
    }


def _dollars(usd: float | None) -> str:
    return "" if usd is None else f"{usd:.2f}"


def _counted(found: tuple[Placed, ...]) -> str:
    """Return `3 findings (1 high, 2 low)`, or an empty text for none."""
    if not found:
        return ""
    counts = Counter(placed.proven.finding.severity for placed in found)
    by_severity = ", ".join(f"{counts[one]} {one}" for one in Severity if counts[one])
    if len(found) == 1:
        return f"1 finding ({found[0].proven.finding.severity})"
    return f"{len(found)} findings ({by_severity})"


def _warnings(review: Review) -> list[str]:
    """Return what a reader must know before anything else."""
    told: list[str] = []
    if review.scripted:
        told.append("**Scripted:** the answer comes from a script, not from a model.")
    if review.unfinished:
        told.append(f"**Unfinished:** {inline(review.unfinished)}")
    if review.unverified:
        told.append(f"**Not verified:** {inline(review.unverified)}")
    if review.coverage.incomplete and not review.skipped:
        reasons = "; ".join(inline(reason) for reason in review.coverage.incomplete)
        told.append(f"**Incomplete:** {reasons}")
    return told


def _skipped(review: Review) -> dict[str, str] | None:
    """Return why nobody looked, and what was looked at last."""
    if review.skipped is None:
        return None
    last = review.ledger.head if review.ledger else ""
    return {
        "why": inline(review.skipped.why),
        "way_out": inline(review.skipped.way_out),
        "last": code_span(last[:7]) if last else "",
    }


def _row(placed: Placed, review: Review) -> Row:
    finding, located = placed.proven.finding, placed.proven.place
    name = name_of(located)
    # A table splits its cells before it reads code spans: a bar in one would end both.
    shown = inline(name) if "|" in name else code_span(name)
    return Row(
        id=placed.id,
        severity=finding.severity.capitalize(),
        link=link(located, review.change, name=shown),
        title=inline(finding.title),
    )


def _told(review: Review, refused: Mapping[str, str], most: int) -> list[str]:
    """Return the findings that have no comment of their own, each with the reason."""
    reasons = dict(refused) | {
        placed.fingerprint: placed.anchor.why
        for placed in review.placed
        if isinstance(placed.anchor, InSummary)
    }
    found = [placed for placed in review.placed if placed.fingerprint in reasons]
    texts = [
        text(placed, review.change, why=reasons[placed.fingerprint]) for placed in found[:most]
    ]
    return some(texts, most, len(found))


def _texts(
    found: tuple[Placed, ...], review: Review, most: int, *, reasons: bool = False
) -> list[str]:
    """Return the findings in full; with reasons, why each has no comment of its own."""
    texts = [
        text(
            placed,
            review.change,
            why=placed.anchor.why if reasons and isinstance(placed.anchor, InSummary) else "",
        )
        for placed in found[:most]
    ]
    return some(texts, most, len(found))


def _known(entry: KnownFinding) -> str:
    return f"{code_span(entry.path)}: {inline(entry.title)}: {inline(entry.reason)}"


def _elsewhere(one: Elsewhere) -> str:
    finding, place = one.proven.finding, one.proven.place
    return f"{code_span(name_of(place))}: {inline(finding.title)}, by {inline(one.by)}"


def tools(review: Review) -> str:
    """Return how many findings of which tools were taken in, in plain text."""
    return ", ".join(f"{count:,} of {name}" for name, count in review.tools)


def _rejected(title: str, why: str) -> str:
    return f"{inline(title)}: {inline(why)}"


def _commit(review: Review) -> str:
    short = code_span(review.change.head[:7])
    if review.change.pull_request is None:
        return short
    return f"[{short}]({review.change.pull_request.url}/commits/{review.change.head})"
