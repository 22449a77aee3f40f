"""What the model reads of a diff."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewer import diff
from reviewer.flow import DiffLine, FileDiff, FileStatus, Hunk

if TYPE_CHECKING:
    from conftest import WorkTree

PATCH = b"""\
diff --git a/a b.sql b/a b.sql
index 1111111..2222222 100644
--- a/a b.sql\t
+++ b/a b.sql\t
@@ -1,2 +1,2 @@ select
 one
--- gr\xc3\xbc\xc3\x9fe
\\ No newline at end of file
+++ two\r
"""


def file_diff(**given: object) -> FileDiff:
    line = DiffLine(text="x", old=None, new=1)
    values = {
        "path": "a", "old_path": "a", "status": FileStatus.MODIFIED, "old_oid": "1",
        "new_oid": "2",
        "old_mode": "100644", "new_mode": "100644", "binary": False,
        "hunks": (Hunk(header="@@ -0,0 +1 @@", lines=(line,)),),
    }  # fmt: skip
    return FileDiff(**{**values, **given})  # type: ignore[arg-type]  # the keys are FileDiff's


def test_a_rendered_diff_is_gits_text_without_the_blob_ids() -> None:
    (file,) = diff.parse(PATCH)

    assert diff.render(file).encode() == PATCH.replace(b"index 1111111..2222222 100644\n", b"")


def test_a_rendered_diff_parses_to_the_same_hunks(work_tree: WorkTree) -> None:
    before = work_tree.commit({"a": "".join(f"{n}\n" for n in range(50)), "b \u00fc\t": "x"})
    after = work_tree.commit({"a": "".join(f"{n}\n" for n in range(1, 44)), "b \u00fc\t": "y\n"})
    patch = subprocess.run(
        ("git", "diff", "--full-index", before, after),
        cwd=work_tree.folder, capture_output=True, check=True,
    ).stdout  # fmt: skip

    for file in diff.parse(patch):
        (again,) = diff.parse(diff.render(file).encode())
        assert again == replace(file, old_oid="", new_oid="", old_mode="", new_mode="")


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (
            {"status": FileStatus.ADDED, "new_mode": "100755"},
            ["diff --git a/a b/a", "new file mode 100755", "--- /dev/null", "+++ b/a"],
        ),
        (
            {"status": FileStatus.DELETED},
            ["diff --git a/a b/a", "deleted file mode 100644", "--- a/a", "+++ /dev/null"],
        ),
        (
            {"status": FileStatus.RENAMED, "old_path": "z", "hunks": ()},
            ["diff --git a/z b/a", "rename from z", "rename to a"],
        ),
        (
            {"new_mode": "100755", "hunks": ()},
            ["diff --git a/a b/a", "old mode 100644", "new mode 100755"],
        ),
        ({"binary": True, "hunks": ()}, ["diff --git a/a b/a", "Binary files differ"]),
    ],
    ids=["added", "deleted", "renamed", "mode", "binary"],
)
def test_the_header_says_what_happened(given: dict[str, object], rows: list[str]) -> None:
    assert diff.render(file_diff(**given)).splitlines()[: len(rows)] == rows


def test_a_name_cannot_break_the_line_it_stands_on() -> None:
    path = 'a\n+++ "b\\'

    rendered = diff.render(file_diff(path=path, old_path=path))

    assert rendered.splitlines()[0] == r'diff --git "a/a\n+++ \"b\\" "b/a\n+++ \"b\\"'
    assert diff.parse(rendered.encode())[0].path == path
