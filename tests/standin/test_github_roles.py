from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github_world import NUMBER, World, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("admin", "admin"),
        ("maintain", "write"),
        ("write", "write"),
        ("triage", "read"),
        ("read", "read"),
        ("none", "none"),
    ],
)
def test_the_older_key_knows_four_words_for_six_roles(
    world: World, role: str, permission: str
) -> None:
    world.github.give_role("ada", role)
    repository = world.repository()

    assert repository.get_collaborator_permission("ada") == permission
    assert repository.get_collaborator_role_name("ada") == role


def test_the_owner_has_every_right_and_a_stranger_may_read(world: World) -> None:
    assert world.repository().get_collaborator_permission("octo") == "admin"
    assert world.repository().get_collaborator_permission("stranger") == "read"


def test_nobody_knows_the_rights_of_a_deleted_account(world: World) -> None:
    world.github.delete_account("ada")

    error = refused(lambda: world.repository().get_collaborator_permission("ada"))
    assert error.status == 404


def test_the_same_reaction_of_the_same_account_is_there_once(world: World) -> None:
    comment = world.github.add_issue_comment(NUMBER, "ada", "b")
    asked = world.pull().get_issue_comment(comment.id)
    first, second = asked.create_reaction("eyes"), asked.create_reaction("eyes")
    asked.create_reaction("rocket")

    assert first.id == second.id
    assert world.github.reactions(comment.id) == [
        ("github-actions[bot]", "eyes"),
        ("github-actions[bot]", "rocket"),
    ]
    assert [each.content for each in asked.get_reactions()] == ["eyes", "rocket"]
    assert [each.status for each in world.github.requests if each.method == "POST"] == [
        201,
        200,
        201,
    ]


def test_a_token_that_may_only_read_reacts_to_nothing(world: World) -> None:
    comment = world.github.add_issue_comment(NUMBER, "ada", "b")
    world.github.read_only = True

    error = refused(lambda: world.pull().get_issue_comment(comment.id).create_reaction("eyes"))
    assert (error.status, world.github.reactions(comment.id)) == (403, [])


def test_an_event_about_a_comment_names_the_pull_request_and_not_its_commits(
    world: World,
) -> None:
    comment = world.github.add_issue_comment(NUMBER, "ada", "/reviewer help")
    event = world.github.comment_event(NUMBER, comment.id)

    assert event["issue"]["pull_request"]["html_url"].endswith("/octo/demo/pull/7")
    assert (event["action"], event["comment"]["id"]) == ("created", comment.id)
    assert world.head not in str(event)
