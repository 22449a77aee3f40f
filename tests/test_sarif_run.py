"""What another tool reports goes in as evidence, and is not told again: the whole way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from answers import answer
from starting import CALLER, claude, run

if TYPE_CHECKING:
    from conftest import WorkTree


def log(message: str, path: str = "area.py") -> str:
    place = {"artifactLocation": {"uri": path}, "region": {"startLine": 1}}
    found = {
        "ruleId": "E1120",
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }
    tool = {"driver": {"name": "pylint"}}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": tool, "results": [found]}]})


SAME = log("a caller passes two arguments where three are needed")


def test_what_a_tool_reports_is_shown_to_the_model_and_not_told_again(project: WorkTree) -> None:
    project.write({"lint.sarif": SAME})
    with claude(answer(CALLER)) as (messages, url):
        done = run(project, "review", "--sarif", "lint.sarif", "--fail-on", "critical", url=url)

    assert done.code == 0, done.err
    sent = json.dumps(messages.requests[-1].body)
    assert "pylint E1120, warning: a caller passes two arguments" in sent
    assert "Taken in: 1 of pylint." in done.out
    assert "Told by pylint E1120 already: area.py: One caller still passes two" in done.out
    assert "No new findings, 1 told by another tool" in done.out


def test_it_fails_the_change_all_the_same(project: WorkTree) -> None:
    project.write({"lint.sarif": SAME})
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--sarif", "lint.sarif", "--fail-on", "high", url=url)

    assert done.code == 1


def test_the_local_engine_does_not_repeat_a_tool_either(project: WorkTree) -> None:
    project.write({"lint.sarif": log("calls of area lack the argument unit")})
    done = run(project, "review", "--engine", "local", "--sarif", "lint.sarif")

    assert "Taken in: 1 of pylint." in done.out


@pytest.mark.parametrize("text", ["", "{}", "not json"])
def test_a_file_that_is_none_is_said_before_anything_is_sent(project: WorkTree, text: str) -> None:
    project.write({"lint.sarif": text})
    with claude() as (messages, url):
        done = run(project, "review", "--sarif", "lint.sarif", url=url)

    assert (done.code, messages.requests) == (2, [])
    assert "lint.sarif" in done.err


def test_the_report_says_what_was_taken_in(project: WorkTree) -> None:
    project.write({"lint.sarif": SAME})
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "--sarif", "lint.sarif", "--format", "markdown", url=url)

    assert "Taken in from other tools, as evidence: 1 of pylint" in done.out
    assert "1 told by another tool, and not repeated" in done.out
