"""The generated parts of the README say what the code says; `--update-cases` writes them anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewer.commands.init import files, settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

# What for, why this one, and its size as installed (`du -sh` of a fresh virtual environment).
DEPENDENCIES = {
    "anthropic": ("the Claude API", "Anthropic's own SDK: streaming, typed errors", "34 MB"),
    "gitpython": ("git objects", "git does the work, one process reads all", "2 MB"),
    "pathspec": ("`.reviewerignore`, include, exclude", "gitignore, pure Python", "0.3 MB"),
    "jinja2": ("the words: prompt, comments, workflow", "templates stay out of code", "1.3 MB"),
    "PyGithub": ("the GitHub API", "typed, works with GitHub Enterprise Server", "4.6 MB"),
    "pydantic": ("outside data, parsed once", "comes with the SDK anyway", "9.6 MB"),
    "genai-prices": ("prices of every Claude model", "kept up to date, works offline", "3 MB"),
    "charset-normalizer": ("files that are not UTF-8", "comes with PyGithub anyway", "0.4 MB"),
    "rich": ("the terminal", "progress and colours that know when not to", "3 MB"),
    "pygments": ("colours in the HTML report", "comes with rich anyway", "9 MB"),
    "tree-sitter": ("signatures, symbols", "parses broken code too, in C", "2.1 MB"),
    "tree-sitter-*": ("its 15 grammars", "ordinary wheels, nothing fetched at run time", "31 MB"),
    "google-re2": ("secrets, finding names", "linear time on hostile text", "1.6 MB"),
}  # fmt: skip


def settings_table() -> str:
    rows = [
        f"| `{each.name}` | {f'`{each.default}`' if each.default else 'unset'} "
        f"| {each.description}{_choices(each.choices)} |"
        for each in settings()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def _choices(choices: tuple[str, ...]) -> str:
    return f" One of {', '.join(f'`{each}`' for each in choices)}." if choices else ""


def dependencies_table() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    each = (re.split(r"[<>=]", text)[0] for text in project["dependencies"])
    names = dict.fromkeys(re.sub(r"^tree-sitter-.*", "tree-sitter-*", name) for name in each)
    rows = [f"| {name} | {' | '.join(DEPENDENCIES[name])} |" for name in names]
    return "\n".join(["| package | what for | why this one | size |", "|---|---|---|---|", *rows])


def workflow() -> str:
    text = next(text for name, text in files() if name.startswith(".github/"))
    return f"```yaml\n{text.rstrip()}\n```"


def help_text() -> str:
    shown = subprocess.run(
        (sys.executable, "-m", "reviewer", "--help"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "100"},
    ).stdout
    return f"```\n{shown.rstrip()}\n```"


PARTS = {
    "settings": settings_table,
    "dependencies": dependencies_table,
    "workflow": workflow,
    "help": help_text,
}


@pytest.mark.parametrize("name", PARTS)
def test_a_generated_part_of_the_readme_is_up_to_date(name: str, *, update_cases: bool) -> None:
    part: Callable[[], str] = PARTS[name]
    written = README.read_text()
    expected = re.sub(
        rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
        lambda found: f"{found[1]}\n{part()}\n\n{found[2]}",
        written,
        flags=re.DOTALL,
    )
    if update_cases:
        README.write_text(expected)

    assert README.read_text() == expected


@pytest.mark.parametrize("line", re.findall(r"^reviewer .*", README.read_text(), re.MULTILINE))
def test_every_command_in_the_readme_exists(line: str) -> None:
    words = line.partition("#")[0].split()[1:]
    verbs = [word for word in words if re.fullmatch("[a-z]+", word)]

    done = subprocess.run(
        (sys.executable, "-m", "reviewer", *verbs, "--help"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words if word.startswith("--"))
