from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from reviewer.commands import init
from reviewer.errors import UserMustAct
from reviewer.layers import load
from reviewer.settings import Settings, shape
from reviewer.source.orders import NAME

if TYPE_CHECKING:
    from conftest import WorkTree

TOML = ".reviewer.toml"
WORKFLOW = ".github/workflows/reviewer.yml"
WARM = ".github/workflows/reviewer-warm.yml"
FORKS = ".github/workflows/reviewer-forks.yml"
HANDOVER = ".github/workflows/reviewer-handover.yml"
EVERY = [
    (WORKFLOW, None),
    (WARM, None),
    (WORKFLOW, "target"),
    (FORKS, "target"),
    (FORKS, "workflow-run"),
    (HANDOVER, "workflow-run"),
]
"""Each workflow, and the way to review forks with which it is written."""
TOOLS = Path(sys.executable).parent


def text_of(name: str, forks: str | None = None) -> str:
    return dict(init.files(warm=True, forks=forks))[name]


def run(work_tree: WorkTree, *, hook: bool = False, force: bool = False) -> int:
    return init.run(folder=work_tree.folder, hook=hook, force=force)


def test_both_files_are_written_and_named(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(work_tree) == 0

    said = capsys.readouterr().out
    for name in (TOML, WORKFLOW):
        assert (work_tree.folder / name).read_text() == text_of(name)
        assert f"Wrote {work_tree.folder / name}" in said
    assert "the secret ANTHROPIC_API_KEY" in said


def test_the_files_go_to_the_root_of_the_checkout(work_tree: WorkTree) -> None:
    inside = work_tree.folder / "deep"
    inside.mkdir()
    init.run(folder=inside, hook=False, force=False)

    assert (work_tree.folder / TOML).is_file()
    assert list(inside.iterdir()) == []


def test_what_is_there_is_kept_and_named(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.write({TOML: "mine"})
    run(work_tree)

    assert (work_tree.folder / TOML).read_text() == "mine"
    assert (work_tree.folder / WORKFLOW).is_file()
    assert f"Kept {work_tree.folder / TOML}" in capsys.readouterr().out


def test_force_overwrites(work_tree: WorkTree) -> None:
    work_tree.write({TOML: "mine", WORKFLOW: "mine"})
    run(work_tree, force=True)

    assert (work_tree.folder / TOML).read_text() == text_of(TOML)
    assert (work_tree.folder / WORKFLOW).read_text() == text_of(WORKFLOW)


@pytest.mark.parametrize("wanted", [True, False])
def test_the_workflow_that_keeps_the_cache_is_written_only_when_asked_for(
    work_tree: WorkTree, wanted: bool
) -> None:
    init.run(folder=work_tree.folder, hook=False, force=False, warm=wanted)

    assert (work_tree.folder / WARM).exists() is wanted


def test_the_workflow_that_keeps_the_cache_only_reads_and_runs_alone_at_odd_minutes() -> None:
    workflow = text_of(WARM)

    assert set(re.findall(r"^ {6}\S+: (read|write)", workflow, re.MULTILINE)) == {"read"}
    assert "\npermissions: {}\n" in workflow
    assert "\nconcurrency:\n  group: reviewer-warm\n" in workflow
    minutes = re.findall(r'cron: "([\d,]+) ', workflow)[0].split(",")
    assert all(int(minute) % 5 for minute in minutes)


@pytest.mark.parametrize("wanted", [True, False])
def test_the_hook_is_installed_only_when_asked_for(work_tree: WorkTree, wanted: bool) -> None:
    run(work_tree, hook=wanted)

    assert (work_tree.folder / ".git" / "hooks" / "pre-push").exists() is wanted


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--bare", str(tmp_path)), check=True)

    with pytest.raises(UserMustAct, match="bare"):
        init.run(folder=tmp_path, hook=False, force=False)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("link", [TOML, WORKFLOW, ".github"])
def test_a_link_of_the_repository_is_not_written_through(
    work_tree: WorkTree, tmp_path: Path, link: str, *, force: bool
) -> None:
    outside = tmp_path / "outside"
    place = work_tree.folder / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside)
    if link == ".github":
        outside.mkdir()

    with pytest.raises(UserMustAct, match=f"{link} is a symbolic link"):
        init.run(folder=work_tree.folder, hook=False, force=force)
    assert not outside.is_file()
    assert not (outside / "workflows").exists()


def test_a_file_that_cannot_be_written_is_an_error_with_a_way_out(work_tree: WorkTree) -> None:
    work_tree.write({".github": "a file"})

    with pytest.raises(UserMustAct, match="cannot be written"):
        run(work_tree)


@pytest.mark.parametrize(("name", "forks"), [(TOML, None), *EVERY])
def test_a_file_ends_with_one_newline(name: str, forks: str | None) -> None:
    assert re.search(r"[^\n]\n\Z", text_of(name, forks))


def test_the_settings_as_written_change_nothing() -> None:
    assert tomllib.loads(text_of(TOML)) == {}


def test_every_setting_is_there_in_order() -> None:
    names = [each.name for each in fields(Settings)]

    assert re.findall(r"^#(\w+) =", text_of(TOML), re.MULTILINE) == names


def test_every_default_that_is_shown_is_the_default() -> None:
    shown = re.sub(r"^#(?=\w+ = )", "", text_of(TOML), flags=re.MULTILINE)

    assert load(file_name=TOML, file_text=shown, environment={}, flags={}) == Settings()


@pytest.mark.parametrize("setting", list(init.settings()), ids=lambda setting: setting.name)
def test_the_choices_of_a_setting_are_the_ones_it_takes(setting: init.Setting) -> None:
    assert setting.choices == choices_in_error(setting.name)


def choices_in_error(name: str) -> tuple[str, ...]:
    """What pydantic says would have been right, if it can be listed."""
    try:
        several = isinstance(getattr(Settings(), name), tuple)
        shape().model_validate({name: ["no such choice"] if several else "no such choice"})
    except ValidationError as error:
        return tuple(re.findall(r"'(.*?)'", error.errors()[0]["msg"]))
    return ()


@pytest.mark.parametrize(("name", "forks"), EVERY)
def test_the_workflow_is_one_that_github_understands(
    tmp_path: Path, name: str, forks: str | None
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    # The name of a version is all there is before the first release; zizmor asks for a commit.
    path.write_text(text_of(name, forks).replace(init.ACTION, "OWNER/reviewer@" + "a" * 40))

    for words in (
        ("actionlint", "-shellcheck=", "-pyflakes="),
        ("zizmor", "--offline", "--no-progress"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    ):
        done = subprocess.run(
            (TOOLS / words[0], *words[1:], path), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_that_an_outsider_writes_is_part_of_a_script() -> None:
    workflow = text_of(WORKFLOW)
    told = set(re.findall(r"github\.event\.[\w.]+", workflow))

    assert not re.search(r"^\s*(- )?run:", workflow, re.MULTILINE)
    assert told == {
        "github.event.pull_request.number",
        "github.event.pull_request.head.repo.full_name",
        "github.event.issue.number",
        "github.event.issue.pull_request",
        "github.event.comment.id",
        "github.event.comment.body",
        "github.event.comment.author_association",
    }
    used = re.findall(r"(\w+\()?github\.event\.comment\.body", workflow)
    assert set(used) == {"startsWith("}


def test_every_command_that_is_read_comes_through_the_condition_of_the_workflow() -> None:
    begins = re.findall(r"comment\.body, '(.*?)'\)", text_of(WORKFLOW).partition("runs-on")[0])

    assert begins == [NAME, f"`{NAME}"]


def test_the_workflow_asks_for_nothing_but_reading_and_posting() -> None:
    workflow = text_of(WORKFLOW)

    assert "\npermissions: {}\n" in workflow
    assert re.findall(r"^ {6}(\S+): (read|write)", workflow, re.MULTILINE) == [
        ("actions", "read"),
        ("contents", "read"),
        ("pull-requests", "write"),
    ]
