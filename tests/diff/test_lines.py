"""Which lines can carry a comment."""

from __future__ import annotations

from reviewer import diff
from reviewer.flow import Side

PATCH = b"""\
diff --git a/old.py b/new.py
similarity index 90%
rename from old.py
rename to new.py
index 1111111..2222222 100644
--- a/old.py
+++ b/new.py
@@ -2,2 +2,3 @@
 two
-three
+drei
+vier
\\ No newline at end of file
@@ -20 +21 @@
-twenty
+zwanzig
"""


def test_every_line_of_a_hunk_can_carry_a_comment_on_its_side() -> None:
    spots = diff.line_map(diff.parse(PATCH))

    right, left = spots["new.py", Side.RIGHT], spots["new.py", Side.LEFT]
    assert {line: spot.changed for line, spot in right.items()} == {
        2: False, 3: True, 4: True, 21: True,
    }  # fmt: skip
    assert {line: spot.changed for line, spot in left.items()} == {2: False, 3: True, 20: True}


def test_a_line_knows_its_hunk() -> None:
    spots = diff.line_map(diff.parse(PATCH))["new.py", Side.RIGHT]

    assert [spots[line].hunk for line in (2, 4, 21)] == [0, 0, 1]


def test_a_renamed_file_is_known_by_its_new_name_on_both_sides() -> None:
    assert {path for path, _ in diff.line_map(diff.parse(PATCH))} == {"new.py"}


def test_the_lines_of_a_side_are_numbered_one_after_the_other() -> None:
    (file,) = diff.parse(PATCH)

    assert diff.numbered(file.hunks[0], Side.LEFT) == ((2, "two"), (3, "three"))
    assert diff.numbered(file.hunks[0], Side.RIGHT) == ((2, "two"), (3, "drei"), (4, "vier"))
