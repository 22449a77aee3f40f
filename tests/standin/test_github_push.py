from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github_world import NEW_APP, NUMBER, World, lines, refused, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


def comment(world: World, **place: Any) -> None:
    world.github.add_review_comment(NUMBER, "someone", "b", **{"path": "app.py"} | place)


def edit(world: World, app: list[str]) -> str:
    sha = world.tree.commit({"app.py": lines(*app)})
    world.github.push(NUMBER, sha)
    return sha


def test_a_comment_follows_its_line(world: World) -> None:
    comment(world, line=10)
    sha = edit(world, ["zero", *NEW_APP])

    (shown,) = world.pull().get_review_comments()
    assert (shown.line, shown.commit_id) == (11, sha)
    assert (shown.original_line, shown.original_commit_id) == (10, world.head)


def test_a_range_follows_with_both_its_ends(world: World) -> None:
    comment(world, line=11, start_line=10, start_side="RIGHT")
    edit(world, ["zero", *NEW_APP])

    (kept,) = world.state.review_comments
    assert (kept.start_line, kept.line) == (11, 12)


def test_a_comment_on_a_line_that_changes_is_outdated(world: World) -> None:
    comment(world, line=10)
    edit(world, [*NEW_APP[:9], "ten A", *NEW_APP[10:]])

    (shown,) = world.pull().get_review_comments()
    assert (shown.raw_data["line"], shown.raw_data["position"]) == (None, None)
    assert (shown.commit_id, world.state.review_comments[0].outdated) == (world.head, True)


def test_a_comment_on_a_line_that_leaves_the_diff_is_outdated(world: World) -> None:
    comment(world, line=7)
    edit(world, [*NEW_APP[:9], "line 10", *NEW_APP[11:]])

    assert world.state.review_comments[0].outdated


def test_a_comment_finds_its_line_again(world: World) -> None:
    comment(world, line=10)
    edit(world, [*NEW_APP[:9], "ten A", *NEW_APP[10:]])
    edit(world, NEW_APP)

    (kept,) = world.state.review_comments
    assert (kept.line, kept.outdated) == (10, False)


def test_a_comment_on_a_deleted_line_stays_as_long_as_it_is_deleted(world: World) -> None:
    comment(world, line=40, side="LEFT")
    edit(world, ["zero", *NEW_APP])
    before = world.state.review_comments[0].line
    edit(world, [*NEW_APP[:40], "line 40", *NEW_APP[40:]])

    assert (before, world.state.review_comments[0].outdated) == (40, True)


def test_a_comment_on_a_file_lasts_as_long_as_the_file_is_in_the_diff(world: World) -> None:
    comment(world, subject_type="file")
    edit(world, ["zero", *NEW_APP])
    before = world.state.review_comments[0].outdated
    edit(world, [f"line {number}" for number in range(1, 61)])

    assert (before, world.state.review_comments[0].outdated) == (False, True)


def test_a_comment_on_a_file_that_is_renamed_is_outdated(world: World) -> None:
    comment(world, path="added.py", line=2)
    world.tree.git("mv", "added.py", "moved.py")
    world.github.push(NUMBER, world.tree.commit({}))

    assert world.state.review_comments[0].outdated


def test_an_answer_goes_where_its_parent_goes(world: World) -> None:
    comment(world, line=10)
    world.pull().create_review_comment_reply(world.state.review_comments[0].id, "yes")
    edit(world, ["zero", *NEW_APP])

    assert [each.line for each in world.state.review_comments] == [11, 11]


def test_after_a_force_push_the_old_head_is_outside_the_pull_request(world: World) -> None:
    world.tree.git("reset", "--quiet", "--hard", world.first)
    world.github.push(NUMBER, world.tree.commit({"added.py": "only this\n"}))

    error = refused(
        lambda: world.pull().create_review(
            commit=world.commit(world.head), body="s", event="COMMENT"
        )
    )
    assert said(error) == "commit_id is not part of the pull request"


def test_after_a_push_a_review_goes_to_the_new_head_by_default(world: World) -> None:
    sha = edit(world, ["zero", *NEW_APP])
    world.pull().create_review(body="s", event="COMMENT")

    assert world.state.reviews[0].commit_id == sha


def test_a_pushed_event_names_both_heads(world: World) -> None:
    sha = edit(world, ["zero", *NEW_APP])
    event = world.github.event(NUMBER, "synchronize")

    assert (event["before"], event["after"]) == (world.head, sha)
    assert event["pull_request"]["head"]["sha"] == sha
