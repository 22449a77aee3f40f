"""What `explain`, `map`, `pack --stats` and `cache info` tell a program."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from starting import run

from reviewer.arguments.setting_up import INSPECTED
from reviewer.cli import main
from reviewer.publish.documents.inspected import DOCUMENTS, schema

if TYPE_CHECKING:
    from conftest import WorkTree

CASES = Path(__file__).parent.parent / "publish" / "cases"
PAGE = Path(__file__).parent.parent.parent / "docs" / "library.md"

EXAMPLES = re.findall(r"^(reviewer .*--json \| jq .*)$", PAGE.read_text("utf-8"), re.MULTILINE)

COMMANDS = {
    "explain": ("explain", "area.py"),
    "map": ("map",),
    "pack-stats": ("pack", "--stats"),
    "cache-info": ("cache", "info"),
    "cost": ("cost", "--model", "claude-haiku-5-5"),
}

Told = Callable[..., dict[str, Any]]

OBEYED = "\x1b[2Jx\n::error::y.py"
OF_THE_RUNNER = "##[group]\u202e.py"
NOT_UTF8 = os.fsdecode(b"caf\xe9 100%.py")


@pytest.fixture
def told(
    project: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Told:
    """Return what a command tells as JSON in the project, which is what its schema says."""
    monkeypatch.chdir(project.folder)

    def ask(*words: str) -> dict[str, Any]:
        assert main([*words, "--json"]) == 0
        written = capsys.readouterr()
        assert written.err == ""
        assert written.out.isascii()
        assert written.out.replace("\n", "").isprintable()
        assert "##[" not in written.out
        document: dict[str, Any] = json.loads(written.out)
        name = document["format"].removeprefix("reviewer-").removesuffix("/1")
        jsonschema.validate(document, schema(DOCUMENTS[name]))
        return document

    return ask


@pytest.fixture
def hostile(project: WorkTree) -> WorkTree:
    """A project with names that a terminal, the runner and UTF-8 do not take."""
    project.commit(dict.fromkeys((OBEYED, OF_THE_RUNNER, NOT_UTF8), "x = 1\n"))
    project.git("branch", "--force", "main", "HEAD")
    return project


@pytest.mark.parametrize("name", INSPECTED)
def test_a_schema_changes_on_purpose_only(
    capsys: pytest.CaptureFixture[str], name: str, *, update_cases: bool
) -> None:
    case = CASES / f"{name}.schema.json"
    assert main(["config", "schema", "--of", name]) == 0
    printed = capsys.readouterr().out
    jsonschema.Draft202012Validator.check_schema(json.loads(printed))
    if update_cases:
        case.write_text(printed, encoding="utf-8")

    assert printed == case.read_text(encoding="utf-8")


def test_every_document_has_a_schema_and_is_in_the_page() -> None:
    page = PAGE.read_text("utf-8")

    assert set(INSPECTED) == set(DOCUMENTS) == set(COMMANDS)
    assert all(f"| `{each.FORMAT}` |" in page for each in DOCUMENTS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_document_says_which_it_is(project: WorkTree, name: str, told: Told) -> None:
    assert told(*COMMANDS[name])["format"] == f"reviewer-{name}/1"


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_for_jq_finds_what_it_looks_for(project: WorkTree, line: str) -> None:
    project.commit({"README.md": "An area.\n", "logo.png": b"\0"})
    project.git("branch", "--force", "main", "HEAD")
    words, _, filtered = line.removeprefix("reviewer ").partition(" | ")
    assert main(["pack", "-C", str(project.folder), "-o", os.devnull]) == 0  # fills the cache
    done = run(project, *words.split(), through=f'"$@" | {filtered}')

    assert (done.code, done.err) == (0, "")
    assert done.out.strip()
    assert "null" not in done.out


# --- what they hold -----------------------------------------------------------------------------


def test_the_map_holds_every_file_and_adds_up_to_the_budget(project: WorkTree, told: Told) -> None:
    document = told("map")

    assert [file["path"] for file in document["files"]] == ["area.py", "report.py"]
    assert sum(document["tokens_by_part"].values()) == document["budget_tokens"]
    assert [file["path"] for file in document["changes"]] == ["area.py"]
    assert document["neighbours"][0]["path"] == "report.py"


def test_the_statistics_add_up_and_count_what_the_map_counts(
    project: WorkTree, told: Told
) -> None:
    project.commit({"logo.png": b"\0", "shop/cart.py": "x = 1\n"})
    project.git("branch", "--force", "main", "HEAD")
    document, of_map = told("pack", "--stats"), told("map")
    place = project.folder / "prompt.txt"
    assert main(["pack", "-o", str(place)]) == 0

    assert document["prompt_bytes"] == place.stat().st_size
    assert document["prompt_tokens"] == of_map["prompt_tokens"]
    assert sum(document["tokens_by_part"].values()) == document["prompt_tokens"]
    tokens = sum(file["tokens"] for file in of_map["files"])
    for groups in (document["classes"], document["folders"]):
        assert sum(group["tokens"] for group in groups) == tokens
        assert sum(group["files"] for group in groups) == len(of_map["files"])
    assert document["not_in_full"] == [file for file in of_map["files"] if file["level"] != "full"]


def test_the_statistics_go_to_a_file_too(project: WorkTree) -> None:
    place = project.folder / "stats.json"
    words = ("pack", "--stats", "--json", "-C", str(project.folder), "-o", str(place))

    assert main(words) == 0
    assert json.loads(place.read_bytes())["format"] == "reviewer-pack-stats/1"


def test_a_path_is_explained_by_what_the_map_says_of_it(project: WorkTree, told: Told) -> None:
    of_map, document = told("map"), told("explain", "area.py")

    assert document["codebase"] == of_map["files"][0]
    assert document["changes"] == of_map["changes"]


def test_a_renamed_file_is_explained_by_either_name(project: WorkTree, told: Told) -> None:
    project.git("mv", "report.py", "print.py")
    project.commit({})
    before, after = (told("explain", name) for name in ("report.py", "print.py"))

    assert (before["codebase"]["path"], after["codebase"]) == ("report.py", None)
    assert before["changes"] == after["changes"]
    assert before["changes"][0]["status"] == "renamed"


def test_the_rules_of_the_project_are_told_with_a_path(project: WorkTree, told: Told) -> None:
    project.git("switch", "--quiet", "main")
    project.commit({"REVIEW.md": "Areas have a unit.\n"})
    project.git("switch", "--quiet", "units")
    project.git("rebase", "--quiet", "main")

    assert told("explain", "area.py")["changes"][0]["project_rules"] == ["REVIEW.md"]
    assert told("explain", "REVIEW.md")["as_rule"][0]["tokens"] > 0


# --- names --------------------------------------------------------------------------------------


def test_the_map_holds_every_name_as_git_spells_it(hostile: WorkTree, told: Told) -> None:
    files = {file["path"]: file for file in told("map")["files"]}

    assert {OBEYED, OF_THE_RUNNER, "caf%E9 100%25.py"} < set(files)
    assert [path for path, file in files.items() if file["percent_encoded"]] == [
        "caf%E9 100%25.py"
    ]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [(OBEYED, OBEYED), (OF_THE_RUNNER, OF_THE_RUNNER), (NOT_UTF8, "caf%E9 100%25.py")],
    ids=["control characters", "a command of the runner", "not UTF-8"],
)
def test_any_name_can_be_explained(hostile: WorkTree, name: str, spelled: str, told: Told) -> None:
    document = told("explain", name)

    assert document["path"] == document["codebase"]["path"] == spelled


def test_statistics_hold_any_name(project: WorkTree, told: Told) -> None:
    project.commit({f"{OBEYED}/x.png": b"\0", os.fsdecode(b"\xe9.png"): b"\0"})
    project.git("branch", "--force", "main", "HEAD")
    document = told("pack", "--stats")

    assert f"{OBEYED}/" in [folder["name"] for folder in document["folders"]]
    assert [file["path"] for file in document["not_in_full"]] == [f"{OBEYED}/x.png", "%E9.png"]


def test_the_place_of_the_cache_can_have_any_name(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    place = os.fsdecode(b"/nowhere/\x1bcaf\xe9")
    monkeypatch.setenv("REVIEWER_CACHE_DIR", place)
    document = told("cache", "info")

    assert document["state"] == "absent"
    assert document["path"].startswith("/nowhere/\x1bcaf<U+DCE9>/")
