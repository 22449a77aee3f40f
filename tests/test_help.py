"""The help of every command ends with examples, and they are true."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answers import answer
from leaves import examples, leaves
from starting import CALLER, KEY, claude, run

from reviewer.arguments import parser
from reviewer.commands.help import commands_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from conftest import WorkTree


def with_groups(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield of
    for inner in commands_of(of).values():
        yield from with_groups(inner)


PAGES = list(with_groups(parser()))
EXAMPLES = list(dict.fromkeys(words for page in PAGES for words, _ in examples(page)))

LOCAL = ("review", "--engine", "local")

NOT_RUN = {
    "reviewer github": "needs the event of a workflow; tests/test_github_run.py has it",
    "reviewer github --sarif lint.sarif": "the same",
    "reviewer publish bundle.json": "needs GitHub; tests/test_action.py has it",
    "reviewer learn bundle.json": "needs a run of a pull request; tests/commands/test_learn.py",
    "reviewer learn bundle.json | git apply": "the same",
    "reviewer cost --replay 200": "needs merged pull requests; tests/commands/test_cost.py",
    "reviewer cost --replay 200 --html cost.html": "the same",
    "reviewer demo --scripted --bundle demo.json": "takes long; tests/test_end_to_end.py has it",
    "reviewer batch submit ~/src/* --state ~/audits": "many; tests/batch/test_batch_run.py has it",
    "reviewer batch submit ~/src/* --state ~/audits --max-usd 40": "the same",
    "reviewer batch status -v": "needs a batch; tests/batch/test_batch_run.py has it",
    "reviewer batch collect": "the same",
    "reviewer batch collect --state ~/audits": "the same",
    "reviewer batch collect --format html -o reports --fail-on high": "the same",
    "reviewer demo": "the README's own command; tests/test_end_to_end.py has it",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.prog)
def test_the_help_of_a_command_ends_with_examples_of_it(page: argparse.ArgumentParser) -> None:
    shown = examples(page)

    assert shown
    assert all(page.prog in words for words, _ in shown)


@pytest.mark.parametrize("words", EXAMPLES)
def test_an_example_is_read_by_the_command_line(words: str) -> None:
    (call,) = re.findall(r"(?:^|\$\(|\| )(reviewer [^|>)<]*)", words)

    assert parser().parse_args(shlex.split(call)[1:])


@pytest.mark.parametrize("words", [words for words in EXAMPLES if words not in NOT_RUN])
def test_an_example_does_what_it_says(project: WorkTree, tmp_path: Path, words: str) -> None:
    project.commit({"README.md": "An area.\n"})
    if "last.json" in words or "baseline" in words:
        assert run(project, *LOCAL).code == 0
    for folder in (".zfunc", ".config/fish/completions"):
        (tmp_path / folder).mkdir(parents=True)
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with claude(answer(CALLER)) as (_, url):
        key = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY, "REVIEWER_DEPTH": "quick"}
        done = subprocess.run(
            ("bash", "-o", "pipefail", "-c", words),
            cwd=project.folder,
            env={
                **os.environ,
                "PATH": programs,
                "HOME": str(tmp_path),
                **(key if "audit" in words or "batch submit" in words else {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == (1 if words in FINDS else 0), done.stderr
    assert "Traceback" not in done.stderr


FINDS = {
    "reviewer review --engine local --fail-on high",
    "reviewer pack --worktree | grep -c 'secret: '",
}
"""Those whose exit code tells what was found, or that there was nothing."""


@pytest.mark.parametrize("leaf", leaves(parser()), ids=lambda leaf: leaf.prog)
def test_help_is_a_command_too(
    leaf: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    from reviewer.cli import main

    assert main(["help", *leaf.prog.split()[1:]]) == 0
    assert capsys.readouterr().out == leaf.format_help()


@pytest.mark.parametrize(
    ("topic", "said"),
    [(["nothing"], "name one of review, audit"), (["hook", "x"], "name one of install")],
)
def test_help_about_what_there_is_not_says_what_there_is(
    project: WorkTree, topic: list[str], said: str
) -> None:
    done = run(project, "help", *topic)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_an_option_is_known_by_its_whole_name_alone(project: WorkTree) -> None:
    done = run(project, "review", "--form", "json")

    assert done.code == 2
    assert "--form" in done.err
