"""What people do on a pull request at the stand-in: edit, hide, delete, open again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github_world import NUMBER, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

NODE = "query($id: ID!) { node(id: $id) { ... on %s { %s } } }"


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree, contents_write=True) as it:
        yield it


def asked(world: World, kind: str, name: str, fields: str) -> Any:
    return world.graphql(NODE % (kind, fields), id=name)["node"]


def comment(world: World) -> Any:
    return world.pull().create_review_comment("b", world.head, path="app.py", line=10)


def test_who_edited_a_comment_last_is_told(world: World) -> None:
    note = world.pull().create_issue_comment("mine")
    editor = "editor { __typename login ... on User { databaseId } }"
    assert asked(world, "IssueComment", note.node_id, editor) == {"editor": None}

    world.github.edit_issue_comment(NUMBER, note.id, "maintainer", "theirs")
    told = asked(world, "IssueComment", note.node_id, editor)["editor"]
    assert (told["__typename"], told["login"]) == ("User", "maintainer")
    assert told["databaseId"]

    note.edit("mine again")
    told = asked(world, "IssueComment", note.node_id, editor)["editor"]
    assert (told["__typename"], told["login"]) == ("Bot", "github-actions")


def test_what_people_delete_is_no_longer_listed(world: World) -> None:
    note, inline = world.pull().create_issue_comment("one"), comment(world)

    world.github.delete_comment(NUMBER, note.id)
    world.github.delete_comment(NUMBER, inline.id)

    assert list(world.pull().get_issue_comments()) == []
    assert list(world.pull().get_review_comments()) == []


def test_what_people_hide_says_why(world: World) -> None:
    inline = comment(world)

    world.github.minimize_comment(NUMBER, inline.id, "off-topic")

    fields = "isMinimized minimizedReason"
    hidden = asked(world, "PullRequestReviewComment", inline.node_id, fields)
    assert hidden == {"isMinimized": True, "minimizedReason": "off-topic"}


def test_a_thread_can_be_opened_again(world: World) -> None:
    inline = comment(world)
    thread = f"PRRT_{inline.id}"
    fields = "isResolved resolvedBy { databaseId }"

    world.github.resolve_thread(NUMBER, inline.id, "octocat")
    resolved = asked(world, "PullRequestReviewThread", thread, fields)
    world.github.resolve_thread(NUMBER, inline.id, None)

    assert resolved["isResolved"]
    assert resolved["resolvedBy"]["databaseId"]
    opened = asked(world, "PullRequestReviewThread", thread, fields)
    assert opened == {"isResolved": False, "resolvedBy": None}
