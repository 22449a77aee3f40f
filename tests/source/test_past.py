"""Merged pull requests, read from real repositories."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import UserMustAct
from reviewer.source import past
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from conftest import WorkTree

    from reviewer.flow import Past


def at(when: str) -> float:
    return datetime.fromisoformat(f"2026-11-{when}:00Z").timestamp()


def on(when: str) -> None:
    """Let the commits that follow be made at this time of November."""
    for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
        os.environ[name] = f"2026-11-{when}:00Z"


@pytest.fixture(autouse=True)
def dated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
        monkeypatch.setenv(name, "")  # put back at the end


def begin(tree: WorkTree) -> None:
    on("01T08:00")
    tree.commit({"a.py": "a\n"})


def merge(tree: WorkTree, name: str, dates: list[str], merged: str, title: str) -> None:
    """Commit to a branch at these dates, and merge it."""
    tree.git("switch", "--quiet", "--create", name)
    for number, date in enumerate(dates):
        on(date)
        tree.commit({f"{name}.py": "x\n" * (number + 1)})
    tree.git("switch", "--quiet", "main")
    on(merged)
    tree.git("merge", "--quiet", "--no-ff", "--message", title, name)


def squash(tree: WorkTree, number: int, dates: list[str], merged: str, *, here: bool) -> None:
    """Land a branch as one commit, its own commits under refs/pull where they are `here`."""
    tree.git("switch", "--quiet", "--create", f"s{number}")
    for each, date in enumerate(dates):
        on(date)
        tree.commit({f"s{number}.py": "y\n" * (each + 1)})
    if here:
        tree.git("update-ref", f"refs/pull/{number}/head", "HEAD")
    tree.git("switch", "--quiet", "main")
    tree.git("merge", "--quiet", "--squash", f"s{number}")
    on(merged)
    tree.git("commit", "--quiet", "--message", f"Add a thing (#{number})")
    tree.git("branch", "--quiet", "-D", f"s{number}")


def read(tree: WorkTree, *, count: int = 10) -> Past:
    with closing(GitRepository(tree.folder)) as repository:
        return past.read(repository, repository.resolve("HEAD"), count=count)


def test_commits_that_were_made_together_are_one_push(work_tree: WorkTree) -> None:
    begin(work_tree)
    merge(work_tree, "old", ["02T07:00"], "02T07:30", "Merge pull request #1 from me/old")
    dates = ["02T10:00", "02T10:09", "02T10:18", "02T12:00"]
    merge(work_tree, "one", dates, "02T13:00", "Merge pull request #2 from me/one")

    [newest, _] = read(work_tree).merged

    assert newest.pushed_at_seconds == (at("02T10:18"), at("02T12:00"))
    assert (newest.title, newest.guessed) == ("Merge pull request #2 from me/one", False)


def test_a_squashed_pull_request_is_known_by_its_ref(work_tree: WorkTree) -> None:
    begin(work_tree)
    merge(work_tree, "old", ["02T07:00"], "02T07:30", "Merge pull request #1 from me/old")
    squash(work_tree, 7, ["02T10:00", "02T11:00"], "02T12:00", here=True)

    assert read(work_tree).merged[0].pushed_at_seconds == (at("02T10:00"), at("02T11:00"))


def test_without_its_commits_one_push_is_assumed_and_said(work_tree: WorkTree) -> None:
    begin(work_tree)
    squash(work_tree, 7, ["02T10:00", "02T11:00"], "02T12:00", here=False)

    [only] = read(work_tree).merged

    assert (only.pushed_at_seconds, only.guessed) == ((at("02T12:00"),), True)


def test_what_was_pushed_before_the_oldest_merge_is_known_but_not_replayed(
    work_tree: WorkTree,
) -> None:
    begin(work_tree)
    merge(work_tree, "old", ["02T07:00"], "02T07:30", "Merge pull request #1 from me/old")
    merge(work_tree, "one", ["02T07:10"], "02T08:00", "Merge pull request #2 from me/one")
    squash(work_tree, 7, ["02T07:20", "02T11:00"], "02T12:00", here=True)

    found = read(work_tree, count=2)

    assert [one.pushed_at_seconds for one in found.merged] == [(at("02T11:00"),), ()]
    assert found.since_seconds == at("02T08:00")
    assert found.earlier_at_seconds == (at("02T07:00"), at("02T07:10"), at("02T07:20"))


def test_a_branch_that_is_merged_into_another_is_no_pull_request(work_tree: WorkTree) -> None:
    begin(work_tree)
    merge(work_tree, "fix", ["02T07:00"], "02T07:30", "Merge branch '1.x' into main")
    merge(work_tree, "topic", ["03T07:00"], "03T07:30", "Merge branch 'topic'")

    assert [one.title for one in read(work_tree).merged] == ["Merge branch 'topic'"]


def test_the_base_is_known_from_the_day_before_on(work_tree: WorkTree) -> None:
    begin(work_tree)
    on("03T08:00")
    work_tree.commit({"b.py": "b\n", "a.py": None})
    squash(work_tree, 7, ["03T10:00"], "03T12:00", here=True)

    found = read(work_tree)

    assert [tip.at_seconds for tip in found.tips] == [
        at("01T08:00"),
        at("03T08:00"),
        at("03T12:00"),
    ]
    assert [entry.path for entry in found.tree] == ["a.py"]
    assert [entry.path for entry in found.tips[1].step.changed] == ["b.py"]
    assert found.tips[1].step.gone == ("a.py",)


def test_a_history_without_pull_requests_says_so(work_tree: WorkTree) -> None:
    begin(work_tree)

    with pytest.raises(UserMustAct, match="no merged pull request"):
        read(work_tree)


@pytest.mark.parametrize("title", ["Odd\x0bline\x85ends (#9)", "(#9)", "tab\there (#9)"])
def test_titles_are_other_peoples_words(work_tree: WorkTree, title: str) -> None:
    begin(work_tree)
    on("02T08:00")
    work_tree.commit({"b.py": "b\n"}, title)

    assert len(read(work_tree).merged) == 1


@given(st.lists(st.floats(0, 100_000), max_size=20))
def test_pushes_lie_apart_and_the_last_commit_is_always_pushed(dates: list[float]) -> None:
    found = [*past.pushes(sorted(dates))]

    assert set(found) <= set(dates)
    assert found[-1:] == sorted(dates)[-1:]
    assert all(b - a > past.ONE_PUSH_SECONDS for a, b in pairwise(found))
