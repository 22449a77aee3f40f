"""One paid review, written in every format, from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from answers import answer
from publish.parsed import Page
from publish.test_sarif import VALIDATOR
from starting import CALLER, claude, run

from reviewer.arguments.options import FORMATS

if TYPE_CHECKING:
    from conftest import WorkTree

TITLE = "One caller still passes two arguments"


def test_a_review_goes_to_a_file_in_the_format_that_was_asked_for(project: WorkTree) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--format", "sarif", "-o", "found.sarif", url=url)
    log = json.loads((project.folder / "found.sarif").read_text())

    assert done.code == 0, done.err
    VALIDATOR.validate(log)
    (one,) = log["runs"][0]["results"]
    assert one["message"]["text"].startswith(TITLE)
    assert one["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "report.py"


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_kept_is_shown_in_every_format_for_nothing(project: WorkTree, name: str) -> None:
    with claude(answer(CALLER)) as (messages, url):
        run(project, "review", "--bundle", "kept.json", url=url)
        paid = len(messages.requests)
        shown = run(project, "report", "kept.json", "--format", name, url=url)

    assert (shown.code, len(messages.requests)) == (0, paid)
    assert TITLE in shown.out
    if name == "html":
        page = Page(shown.out)
        assert (page.unbalanced, page.open) == ([], [])


def test_an_unfinished_review_says_so_in_sarif_and_in_its_exit_code(project: WorkTree) -> None:
    with claude(answer(CALLER)[:-30]) as (_, url):
        done = run(project, "review", "--format", "sarif", url=url)

    assert done.code == 3
    log = json.loads(done.out)
    VALIDATOR.validate(log)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False
