from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import UserMustAct
from reviewer.source.prepush import PushedRef, base_of, read, read_pre_commit
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

OLD = "a" * 40
NEW = "b" * 40
NONE = "0" * 40


def line(
    local_ref: str = "refs/heads/main",
    local_oid: str = NEW,
    remote_ref: str = "refs/heads/main",
    remote_oid: str = OLD,
) -> str:
    return f"{local_ref} {local_oid} {remote_ref} {remote_oid}\n"


def test_a_pushed_branch_is_read() -> None:
    assert read(line()) == (
        PushedRef(
            local_ref="refs/heads/main",
            local_oid=NEW,
            remote_ref="refs/heads/main",
            remote_oid=OLD,
        ),
    )


def test_every_ref_of_a_push_is_read_in_order() -> None:
    found = read(line() + line(remote_ref="refs/heads/next") + line(remote_ref="refs/tags/v1"))

    assert [ref.remote_ref for ref in found] == [
        "refs/heads/main",
        "refs/heads/next",
        "refs/tags/v1",
    ]


def test_nothing_to_push_is_no_ref() -> None:
    assert read("") == ()


@pytest.mark.parametrize("zeros", [40, 64])
def test_a_new_branch_has_no_commit_on_the_remote(zeros: int) -> None:
    ref = read(line(local_oid="b" * zeros, remote_oid="0" * zeros))[0]

    assert ref.created
    assert not ref.deleted
    assert ref.carries_code


@pytest.mark.parametrize("zeros", [40, 64])
def test_a_deletion_carries_no_code(zeros: int) -> None:
    ref = read(line("(delete)", "0" * zeros, remote_oid="a" * zeros))[0]

    assert ref.deleted
    assert not ref.carries_code


def test_a_tag_carries_no_code_whatever_it_was_called_here() -> None:
    ref = read(line("HEAD", remote_ref="refs/tags/v1", remote_oid=NONE))[0]

    assert ref.tag
    assert not ref.carries_code


def test_a_branch_with_tags_in_its_name_is_no_tag() -> None:
    assert not read(line(remote_ref="refs/heads/refs/tags/v1"))[0].tag


def test_a_ref_that_does_not_move_carries_no_code() -> None:
    assert not read(line(local_oid=OLD))[0].carries_code


@given(local_ref=st.text(min_size=1).filter(lambda text: "\n" not in text))
def test_whatever_the_user_typed_for_the_local_ref_is_read(local_ref: str) -> None:
    assert read(line(local_ref))[0].local_ref == local_ref


@pytest.mark.parametrize(
    "text",
    [
        "refs/heads/main\n",
        f"refs/heads/main {NEW} refs/heads/main\n",
        f"refs/heads/main {NEW[:39]} refs/heads/main {OLD}\n",
        f"refs/heads/main {NEW} refs/heads/main {OLD.upper()}\n",
        f"refs/heads/main  {NEW} refs/heads/a b {OLD}\n",
        "\0\n",
    ],
)
def test_input_that_is_not_gits_is_refused(text: str) -> None:
    with pytest.raises(UserMustAct, match="not what git tells"):
        read(line() + text)


def test_pre_commits_variables_stand_for_one_ref() -> None:
    found = read_pre_commit(
        {
            "PRE_COMMIT_FROM_REF": OLD,
            "PRE_COMMIT_TO_REF": NEW,
            "PRE_COMMIT_LOCAL_BRANCH": "HEAD",
            "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/fast",
        }
    )

    assert found == read(line("HEAD", remote_ref="refs/heads/fast"))


def test_pre_commits_first_push_of_a_repository_has_nothing_to_compare_with() -> None:
    assert read_pre_commit({"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main"}) == ()


@pytest.fixture
def repository(work_tree: WorkTree) -> Iterator[GitRepository]:
    """A default branch of two commits that the remote has, and a branch `fast` off the first."""
    first = work_tree.commit({"a": "1"})
    work_tree.git("branch", "fast")
    work_tree.git("update-ref", "refs/remotes/origin/main", work_tree.commit({"a": "2"}))
    work_tree.git("tag", "first", first)
    work_tree.git("switch", "--quiet", "fast")
    opened = GitRepository(work_tree.folder)
    yield opened
    opened.close()


def push(work_tree: WorkTree, *, remote_oid: str) -> PushedRef:
    return read(line(local_oid=work_tree.git("rev-parse", "HEAD"), remote_oid=remote_oid))[0]


def test_a_new_branch_is_compared_with_where_it_left_the_default_branch(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.commit({"b": "1"})

    base = base_of(push(work_tree, remote_oid=NONE), remote="origin", refs=repository)

    assert base == work_tree.git("rev-parse", "first")


def test_a_branch_that_grew_is_compared_with_what_the_remote_has(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    known = work_tree.commit({"b": "1"})
    work_tree.commit({"b": "2"})

    assert base_of(push(work_tree, remote_oid=known), remote="origin", refs=repository) == known


def test_an_amended_branch_is_compared_with_the_last_commit_that_both_have(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    shared = work_tree.commit({"b": "1"})
    known = work_tree.commit({"b": "2"})
    work_tree.git("reset", "--quiet", "--hard", shared)
    work_tree.commit({"b": "3"})

    assert base_of(push(work_tree, remote_oid=known), remote="origin", refs=repository) == shared


@pytest.mark.parametrize("words", [("rebase", "--quiet"), ("merge", "--quiet", "--no-edit")])
def test_the_default_branchs_own_work_is_not_taken_for_the_pushs(
    work_tree: WorkTree, repository: GitRepository, words: tuple[str, ...]
) -> None:
    known = work_tree.commit({"b": "1"})
    work_tree.git(*words, "origin/main")

    base = base_of(push(work_tree, remote_oid=known), remote="origin", refs=repository)

    assert base == work_tree.git("rev-parse", "origin/main")


def test_a_commit_that_was_never_fetched_counts_as_unknown(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.commit({"b": "1"})

    base = base_of(push(work_tree, remote_oid="d" * 40), remote="origin", refs=repository)

    assert base == work_tree.git("rev-parse", "first")


def test_a_remote_without_a_default_branch_borrows_origins(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.commit({"b": "1"})

    base = base_of(push(work_tree, remote_oid=NONE), remote="my-fork", refs=repository)

    assert base == work_tree.git("rev-parse", "first")


def test_a_first_push_has_nothing_to_be_compared_with(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    work_tree.git("update-ref", "-d", "refs/remotes/origin/main")

    assert base_of(push(work_tree, remote_oid=NONE), remote="origin", refs=repository) is None
