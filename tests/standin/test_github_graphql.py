from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github import UnknownObjectException
from github_world import NUMBER, World, refused

from reviewer.standin.github_graphql import TypeRef
from reviewer.standin.github_schema import SCALARS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

PULL = 'repository(owner: "octo", name: "demo") { pullRequest(number: 7) { %s } }'
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
    found = world.graphql("{ " + PULL % "comments(last: 2) { totalCount nodes { body } }" + " }")

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


# --- the language ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("{ viewer { email } }", "Field 'email' doesn't exist on type 'User'"),
        ("{ viewer }", "Field 'viewer' returns User: its selections do not match"),
        ("{ viewer { login { x } } }", "Field 'login' returns String: its selections"),
        ("{ node(id: 1.5) { id } }", "Could not coerce value 1.5 to ID"),
        ("{ node { id } }", "Argument 'id' on 'node': Expected value to not be null"),
        ('{ node(id: "x", to: 1) { id } }', "Field 'node' doesn't accept argument 'to'"),
        ("{ node(id: $id) { id } }", "Variable $id is used but not declared"),
        ("query Q($id: ID!) { node(id: $id) { id } }", "Variable $id of type ID! was provided"),
        ("query Q($id: Nope!) { viewer { login } }", "Expected value to not be null"),
        ('{ node(id: "x") { ... on Nope { id } } }', "No such type Nope"),
        ("{ viewer { login }", "Unexpected end"),
        ("{ viewer { ; } }", 'Parse error on ";"'),
        ("fragment F on User { login }", 'Parse error on "fragment"'),
        ("mutation { viewer { login } }", "Field 'viewer' doesn't exist on type 'Mutation'"),
    ],
)
def test_a_query_that_the_schema_does_not_know_is_an_error_without_data(
    world: World, query: str, complaint: str
) -> None:
    error = refused(lambda: world.graphql(query))

    assert complaint in error.data["errors"][0]["message"]
    assert "data" not in error.data
    assert world.github.requests[-1].status == 200


def test_an_error_says_where_it_is(world: World) -> None:
    error = refused(lambda: world.graphql("{\n  viewer {\n    email\n  }\n}"))

    (complaint,) = error.data["errors"]
    assert complaint["locations"] == [{"line": 3, "column": 5}]
    assert complaint["path"] == ["query", "viewer", "email"]
    assert complaint["extensions"] == {"code": "undefinedField"}


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ('repository(owner: "octo", name: "other") { id }', "NOT_FOUND"),
        ('repository(owner: "octo", name: "demo") { pullRequest(number: 9) { id } }', "NOT_FOUND"),
        (PULL % "comments { totalCount }", "MISSING_PAGINATION_BOUNDARIES"),
        (PULL % "comments(first: 101) { totalCount }", "EXCESSIVE_PAGINATION"),
        (PULL % 'comments(first: 1, after: "?") { totalCount }', "INVALID_CURSOR_ARGUMENTS"),
    ],
)
def test_a_field_that_fails_is_null_and_the_others_are_answered(
    world: World, field: str, kind: str
) -> None:
    error = refused(lambda: world.graphql(f"{{ viewer {{ login }} {field} }}"))

    assert [each["type"] for each in error.data["errors"]] == [kind]
    assert error.data["data"]["viewer"] == {"login": "github-actions"}
    assert error.data["data"]["repository"] in (None, {"pullRequest": None})


def test_aliases_fragments_and_defaults_are_understood(world: World) -> None:
    query = """
    query Q($number: Int = 7) {  # the demo's
      repo: repository(owner: "octo", name: "demo") {
        pullRequest(number: $number) { ... on PullRequest { number } ... on Node { id } }
      }
    }
    """

    assert world.graphql(query) == {"repo": {"pullRequest": {"number": 7, "id": "PR_7"}}}


def _every_field(name: str, depth: int) -> str:
    """A selection of all that a type has, a few types deep."""
    fields = []
    for field, known in SCHEMA[name].fields.items():
        pages = "(first: 5)" if "first" in known.arguments else ""
        inner = SCHEMA.get(known.type.name)
        if not inner or inner.kind == "enum":
            fields.append(field)
        elif depth and (pages or not known.arguments):
            fields.append(f"{field}{pages} {{ {_every_field(known.type.name, depth - 1)} }}")
    return " ".join(["__typename", *fields])


def _assert_fits(value: Any, kind: TypeRef) -> None:
    if value is None:
        assert not kind.required
    elif kind.of:
        for each in value:
            _assert_fits(each, kind.of)
    elif kind.name in SCALARS:
        assert isinstance(value, SCALARS[kind.name])
    elif SCHEMA[kind.name].kind == "enum":
        assert value in SCHEMA[kind.name].words
    else:
        for name, each in value.items():
            if name != "__typename":
                _assert_fits(each, SCHEMA[value["__typename"]].fields[name].type)


def test_every_field_of_the_schema_has_a_value_of_its_type(world: World) -> None:
    first = comment(world)
    world.pull().create_review_comment_reply(first, "yes")
    world.github.resolve_thread(NUMBER, first, "ada")
    comment(world, line=12, start_line=10, start_side="RIGHT", side="RIGHT")
    world.pull().create_issue_comment("b").minimize()
    world.pull().create_review(body="draft")
    query = "{ " + PULL % _every_field("PullRequest", 5) + " viewer { id login databaseId } }"

    found = world.graphql(query)["repository"]["pullRequest"]
    assert len(found["reviewThreads"]["nodes"]) == 2
    _assert_fits(found, TypeRef(name="PullRequest", required=True))


@pytest.mark.parametrize("kind", ["PullRequestReviewThread", "PullRequestReviewComment"])
def test_a_node_is_found_by_its_id(world: World, kind: str) -> None:
    prefix = {"PullRequestReviewThread": "PRRT", "PullRequestReviewComment": "PRRC"}[kind]
    node_id = f"{prefix}_{comment(world)}"
    _, data = world.client().requester.graphql_node(node_id, "id", kind)

    assert data["data"]["node"] == {"__typename": kind, "id": node_id}
