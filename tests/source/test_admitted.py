"""A stranger's pack: what git takes of it, what it refuses, and what stays as it was."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING

import pytest
from conftest import WorkTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.source.git_process import GitProcess
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMIT, BLOB = 1, 3
BASE = {"a.py": "".join(f"line_{n} = {n}\n" for n in range(400))}


class Stranger:
    """A fork with one commit, and our clone, which does not have it."""

    def __init__(self, folder: Path) -> None:
        self.fork = WorkTree(folder / "fork")
        self.base = self.fork.commit(dict(BASE), "Base")
        self.ours = folder / "ours"
        self.fork.git("clone", "--quiet", str(self.fork.folder), str(self.ours))
        self.head = self.fork.commit({"a.py": BASE["a.py"] + "more = 1\n"}, "Head")

    def pack(self, head: str = "", base: str = "") -> bytes:
        asked = f"{head or self.head}\n^{base or self.base}\n".encode()
        return subprocess.run(
            ("git", "pack-objects", "--revs", "--thin", "--stdout", "--quiet"),
            cwd=self.fork.folder,
            input=asked,
            capture_output=True,
            check=True,
        ).stdout

    def here(self, head: str = "") -> bool:
        done = subprocess.run(
            ("git", "cat-file", "-e", head or self.head), cwd=self.ours, check=False
        )
        return done.returncode == 0


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    return Stranger(tmp_path)


@pytest.fixture
def ours(stranger: Stranger) -> Iterator[GitRepository]:
    opened = GitRepository(stranger.ours)
    yield opened
    opened.close()


def made(*objects: tuple[int, bytes]) -> bytes:
    """A pack of whole objects, in git's format (gitformat-pack(5))."""
    data = b"PACK" + struct.pack(">LL", 2, len(objects))
    for kind, content in objects:
        size, head = len(content) >> 4, (kind << 4) | (len(content) & 15)
        while size:
            data += bytes([head | 128])
            head, size = size & 127, size >> 7
        data += bytes([head]) + zlib.compress(content)
    return data + hashlib.sha1(data, usedforsecurity=False).digest()


def test_the_objects_of_a_thin_pack_are_taken_in(stranger: Stranger, ours: GitRepository) -> None:
    pack = stranger.pack()
    ours.admit(pack, stranger.head)

    assert len(pack) < 500  # a.py alone has more: it came as what differs from ours
    assert ours.file_at(stranger.head, "a.py") == (BASE["a.py"] + "more = 1\n").encode()


def test_no_file_and_no_ref_is_made(stranger: Stranger, ours: GitRepository) -> None:
    def refs() -> str:
        return subprocess.run(
            ("git", "for-each-ref"), cwd=stranger.ours, capture_output=True, text=True, check=True
        ).stdout

    files, before = set(stranger.ours.iterdir()), refs()
    ours.admit(stranger.pack(), stranger.head)

    assert (set(stranger.ours.iterdir()), refs()) == (files, before)


def test_links_and_submodules_are_only_names(
    stranger: Stranger, ours: GitRepository, tmp_path: Path
) -> None:
    (stranger.fork.folder / "link").symlink_to("/etc/passwd")
    stranger.fork.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    stranger.fork.git("add", "link")
    stranger.fork.git("commit", "--quiet", "-m", "Links")
    head = stranger.fork.git("rev-parse", "HEAD")
    ours.admit(stranger.pack(head), head)

    assert {entry.path for entry in ours.entries(head)} == {"a.py", "link", "module"}
    assert not (stranger.ours / "link").exists()


def test_a_pack_without_the_commit_is_refused(stranger: Stranger, ours: GitRepository) -> None:
    with pytest.raises(UserMustAct, match=f"does not bring commit {'9' * 40}"):
        ours.admit(stranger.pack(), "9" * 40)


def test_a_commit_that_is_asked_for_must_be_one(stranger: Stranger, ours: GitRepository) -> None:
    tree = stranger.fork.git("rev-parse", f"{stranger.head}^{{tree}}")

    with pytest.raises(UserMustAct, match="does not bring commit"):
        ours.admit(stranger.pack(), tree)


def test_a_pack_that_builds_upon_what_is_not_here_is_refused(
    stranger: Stranger, ours: GitRepository
) -> None:
    top = stranger.fork.commit({"b.py": "b = 1\n"}, "Top")

    with pytest.raises(UserMustAct, match="git does not take its objects: "):
        ours.admit(stranger.pack(top, base=stranger.head), top)


def test_where_the_checkout_is_shallow_that_is_said(stranger: Stranger, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    stranger.fork.git("branch", "old", stranger.base)
    stranger.fork.git(
        "clone",
        "--quiet",
        "--depth=1",
        "--branch=old",
        stranger.fork.folder.as_uri(),
        str(shallow),
    )
    opened = GitRepository(shallow)
    with pytest.raises(UserMustAct, match="fetch-depth: 0"):
        opened.admit(b"", stranger.head)
    opened.close()


def test_a_pack_without_a_file_that_it_links_to_is_refused(
    stranger: Stranger, ours: GitRepository
) -> None:
    missing = made((COMMIT, f"tree {'5' * 40}\nauthor A <a> 0 +0000\n"
                            "committer A <a> 0 +0000\n\nm\n".encode()))  # fmt: skip

    with pytest.raises(UserMustAct, match="git does not take its objects"):
        ours.admit(missing, stranger.head)


def test_a_tree_that_would_write_into_git_is_refused(
    stranger: Stranger, ours: GitRepository
) -> None:
    blob = stranger.fork.git("hash-object", "-w", "--stdin", stdin=b"[core]\n")
    inner = stranger.fork.git("mktree", stdin=f"100644 blob {blob}\tconfig\n".encode())
    tree = stranger.fork.git("mktree", stdin=f"040000 tree {inner}\t.git\n".encode())
    head = stranger.fork.git("commit-tree", tree, "-p", stranger.base, "-m", "Evil")

    with pytest.raises(UserMustAct, match="git does not take its objects"):
        ours.admit(stranger.pack(head), head)
    assert not stranger.here(head)


def test_an_object_that_asks_for_much_memory_is_refused(
    stranger: Stranger, ours: GitRepository
) -> None:
    bomb = made((COMMIT, bytes(100_000_000)))

    assert len(bomb) < 200_000
    with pytest.raises(UserMustAct, match="over limit"):
        ours.admit(bomb, stranger.head)


def test_a_large_file_is_no_bomb(stranger: Stranger, ours: GitRepository) -> None:
    head = stranger.fork.commit({"big.bin": bytes(80_000_000)}, "Big")
    ours.admit(stranger.pack(head), head)

    assert stranger.here(head)


def test_a_git_that_does_not_come_to_an_end_is_ended(stranger: Stranger) -> None:
    git = GitProcess(stranger.ours)
    with pytest.raises(CouldNotFinish, match="did not complete"):
        git.run("-c", "alias.wait=!sleep 600", "wait", most_seconds=0.2)
    git.close()


FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(pack=st.binary(max_size=200))
def test_any_bytes_are_refused(stranger: Stranger, ours: GitRepository, pack: bytes) -> None:
    with pytest.raises(UserMustAct, match="refused"):
        ours.admit(pack, stranger.head)


@FEW
@given(data=st.data())
def test_a_pack_that_is_cut_or_has_a_byte_changed_is_refused(
    stranger: Stranger, ours: GitRepository, data: st.DataObject
) -> None:
    pack = bytearray(stranger.pack())
    at = data.draw(st.integers(0, len(pack) - 1))
    if data.draw(st.booleans()):
        del pack[at:]
    else:
        pack[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(UserMustAct, match="refused"):
        ours.admit(bytes(pack), stranger.head)
    assert not stranger.here()
