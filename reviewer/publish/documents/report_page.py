"""A review -> one HTML page that needs nothing else: findings, coverage, cost. Pure.

What it says stands in the HTML: without its script only the filters and the treemap are missing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewer.flow import Level, Severity
from reviewer.pack.tokens import family_of
from reviewer.publish import statistics
from reviewer.publish.comments import name_of
from reviewer.publish.documents import map as map_of
from reviewer.publish.documents import map_data
from reviewer.publish.documents.highlight import Painter
from reviewer.publish.documents.report_findings import STATES, prose, shown
from reviewer.publish.spent import cache_lines, paid
from reviewer.publish.statistics import one_line
from reviewer.publish.summary import tools, verdict
from reviewer.render import render_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Cost, Coverage, Elsewhere, Review

MOST_LISTED = 200
"""Of each list of what was not shown or not believed."""


def report(review: Review) -> str:
    """Return the page of `--format html`."""
    findings = shown(review)
    return (
        render_page(
            "report.html.j2",
            style="map.css report.css",
            script="report.js map.js" if review.coverage.files else "report.js",
            verdict=verdict(review),
            name=_name(review),
            compared=_compared(review),
            page=review.change.pull_request.url if review.change.pull_request else "",
            model=one_line(review.model),
            seconds=review.seconds,
            overview=prose(review.overview),
            warnings=list(_warnings(review)),
            findings=findings,
            paint=Painter().coloured,
            severities=_counts([one.severity for one in findings], Severity),
            states=_counts([one.state for one in findings], STATES),
            state_names=STATES,
            paths=sorted({one.path for one in findings}),
            more_findings=_total(review) - len(findings),
            rejected=[
                (one_line(each.finding.title), one_line(each.why))
                for each in review.rejected[:MOST_LISTED]
            ],
            more_rejected=len(review.rejected) - MOST_LISTED,
            elsewhere=[_elsewhere(each) for each in review.elsewhere[:MOST_LISTED]],
            tools=one_line(tools(review)),
            problems=[one_line(each) for each in review.problems[:MOST_LISTED]],
            fixed=", ".join(review.fixed),
            **_coverage(review.coverage, review.model),
            **_cost(review.cost),
        )
        + "\n"
    )


def _elsewhere(one: Elsewhere) -> tuple[str, str, str]:
    place = one_line(name_of(one.proven.place))
    return place, one_line(one.proven.finding.title), one_line(one.by)


def _total(review: Review) -> int:
    """Count what would be shown if a page could hold everything."""
    return len(review.findings) + len(review.known) + len(review.again)


def _counts(
    found: Sequence[str], order: Sequence[str] | type[Severity] | dict[str, str]
) -> dict[str, int]:
    counted = Counter(map(str, found))
    return {str(each): counted[str(each)] for each in order if counted[str(each)]}


def _name(review: Review) -> str:
    pull_request = review.change.pull_request
    if pull_request is None:
        return "Local audit" if review.change.audit else "Local review"
    return f"{pull_request.repository}#{pull_request.number}"


def _compared(review: Review) -> str:
    change = review.change
    if change.audit:
        return change.head[:12]
    return f"{change.merge_base[:12]}..{change.head[:12]}"


def _warnings(review: Review) -> Iterator[tuple[str, str]]:
    """Give what a reader must know before anything else: a word, and the reason."""
    if review.scripted:
        yield "Scripted", "the answer comes from a script, not from a model"
    if review.skipped:
        yield "Not reviewed", f"because {one_line(review.skipped.why)}"
    if review.unfinished:
        yield "Unfinished", one_line(review.unfinished)
    if review.unverified:
        yield "Not verified", one_line(review.unverified)
    for why in review.coverage.incomplete:
        yield "Incomplete", one_line(why)


def _coverage(coverage: Coverage, model: str) -> dict[str, object]:
    """Return what was seen and what not; where a search was all, there is no map."""
    files = coverage.files
    reasons = map_of.by_reason(files, family_of(model))
    return {
        "files": len(files),
        "in_full": sum(file.level is Level.FULL for file in files),
        "outlined": sum(file.level is Level.OUTLINE for file in files),
        "searched": coverage.searched,
        "changed": len(coverage.changed),
        "unseen": [
            (one_line(path), one_line(why)) for path, why in coverage.unseen_changes[:MOST_LISTED]
        ],
        "more_unseen": len(coverage.unseen_changes) - MOST_LISTED,
        "related": [one_line(path) for path in coverage.related[:MOST_LISTED]],
        "rules": [
            (one_line(use.source), use.tokens, one_line(use.why))
            for use in coverage.rules[:MOST_LISTED]
        ],
        "secrets": ", ".join(f"{count:,} {one_line(kind)}" for kind, count in coverage.secrets),
        "classes": statistics.by_class(files),
        "levels": [level.value for level in map_data.LEVELS],
        "reasons": reasons[: map_of.MOST_REASONS],
        "more_reasons": len(reasons) - map_of.MOST_REASONS,
        "data": map_data.columns(files, frozenset(coverage.changed)),
    }


def _cost(cost: Cost) -> dict[str, object]:
    usage = cost.usage
    return {
        "usd": cost.usd,
        "paid": paid(cost),
        "estimate": cost.estimate,
        "cache": [one_line(each) for each in cache_lines(cost)],
        "pull_request_usd": cost.pull_request_usd,
        "pull_request_cap_usd": cost.pull_request_cap_usd,
        "usage": (
            ("prompt, not cached", usage.input_tokens),
            ("read from the cache", usage.cache_read_tokens),
            ("written to the cache", cost.written_tokens),
            ("answer", usage.output_tokens),
        ),
    }
