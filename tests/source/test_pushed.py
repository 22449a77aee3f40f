"""When was pushed, by the refs and merges of a clone; nothing is fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from reviewer.source import pushed
from reviewer.source.git_process import GitProcess

if TYPE_CHECKING:
    from conftest import WorkTree

SINCE = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


class History:
    """A branch whose commits are made at given hours of 2 November."""

    def __init__(self, tree: WorkTree, patch: pytest.MonkeyPatch) -> None:
        self.tree, self._patch = tree, patch
        self.at("2026-10-01T00:00:00Z")
        tree.commit({"a.py": "a\n"})

    def at(self, when: str) -> None:
        self._patch.setenv("GIT_COMMITTER_DATE", when)

    def commit(self, hour: int, message: str) -> str:
        self.at(f"2026-11-02T{hour:02}:00:00Z")
        return self.tree.commit({f"{hour}.py": "b\n"}, message)

    def hours(self) -> list[int]:
        found = pushed.times(GitProcess(self.tree.folder), "main", since=SINCE)
        return [datetime.fromtimestamp(at, UTC).hour for at in found]


@pytest.fixture
def history(work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> History:
    return History(work_tree, monkeypatch)


def test_tips_of_remote_branches_tell_of_pushes(history: History) -> None:
    for hour in (9, 11):
        commit = history.commit(hour, "work")
        history.tree.git("update-ref", f"refs/remotes/origin/topic-{hour}", commit)
    history.tree.git("update-ref", "refs/remotes/origin/again", commit)
    history.tree.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")

    assert history.hours() == [9, 11]


def test_merges_and_squashes_tell_of_pull_requests_and_direct_pushes_do_not(
    history: History,
) -> None:
    history.commit(7, "Squashed\tby GitHub (#12)")
    history.commit(8, "pushed directly")
    history.tree.git("switch", "--quiet", "--create", "topic")
    history.commit(9, "work")
    history.tree.git("switch", "--quiet", "main")
    history.at("2026-11-02T10:00:00Z")
    history.tree.git("merge", "--quiet", "--no-ff", "--message", "Merge topic", "topic")

    assert history.hours() == [7, 10]


def test_what_is_older_does_not_count(history: History) -> None:
    history.tree.git("update-ref", "refs/remotes/origin/old", "main")

    assert history.hours() == []
