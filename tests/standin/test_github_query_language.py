"""The part of GraphQL that the stand-in speaks, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github_world import NUMBER, World, refused

from reviewer.standin.github_graphql import TypeRef
from reviewer.standin.github_schema import SCALARS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

PULL = 'repository(owner: "octo", name: "demo") { pullRequest(number: 7) { %s } }'


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


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
    first = world.pull().create_review_comment("b", world.head, "app.py", line=10).id
    world.pull().create_review_comment_reply(first, "yes")
    world.github.resolve_thread(NUMBER, first, "ada")
    ends: Any = {"line": 12, "side": "RIGHT", "start_line": 10, "start_side": "RIGHT"}
    world.pull().create_review_comment("b", world.head, "app.py", **ends)
    world.pull().create_issue_comment("b").minimize()
    world.pull().create_review(body="draft")
    query = "{ " + PULL % _every_field("PullRequest", 5) + " viewer { id login databaseId } }"

    found = world.graphql(query)["repository"]["pullRequest"]
    assert len(found["reviewThreads"]["nodes"]) == 2
    _assert_fits(found, TypeRef(name="PullRequest", required=True))
