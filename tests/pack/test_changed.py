from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import ChangedFile, DiffLine, FileClass, FileDiff, FileStatus, Hunk
from reviewer.pack import PathRules
from reviewer.pack.changed import show
from reviewer.pack.tokens import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

PLENTY = 100_000


def modified(path: str, *, status: FileStatus = FileStatus.MODIFIED, lines: int = 1) -> FileDiff:
    """A change whose blobs are named after the path: `old:PATH` and `new:PATH`."""
    added = [DiffLine(text=f"line {n}", old=None, new=n) for n in range(1, lines + 1)]
    return FileDiff(
        path=path,
        old_path=path,
        status=status,
        old_oid=f"old:{path}",
        new_oid=f"new:{path}",
        old_mode="100644",
        new_mode="100644",
        binary=False,
        hunks=(Hunk(header=f"@@ -0,0 +1,{lines} @@", lines=tuple(added)),),
    )


def shown(
    diffs: Sequence[FileDiff],
    blobs: dict[str, bytes] | None = None,
    *,
    budget_tokens: int = PLENTY,
    include: Sequence[str] = (),
) -> dict[str, ChangedFile]:
    files = show(
        diffs,
        lambda oid: (blobs or {}).get(oid, b"plain text\n"),
        PathRules.build({}, "", include, ()),
        max_file_bytes=1000,
        budget_tokens=budget_tokens,
        family=Family.CURRENT,
    )
    return {file.diff.path: file for file in files}


def test_a_changed_file_is_shown_whole_with_its_hunks() -> None:
    file = shown([modified("a.py")])["a.py"]

    assert (file.text, file.shows_diff, file.why) == ("plain text\n", True, "")


def test_a_deleted_file_is_shown_by_its_hunks_and_nothing_is_missing() -> None:
    file = shown([modified("a.py", status=FileStatus.DELETED)])["a.py"]

    assert (file.text, file.shows_diff, file.why) == (None, True, "")


@pytest.mark.parametrize(
    ("path", "file_class"),
    [(".env", FileClass.SECRET), ("go.sum", FileClass.LOCK), ("a.png", FileClass.MEDIA)],
)
def test_a_file_that_is_never_sent_is_named_with_the_reason(
    path: str, file_class: FileClass
) -> None:
    file = shown([modified(path)])[path]

    assert (file.text, file.shows_diff) == (None, False)
    assert file.why.startswith(file_class)


def test_a_change_cannot_hide_a_file_by_calling_it_generated() -> None:
    file = shown([modified("a.py")], {"new:a.py": b"# @generated\nevil()\n"})["a.py"]

    assert file.text == "# @generated\nevil()\n"


def test_a_new_file_cannot_hide_by_calling_itself_generated() -> None:
    new = modified("a.py", status=FileStatus.ADDED)

    assert shown([new], {"new:a.py": b"# @generated\nevil()\n"})["a.py"].text is not None


def test_a_file_that_was_generated_before_the_change_stays_out() -> None:
    file = shown([modified("a.py")], {"old:a.py": b"# @generated\nx = 1\n"})["a.py"]

    assert file.verdict.file_class is FileClass.GENERATED


def test_a_large_file_is_named_unless_it_was_asked_for() -> None:
    blobs = {"new:a.py": b"x = 1\n" * 1000}

    assert shown([modified("a.py")], blobs)["a.py"].verdict.file_class is FileClass.TOO_LARGE
    assert shown([modified("a.py")], blobs, include=["a.py"])["a.py"].text is not None


@pytest.mark.parametrize("content", [b"evil()  # \0\n", b"x = 1\n" * 1000])
def test_a_change_that_keeps_code_from_being_seen_is_marked(content: bytes) -> None:
    file = shown([modified("a.py")], {"new:a.py": content})["a.py"]

    assert (file.text, file.concealed) == (None, True), file.why


def test_what_could_not_be_seen_before_the_change_either_is_no_trick() -> None:
    blobs = {"old:a.py": b"\0", "new:a.py": b"\0 \0"}

    assert not shown([modified("a.py")], blobs)["a.py"].concealed
    assert not shown([modified("a.dat")], {"new:a.dat": b"\0"})["a.dat"].concealed


def test_text_that_git_takes_for_binary_is_shown_without_a_diff() -> None:
    wide = replace(modified("a.cs"), binary=True, hunks=())
    file = shown([wide], {"new:a.cs": "\ufeffevil();\n".encode("utf-16-le")})["a.cs"]

    assert (file.text, file.shows_diff) == ("\ufeffevil();\n", False)
    assert "no diff" in file.why


def test_the_whole_text_gives_way_before_the_hunks_do() -> None:
    blobs = {"new:a.py": b"x = 1\n" * 100}
    file = shown([modified("a.py")], blobs, budget_tokens=100)["a.py"]

    assert (file.text, file.shows_diff) == (None, True)
    assert "only its diff is shown" in file.why


def test_a_change_that_does_not_fit_at_all_is_named_with_the_numbers() -> None:
    file = shown([modified("a.py", lines=500)], budget_tokens=50)["a.py"]

    assert not file.shows_diff
    assert "over the budget" in file.why
    assert "50" in file.why


@given(
    sizes=st.lists(st.integers(1, 60), max_size=8),
    budget_tokens=st.integers(-10, 2000),
)
def test_the_budget_holds_and_every_file_is_there_once(
    sizes: list[int], budget_tokens: int
) -> None:
    diffs = [modified(f"{number}.py", lines=size) for number, size in enumerate(sizes)]
    blobs = {f"new:{number}.py": b"y = 2\n" * size for number, size in enumerate(sizes)}

    files = shown(diffs, blobs, budget_tokens=budget_tokens)

    assert list(files) == [each.path for each in diffs]
    assert sum(file.tokens for file in files.values()) <= max(budget_tokens, 0)
    assert all(file.why or (file.text is not None and file.shows_diff) for file in files.values())
