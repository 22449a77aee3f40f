from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from conftest import WorkTree

from reviewer.source import trail
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewer.flow import Trail

MIDNIGHT = datetime.fromisoformat("2026-11-02T00:00:00Z").timestamp()


def on(when: str) -> None:
    """Let the commits that follow be made at this time."""
    os.environ["GIT_COMMITTER_DATE"] = os.environ["GIT_AUTHOR_DATE"] = when


@pytest.fixture
def branch(work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkTree]:
    """Two commits on the day before, three on the day, the last of them a merge of two."""
    for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
        monkeypatch.setenv(name, "")  # put back at the end
    on("2026-11-01T10:00:00Z")
    work_tree.commit({"a.py": "a\n", "b.py": "b\n"})
    on("2026-11-01T23:59:59Z")
    work_tree.commit({"a.py": "aa\n"})
    on("2026-11-02T08:00:00Z")
    work_tree.commit({"b.py": None, "c.py": "ccc\n"})
    work_tree.commit({"ü.py": "u\n"})
    work_tree.git("switch", "--quiet", "--create", "side")
    work_tree.commit({"d.py": "d\n"})
    work_tree.commit({"d.py": "dd\n"})
    work_tree.git("switch", "--quiet", "main")
    work_tree.git("merge", "--quiet", "--no-ff", "--message", "merge", "side")
    return work_tree


def followed(folder: Path, *, since: float = MIDNIGHT) -> Trail:
    with closing(GitRepository(folder)) as repository:
        return repository.trail(repository.resolve("HEAD"), since=since)


def test_a_trail_begins_with_what_was_the_tip_at_that_hour(branch: WorkTree) -> None:
    found = followed(branch.folder)

    first_parents = branch.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
    assert [step.commit for step in found.steps] == first_parents[1:]
    assert (found.steps[0].changed, found.missing) == ((), "")


def test_a_step_tells_what_it_did_to_the_tree_and_a_merge_is_one_step(branch: WorkTree) -> None:
    _, removal, name, merge = followed(branch.folder).steps

    assert ([entry.path for entry in removal.changed], removal.gone) == (["c.py"], ("b.py",))
    assert [(entry.path, entry.size_bytes) for entry in name.changed] == [("ü.py", 2)]
    with closing(GitRepository(branch.folder)) as repository:
        entries = {entry.path: entry for entry in repository.entries("HEAD")}
    assert merge.changed == (entries["d.py"],)


def test_a_commit_at_the_very_hour_counts_as_before_it(branch: WorkTree) -> None:
    early = datetime.fromisoformat("2026-11-01T23:59:59Z").timestamp()

    assert len(followed(branch.folder, since=early).steps) == 4
    assert len(followed(branch.folder, since=early - 1).steps) == 5


def test_a_branch_that_is_younger_is_followed_from_its_root(branch: WorkTree) -> None:
    assert len(followed(branch.folder, since=0).steps) == 5


def test_nothing_has_happened_since_an_hour_to_come(branch: WorkTree) -> None:
    (only,) = followed(branch.folder, since=MIDNIGHT * 2).steps

    assert only.commit == branch.git("rev-parse", "HEAD")


# --- shallow clones ----------------------------------------------------------------------------


def shallow(branch: WorkTree, folder: Path) -> Path:
    branch.git("clone", "--quiet", "--depth=1", branch.folder.as_uri(), str(folder))
    return folder


def test_a_shallow_clone_that_may_not_fetch_says_so(branch: WorkTree, tmp_path: Path) -> None:
    found = followed(shallow(branch, tmp_path / "shallow"))

    assert (found.steps, found.missing) == (
        (),
        "the clone is shallow and does not reach back to it",
    )


def test_a_shallow_clone_is_deepened_as_far_as_it_takes(
    branch: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "DEPTHS", (2, 4, 9))
    with closing(GitRepository(shallow(branch, tmp_path / "shallow"))) as repository:
        tip = repository.resolve("HEAD")
        repository.fetch([tip])
        found = repository.trail(tip, since=MIDNIGHT)

    assert found == followed(branch.folder)


def test_a_shallow_clone_is_left_alone_when_it_reaches_back(
    branch: WorkTree, tmp_path: Path
) -> None:
    folder = shallow(branch, tmp_path / "shallow")
    with closing(GitRepository(folder)) as repository:
        tip = repository.resolve("HEAD")
        repository.fetch([tip])
        repository.trail(tip, since=MIDNIGHT * 2)

    clone = WorkTree(folder)
    assert clone.git("rev-list", "--count", "HEAD") == "1"


def test_more_commits_than_any_day_has_are_not_walked(
    branch: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST_STEPS", 2)

    assert "more than 2 commits since" in followed(branch.folder).missing
