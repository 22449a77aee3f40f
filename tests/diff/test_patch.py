"""Git's own diffs of real repositories, read back."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer import diff
from reviewer.diff.names import decode_path
from reviewer.errors import CouldNotFinish
from reviewer.flow import FileDiff, FileStatus, Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import WorkTree

    Files = Mapping[str, str | bytes | None]

DIFF = (
    "-c", "core.quotePath=true", "diff", "-U3", "--find-renames", "--full-index", "--no-color",
    "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip

TEN = "".join(f"line {n}\n" for n in range(1, 11))
NO_NEWLINE = " No newline at end of file"


def git_diff(folder: Path, *words: str) -> bytes:
    return subprocess.run(
        ("git", *DIFF, *words), cwd=folder, capture_output=True, check=True
    ).stdout


def patch_of(work_tree: WorkTree, old: Files, new: Files, *options: str) -> bytes:
    """Commit both, and return git's diff of the two."""
    before, after = work_tree.commit(old), work_tree.commit(new)
    return git_diff(work_tree.folder, *options, before, after)


def one(work_tree: WorkTree, old: Files, new: Files, *options: str) -> FileDiff:
    (file,) = diff.parse(patch_of(work_tree, old, new, *options))
    return file


def numbers(file: FileDiff) -> list[tuple[int | None, int | None, str]]:
    return [(line.old, line.new, line.text) for hunk in file.hunks for line in hunk.lines]


def changed(file: FileDiff) -> list[tuple[int | None, int | None, str]]:
    return [row for row in numbers(file) if (row[0] is None) != (row[1] is None)]


# --- line numbers -----------------------------------------------------------------------------


def test_a_deletion_after_an_insertion_keeps_the_old_numbering(work_tree: WorkTree) -> None:
    old = "".join(f"line {n}\n" for n in range(1, 31))
    new = old.replace("line 2\n", "line 2\nx\ny\nz\n").replace("line 8\n", "")

    file = one(work_tree, {"a": old}, {"a": new})

    assert changed(file) == [
        (None, 3, "x"), (None, 4, "y"), (None, 5, "z"), (8, None, "line 8"),
    ]  # fmt: skip


def test_lines_far_apart_are_in_hunks_of_their_own(work_tree: WorkTree) -> None:
    old = "".join(f"line {n}\n" for n in range(1, 41))
    new = old.replace("line 3\n", "line three\n").replace("line 33\n", "line 33\nmore\n")

    file = one(work_tree, {"a": old}, {"a": new})

    assert [hunk.header for hunk in file.hunks] == [
        "@@ -1,6 +1,6 @@", "@@ -31,6 +31,7 @@ line 30",
    ]  # fmt: skip
    assert changed(file)[-1] == (None, 34, "more")


def test_context_lines_have_both_numbers(work_tree: WorkTree) -> None:
    file = one(work_tree, {"a": TEN}, {"a": "first\n" + TEN})

    assert numbers(file)[1] == (1, 2, "line 1")


def test_counts_that_are_left_out_mean_one_line(work_tree: WorkTree) -> None:
    patch = patch_of(work_tree, {"a": "old\n"}, {"a": "new\n"})

    assert b"@@ -1 +1 @@\n" in patch
    assert numbers(diff.parse(patch)[0]) == [(1, None, "old"), (None, 1, "new")]


def test_content_that_looks_like_a_header_is_content(work_tree: WorkTree) -> None:
    old = "-- a/comment\n++ b/more\nend\n"
    new = "@@ -1 +1 @@\ndiff --git a/x b/x\nend\n"

    file = one(work_tree, {"q.sql": old}, {"q.sql": new})

    assert changed(file) == [
        (1, None, "-- a/comment"),
        (2, None, "++ b/more"),
        (None, 1, "@@ -1 +1 @@"),
        (None, 2, "diff --git a/x b/x"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("a\nb", "a\nc\n", [(2, None, "b"), (None, None, NO_NEWLINE), (None, 2, "c")]),
        ("a\nb\n", "a\nc", [(2, None, "b"), (None, 2, "c"), (None, None, NO_NEWLINE)]),
        (
            "a\nb",
            "a\nc",
            [
                (2, None, "b"), (None, None, NO_NEWLINE),
                (None, 2, "c"), (None, None, NO_NEWLINE),
            ],
        ),
        ("a\nb", "x\na\nb", [(1, 2, "a"), (2, 3, "b"), (None, None, NO_NEWLINE)]),
    ],
    ids=["left", "right", "both", "context"],
)  # fmt: skip
def test_a_missing_last_newline_takes_no_number(
    work_tree: WorkTree, old: str, new: str, rows: list[tuple[int | None, int | None, str]]
) -> None:
    file = one(work_tree, {"a": old}, {"a": new})

    assert numbers(file)[1:] == rows


def test_a_carriage_return_stays_part_of_the_line(work_tree: WorkTree) -> None:
    file = one(work_tree, {"a": "x\r\ny\rz\r\n"}, {"a": "x\r\ny\rw\r\n"})

    assert changed(file) == [(2, None, "y\rz\r"), (None, 2, "y\rw\r")]


def test_unusual_line_separators_do_not_split_lines(work_tree: WorkTree) -> None:
    text = "a\x0cb\u2028c\x85d\x1ce"

    file = one(work_tree, {"a": "x\n"}, {"a": text + "\n"})

    assert changed(file)[-1] == (None, 1, text)


def test_a_line_that_is_not_utf_8_is_latin_1(work_tree: WorkTree) -> None:
    file = one(work_tree, {"a": "ü\n"}, {"a": "ü\n".encode("latin-1")})

    assert changed(file) == [(1, None, "ü"), (None, 1, "ü")]


def test_an_empty_context_line_may_lack_its_space(work_tree: WorkTree) -> None:
    before, after = work_tree.commit({"a": "x\n\ny\n"}), work_tree.commit({"a": "x\n\nz\n"})
    work_tree.git("config", "diff.suppressBlankEmpty", "true")

    (file,) = diff.parse(git_diff(work_tree.folder, before, after))

    assert numbers(file)[1] == (2, 2, "")


# --- what happened to a file ------------------------------------------------------------------


def test_new_changed_and_deleted_files_are_told_apart(work_tree: WorkTree) -> None:
    files = diff.parse(
        patch_of(work_tree, {"b": TEN, "c": TEN}, {"a": "1\n", "b": TEN + "11\n", "c": None})
    )

    assert [(file.path, file.status) for file in files] == [
        ("a", FileStatus.ADDED), ("b", FileStatus.MODIFIED), ("c", FileStatus.DELETED),
    ]  # fmt: skip
    assert (files[0].old_oid, files[0].old_mode) == ("0" * 40, "000000")
    assert (files[2].new_oid, files[2].new_mode) == ("0" * 40, "000000")
    assert files[1].new_oid == work_tree.git("rev-parse", "HEAD:b")


def test_a_new_empty_file_has_no_hunks(work_tree: WorkTree) -> None:
    file = one(work_tree, {}, {"empty": ""})

    assert (file.path, file.status, file.hunks) == ("empty", FileStatus.ADDED, ())


def test_a_deleted_empty_file_has_no_hunks(work_tree: WorkTree) -> None:
    file = one(work_tree, {"empty": ""}, {"empty": None})

    assert (file.path, file.status, file.hunks) == ("empty", FileStatus.DELETED, ())


def test_a_rename_without_edits_has_both_names_and_no_hunks(work_tree: WorkTree) -> None:
    file = one(work_tree, {"old name": TEN}, {"old name": None, "new name": TEN})

    assert (file.old_path, file.path, file.status) == ("old name", "new name", FileStatus.RENAMED)
    assert file.hunks == ()


def test_a_rename_with_edits_has_its_hunks(work_tree: WorkTree) -> None:
    file = one(work_tree, {"a": TEN}, {"a": None, "b": TEN + "eleven\n"})

    assert (file.old_path, file.path, file.status) == ("a", "b", FileStatus.RENAMED)
    assert changed(file) == [(None, 11, "eleven")]


def test_a_copy_is_a_copy(work_tree: WorkTree) -> None:
    old, new = {"a": TEN}, {"b": TEN + "eleven\n"}

    file = one(work_tree, old, new, "--find-copies", "--find-copies-harder")

    assert (file.old_path, file.path, file.status) == ("a", "b", FileStatus.COPIED)


def test_a_change_of_mode_alone_is_a_change(work_tree: WorkTree) -> None:
    before = work_tree.commit({"run": TEN})
    work_tree.git("update-index", "--chmod=+x", "run")
    work_tree.git("commit", "--quiet", "--message", "mode")

    (file,) = diff.parse(git_diff(work_tree.folder, before, "HEAD"))

    assert (file.old_mode, file.new_mode, file.hunks) == ("100644", "100755", ())
    assert file.status is FileStatus.MODIFIED


def test_a_binary_file_has_no_hunks(work_tree: WorkTree) -> None:
    old: Files = {"a.bin": b"\0old", "b": "x\n"}
    new: Files = {"a.bin": b"\0new", "b": "y\n"}

    files = diff.parse(patch_of(work_tree, old, new))

    assert [(file.path, file.binary, len(file.hunks)) for file in files] == [
        ("a.bin", True, 0), ("b", False, 1),
    ]  # fmt: skip


def test_a_git_binary_patch_is_passed_over(work_tree: WorkTree) -> None:
    old: Files = {"a.bin": b"\0old" * 99, "b": "x\n"}
    new: Files = {"a.bin": b"\0new" * 99, "b": "y\n"}

    files = diff.parse(patch_of(work_tree, old, new, "--binary"))

    assert [(file.path, file.binary) for file in files] == [("a.bin", True), ("b", False)]


def test_a_file_that_becomes_a_symlink_is_one_change(work_tree: WorkTree) -> None:
    before = work_tree.commit({"a": "one\ntwo\n", "b": "x\n"})
    (work_tree.folder / "a").unlink()
    (work_tree.folder / "a").symlink_to("b")
    after = work_tree.commit({})

    (file,) = diff.parse(git_diff(work_tree.folder, before, after))

    assert (file.status, file.old_mode, file.new_mode) == (
        FileStatus.MODIFIED, "100644", "120000",
    )  # fmt: skip
    assert numbers(file) == [
        (1, None, "one"), (2, None, "two"), (None, 1, "b"), (None, None, NO_NEWLINE),
    ]  # fmt: skip
    assert file.hunks[0].header == "@@ -1,2 +1,1 @@"


def test_a_submodule_shows_its_commits(work_tree: WorkTree) -> None:
    before = work_tree.commit({"a": "x\n"})
    work_tree.git("update-index", "--add", "--cacheinfo", f"160000,{before},sub")
    work_tree.git("commit", "--quiet", "--message", "submodule")

    (file,) = diff.parse(git_diff(work_tree.folder, before, "HEAD"))

    assert (file.path, file.new_mode) == ("sub", "160000")
    assert numbers(file) == [(None, 1, f"Subproject commit {before}")]


# --- names ------------------------------------------------------------------------------------

NAMES = [
    b"plain.py", b"with space.py", b"tab\there", b"new\nline", b'quo"te', b"back\\slash",
    "gr\u00fc\u00df.py".encode(), b"latin \xfc 100%.py", b"a b/x b/y", b"-dash", b"b/c b/c",
    b"caf%E9", b"x => y",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=repr)
@pytest.mark.parametrize("content", [("x\n", "y\n"), (b"\0x", b"\0y")], ids=["text", "binary"])
def test_a_name_is_read_as_in_a_tree(
    work_tree: WorkTree, name: bytes, content: tuple[str | bytes, str | bytes]
) -> None:
    path = name.decode("utf-8", "surrogateescape")

    file = one(work_tree, {path: content[0]}, {path: content[1]})

    assert (file.path, file.old_path) == (decode_path(name)[0],) * 2


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_name_of_a_renamed_file_is_read_as_in_a_tree(work_tree: WorkTree, name: bytes) -> None:
    path = name.decode("utf-8", "surrogateescape")

    file = one(work_tree, {path: TEN}, {path: None, "new": TEN})

    assert (file.old_path, file.path) == (decode_path(name)[0], "new")


def test_two_files_never_share_a_name(work_tree: WorkTree) -> None:
    latin = b"%caf\xe9".decode("utf-8", "surrogateescape")

    with pytest.raises(CouldNotFinish, match="two changed files are called '%25caf%E9'"):
        diff.parse(patch_of(work_tree, {}, {latin: "x\n", "%25caf%E9": "x\n"}))


# --- with git's own list ----------------------------------------------------------------------


def test_the_raw_list_tells_the_ids_of_a_bare_rename(work_tree: WorkTree) -> None:
    raw = ("--raw", "--no-abbrev", "--patch")

    file = one(work_tree, {"a": TEN}, {"a": None, "b": TEN}, *raw)

    assert file.new_oid == file.old_oid == work_tree.git("rev-parse", "HEAD:b")
    assert file.new_mode == "100644"


def test_a_patch_that_lacks_a_listed_file_raises(work_tree: WorkTree) -> None:
    raw = ("--raw", "--no-abbrev", "--patch")
    patch = patch_of(work_tree, {"a": "1\n", "b": "1\n"}, {"a": "2\n", "b": "2\n"}, *raw)

    assert len(diff.parse(patch)) == 2
    with pytest.raises(CouldNotFinish, match="shows 1 changed files, git lists 2"):
        diff.parse(patch[: patch.rindex(b"diff --git ")])


def test_the_raw_list_and_the_patch_agree_on_every_kind_of_change(work_tree: WorkTree) -> None:
    before = work_tree.commit({"a": TEN, "b": TEN * 2, "c": "x\n", "d": b"\0", "e f": TEN * 3})
    work_tree.write({"c": None, "new \u00fc": "n\n", "d": b"\0\0", "b": "q\n" + TEN * 2})
    (work_tree.folder / "e f").rename(work_tree.folder / "g\th")
    (work_tree.folder / "a").unlink()
    (work_tree.folder / "a").symlink_to("b")
    after = work_tree.commit({})

    plain = diff.parse(git_diff(work_tree.folder, before, after))
    listed = diff.parse(git_diff(work_tree.folder, "--raw", "--no-abbrev", "-p", before, after))

    assert [(file.path, file.status, file.hunks) for file in listed] == [
        (file.path, file.status, file.hunks) for file in plain
    ]


# --- broken input -----------------------------------------------------------------------------


def test_no_patch_is_no_change() -> None:
    assert diff.parse(b"") == ()


def test_a_patch_cut_anywhere_raises_or_ends_before_a_new_part(work_tree: WorkTree) -> None:
    patch = patch_of(
        work_tree,
        {"a": TEN, "b": "x", "old": TEN * 2, "bin": b"\0"},
        {"a": TEN * 2, "b": "y", "old": None, "new": TEN * 2 + "z\n", "bin": b"\0\0", "e": ""},
    )
    parts = (b"", b"diff --git ", b"@@ ", b"\\ No newline")

    for end in range(1, len(patch)):
        if patch[end - 1 : end] == b"\n" and any(patch[end:].startswith(p) for p in parts[1:]):
            continue
        with pytest.raises(CouldNotFinish, match=r"cannot be understood after line \d+"):
            diff.parse(patch[:end])


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        (b"hello\n", "a file should begin there"),
        (b"diff --git a/x b/x\n", "nothing tells how 'x' changed"),
        (b"diff --git a/x b/y\nold mode 1\nnew mode 2\n", "cannot be told apart"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n", "it ends early"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n-b\n+c\n", "as many lines"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n", "should begin there"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n", "no header of a hunk"),
        (b"diff --git a/x b/x\n--- a/x\n@@ -1 +1 @@\n", "the new name"),
        (b"diff --git a/x b/x\nindex 12,34..56\n", "no two blob ids"),
        (b"diff --cc x\nindex 1,2..3\n", "a file should begin there"),
        (b":100644 oops\n", "no entry of a raw diff"),
    ],
)
def test_what_does_not_add_up_raises(patch: bytes, why: str) -> None:
    with pytest.raises(CouldNotFinish, match=why):
        diff.parse(patch)


# --- what must always hold --------------------------------------------------------------------

NASTY = st.sampled_from(
    (
        b"--- a", b"+++ b", b"-- x", b"++ x", b"@@ -1 +1 @@", b"\\ No newline at end of file",
        b"", b"\r", b" ", b"diff --git a/f b/f", b"index 00..11", b"x", b"y\r", b"\xff", b"-",
    )
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, end: b"\n".join(lines) + end,
    st.lists(NASTY, max_size=25),
    st.sampled_from((b"", b"\n")),
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scratch")
    subprocess.run(("git", "init", "--quiet", folder), check=True, capture_output=True)
    return folder


def blob(folder: Path, content: bytes) -> str:
    done = subprocess.run(
        ("git", "hash-object", "-w", "--stdin"),
        cwd=folder, input=content, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip()


def tree(folder: Path, content: bytes) -> str:
    entry = f"100644 blob {blob(folder, content)}\tf\n".encode()
    done = subprocess.run(
        ("git", "mktree"), cwd=folder, input=entry, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def raw(text: str) -> bytes:
    """Undo the decoding: what was not UTF-8 became Latin-1."""
    return b"\xff" if text == "\xff" else text.encode()


def split(content: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def applied(file: FileDiff, old: bytes) -> bytes:
    """Apply the hunks to the old lines, by their numbers alone."""
    lines, new, done = split(old), list[bytes](), 0
    for hunk in file.hunks:
        start = next((line.old for line in hunk.lines if line.old), 1) - 1
        new += lines[done:start]
        done = start
        for above, line in pairwise((None, *hunk.lines)):
            assert line is not None
            if line.old is not None:
                done = line.old
            if line.new is not None:
                new.append(raw(line.text) + b"\n")
                assert line.new == len(new)
            elif line.old is None and above is not None and above.new is not None:
                new[-1] = new[-1].removesuffix(b"\n")
    return b"".join(new + lines[done:])


@given(old=TEXTS, new=TEXTS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_applying_the_hunks_to_the_old_text_gives_the_new_text(
    scratch: Path, old: bytes, new: bytes
) -> None:
    patch = git_diff(scratch, "--text", tree(scratch, old), tree(scratch, new))
    files = diff.parse(patch)

    assert len(files) == (old != new)
    for file in files:
        assert file.hunks
        old_lines, new_lines = old.split(b"\n"), new.split(b"\n")
        for hunk in file.hunks:
            for number, text in diff.numbered(hunk, Side.LEFT):
                assert old_lines[number - 1] == raw(text)
            for number, text in diff.numbered(hunk, Side.RIGHT):
                assert new_lines[number - 1] == raw(text)
        assert applied(file, old) == new
