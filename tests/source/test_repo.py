from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import WorkTree

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Change
from reviewer.source.repo import EMPTY_TREE, GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def repository(work_tree: WorkTree) -> Iterator[GitRepository]:
    opened = GitRepository(work_tree.folder)
    yield opened
    opened.close()


def change(base: str, head: str) -> Change:
    return Change(base=base, merge_base=base, head=head)


def paths(repository: GitRepository, tree: str) -> list[str]:
    return [entry.path for entry in repository.entries(tree)]


def test_every_tracked_path_is_listed_in_byte_order(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    commit = work_tree.commit({"b/x": "1", "b.txt": "2", 'a\n"<&>\\': "3", "-rf": "4", "ü": "5"})

    assert paths(repository, commit) == ["-rf", 'a\n"<&>\\', "b.txt", "b/x", "ü"]


def test_a_name_that_is_not_utf8_is_percent_encoded(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    oid = work_tree.git("hash-object", "-w", "--stdin", stdin=b"text")
    tree = work_tree.git("mktree", "-z", stdin=f"100644 blob {oid}\t".encode() + b"a%\xff.py\0")

    entry = repository.entries(tree)[0]

    assert (entry.path, entry.percent_encoded) == ("a%25%FF.py", True)


def test_two_files_under_one_name_are_an_error_and_neither_is_lost_in_silence(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    oid = work_tree.git("hash-object", "-w", "--stdin", stdin=b"text")
    one = f"100644 blob {oid}\t".encode()
    tree = work_tree.git("mktree", "-z", stdin=one + b"a%FF\0" + one + b"a\xff\0")

    with pytest.raises(CouldNotFinish, match="a%FF"):
        repository.entries(tree)


def test_a_blob_is_read_byte_for_byte(work_tree: WorkTree, repository: GitRepository) -> None:
    content = b"\r\n\0\xff no end"
    oid = work_tree.git("hash-object", "-w", "--stdin", stdin=content)

    assert repository.read(oid) == content


def test_a_missing_object_is_an_error_that_names_it(repository: GitRepository) -> None:
    with pytest.raises(CouldNotFinish, match="1" * 40) as error:
        repository.read("1" * 40)
    assert "b'" not in str(error.value)


def test_a_missing_object_does_not_spoil_the_next_read(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    oid = work_tree.git("hash-object", "-w", "--stdin", stdin=b"here")
    with pytest.raises(CouldNotFinish):
        repository.read("1" * 40)

    assert repository.read(oid) == b"here"


def test_the_diff_is_the_same_whatever_the_users_diff_settings(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    old = work_tree.commit({"a.txt": "one\ntwo\nthree\n", "ü.txt": "x\n"})
    new = work_tree.commit({"a.txt": "one\n2\nthree\n", "ü.txt": "y\n"})
    plain = repository.patch(change(old, new))
    for key, value in {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.algorithm": "histogram",
        "diff.context": "9",
        "diff.external": "touch canary",
        "color.ui": "always",
        "core.quotePath": "false",
        "diff.suppressBlankEmpty": "true",
    }.items():
        work_tree.git("config", key, value)

    assert repository.patch(change(old, new)) == plain


def test_attributes_of_the_work_tree_do_not_change_the_diff(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    old = work_tree.commit({"a.txt": "one\n"})
    new = work_tree.commit({"a.txt": "two\n"})
    work_tree.write({".gitattributes": "*.txt -diff\n"})

    assert b"-one\n+two\n" in repository.patch(change(old, new))


def test_nothing_that_a_hostile_configuration_names_is_run(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    script.chmod(0o755)
    old = work_tree.commit({"a.txt": "one\n", ".gitattributes": "*.txt diff=x filter=x\n"})
    new = work_tree.commit({"a.txt": "two\n"})
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
    ):
        work_tree.git("config", key, str(script))
    work_tree.git("config", "filter.x.required", "true")
    (work_tree.folder / "a.txt").write_text("three\n")
    repository = GitRepository(work_tree.folder)

    repository.entries(new)
    repository.patch(change(old, new))
    repository.messages(old, new)
    repository.snapshot()
    repository.close()

    assert not canary.exists()


def test_the_messages_of_a_change_come_oldest_first(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    old = work_tree.commit({"a": "1"})
    work_tree.commit({"a": "2"}, "first\n\nwith a body")
    new = work_tree.commit({"a": "3"}, "second")

    assert repository.messages(old, new) == ("first\n\nwith a body", "second")


def test_uncommitted_work_becomes_a_tree_and_the_index_stays_as_it_was(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.commit({"kept": "1", "gone": "2", "changed": "3", ".gitignore": "*.log\n"})
    work_tree.write({"gone": None, "changed": "4", "new": "5", "noise.log": "6"})
    before = work_tree.git("status", "--porcelain")

    tree = repository.snapshot()

    assert paths(repository, tree) == [".gitignore", "changed", "kept", "new"]
    assert work_tree.git("status", "--porcelain") == before


def test_untracked_files_follow_gits_own_ignore_rules(
    work_tree: WorkTree, repository: GitRepository, tmp_path: Path
) -> None:
    work_tree.commit({".gitignore": "*.log\nbuild/\n", "deep/.gitignore": "!keep.log\n"})
    everywhere = tmp_path / "everywhere"
    everywhere.write_text("*.swp\n")
    work_tree.git("config", "core.excludesFile", str(everywhere))
    (work_tree.folder / ".git" / "info" / "exclude").write_text("/private\n")
    names = ("a.log", "deep/keep.log", "deep/b.log", "build/x", "x.swp", "private", "deep/private")
    work_tree.write(dict.fromkeys(names, "text"))

    new = set(paths(repository, repository.snapshot())) - {".gitignore", "deep/.gitignore"}

    assert new == {"deep/keep.log", "deep/private"}


def test_a_repository_without_a_commit_has_a_snapshot(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.write({"a": "1"})

    assert paths(repository, repository.snapshot()) == ["a"]


def test_a_first_commit_has_the_empty_tree_as_its_base(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    commit = work_tree.commit({"a": "1\n"}, "first")

    assert b"+1" in repository.patch(change(EMPTY_TREE, commit))
    assert repository.messages(EMPTY_TREE, commit) == ("first",)


@pytest.mark.parametrize("name", ["--output=x", "-u", "nowhere", "HEAD^9", "", "a b", "HEAD:a"])
def test_a_name_that_is_no_commit_is_refused(
    work_tree: WorkTree, repository: GitRepository, name: str
) -> None:
    work_tree.commit({"a": "1"})

    with pytest.raises(UserMustAct, match="names no commit"):
        repository.resolve(name)


def test_a_folder_outside_git_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UserMustAct, match="not a git repository"):
        GitRepository(tmp_path)


def test_a_repository_of_another_object_format_is_refused_in_plain_words(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--object-format=sha256", tmp_path), check=True)

    with pytest.raises(UserMustAct, match="SHA-256"):
        GitRepository(tmp_path)


def test_what_git_says_is_quoted_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))

    with pytest.raises(UserMustAct, match=r"nowhere'$"):
        GitRepository(tmp_path)


def test_a_symlink_is_not_a_file_that_settings_are_read_from(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    (work_tree.folder / ".reviewer.toml").symlink_to("/etc/hostname")
    commit = work_tree.commit({})

    assert repository.file_at(commit, ".reviewer.toml") is None


def test_a_bare_repository_can_be_read(work_tree: WorkTree, tmp_path: Path) -> None:
    commit = work_tree.commit({"a": "1"})
    work_tree.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    bare = GitRepository(tmp_path / "bare")

    assert paths(bare, commit) == ["a"]
    bare.close()


def test_a_linked_work_tree_can_be_read_and_snapshot(work_tree: WorkTree, tmp_path: Path) -> None:
    work_tree.commit({"a": "1"})
    work_tree.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked" / "b").write_text("2")
    linked = GitRepository(tmp_path / "linked")

    assert paths(linked, linked.snapshot()) == ["a", "b"]
    linked.close()


class Origin:
    """A remote with a branch, a pull request and its merge, as GitHub would hold them."""

    def __init__(self, folder: Path) -> None:
        self.tree = WorkTree(folder)
        self.fork_point = self.tree.commit({"a": "1"})
        self.tree.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.tree.git("checkout", "--quiet", "-b", "topic")
        for number in range(3):
            self.head = self.tree.commit({"topic": str(number)})
        self.tree.git("checkout", "--quiet", "main")
        for number in range(3):
            self.base = self.tree.commit({"main": str(number)})

    def clone(self, folder: Path, *, depth: int | None = 1) -> GitRepository:
        shallow = () if depth is None else (f"--depth={depth}",)
        subprocess.run(
            ("git", "clone", "--quiet", *shallow, f"file://{self.tree.folder}", str(folder)),
            check=True,
        )
        return GitRepository(folder)


def test_a_shallow_clone_brings_just_the_commits_it_lacks(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin")
    clone = origin.clone(tmp_path / "clone")
    assert clone.merge_base(origin.base, origin.head) is None

    clone.fetch((origin.base, origin.head, origin.fork_point))

    assert b"topic" in clone.patch(change(origin.fork_point, origin.head))
    assert clone.merge_base(origin.base, origin.head) is None  # no history was brought
    clone.close()


def test_a_fetch_does_not_truncate_a_full_clone(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin")
    clone = origin.clone(tmp_path / "clone", depth=None)
    new = origin.tree.commit({"later": "1"})

    clone.fetch((new,))

    assert clone.merge_base(new, origin.head) == origin.fork_point
    clone.close()


def test_a_commit_that_the_remote_does_not_have_is_said_by_name(tmp_path: Path) -> None:
    clone = Origin(tmp_path / "origin").clone(tmp_path / "clone")

    with pytest.raises(CouldNotFinish, match="1" * 40):
        clone.fetch(("1" * 40,))
    clone.close()


def test_a_damaged_repository_is_an_error_and_no_traceback(work_tree: WorkTree) -> None:
    commit = work_tree.commit({"a": "1"})
    shutil.rmtree(work_tree.folder / ".git" / "objects")
    (work_tree.folder / ".git" / "objects").mkdir()
    repository = GitRepository(work_tree.folder)

    with pytest.raises(CouldNotFinish, match="git ls-tree failed"):
        repository.entries(commit)
    repository.close()
