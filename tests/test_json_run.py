"""With `--format json` or `--json`, standard output is one JSON document, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from answers import answer
from publish.test_review_schema import VALIDATOR as REVIEW
from starting import CALLER, claude, run

from reviewer import cli
from reviewer.publish.documents import failure
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from conftest import WorkTree
    from starting import Done

ERROR = jsonschema.Draft202012Validator(failure.schema())

LOCAL = ("review", "--engine", "local", "--format", "json")
COMMANDS: list[tuple[str, ...]] = [
    LOCAL,
    (*LOCAL, "--quiet"),
    (*LOCAL, "--verbose"),
    ("review", "--engine", "local", "--format=json", "--fail-on", "high"),
    ("cost", "--json", "--model", "claude-haiku-5-5"),
    ("explain", "--json", "area.py"),
    ("map", "--json"),
    ("map", "--json", "--html", "map.html"),
    ("pack", "--stats", "--json"),
    ("cache", "info", "--json"),
    ("config", "show"),
    ("config", "schema"),
    ("config", "schema", "--of", "review"),
    ("config", "schema", "--of", "error"),
]
FAILURES: list[tuple[tuple[str, ...], int]] = [
    ((*LOCAL, "--base", "nowhere"), 2),
    ((*LOCAL, "-C", "no/such/folder"), 2),
    ((*LOCAL, "--no-such-option"), 2),
    ((*LOCAL, "--depth", "bottomless"), 2),
    ((*LOCAL, "--dry-run"), 2),
    ((*LOCAL, "-o", "no/such/folder/review.json"), 2),
    ((*LOCAL, "-o", os.fsdecode(b"no/caf\xe9/review.json")), 2),
    ((*LOCAL, "--sarif", "area.py"), 2),
    ((*LOCAL, "--max-usd", "-1"), 2),
    (("audit", "--format", "json"), 2),
    (("report", "area.py", "--format", "json"), 2),
    (("report", "missing.json", "--format", "json"), 2),
    (("cost", "--json", "--replay", "3"), 2),
    (("cost", "--json", "--html", "cost.html"), 2),
    (("cost", "--json", "--base", "nowhere"), 2),
    (("explain", "--json"), 2),
    (("explain", "--json", "nowhere.py"), 2),
    (("explain", "--json", os.fsdecode(b"caf\xe9.py")), 2),
    (("map", "--json", "--base", "nowhere"), 2),
    (("map", "--json", "--model", "no-such-model"), 2),
    (("pack", "--json"), 2),
    (("pack", "--stats", "--json", "-C", "no/such/folder"), 2),
    (("pack", "--stats", "--json", "-o", "no/such/folder/stats.json"), 2),
    (("config", "show", "-C", "no/such/folder"), 2),
    (("config", "schema", "--of", "nothing"), 2),
]


def document(done: Done) -> dict[str, Any]:
    """Return the one document on standard output, which even a strict parser takes."""
    read = json.loads(done.out)
    json.dumps(read, ensure_ascii=False).encode()
    assert isinstance(read, dict)
    return read


def error(done: Done) -> dict[str, Any]:
    """Return the one document, which is that of an error, and told to people too."""
    told = document(done)
    ERROR.validate(told)
    assert told["exit_code"] == done.code
    assert done.err
    return told


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_goes_well_is_one_document(project: WorkTree, words: tuple[str, ...]) -> None:
    done = run(project, *words)

    assert done.code == (1 if "high" in words else 0), done.err
    document(done)


@pytest.mark.parametrize(("words", "code"), FAILURES, ids=str)
def test_what_goes_wrong_is_one_document(
    project: WorkTree, words: tuple[str, ...], code: int
) -> None:
    done = run(project, *words)

    assert done.code == code, done.err
    assert error(done)["way_out"]


@pytest.mark.parametrize("words", [LOCAL, ("config", "show"), ("cost", "--json")], ids=" ".join)
def test_settings_that_cannot_be_used_are_one_document(
    project: WorkTree, words: tuple[str, ...]
) -> None:
    project.write({".reviewer.toml": "depht = 'deep'\n"})

    assert "did you mean depth" in error(run(project, *words))["what"]


def test_an_empty_change_is_a_review_that_was_skipped(project: WorkTree) -> None:
    done = run(project, *LOCAL, "--base", "HEAD")
    told = document(done)

    REVIEW.validate(told)
    assert (done.code, told["skipped"]["why"]) == (0, "the change is empty")


@pytest.mark.parametrize("output_format", ["markdown", "sarif", "html"])
def test_an_empty_change_is_said_in_every_format(project: WorkTree, output_format: str) -> None:
    done = run(project, "review", "--base", "HEAD", "--format", output_format)

    assert done.code == 0, done.err
    assert "the change is empty" in done.out


def test_the_price_of_an_empty_change_is_one_document(project: WorkTree) -> None:
    words = ("--json", "--base", "HEAD", "--model", "claude-haiku-5-5")

    assert len(document(run(project, "cost", *words))["quotes"]) == 3


def test_a_review_that_broke_off_is_a_review(project: WorkTree) -> None:
    with claude(Turn.truncated(answer(CALLER), keep_characters=90)) as (_, url):
        done = run(project, "review", "--format", "json", url=url)
    told = document(done)

    REVIEW.validate(told)
    assert (done.code, bool(told["unfinished"])) == (3, True)


def test_a_model_that_nobody_knows_is_one_document(project: WorkTree) -> None:
    with claude() as (_, url):
        done = run(project, "review", "--format", "json", "--model", "no-such-model", url=url)

    assert "no-such-model" in error(done)["what"]


def test_in_a_workflow_the_command_of_an_error_goes_to_the_other_stream(
    project: WorkTree,
) -> None:
    done = run(project, *LOCAL, "--base", "nowhere", GITHUB_ACTIONS="true")

    error(done)
    assert "\n::error title=reviewer::" in done.err


def test_an_interrupted_review_is_one_document(project: WorkTree) -> None:
    with claude(Turn(text=answer(), delay_seconds=60)) as (_, url):
        process = subprocess.Popen(
            (sys.executable, "-m", "reviewer", "review", "--format", "json"),
            cwd=project.folder,
            env={**os.environ, "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "k"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stderr
        while b"Asking" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    told = json.loads(out)

    ERROR.validate(told)
    assert (process.returncode, told["exit_code"]) == (130, 130)


def test_a_bug_is_one_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_options: object) -> int:
        raise LookupError("a bug")

    monkeypatch.setattr(cli, "_dispatch", broken)

    assert cli.main(["cost", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    ERROR.validate(told)
    assert told["what"].endswith("LookupError")


def test_without_json_an_error_is_on_the_other_stream_alone(project: WorkTree) -> None:
    done = run(project, "review", "--base", "nowhere")

    assert (done.code, done.out) == (2, "")
