"""The house rules, as tests: format, lint, types, imports, and a README that tells the truth."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from leaves import leaves

from reviewer.arguments import parser
from reviewer.settings import Settings

if TYPE_CHECKING:
    import argparse

ROOT = Path(__file__).parent.parent
TEST_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"
DEMO_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/reviewer demo"


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_the_house_rules_hold(words: tuple[str, ...]) -> None:
    tool = Path(sys.executable).with_name(words[0])
    done = subprocess.run(
        (tool, *words[1:]), cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("leaf", leaves(parser()), ids=lambda leaf: leaf.prog)
def test_the_options_of_a_command_are_the_parameters_of_its_function(
    leaf: argparse.ArgumentParser,
) -> None:
    module = import_module(f"reviewer.commands.{leaf.get_default('command')}")
    function = getattr(module, leaf.get_default("verb"))
    parameters = inspect.signature(function).parameters.values()
    named = {each.name for each in parameters if each.kind is not each.VAR_KEYWORD}
    options = {action.dest for action in leaf._actions} - {"help"}

    takes_settings = any(each.kind is each.VAR_KEYWORD for each in parameters)
    assert named <= options
    extra = options - named
    settings = {each.name for each in fields(Settings)}
    assert not extra or (takes_settings and extra <= settings)


def test_the_readme_gives_the_test_command_that_ci_runs() -> None:
    assert TEST_COMMAND in (ROOT / "README.md").read_text()
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text()


def test_the_readme_gives_the_command_that_runs_the_main_job() -> None:
    assert DEMO_COMMAND in (ROOT / "README.md").read_text()


def test_the_map_names_every_room_and_no_other() -> None:
    package = ROOT / "reviewer"
    rooms = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    rooms |= {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    text = (package / "__init__.py").read_text()
    named = set(re.findall(r"^(\w+)/? {2,}\w", text, re.MULTILINE))

    assert named == rooms


MAPPED = (
    "arguments", "wiring", "source", "index", "pack", "ask", "money", "judge",
    "publish", "publish/documents", "publish/github",
)  # fmt: skip
"""Rooms whose files are to be read in an order; elsewhere a name says where a thing stands."""


@pytest.mark.parametrize("room", MAPPED)
def test_the_map_of_a_room_names_every_file(room: str) -> None:
    folder = ROOT / "reviewer" / room
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    drawn = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""

    assert files - set(re.findall(r"\w+", drawn)) == set()
