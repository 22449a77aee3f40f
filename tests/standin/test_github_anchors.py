from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from github import GithubException
from github_world import NUMBER, World, lines, refused, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.standin.github_anchors import Misplaced, find, named
from reviewer.standin.github_errors import Refused
from reviewer.standin.github_git import Git
from reviewer.standin.github_patch import hunks
from reviewer.standin.github_values import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

    from reviewer.standin.github import GitHub
    from reviewer.standin.github_patch import FileDiff

CONTEXT = 3


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


def accepts(github: GitHub, **place: Any) -> bool:
    try:
        github.add_review_comment(NUMBER, "someone", "b", **place)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("side", "taken"),
    [
        ("RIGHT", [*range(7, 15), *range(38, 44)]),
        ("LEFT", [*range(7, 14), *range(37, 44)]),
    ],
)
def test_the_lines_of_a_hunk_take_comments_and_no_others(
    world: World, side: str, taken: list[int]
) -> None:
    found = [
        line for line in range(1, 63) if accepts(world.github, path="app.py", line=line, side=side)
    ]

    assert found == taken


def test_a_renamed_file_is_known_by_its_new_name_alone(world: World) -> None:
    assert accepts(world.github, path="new.py", line=5, side="LEFT")
    assert not accepts(world.github, path="old.py", line=5, side="LEFT")


def test_a_deleted_file_takes_comments_on_the_left_alone(world: World) -> None:
    assert accepts(world.github, path="gone.py", line=1, side="LEFT")
    assert not accepts(world.github, path="gone.py", line=1, side="RIGHT")


def test_lines_that_came_in_by_merging_the_base_take_no_comments(world: World) -> None:
    world.tree.git("checkout", "--quiet", "main")
    world.tree.commit({"kept.py": "kept\nand more\n"})
    world.tree.git("checkout", "--quiet", "feature")
    world.tree.git("merge", "--quiet", "--message", "merge main", "main")
    world.github.push(NUMBER, "feature")

    assert not accepts(world.github, path="kept.py", line=2)
    assert accepts(world.github, path="app.py", line=10)


def test_work_on_the_base_after_the_branch_changes_no_anchor(world: World) -> None:
    world.tree.git("checkout", "--quiet", "main")
    world.tree.commit({"app.py": "all new\n"})

    assert accepts(world.github, path="app.py", line=10)


def test_git_settings_and_attributes_change_no_anchor(world: World) -> None:
    world.tree.git("config", "diff.context", "0")
    world.tree.git("config", "diff.interHunkContext", "100")
    world.tree.git("config", "diff.noprefix", "true")
    world.tree.git("config", "diff.external", "false")
    world.tree.write({".gitattributes": "*.py binary\n"})

    assert accepts(world.github, path="app.py", line=7)
    assert not accepts(world.github, path="app.py", line=25)


def test_a_tag_with_the_name_of_a_branch_changes_no_anchor(world: World) -> None:
    world.tree.git("tag", "main", world.head)

    assert accepts(world.github, path="app.py", line=7)


# --- ranges ----------------------------------------------------------------------------------


def ranged(world: World, start: int, end: int, **other: Any) -> None:
    world.pull().create_review_comment(
        "b",
        world.head,
        "app.py",
        **{"line": end, "side": "RIGHT", "start_line": start, "start_side": "RIGHT", **other},
    )


def test_a_range_inside_a_hunk_is_kept_whole(world: World) -> None:
    ranged(world, 9, 12)

    (kept,) = world.state.review_comments
    assert (kept.start_line, kept.line, kept.start_side) == (9, 12, "RIGHT")


def test_a_range_over_two_hunks_is_refused(world: World) -> None:
    assert "same hunk" in said(refused(lambda: ranged(world, 12, 40)))


@pytest.mark.parametrize("start", [10, 11])
def test_a_range_starts_before_it_ends(world: World, start: int) -> None:
    assert "must precede" in said(refused(lambda: ranged(world, start, 10)))


def test_a_range_may_begin_on_the_deleted_side(world: World) -> None:
    ranged(world, 10, 11, start_side="LEFT")

    assert world.state.review_comments[0].start_side == "LEFT"


def test_both_ends_of_a_range_must_be_in_the_diff(world: World) -> None:
    with pytest.raises(GithubException):
        ranged(world, 2, 10)


# --- names and contents ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["with space.py", 'quo"te.py', "tab\there.py", "back\\slash.py", "ünï.py", "a b/c.py"]
)
def test_an_odd_name_is_a_path_like_any_other(world: World, name: str) -> None:
    world.tree.commit({name: "one\n"})
    world.github.push(NUMBER, "feature")

    assert accepts(world.github, path=name, line=1)


def test_a_file_that_becomes_a_link_has_both_sides(world: World) -> None:
    (world.tree.folder / "app.py").unlink()
    (world.tree.folder / "app.py").symlink_to("kept.py")
    world.tree.commit({})
    world.github.push(NUMBER, "feature")

    (file,) = [each for each in world.pull().get_files() if each.filename == "app.py"]
    assert (file.status, file.additions, file.deletions) == ("changed", 1, 60)
    assert accepts(world.github, path="app.py", line=1, side="RIGHT")
    assert accepts(world.github, path="app.py", line=60, side="LEFT")
    assert accepts(world.github, path="new.py", line=5)


def test_a_last_line_without_a_newline_takes_a_comment(world: World) -> None:
    world.tree.commit({"added.py": "one\ntwo\nthree\nfour"})
    world.github.push(NUMBER, "feature")

    assert accepts(world.github, path="added.py", line=4)


def test_the_note_about_a_missing_newline_is_no_line() -> None:
    (hunk,) = hunks(b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n")

    assert [(line.old, line.new) for line in hunk.lines] == [(1, None), (None, None), (None, 1)]


def widened(patch: str, side: str, count: int) -> set[int]:
    """What takes comments, from a diff without context: a second way to the same answer."""
    found = set()
    for header in re.findall(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", patch, re.MULTILINE):
        start, length = header[:2] if side == "LEFT" else header[2:]
        first, last = int(start), int(start) + int(length or 1) - 1
        if length == "0":
            first += 1  # a hunk without lines on this side names the line before it
        found |= set(range(first - CONTEXT, last + (length == "0") + CONTEXT + 1))
    return found & set(range(1, count + 1))


def stands(files: tuple[FileDiff, ...], line: int, side: str) -> bool:
    try:
        find(named(files, "a.py"), Anchor(path="a.py", line=line, side=side))
    except Misplaced:
        return False
    return True


edits = st.lists(st.tuples(st.integers(0, 39), st.sampled_from(["-", "~", "+"])), max_size=5)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits)
def test_what_takes_comments_is_the_change_and_three_lines_around_it(
    work_tree: WorkTree, edits: list[tuple[int, str]]
) -> None:
    before = [f"line {number}" for number in range(40)]
    after: list[str] = []
    for index, text in enumerate(before):
        kinds = [kind for at, kind in edits if at == index]
        after += [f"new {index}"] * kinds.count("+")
        after += [] if "-" in kinds else [f"changed {index}"] if "~" in kinds else [text]
    work_tree.git("checkout", "--quiet", "--orphan", "scratch")
    base = work_tree.commit({"a.py": lines(*before)})
    head = work_tree.commit({"a.py": lines(*after), "b.py": "so that there is a change\n"})
    work_tree.git("update-ref", "-d", "refs/heads/scratch")
    files = Git(work_tree.folder).diff(base, head)
    patch = work_tree.git("diff", "-U0", base, head, "--", "a.py")

    for side, count in (("LEFT", len(before)), ("RIGHT", len(after))):
        found = {line for line in range(count + 2) if stands(files, line, side)}
        assert found == widened(patch, side, count)
