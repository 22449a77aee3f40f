"""README and docs/ say what the code says; `--update-cases` writes the generated parts anew."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from leaves import examples, leaves
from ruamel.yaml import YAML

from reviewer.arguments import EXIT_CODES, parser
from reviewer.ask.providers import DOORS
from reviewer.commands.init import files, settings
from reviewer.layers import load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
ACTION: dict[str, Any] = YAML(typ="safe").load(ROOT / "action.yml")

# What for, why this one, and its size as installed (`du -sh` of a fresh virtual environment).
DEPENDENCIES = {
    "anthropic": ("the Claude API", "Anthropic's own SDK: streaming, typed errors", "34 MB"),
    "opentelemetry-api": ("one span around a review", "comes with the SDK anyway", "0.7 MB"),
    "gitpython": ("git objects", "git does the work, one process reads all", "2 MB"),
    "pathspec": ("`.reviewerignore`, include, exclude", "gitignore, pure Python", "0.3 MB"),
    "jinja2": ("the words: prompt, comments, workflow", "templates stay out of code", "1.3 MB"),
    "PyGithub": ("the GitHub API", "typed, works with GitHub Enterprise Server", "4.6 MB"),
    "pydantic": ("outside data, parsed once", "comes with the SDK anyway", "9.6 MB"),
    "genai-prices": ("prices of every Claude model", "kept up to date, works offline", "3 MB"),
    "charset-normalizer": ("files that are not UTF-8", "comes with PyGithub anyway", "0.4 MB"),
    "rich": ("the terminal", "progress and colours that know when not to", "3 MB"),
    "shtab": ("completion in bash, zsh and fish", "one file, from the parser as it is", "0.2 MB"),
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


def inputs_table() -> str:
    rows = [f"| `{name}` | {each['description']} |" for name, each in ACTION["inputs"].items()]
    return "\n".join(["| input | meaning |", "|---|---|", *rows])


def outputs_table() -> str:
    rows = [f"| `{name}` | {each['description']} |" for name, each in ACTION["outputs"].items()]
    return "\n".join(["| output | meaning |", "|---|---|", *rows])


def exit_codes_table() -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES]
    return "\n".join(["| code | meaning |", "|---|---|", *rows])


def commands() -> str:
    return "\n\n".join(_command(leaf) for leaf in leaves(parser()))


def _command(leaf: argparse.ArgumentParser) -> str:
    rows = [
        f"| {_written(action)} | {_meaning(leaf, action)} |"
        for action in leaf._actions
        if action.dest != "help"
    ]
    table = ["", "| option | meaning |", "|---|---|", *rows] if rows else []
    shown = [f"{words:<55} # {does}" for words, does in examples(leaf)]
    sample = ["", "```sh", *shown, "```"]
    return "\n".join([f"### {leaf.prog}", "", str(leaf.description), *table, *sample])


def _written(action: argparse.Action) -> str:
    """Return an option with what it takes, or an argument: however argparse words its usage."""
    alone = action.option_strings and (action.nargs == 0 or action.choices)
    takes = action.metavar or ("" if alone else action.dest.upper())
    named = " ".join([", ".join(action.option_strings), str(takes)]).strip()
    return f"`{named}`"


def _meaning(leaf: argparse.ArgumentParser, action: argparse.Action) -> str:
    said = leaf._get_formatter()._expand_help(action) if action.help else ""
    choices = ", ".join(f"`{each}`" for each in action.choices or ())
    return f"{said}; one of {choices}" if choices else said


PARTS = {
    "README.md": {"dependencies": dependencies_table},
    "docs/settings.md": {"settings": settings_table},
    "docs/commands.md": {"exit-codes": exit_codes_table, "commands": commands},
    "docs/pull-requests.md": {
        "workflow": workflow,
        "inputs": inputs_table,
        "outputs": outputs_table,
    },
}


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, parts in PARTS.items() for name in parts]
)
def test_a_generated_part_is_up_to_date(page: str, name: str, *, update_cases: bool) -> None:
    part: Callable[[], str] = PARTS[page][name]
    path = ROOT / page
    written = path.read_text()
    assert f"<!-- {name} -->" in written
    expected = re.sub(
        rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
        lambda found: f"{found[1]}\n{part()}\n\n{found[2]}",
        written,
        flags=re.DOTALL,
    )
    if update_cases:
        path.write_text(expected)

    assert path.read_text() == expected


def test_every_generated_part_is_one_that_is_checked() -> None:
    marked = {
        (page.relative_to(ROOT).as_posix(), name)
        for page in PAGES
        for name in re.findall(r"^<!-- ([a-z-]+) -->$", page.read_text(), re.MULTILINE)
    }

    assert marked == {(page, name) for page, parts in PARTS.items() for name in parts}


def _commands_shown() -> set[str]:
    """Return every line of a page that calls us, without its comment and leading blanks."""
    lines = (line for page in PAGES for line in page.read_text().splitlines())
    return {
        line.partition("#")[0].strip() for line in lines if re.match(r" *reviewer [a-z]", line)
    }


@pytest.mark.parametrize("line", sorted(_commands_shown()))
def test_every_command_in_a_page_exists(line: str) -> None:
    words = line.split()[1:]
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


def test_every_provider_has_an_example_of_settings_that_are_valid() -> None:
    page = ROOT / "docs" / "providers.md"
    examples = [
        load(file_name=page.name, file_text=block, environment={}, flags={})
        for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    ]

    assert {each.provider for each in examples} == set(DOORS)


# --- links -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", prose)
    for target in (linked or shown for linked, shown in targets):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        assert not anchor or anchor in _anchors(path), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_file_of_the_project_that_is_named_is_there(page: Path) -> None:
    named = re.findall(r"`((?:reviewer|tests|templates|benchmarks)/[\w./]+)`", page.read_text())

    assert [path for path in named if not (ROOT / path).exists()] == []


def _anchors(path: Path) -> set[str]:
    """Return what GitHub makes of the headings: lower case, blanks to hyphens, no punctuation."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/[a-z-]+\.md)\)", README.read_text()))

    assert linked == {page.relative_to(ROOT).as_posix() for page in PAGES if page != README}


# --- what goes wrong -------------------------------------------------------------------------


def _texts() -> set[str]:
    """Return every text in the code, with `…` for what is put in."""
    found = set()
    for path in (ROOT / "reviewer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                found.add(
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "…"
                        for part in node.values
                    )
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_message_in_the_page_on_troubles_is_one_that_the_code_says() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    headings = re.findall(r"^### `(.*)`$", page, re.MULTILINE)
    texts = _texts()

    assert len(headings) > 20
    assert [each for each in headings if not any(each in text for text in texts)] == []
