"""Check runs with the real PyGithub over real HTTP, at the stand-in, whatever goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from publish.made import placed, review

from reviewer.errors import CouldNotFinish
from reviewer.flow import Change, InSummary, PullRequest
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.checks import Check, check_of
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.standin import github_faults as faults
from reviewer.standin.github import GitHub
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

    from reviewer.publish.github.check_run import CheckRuns
    from reviewer.standin.github_faults import Fault

NUMBER = 7
FINDINGS = 120
TRIES = 4


class Scene:
    def __init__(self, tree: WorkTree, *, may_write_checks: bool = True) -> None:
        base = tree.commit({"src/cart.py": "x\n" * 9})
        tree.git("switch", "--quiet", "--create", "topic")
        head = tree.commit({"src/cart.py": "y\n" * 9})
        self.github = GitHub(tree.folder / ".git", repository="octo/shop")
        self.github.open_pull_request(NUMBER, "main", "topic", "t", "")
        if may_write_checks:
            self.github.let_checks_be_written()
        self.server = Server(self.github)
        self.change = Change(
            base=base,
            merge_base=base,
            head=head,
            pull_request=PullRequest(
                repository="octo/shop",
                number=NUMBER,
                url="https://github.example/octo/shop/pull/7",
            ),
        )

    def check(self, number: int = FINDINGS, fail_on: str = "never") -> Check:
        bare = InSummary(why="outside the diff")
        found = [placed(f"F{n}", anchor=bare) for n in range(1, number + 1)]
        return check_of(review(*found, change=self.change), fail_on)

    @property
    def runs(self) -> CheckRuns:
        assert self.change.pull_request
        return PullRequestPublisher(
            "token",
            api_url=self.server.url,
            pull_request=self.change.pull_request,
            sleep=lambda _: None,
            seconds_between_writes=0,
        ).check_runs

    @property
    def titles(self) -> list[object]:
        (run,) = self.github.check_runs()
        return [one["title"] for one in run.annotations]

    def assert_whole(self, number: int = FINDINGS) -> None:
        (run,) = self.github.check_runs()
        assert (run.status, run.conclusion, run.name) == ("completed", "neutral", "reviewer")
        assert self.titles == [f"F{n}: Title of F{n}" for n in range(1, number + 1)]


@pytest.fixture
def scene(work_tree: WorkTree) -> Iterator[Scene]:
    made = Scene(work_tree)
    with made.server:
        yield made


@pytest.mark.parametrize("number", [1, 50, 51, FINDINGS])
def test_every_annotation_is_there_once_in_batches_that_github_takes(
    scene: Scene, number: int
) -> None:
    scene.runs.put(scene.check(number))

    scene.assert_whole(number)


def test_doing_it_twice_adds_nothing(scene: Scene) -> None:
    for _ in range(2):
        scene.runs.put(scene.check())

    scene.assert_whole()


def test_the_gate_decides_the_conclusion(scene: Scene) -> None:
    scene.runs.put(scene.check(60, fail_on="medium"))

    assert [run.conclusion for run in scene.github.check_runs()] == ["failure"]


GATEWAY = Answer(status=502, chunks=(b"<html></html>",))
FAULTS = {
    "never heard": faults.instead(GATEWAY),
    "done, then 502": faults.afterwards(GATEWAY),
    "done, then cut": faults.truncated_json,
    "slow down": faults.secondary_limit(retry_after_seconds=1),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_whatever_fails_on_the_way_nothing_is_annotated_twice(
    scene: Scene, method: str, fault: Fault
) -> None:
    scene.github.fail_next(method, ".*check-runs.*", fault)
    scene.runs.put(scene.check())

    scene.assert_whole()


@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_run_that_was_killed_between_two_requests_is_finished_by_the_next(
    scene: Scene, before: int
) -> None:
    method, done = ("POST", 0) if before == 1 else ("PATCH", before - 2)
    if done:
        scene.github.fail_next("PATCH", ".*check-runs.*", lambda commit: commit())
    scene.github.fail_next(method, ".*check-runs.*", faults.instead(GATEWAY), times=TRIES)
    with pytest.raises(CouldNotFinish):
        scene.runs.put(scene.check())
    scene.runs.put(scene.check())

    scene.assert_whole()


def test_without_the_permission_it_is_forbidden(work_tree: WorkTree) -> None:
    made = Scene(work_tree, may_write_checks=False)
    with made.server, pytest.raises(Forbidden):
        made.runs.put(made.check(1))
