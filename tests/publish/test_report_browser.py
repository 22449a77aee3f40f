"""The report in a real browser; `benchmarks/look_at_report.mjs` looks at more of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from publish.anything import HOSTILE, reviews
from publish.made import located, placed, review
from publish.parsed import Page

from reviewer.publish.documents.report_page import report

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Review

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium"),
]


def opened(made: Review, folder: Path) -> tuple[Page, str]:
    """Return the page after its script has run, and what the browser complained about."""
    path = folder / "report.html"
    path.write_text(report(made), encoding="utf-8")
    words = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--dump-dom",
    )
    done = subprocess.run(
        (CHROMIUM, *words, f"--user-data-dir={folder / 'profile'}", path.as_uri()),
        capture_output=True,
        check=True,
        timeout=60,
    )
    said = re.findall(r"CONSOLE[^\n]*", done.stderr.decode(errors="replace"))
    return Page(done.stdout.decode()), "\n".join(said)


def test_the_script_shows_the_filters_and_draws_the_map_and_nothing_is_refused(
    tmp_path: Path,
) -> None:
    page, said = opened(review(placed("F1"), placed("F2")), tmp_path)

    assert said == ""
    assert "hidden" not in next(each for each in page.all("form") if each.get("id") == "sift")
    assert "Showing 2 of 2" in page.inside("p")
    assert page.all("canvas")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_run_or_asked_for(text: str, tmp_path: Path) -> None:
    made = review(
        placed("F1", title=text, explanation=text, place=located(text, lines=(text,))),
        overview=text,
    )
    page, said = opened(made, tmp_path)

    assert said == ""
    assert not page.all("img")
    assert len(page.all("script")) == 2


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(reviews())
def test_any_review_opens_without_a_complaint(tmp_path: Path, made: Review) -> None:
    _, said = opened(made, tmp_path)

    assert said == ""
