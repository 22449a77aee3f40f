from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github import UnknownObjectException
from github_world import NUMBER, World, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

THREADS = """
query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 2, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated path line startLine originalLine diffSide subjectType
          viewerCanResolve resolvedBy { login }
          comments(first: 50) {
            nodes { databaseId body author { login __typename } isMinimized outdated line }
          }
        }
      }
    }
  }
}
"""


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree, contents_write=True) as it:
        yield it


def threads(world: World, after: str | None = None) -> Any:
    named = {"owner": "octo", "name": "demo", "number": NUMBER, "after": after}
    return world.graphql(THREADS, **named)["repository"]["pullRequest"]["reviewThreads"]


def comment(world: World, **place: Any) -> int:
    anchor: Any = {"path": "app.py", "line": 10} | place
    created = world.pull().create_review_comment("b", world.head, **anchor)
    return created.id


def mutation(world: World, name: str, given: dict[str, str], wanted: str) -> Any:
    requester = world.client().requester
    return requester.graphql_named_mutation(name, given, wanted)[1]


# --- who -------------------------------------------------------------------------------------


def test_logins_of_bots_have_no_suffix_in_graphql(world: World) -> None:
    comment(world)

    (node,) = threads(world)["nodes"]
    (first,) = node["comments"]["nodes"]
    assert first["author"] == {"login": "github-actions", "__typename": "Bot"}
    assert world.graphql("{ viewer { login } }") == {"viewer": {"login": "github-actions"}}


def test_the_viewer_can_be_told_to_keep_its_suffix(work_tree: WorkTree) -> None:
    with World(work_tree, viewer_login="github-actions[bot]") as world:
        assert world.graphql("{ viewer { login } }")["viewer"]["login"] == "github-actions[bot]"


# --- threads ---------------------------------------------------------------------------------


def test_a_thread_holds_its_first_comment_and_the_answers(world: World) -> None:
    first = comment(world)
    answer = world.pull().create_review_comment_reply(first, "yes").id

    (node,) = threads(world)["nodes"]
    assert [each["databaseId"] for each in node["comments"]["nodes"]] == [first, answer]
    assert (node["path"], node["originalLine"], node["diffSide"]) == ("app.py", 10, "RIGHT")
    assert (node["isResolved"], node["subjectType"]) == (False, "LINE")


def test_a_thread_outlives_its_first_comment(world: World) -> None:
    first = comment(world)
    answer = world.pull().create_review_comment_reply(first, "yes").id
    world.pull().get_review_comment(first).delete()

    (node,) = threads(world)["nodes"]
    assert [each["databaseId"] for each in node["comments"]["nodes"]] == [answer]


def test_threads_come_in_pages(world: World) -> None:
    for line in (10, 11, 12):
        comment(world, line=line)
    first = threads(world)
    second = threads(world, first["pageInfo"]["endCursor"])

    assert [node["originalLine"] for node in first["nodes"] + second["nodes"]] == [10, 11, 12]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


def test_the_last_things_can_be_asked_for(world: World) -> None:
    for body in ("one", "two", "three"):
        world.github.add_issue_comment(NUMBER, "someone", body)
    found = world.graphql(
        """{ repository(owner: "octo", name: "demo") { pullRequest(number: 7) {
          comments(last: 2) { totalCount nodes { body } }
        } } }"""
    )

    comments = found["repository"]["pullRequest"]["comments"]
    assert comments == {"totalCount": 3, "nodes": [{"body": "two"}, {"body": "three"}]}


def test_after_a_push_the_line_of_a_comment_moves_and_that_of_its_thread_does_not(
    world: World,
) -> None:
    comment(world)
    app = (world.tree.folder / "app.py").read_text()
    world.github.push(NUMBER, world.tree.commit({"app.py": "zero\n" + app}))

    (node,) = threads(world)["nodes"]
    assert (node["line"], node["comments"]["nodes"][0]["line"]) == (10, 11)


def test_an_outdated_thread_says_so(world: World) -> None:
    comment(world)
    world.tree.git("checkout", "--quiet", "main", "--", "app.py")
    world.github.push(NUMBER, world.tree.commit({}))

    (node,) = threads(world)["nodes"]
    assert (node["isOutdated"], node["comments"]["nodes"][0]["outdated"]) == (True, True)


def test_a_thread_can_be_resolved_and_taken_up_again(world: World) -> None:
    comment(world)
    thread = threads(world)["nodes"][0]["id"]

    done = mutation(world, "resolveReviewThread", {"threadId": thread}, "thread { isResolved }")
    assert done == {"thread": {"isResolved": True}}
    assert world.state.review_comments[0].resolved_by == "github-actions[bot]"
    assert threads(world)["nodes"][0]["resolvedBy"] == {"login": "github-actions"}

    mutation(world, "unresolveReviewThread", {"threadId": thread}, "thread { id }")
    assert world.state.review_comments[0].resolved_by is None


def test_resolving_needs_write_access_to_the_contents(world: World) -> None:
    comment(world)
    world.github.contents_write = False
    (thread,) = threads(world)["nodes"]
    wanted = {"threadId": thread["id"]}
    error = refused(lambda: mutation(world, "resolveReviewThread", wanted, "thread { id }"))

    assert not thread["viewerCanResolve"]
    assert error.data["errors"][0]["type"] == "FORBIDDEN"
    assert world.github.requests[-1].status == 200
    assert world.state.review_comments[0].resolved_by is None


def test_a_person_can_resolve_a_thread(world: World) -> None:
    world.github.resolve_thread(NUMBER, comment(world), "ada")

    (node,) = threads(world)["nodes"]
    assert (node["isResolved"], node["resolvedBy"]) == (True, {"login": "ada"})


# --- minimising ------------------------------------------------------------------------------


def test_everything_that_is_written_can_be_minimised(world: World) -> None:
    comment(world)
    review = world.pull().create_review(body="s", event="COMMENT")
    issue_comment = world.pull().create_issue_comment("b")
    (in_diff,) = world.pull().get_review_comments()
    for thing in (review, issue_comment, in_diff):
        given = {"subjectId": thing.raw_data["node_id"], "classifier": "OFF_TOPIC"}
        done = mutation(world, "minimizeComment", given, "minimizedComment { minimizedReason }")
        assert done == {"minimizedComment": {"minimizedReason": "off-topic"}}

    assert world.state.review_comments[0].minimized == "off-topic"
    assert [each.minimized for each in world.state.reviews] == [None, "off-topic"]
    assert world.state.issue_comments[0].minimized == "off-topic"


def test_what_is_minimised_can_be_shown_again(world: World) -> None:
    issue_comment = world.pull().create_issue_comment("b")
    issue_comment.minimize("RESOLVED")
    issue_comment.unminimize()

    assert world.state.issue_comments[0].minimized is None


@pytest.mark.parametrize("node_id", ["IC_1", "PRRT_1", "nonsense", f"PR_{NUMBER}"])
def test_an_id_of_nothing_that_can_be_minimised_is_not_found(world: World, node_id: str) -> None:
    given = {"subjectId": node_id, "classifier": "OUTDATED"}

    with pytest.raises(UnknownObjectException):
        mutation(world, "minimizeComment", given, "minimizedComment { isMinimized }")
    assert world.github.requests[-1].status == 200


def test_a_classifier_is_one_of_six(world: World) -> None:
    given = {"subjectId": "IC_1", "classifier": "BORING"}
    error = refused(
        lambda: mutation(world, "minimizeComment", given, "minimizedComment { isMinimized }")
    )

    assert "to be one of: ABUSE" in error.data["errors"][0]["message"]


def test_a_reading_token_minimises_nothing(world: World) -> None:
    issue_comment = world.pull().create_issue_comment("b")
    world.github.read_only = True
    error = refused(issue_comment.minimize)

    assert error.data["errors"][0]["type"] == "FORBIDDEN"
    assert world.state.issue_comments[0].minimized is None


@pytest.mark.parametrize("kind", ["PullRequestReviewThread", "PullRequestReviewComment"])
def test_a_node_is_found_by_its_id(world: World, kind: str) -> None:
    prefix = {"PullRequestReviewThread": "PRRT", "PullRequestReviewComment": "PRRC"}[kind]
    node_id = f"{prefix}_{comment(world)}"
    _, data = world.client().requester.graphql_node(node_id, "id", kind)

    assert data["data"]["node"] == {"__typename": kind, "id": node_id}
