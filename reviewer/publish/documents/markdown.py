"""A review -> one Markdown page with every finding in full. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.publish.comments import text
from reviewer.publish.neutralise import cut
from reviewer.publish.summary import values
from reviewer.render import render

if TYPE_CHECKING:
    from reviewer.flow import Review

_JOB_SUMMARY_CHARACTERS = 250_000
"""A step's summary holds 1 MiB, and UTF-8 takes up to four bytes (GitHub's workflow commands)."""

_EVERYTHING = 1_000_000


def report(review: Review) -> str:
    """Return the report of `--format markdown`: code is shown, links need a pull request."""
    findings = [text(placed, review.change, whole=True) for placed in review.placed]
    return render("report.md.j2", **values(review, most=_EVERYTHING), findings=findings) + "\n"


def job_summary(review: Review) -> str:
    """Return the summary of the workflow step, at most 1 MiB: the report.

    A review that may not be posted, from a fork say, is read here.
    """
    return cut(report(review), limit_characters=_JOB_SUMMARY_CHARACTERS)
