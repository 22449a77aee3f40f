"""What is known of other reviews, and where it is asked for."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewer.flow import Activity, Attempt, Change, Reply, Run, Usage
from reviewer.publish.documents.bundle import BundleFile
from reviewer.settings import Settings
from reviewer.source import gate
from reviewer.source.repo import GitRepository
from reviewer.wiring import activity
from reviewer.wiring.activity import WORKFLOW

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

SETTINGS = Settings()


def local(tree: WorkTree, settings: Settings = SETTINGS, last: Path | None = None) -> Activity:
    with closing(GitRepository(tree.folder)) as repository:
        return activity.local(repository, tree.git("rev-parse", "main"), settings, last)


def busy(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_793_600_000.0)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1793590000 +0000")
    commit = tree.commit({"a.py": "a\n"})
    tree.git("update-ref", "refs/remotes/origin/topic", commit)


def test_a_clone_tells_when_others_were_reviewed(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_tree.commit({WORKFLOW: "on: pull_request\n"})
    busy(work_tree, monkeypatch)

    assert local(work_tree).reviews_at == (1_793_590_000.0,)


def test_pushes_are_no_reviews_where_no_workflow_reviews(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(work_tree, monkeypatch)

    found = local(work_tree)

    assert found.reviews_at == ()
    assert found.source == f"other reviews are not counted: the base has no {WORKFLOW}"


@pytest.mark.parametrize(
    "settings",
    [Settings(cache="off"), Settings(cache="1h"), Settings(reviews_per_hour=0.0)],
)
def test_nothing_is_asked_where_the_settings_decide(settings: Settings) -> None:
    assert not activity.matters(settings)


def run_of(message: str) -> Run:
    attempt = Attempt(request_id="r", usage=Usage(), message_id=message)
    reply = Reply(text="", model="m", stop_reason="end_turn", attempts=(attempt,), seconds=0)
    change = Change(base="0" * 40, merge_base="0" * 40, head="0" * 40)
    return Run(version="1", change=change, request_digest="", replies=(reply,))


def test_the_last_review_here_is_what_a_miss_is_explained_by(
    project: WorkTree, tmp_path: Path
) -> None:
    path = tmp_path / "last.json"
    BundleFile(path).keep(run_of("msg_7"))

    assert local(project, last=path).last_message == "msg_7"
    assert local(project, replace(SETTINGS, cache="off"), path).last_message == ""


@pytest.mark.parametrize("text", ["", "{", '{"format": "reviewer-bundle/1"}'])
def test_a_damaged_bundle_costs_the_explanation_alone(
    project: WorkTree, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "last.json"
    path.write_text(text)

    assert local(project, last=path).last_message == ""


def test_the_workflow_is_named_by_the_run() -> None:
    ref = "octo/demo/.github/workflows/look.yml@refs/heads/main"

    assert activity.workflow_of({"GITHUB_WORKFLOW_REF": ref}) == "look.yml"
    assert activity.workflow_of({}) == "reviewer.yml"


@pytest.mark.parametrize("event", gate.WITH_SECRETS)
def test_a_workflow_for_forks_goes_by_the_reviews_of_the_other(event: str) -> None:
    ref = "octo/demo/.github/workflows/reviewer-forks.yml@refs/heads/main"
    named = {"GITHUB_WORKFLOW_REF": ref, "GITHUB_EVENT_NAME": event}

    assert activity.workflow_of(named) == "reviewer.yml"
