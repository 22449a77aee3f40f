"""`reviewer.library`, from outside: by programs that import the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from answers import answer
from starting import CALLER, KEY, claude, run
from test_start_up import SELDOM

from reviewer import library
from reviewer.arguments.options import FORMATS

if TYPE_CHECKING:
    from conftest import WorkTree

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs" / "library.md").read_text(), re.DOTALL | re.MULTILINE
)
SAID = (
    "high area.py:1 `area` takes other arguments now, and a caller was not updated",
    "claude-opus-5-5 deep: $",
    "-- Searching\n-- done\n",
    "'no-such-branch' names no commit here; check the spelling",
)
"""What each program of the page prints, in the order of the page."""


def program(project: WorkTree, text: str) -> str:
    """Return what a program in the project prints; nothing of it is ours."""
    done = subprocess.run(
        (sys.executable, "-c", text),
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.mark.parametrize(("block", "said"), [*zip(BLOCKS, SAID, strict=True)], ids=SAID)
def test_a_program_of_the_page_does_what_the_page_says(
    project: WorkTree, block: str, said: str
) -> None:
    assert said in program(project, block)


def test_the_programs_of_the_page_have_the_types_that_the_package_says(tmp_path: Path) -> None:
    names = []
    for number, block in enumerate(BLOCKS):
        names.append(tmp_path / f"program_{number}.py")
        names[-1].write_text(block)
    mypy = Path(sys.executable).with_name("mypy")
    done = subprocess.run(
        (mypy, "--strict", "--cache-dir", ROOT / ".mypy_cache" / "programs", *names),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.fixture
def asking(project: WorkTree, monkeypatch: pytest.MonkeyPatch) -> WorkTree:
    """A project whose reviews are by Claude, asked once."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("REVIEWER_DEPTH", "quick")
    return project


def test_to_import_it_brings_nothing_that_is_seldom_needed() -> None:
    text = "import sys, reviewer.library; print(*sys.modules)"
    done = subprocess.run((sys.executable, "-c", text), capture_output=True, text=True, check=True)

    assert not {*done.stdout.split()} & SELDOM


def children() -> set[str]:
    """Return the processes that this one has started and that still run (Linux)."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


def test_nothing_is_printed_and_nothing_is_left_running(
    asking: WorkTree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = children(), threading.active_count()
    with claude(answer(CALLER)) as (_, url):
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        review = library.review(asking.folder, base="main")
    library.pack(asking.folder, base="main")
    library.price(asking.folder, base="main")
    with pytest.raises(library.UserMustAct):
        library.review(asking.folder, base="nowhere")
    text = library.render(review, "terminal")

    assert CALLER["title"] in text
    assert capfd.readouterr() == ("", "")
    assert (children(), threading.active_count()) == before


def test_what_was_paid_for_is_kept_and_can_be_loaded(
    asking: WorkTree, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with claude(answer(CALLER), answer()) as (messages, url):
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        usual = library.review(asking.folder, base="main")
        named = library.review(asking.folder, base="main", bundle=tmp_path / "kept.json")
        paid = len(messages.requests)

        assert library.load(asking.folder / ".git" / "reviewer" / "last.json") == usual
        assert library.load(str(tmp_path / "kept.json")) == named
        assert len(messages.requests) == paid


def test_every_file_may_be_named_by_a_text(project: WorkTree, tmp_path: Path) -> None:
    log = tmp_path / "a.sarif"
    log.write_text('{"version": "2.1.0", "runs": []}')
    kept = str(tmp_path / "kept.json")
    reviewed = library.review(
        str(project.folder), base="main", sarif=[str(log)], bundle=kept, engine="local"
    )

    assert reviewed == library.load(kept)


class Heard:
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.warnings: list[str] = []

    def phase(self, name: str, detail: str = "") -> None:
        self.phases.append(f"{name} {detail}")

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def received(self, tokens: int) -> None:
        """Not of interest."""

    def done(self) -> None:
        self.phases.append("done")


def test_a_listener_hears_the_phases_and_what_matters(
    asking: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    with claude(answer()) as (_, url):
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        library.audit(asking.folder, model="claude-fable-5-2", progress=heard)

    assert [
        each.partition(" ")[0] for each in heard.phases if "Pack" in each or "Ask" in each
    ] == [
        "Packing",
        "Asking",
    ]
    assert "done" in heard.phases
    assert any("30 days" in each for each in heard.warnings)


def test_an_audit_without_a_model_is_refused(project: WorkTree) -> None:
    with pytest.raises(library.UserMustAct, match="an audit needs a model") as error:
        library.audit(project.folder)

    assert "ANTHROPIC_API_KEY" in error.value.way_out


def test_settings_by_keyword_come_before_those_of_the_file(project: WorkTree) -> None:
    project.write({".reviewer.toml": 'model = "claude-opus-5-5"\ndepht = 1\n'})
    with pytest.raises(library.UserMustAct, match="did you mean depth"):
        library.price(project.folder)
    project.write({".reviewer.toml": 'model = "claude-opus-5-5"\n'})

    quotes = library.price(project.folder, model="claude-haiku-5-5", max_usd_per_review=2.0)
    assert {(quote.model, quote.cap_usd) for quote in quotes} == {("claude-haiku-5-5", 2.0)}


def test_a_setting_that_there_is_not_is_a_mistake(project: WorkTree) -> None:
    with pytest.raises(library.UserMustAct, match="no such setting; did you mean engine"):
        library.review(project.folder, engin="local")


def test_an_empty_change_comes_back_as_skipped(project: WorkTree) -> None:
    review = library.review(project.folder, base="HEAD")

    assert review.skipped
    assert review.skipped.why == "the change is empty"
    assert not (project.folder / ".git" / "reviewer").exists()


def test_the_packed_prompt_is_that_of_the_command(project: WorkTree) -> None:
    packed = library.pack(project.folder, base="main")

    assert packed.prompt == run(project, "pack", "--base", "main").out
    assert [file.path for file in packed.files] == ["area.py", "report.py"]


def test_the_formats_are_those_of_the_command_line(project: WorkTree) -> None:
    review = library.review(project.folder, base="HEAD")

    assert get_args(library.Format) == FORMATS
    assert all("the change is empty" in library.render(review, each) for each in FORMATS)  # type: ignore[arg-type]
    with pytest.raises(library.UserMustAct, match="no format 'pdf'"):
        library.render(review, "pdf")  # type: ignore[arg-type]


def test_a_file_that_is_no_bundle_is_refused(project: WorkTree) -> None:
    with pytest.raises(library.UserMustAct, match="is not JSON"):
        library.load(project.folder / "area.py")
