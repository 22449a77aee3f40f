"""The review that asks no model, from a real repository to what is published."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from piping import QUIET, Silent, tools_for
from starting import run

from reviewer.ask import local
from reviewer.check import Checked, check
from reviewer.flow import Change, Coverage, Inline, Review
from reviewer.pipeline import review_locally
from reviewer.ports import Occasion
from reviewer.publish.summary import sticky, verdict
from reviewer.publish.terminal import closing_lines
from reviewer.settings import Settings
from reviewer.source.patience import Patience
from reviewer.source.pool import Processes
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from conftest import WorkTree


def between(tree: WorkTree, base: str = "main", head: str = "HEAD") -> Change:
    old, new = tree.git("rev-parse", base), tree.git("rev-parse", head)
    return Change(base=old, merge_base=old, head=new)


def checked(tree: WorkTree) -> Checked:
    with closing(GitRepository(tree.folder)) as repository:
        return check(between(tree), Settings(), tools=tools_for(repository))


def reviewed(tree: WorkTree) -> tuple[Review, Silent]:
    silent = Silent()
    with closing(GitRepository(tree.folder)) as repository:
        review, _ = review_locally(
            between(tree),
            Settings(),
            tools=tools_for(repository),
            publisher=silent,
            keeper=silent,
            progress=silent,
            occasion=Occasion(activity=QUIET),
        )
    return review, silent


def test_a_caller_that_was_forgotten_is_found_with_cause_and_symptom(project: WorkTree) -> None:
    review, _ = reviewed(project)
    (found,) = review.placed

    assert isinstance(found.anchor, Inline)
    assert (found.anchor.path, found.anchor.first_line) == ("area.py", 1)
    assert [(each.path, each.first_line) for each in found.proven.evidence] == [("report.py", 3)]
    assert review.rejected == ()


def test_a_change_that_breaks_nothing_has_no_finding(project: WorkTree) -> None:
    project.commit({"report.py": "from area import area\n\nprint(area(2, 3, 'm'))\n"})
    review, _ = reviewed(project)

    assert review.findings == ()
    assert not review.coverage.incomplete


def test_it_costs_nothing_and_says_that_no_model_was_asked(project: WorkTree) -> None:
    review, silent = reviewed(project)

    assert (review.cost.usd, review.model) == (0, "local engine")
    assert review.coverage.searched
    assert [run.replies for run in silent.kept] == [()]
    assert silent.kept[0].review == review


def test_a_changed_file_without_a_grammar_is_named(project: WorkTree) -> None:
    project.commit({"notes.md": "# Notes\n", "go.sum": "a v1 h1:x\n"})

    assert dict(checked(project).unread) == {
        "notes.md": "the local engine knows no grammar for it",
        "go.sum": "lock: name go.sum",
    }
    coverage: Coverage = reviewed(project)[0].coverage
    assert [path for path, _ in coverage.unseen_changes] == ["go.sum", "notes.md"]
    assert set(coverage.changed) == {"area.py", "go.sum", "notes.md"}


def test_a_change_with_too_many_names_is_not_shown_as_clean(project: WorkTree) -> None:
    names = range(local.MOST_NAMES + 1)
    project.commit({"parts.py": "".join(f"def part_{n}():\n    pass\n" for n in names)})
    project.git("branch", "--force", "main")
    project.commit({"parts.py": "x = 1\n"})
    review, silent = reviewed(project)
    why = "the change defines, takes away or calls 2,001 names, and 2,000 are the most"

    assert why in review.coverage.incomplete[0]
    assert (review.findings, review.exit_code("low")) == ((), 3)
    assert silent.kept[0].review == review
    assert verdict(review) == "Incomplete review: nothing found"
    assert why in sticky(review, refused={})
    assert why in closing_lines(review)[0]
    assert closing_lines(review)[-1].startswith("No findings. Searched no file for the names in")


def test_a_secret_file_is_not_looked_into(project: WorkTree) -> None:
    project.commit({".env": "area=1\n"})

    assert not any(file.text for file in checked(project).changed if file.diff.path == ".env")


def test_source_that_stalls_its_grammar_leaves_the_review_incomplete_with_the_reason(
    project: WorkTree,
) -> None:
    project.git("rm", "-q", "report.py")
    project.commit({"stalls.rs": "%w(" * 1_500, "sound.rs": "fn sound() {}\n"})
    pool = Processes(patience=Patience(most_seconds=0.1))
    silent = Silent()
    with closing(GitRepository(project.folder)) as repository, closing(pool):
        review, _ = review_locally(
            between(project),
            Settings(),
            tools=replace(tools_for(repository), pool=pool),
            publisher=silent,
            keeper=silent,
            progress=silent,
            occasion=Occasion(activity=QUIET),
        )
    why = "its grammar was not done after 0.1 s"

    assert review.coverage.unseen_changes == (("stalls.rs", why),)
    assert review.coverage.incomplete == (f"files that were not parsed: 1 ({why})",)
    assert review.exit_code("low") == 3


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("low", 1)])
def test_without_a_key_the_command_line_reviews_locally(
    project: WorkTree, fail_on: str, code: int
) -> None:
    done = run(project, "review", "--fail-on", fail_on)

    assert done.code == code, done.err
    assert "area.py:1" in done.out
    assert "report.py:3" in done.out
    assert "no model is asked" in done.err


def test_the_local_engine_can_be_asked_for_although_there_is_a_key(project: WorkTree) -> None:
    done = run(
        project,
        *("review", "--engine", "local", "--format", "json"),
        ANTHROPIC_API_KEY="stand-in",
        ANTHROPIC_BASE_URL="http://127.0.0.1:9",
    )

    document = json.loads(done.out)
    assert done.code == 0, done.err
    assert document["model"] == "local engine"
    assert document["placed"][0]["anchor"]["path"] == "area.py"


def test_claude_that_was_asked_for_without_a_key_is_an_error(project: WorkTree) -> None:
    done = run(project, "review", "--engine", "claude")

    assert done.code == 2
    assert "ANTHROPIC_API_KEY" in done.err
