"""The completion scripts, in the shells that they are for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from starting import run
from terminals import Terminal
from test_start_up import SELDOM, TO_PRICE, TO_REVIEW, imported

from reviewer.arguments.options import FORMATS
from reviewer.arguments.setting_up import SHELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import WorkTree

    Asked = Callable[..., list[str]]

ASKED = """
source script
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_shtab_reviewer 2> /dev/null
printf '%s\\n' "${COMPREPLY[@]}"
"""


def only_with(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        shutil.which(shell) is None, reason=f"{shell} is not installed, and the script is for it"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script of every shell, and a bundle to name."""
    made = tmp_path_factory.mktemp("completed")
    for shell in SHELLS:
        command = (sys.executable, "-m", "reviewer", "completion", shell)
        script = subprocess.run(command, capture_output=True, check=True).stdout
        (made / shell).mkdir()
        (made / shell / "_reviewer").write_bytes(script)
    (made / "bundle.json").write_text("{}")
    return made


def in_bash(folder: Path, *words: str) -> list[str]:
    done = subprocess.run(
        ("bash", "--norc", "-c", ASKED.replace("script", "bash/_reviewer"), "bash", *words),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def in_fish(folder: Path, *words: str) -> list[str]:
    done = subprocess.run(
        ("fish", "--no-config", "-c", f"source fish/_reviewer; complete -C '{' '.join(words)}'"),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("asked", [in_bash, pytest.param(in_fish, marks=only_with("fish"))])
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("reviewer", "rev"), ["review"]),
        (("reviewer", "review", "--form"), ["--format"]),
        (("reviewer", "review", "--format", ""), FORMATS),
        (("reviewer", "hook", ""), ["install", "run", "uninstall"]),
        (("reviewer", "report", "bun"), ["bundle.json"]),
        (("reviewer", "review", "-o", "bun"), ["bundle.json"]),
        (("reviewer", "audit", "--sarif", "bun"), ["bundle.json"]),
        (("reviewer", "completion", ""), SHELLS),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_can_stand_there_is_offered(
    folder: Path, asked: Asked, words: Sequence[str], offered: Sequence[str]
) -> None:
    assert sorted(asked(folder, *words)) == sorted(offered)


@only_with("zsh")
def test_zsh_completes_at_a_terminal(folder: Path, tmp_path: Path) -> None:
    place = folder / "zsh"
    zsh = Terminal(
        ("zsh", "-f", "-i"),
        folder=folder,
        environment={**os.environ, "TERM": "dumb", "PS1": "$ ", "ZDOTDIR": str(tmp_path)},
    )
    zsh.type(f"fpath=({place} $fpath); autoload -U compinit; compinit -u -d dump; echo no''w\r")
    zsh.read_until("now\r\n")
    zsh.type("reviewer rev\t")
    zsh.read_until("reviewer review ")
    zsh.type("--format ma\t")
    zsh.read_until("markdown ")
    zsh.type("-o bun\t")
    zsh.read_until("bundle.json ")
    zsh.type("\x15exit\r")

    assert zsh.ended() == 0


def test_a_shell_that_there_is_no_script_for_is_refused(project: WorkTree) -> None:
    done = run(project, "completion", "tcsh")

    assert done.code == 2
    assert "choose from" in done.err


def test_the_script_is_made_without_what_reviews(project: WorkTree) -> None:
    names = imported(project, "completion", "bash")

    assert "shtab" in names
    assert not names & (SELDOM | TO_PRICE | TO_REVIEW)


def test_pressing_tab_starts_no_python(folder: Path) -> None:
    for shell in SHELLS:
        assert "python" not in (folder / shell / "_reviewer").read_text()
