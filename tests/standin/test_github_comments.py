from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest
from github import UnknownObjectException
from github_world import NUMBER, World, refused, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


def test_a_comment_on_a_line_brings_a_review_without_a_body(world: World) -> None:
    comment = world.pull().create_review_comment("b", world.head, "app.py", line=10, side="RIGHT")

    (review,) = world.state.reviews
    assert (review.body, review.state) == ("", "COMMENTED")
    assert comment.pull_request_review_id == review.id


def test_a_comment_shows_its_hunk_down_to_its_line(world: World) -> None:
    comment = world.pull().create_review_comment("b", world.head, "app.py", line=10, side="RIGHT")

    assert comment.diff_hunk.splitlines() == [
        "@@ -7,7 +7,8 @@ line 6",
        " line 7",
        " line 8",
        " line 9",
        "-line 10",
        "+ten a",
    ]


def test_a_comment_has_its_position_below_the_first_hunk_header(world: World) -> None:
    positions = [
        world.pull().create_review_comment("b", world.head, "app.py", line=line).position
        for line in (10, 38)
    ]

    assert positions == [5, 11]


def test_a_comment_on_a_file_has_no_line(world: World) -> None:
    world.pull().create_review_comment("b", world.head, "app.py", subject_type="file")

    (kept,) = world.state.review_comments
    assert (kept.path, kept.line, kept.subject_type) == ("app.py", None, "file")


def test_a_comment_on_a_binary_file_can_only_be_on_the_file(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review_comment("b", world.head, "logo.bin", line=1)
    )
    world.pull().create_review_comment("b", world.head, "logo.bin", subject_type="file")

    assert said(error) == "pull_request_review_thread.line must be part of the diff"


def test_a_comment_on_a_file_outside_the_pull_request_is_refused(world: World) -> None:
    error = refused(
        lambda: world.pull().create_review_comment("b", world.head, "kept.py", subject_type="file")
    )

    assert error.data["errors"][0]["field"] == "pull_request_review_thread.path"


@pytest.mark.parametrize(
    "mixed",
    [
        {"subject_type": "file", "line": 10},
        {"subject_type": "FILE"},
        {"line": 10, "position": 5},
        {"line": "10"},
        {"line": 10, "colour": "red"},
        {},
    ],
)
def test_keys_of_two_variants_do_not_mix(world: World, mixed: dict[str, Any]) -> None:
    body = {"body": "b", "commit_id": world.head, "path": "app.py", **mixed}
    error = refused(lambda: world.send("POST", "/comments", body))

    assert error.status == 422
    assert 'No subschema in "oneOf" matched.' in str(error.message)


def test_the_first_line_of_a_range_needs_its_side(world: World) -> None:
    body = {"body": "b", "commit_id": world.head, "path": "app.py", "line": 11, "start_line": 10}
    error = refused(lambda: world.send("POST", "/comments", body))

    assert '"start_side" wasn\'t supplied.' in str(error.message)


def test_a_commit_outside_the_pull_request_is_refused(world: World) -> None:
    error = refused(lambda: world.pull().create_review_comment("b", world.base, "app.py", line=10))

    assert said(error) == "commit_id is not part of the pull request"


@pytest.mark.parametrize("body", ["", " \n", "x" * 65_537])
def test_a_body_is_neither_blank_nor_above_65536_characters(world: World, body: str) -> None:
    attempts = (
        lambda: world.pull().create_issue_comment(body),
        lambda: world.pull().create_review_comment(body, world.head, "app.py", line=10),
    )

    assert [refused(attempt).data["errors"][0]["code"] for attempt in attempts] == [
        "unprocessable",
        "unprocessable",
    ]


def test_a_body_comes_back_byte_for_byte(world: World) -> None:
    body = " <!-- marker --> \r\n\ttäxt 🦀 \u2028 @octocat\n\n"
    world.pull().create_issue_comment(body)

    assert [each.body for each in world.pull().get_issue_comments()] == [body]


# --- answers ---------------------------------------------------------------------------------


def test_an_answer_stands_where_its_parent_stands(world: World) -> None:
    parent = world.pull().create_review_comment("b", world.head, "app.py", line=10)
    answer = world.pull().create_review_comment_reply(parent.id, "thanks")

    assert (answer.in_reply_to_id, answer.path, answer.line) == (parent.id, "app.py", 10)


def test_in_reply_to_makes_every_other_key_but_the_body_ignored(world: World) -> None:
    parent = world.pull().create_review_comment("b", world.head, "app.py", line=10)
    body = {"body": "yes", "in_reply_to": parent.id, "path": "nowhere", "line": "nonsense"}

    assert world.send("POST", "/comments", body)["path"] == "app.py"


def test_an_answer_cannot_be_answered(world: World) -> None:
    parent = world.pull().create_review_comment("b", world.head, "app.py", line=10)
    answer = world.pull().create_review_comment_reply(parent.id, "thanks")

    with pytest.raises(UnknownObjectException):
        world.pull().create_review_comment_reply(answer.id, "and so on")


def test_answers_outlive_the_comment_they_answer(world: World) -> None:
    parent = world.pull().create_review_comment("b", world.head, "app.py", line=10)
    answer = world.pull().create_review_comment_reply(parent.id, "thanks")
    parent.delete()

    assert [each.id for each in world.pull().get_review_comments()] == [answer.id]


# --- edit and delete -------------------------------------------------------------------------


def test_a_review_comment_can_be_edited(world: World) -> None:
    comment = world.pull().create_review_comment("before", world.head, "app.py", line=10)
    comment.edit("after")

    (kept,) = world.state.review_comments
    assert (kept.body, kept.edited, kept.updated_at > kept.created_at) == ("after", True, True)


def test_a_deleted_review_comment_is_gone_but_remembered(world: World) -> None:
    comment = world.pull().create_review_comment("b", world.head, "app.py", line=10)
    comment.delete()

    assert list(world.pull().get_review_comments()) == []
    assert [each.deleted for each in world.state.review_comments] == [True]
    with pytest.raises(UnknownObjectException):
        comment.edit("too late")


def test_a_deletion_is_answered_without_a_body(world: World) -> None:
    comment = world.pull().create_issue_comment("b")
    connection = HTTPConnection(world.server.url.removeprefix("http://"))
    path = f"/repos/octo/demo/issues/comments/{comment.id}"
    connection.request("DELETE", path, headers={"authorization": "token stand-in"})
    answer = connection.getresponse()

    assert (answer.status, answer.getheader("transfer-encoding")) == (204, None)
    connection.close()


def test_somebody_elses_comment_can_be_edited_by_mistake(world: World) -> None:
    world.github.add_issue_comment(NUMBER, "someone", "mine")
    (comment,) = world.pull().get_issue_comments()
    comment.edit("overwritten")

    (kept,) = world.state.issue_comments
    assert (kept.author, kept.body, kept.edited) == ("someone", "overwritten", True)


def test_a_deleted_issue_comment_is_gone_but_remembered(world: World) -> None:
    world.pull().create_issue_comment("b").delete()

    assert [each.deleted for each in world.state.issue_comments] == [True]


def test_ids_do_not_fit_into_32_bits(world: World) -> None:
    assert world.pull().create_issue_comment("b").id > 2**31
