from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github_world import NUMBER, World, refused, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


def comment(line: int = 10, **other: Any) -> Any:
    return {"path": "app.py", "line": line, "side": "RIGHT", "body": "a remark", **other}


def test_a_review_and_its_comments_are_kept_together(world: World) -> None:
    review = world.pull().create_review(
        body="summary", event="COMMENT", comments=[comment(10), comment(41)]
    )

    (kept,) = world.state.reviews
    assert (kept.id, kept.body, kept.state) == (review.id, "summary", "COMMENTED")
    assert [each.line for each in world.state.review_comments] == [10, 41]
    assert {each.review_id for each in world.state.review_comments} == {review.id}


def test_the_author_is_a_bot_with_its_suffix(world: World) -> None:
    user = world.pull().create_review(body="summary", event="COMMENT").user

    assert (user.login, user.type, user.id) == ("github-actions[bot]", "Bot", 41898282)


def test_one_bad_line_refuses_the_whole_review_and_is_not_named(world: World) -> None:
    good_and_bad = [comment(10), comment(25)]
    error = refused(
        lambda: world.pull().create_review(body="s", event="COMMENT", comments=good_and_bad)
    )

    assert error.status == 422
    assert error.data["errors"] == ["Line could not be resolved"]
    assert world.state.reviews == world.state.review_comments == ()


def test_a_path_outside_the_diff_refuses_the_whole_review(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review(
            body="s", event="COMMENT", comments=[comment(1, path="kept.py")]
        )
    )

    assert error.data["errors"] == ["Path could not be resolved"]


def test_an_older_commit_of_the_pull_request_is_accepted(world: World) -> None:
    remark = comment(2, path="added.py")
    world.pull().create_review(
        commit=world.commit(world.first), body="s", event="COMMENT", comments=[remark]
    )

    (kept,) = world.state.review_comments
    assert (kept.original.commit_id, kept.commit_id) == (world.first, world.head)


def test_anchors_are_checked_at_the_commit_that_is_named(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review(
            commit=world.commit(world.first), body="s", event="COMMENT", comments=[comment(10)]
        )
    )

    assert said(error) == "Path could not be resolved"


def test_a_commit_outside_the_pull_request_is_refused(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review(
            commit=world.commit(world.base), body="s", event="COMMENT"
        )
    )

    assert said(error) == "commit_id is not part of the pull request"


def test_the_merge_commit_is_outside_the_pull_request(world: World) -> None:
    world.tree.git("checkout", "--quiet", "main")
    world.tree.git("merge", "--quiet", "--no-ff", "--message", "merge", "feature")
    merge = world.tree.git("rev-parse", "HEAD")
    world.tree.git("reset", "--quiet", "--hard", "HEAD^")

    error = refused(
        lambda: world.pull().create_review(commit=world.commit(merge), body="s", event="COMMENT")
    )

    assert said(error) == "commit_id is not part of the pull request"


def test_thirty_comments_pass_and_thirty_one_come_too_quickly(world: World) -> None:
    world.pull().create_review(body="s", event="COMMENT", comments=[comment()] * 30)
    error = refused(
        lambda: world.pull().create_review(body="s", event="COMMENT", comments=[comment()] * 31)
    )

    assert said(error) == "was submitted too quickly"
    assert len(world.state.review_comments) == 30


@pytest.mark.parametrize("where", ["the review", "a comment"])
def test_a_body_above_65536_characters_is_refused(world: World, where: str) -> None:
    fits, too_long = "é" * 65_536, "é" * 65_537
    bodies = (too_long, fits) if where == "the review" else (fits, too_long)

    def post(body: str, remark: str) -> None:
        world.pull().create_review(body=body, event="COMMENT", comments=[comment(body=remark)])

    post(fits, fits)
    assert said(refused(lambda: post(*bodies))).startswith("Body is too long (maximum is 65536")


@pytest.mark.parametrize("event", ["COMMENT", "REQUEST_CHANGES"])
def test_a_review_that_says_nothing_is_refused(world: World, event: str) -> None:
    error = refused(lambda: world.pull().create_review(body=" ", event=event))

    assert error.status == 422


def test_a_comment_that_says_nothing_refuses_the_whole_review(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review(body="s", event="COMMENT", comments=[comment(body=" ")])
    )

    assert (error.status, world.state.reviews) == (422, ())


def test_comments_make_up_for_an_empty_body(world: World) -> None:
    world.pull().create_review(body="", event="COMMENT", comments=[comment()])

    assert len(world.state.reviews) == 1


def test_an_approval_needs_no_words(world: World) -> None:
    world.pull().create_review(event="APPROVE")

    assert world.state.reviews[0].state == "APPROVED"


@pytest.mark.parametrize("event", ["APPROVE", "REQUEST_CHANGES"])
def test_nobody_judges_their_own_pull_request(world: World, event: str) -> None:
    own = "github-actions[bot]"
    world.github.open_pull_request(8, "main", "feature", "t", "b", author=own)
    pull = world.repository().get_pull(8)

    error = refused(lambda: pull.create_review(body="s", event=event))
    pull.create_review(body="s", event="COMMENT")

    assert "own pull request" in said(error)


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ({"subject_type": "file"}, '"subject_type" is not a permitted key.'),
        ({"line": "10"}, "For 'properties/line', \"10\" is not an integer."),
        ({"start_line": None}, "For 'properties/start_line', nil is not an integer."),
        ({"line": True}, "For 'properties/line', True is not an integer."),
    ],
)
def test_a_comment_with_a_wrong_key_is_refused(
    world: World, extra: dict[str, Any], complaint: str
) -> None:
    error = refused(
        lambda: world.pull().create_review(body="s", event="COMMENT", comments=[comment(**extra)])
    )

    assert error.status == 422
    assert complaint in str(error.message)


def test_a_legacy_position_counts_lines_below_the_first_hunk_header(world: World) -> None:
    remark: Any = {"path": "app.py", "position": 5, "body": "first added line"}
    world.pull().create_review(body="s", event="COMMENT", comments=[remark])

    assert world.state.review_comments[0].line == 10


def test_a_hunk_header_counts_as_a_position_and_takes_no_comment(world: World) -> None:
    second_header: Any = {"path": "app.py", "position": 10, "body": "on @@"}
    below: Any = {"path": "app.py", "position": 11, "body": "line 37"}
    error = refused(
        lambda: world.pull().create_review(body="s", event="COMMENT", comments=[second_header])
    )
    world.pull().create_review(body="s", event="COMMENT", comments=[below])

    assert said(error) == "Line could not be resolved"
    assert world.state.review_comments[0].line == 38


# --- pending reviews -------------------------------------------------------------------------


def test_a_review_without_an_event_is_pending_and_its_comments_are_hidden(world: World) -> None:
    world.pull().create_review(body="draft", comments=[comment()])

    assert [each.state for each in world.pull().get_reviews()] == ["PENDING"]
    assert list(world.pull().get_review_comments()) == []


def test_a_pending_review_is_seen_by_its_author_alone(world: World) -> None:
    world.github.add_review(NUMBER, "someone", "draft")

    assert list(world.pull().get_reviews()) == []


def test_a_pending_review_keeps_its_author_from_writing_in_the_diff(world: World) -> None:
    world.github.add_review_comment(NUMBER, "someone", "hello", path="app.py", line=10)
    first = world.state.review_comments[0].id
    world.pull().create_review(body="draft")
    attempts = (
        lambda: world.pull().create_review(body="s", event="COMMENT"),
        lambda: world.pull().create_review_comment("b", world.head, "app.py", line=10),
        lambda: world.pull().create_review_comment_reply(first, "b"),
    )

    for attempt in attempts:
        assert said(refused(attempt)) == "User can only have one pending review per pull request"


def test_a_pending_review_stops_neither_the_conversation_nor_anybody_else(world: World) -> None:
    world.pull().create_review(body="draft")
    world.pull().create_issue_comment("summary")
    world.github.add_review(NUMBER, "someone", "fine", event="APPROVE")

    assert [each.state for each in world.state.reviews] == ["PENDING", "APPROVED"]


def test_a_pending_review_can_be_submitted_once(world: World) -> None:
    draft = world.pull().create_review(body="draft", comments=[comment()])
    path = f"/reviews/{draft.id}/events"
    world.send("POST", path, {"event": "COMMENT", "body": "final"})
    again = refused(lambda: world.send("POST", path, {"event": "COMMENT"}))

    (kept,) = world.state.reviews
    assert (kept.state, kept.body, again.status) == ("COMMENTED", "final", 422)
    assert len(list(world.pull().get_review_comments())) == 1


def test_a_pending_review_goes_with_its_comments(world: World) -> None:
    draft = world.pull().create_review(body="draft", comments=[comment()])
    draft.delete()

    assert list(world.pull().get_reviews()) == []
    assert all(each.deleted for each in world.state.review_comments)
    world.pull().create_review(body="s", event="COMMENT")


def test_a_submitted_review_cannot_be_deleted(world: World) -> None:
    review = world.pull().create_review(body="s", event="COMMENT")
    error = refused(review.delete)

    assert said(error) == "Can not delete a non-pending pull request review"


def test_the_body_of_a_submitted_review_can_be_edited(world: World) -> None:
    review = world.pull().create_review(body="before", event="COMMENT")
    review.edit("after")

    (kept,) = world.state.reviews
    assert (kept.body, kept.edited) == ("after", True)
