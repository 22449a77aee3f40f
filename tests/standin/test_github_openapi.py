"""The stand-in against GitHub's own description of its API (cut out by openapi/extract.py)."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from github_world import NUMBER, World, refused
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has none

from reviewer.publish.github.repository import artifact
from reviewer.standin.github_artifacts import STORAGE
from reviewer.standin.github_routes import ROUTES

if TYPE_CHECKING:
    from conftest import WorkTree

    from reviewer.standin.github import GitHub
    from reviewer.standin.server import Answer, Exchange

EXTRACT = json.loads(Path(__file__).with_name("openapi").joinpath("github.json").read_text())

NULL_ALL_THE_SAME = {
    "pull-request-review-comment": ("line", "original_line", "position", "original_position"),
    "review-comment": ("line", "original_line", "original_position"),
}
"""Integers in the description, null at GitHub: lines of outdated comments and of whole files."""

ANNOTATION = {
    "path": "app.py",
    "start_line": 1,
    "end_line": 2,
    "annotation_level": "notice",
    "title": "t",
    "message": "m",
}

BASIC_ERROR = {"$ref": "#/components/schemas/basic-error"}
ANYWHERE = (401, 403, 404, 422)
"""Refusals that every endpoint may give; the description lists them for some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One exchange and the operation that the description has for it."""

    operation: str
    asked: Any
    status: int
    said: Any


class Recorder:
    """Passes everything on to the stand-in and keeps it."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self.spoken: list[Spoken] = []

    def answer(self, exchange: Exchange) -> Answer:
        answer = self._github.answer(exchange)
        if exchange.path != "/graphql" and not exchange.path.startswith(STORAGE):
            body = b"".join(answer.chunks)
            self.spoken.append(
                Spoken(
                    operation=operation(exchange),
                    asked=exchange.json() if exchange.body else None,
                    status=answer.status,
                    said=json.loads(body) if body else None,
                )
            )
        return answer


def operation(exchange: Exchange) -> str:
    for name in sorted(EXTRACT["operations"], key=len, reverse=True):  # `{ref}` takes slashes
        method, template = name.split()
        pattern = re.sub(r"\{(\w+)\}", lambda each: wide(each[1]), template.replace(".", r"\."))
        if method == exchange.method and re.fullmatch(pattern, exchange.path):
            return str(name)
    raise LookupError(exchange.path)


def wide(parameter: str) -> str:
    if parameter in ("basehead", "ref"):
        return ".+"
    return r"\d+" if "_id" in parameter and parameter != "workflow_id" else "[^/]+"


def described(spoken: Spoken) -> Any:
    return EXTRACT["operations"][spoken.operation]["responses"].get(str(spoken.status))


def complaints(schema: Any, value: Any, *, strict: bool) -> list[str]:
    """What is wrong with a value; `strict` also refuses keys that the description lacks."""
    components = deepcopy(EXTRACT["components"])
    for name, keys in NULL_ALL_THE_SAME.items():
        known = components["schemas"][name]["properties"]
        for key in keys:
            known[key] = {"anyOf": [known[key], {"type": "null"}]}
    whole = {"allOf": [schema], "components": components}
    checker = Draft202012Validator(closed(whole) if strict else whole)
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(value)]


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(each) for key, each in schema.items()}
    return {"additionalProperties": False, **inner} if is_object(schema) else inner


def is_object(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "object" and isinstance(schema.get("properties"), dict)


@pytest.fixture
def spoken(work_tree: WorkTree) -> list[Spoken]:
    """A session that reaches every endpoint, in success and in every kind of refusal."""
    with World(work_tree, application=Recorder) as world:
        for act in (read, write, be_refused):
            act(world)
    second = type(work_tree)(work_tree.folder.parent / "second")
    with World(second, application=Recorder, viewer="ada") as person:
        assert person.client().get_user().login == "ada"
    return [
        each
        for recorder in (world.application, person.application)
        if isinstance(recorder, Recorder)
        for each in recorder.spoken
    ]


def read(world: World) -> None:
    repository = world.repository()
    pull = repository.get_pull(NUMBER)
    world.github.open_pull_request(
        8, "main", "feature", "t", "", head_repository="someone/demo", draft=True
    )
    world.github.set_labels(8, "bug", "à revoir")
    repository.get_pull(8)
    list(pull.get_files())
    list(pull.get_commits())
    repository.compare("main", "feature")
    repository.get_commit(world.head)
    repository.get_git_commit(world.head)
    world.github.add_run("reviewer.yml", datetime(2026, 11, 1, tzinfo=UTC))
    workflow = world.repository(lazy=True).get_workflow("reviewer.yml")
    assert len(list(workflow.get_runs())) == 1
    run = world.github.finish_run(NUMBER, b"zip")
    fetched = artifact(
        "token",
        api_url=world.server.url,
        repository="octo/demo",
        run_id=run,
        name="reviewer-handover",
        most_bytes=3,
    )
    assert fetched == b"zip"
    assert len(list(repository.get_pulls(state="all", sort="updated", direction="desc"))) == 2


def write(world: World) -> None:
    pull = world.repository().get_pull(NUMBER)
    remarks = [
        {"path": "app.py", "line": 10, "side": "RIGHT", "body": "b"},
        {"path": "app.py", "line": 12, "start_line": 10, "side": "RIGHT", "start_side": "RIGHT",
         "body": "b"},
        {"path": "app.py", "position": 5, "body": "b"},
    ]  # fmt: skip
    review = pull.create_review(body="s", event="COMMENT", comments=remarks)  # type: ignore[arg-type]
    review.edit("t")
    pull.get_review(review.id)
    world.github.push(NUMBER, world.tree.commit({"app.py": "rewritten\n"}))
    list(pull.get_single_review_comments(review.id))
    on_file = pull.create_review_comment("b", world.state.head_sha, "app.py", subject_type="file")
    pull.create_review_comment_reply(on_file.id, "yes")
    pull.get_review_comment(on_file.id).edit("c")
    list(pull.get_review_comments())
    on_file.delete()
    draft = pull.create_review(body="draft")
    list(pull.get_reviews())
    draft.delete()
    draft = pull.create_review(body="draft")
    world.send("POST", f"/reviews/{draft.id}/events", {"event": "COMMENT", "body": "final"})
    comment = pull.create_issue_comment("b")
    comment.minimize()
    for _ in range(2):
        comment.create_reaction("eyes")
    list(comment.get_reactions())
    reactions = f"{pull.issue_url}/reactions"
    for _ in range(2):
        pull.requester.requestJsonAndCheck("POST", reactions, input={"content": "eyes"})
    pull.requester.requestJsonAndCheck("GET", reactions)
    world.repository().get_collaborator_permission("ada")
    world.github.let_checks_be_written()
    output = {"title": "t", "summary": "s", "annotations": [ANNOTATION]}
    run = world.repository().create_check_run(
        "reviewer", world.state.head_sha, status="in_progress", output=output
    )
    run.edit(output=output, status="completed", conclusion="neutral")
    list(world.repository().get_commit(world.state.head_sha).get_check_runs())
    pull.get_issue_comment(comment.id).edit("c")
    list(pull.get_issue_comments())
    comment.delete()


def be_refused(world: World) -> None:
    pull = world.repository().get_pull(NUMBER)
    review = pull.create_review(body="s", event="COMMENT")
    head = world.state.head_sha
    world.github.delete_account("gone")
    nowhere = [{"path": "kept.py", "line": 1, "body": "b"}]
    wrong_key = [{"path": "app.py", "line": 1, "body": "b", "colour": "red"}]
    for refusal in (
        lambda: pull.create_review(body="s", event="COMMENT", comments=nowhere),  # type: ignore[arg-type]
        lambda: pull.create_review(body="s", event="COMMENT", comments=wrong_key),  # type: ignore[arg-type]
        lambda: pull.create_review(body="", event="COMMENT"),
        lambda: pull.create_review_comment("b", head, "kept.py", line=1),
        lambda: pull.create_review_comment("b", head, "app.py", line=1, subject_type="file"),
        lambda: pull.create_review_comment(" ", head, "app.py", line=1),
        lambda: pull.create_issue_comment("x" * 65_537),
        lambda: pull.get_review(1),
        lambda: pull.create_issue_comment("b").create_reaction("thumbs"),
        lambda: world.pull(auth=None).base.repo.get_collaborator_permission("ada"),
        lambda: world.repository().get_collaborator_permission("gone"),
        lambda: world.repository().compare("main", "nowhere"),
        lambda: world.repository().get_commit("nowhere"),
        lambda: world.client().get_user().login,
        lambda: world.pull(auth=None).create_issue_comment("b"),
        review.delete,
    ):
        refused(refusal)
    world.github.read_only = True
    refused(lambda: pull.create_issue_comment("b"))
    world.tree.commit({f"{number}.py": "x\n" for number in range(301)})
    world.github.push(NUMBER, "feature")
    refused(lambda: world.send("GET", "", Accept="application/vnd.github.diff"))


def test_the_stand_in_answers_the_operations_of_the_extract_and_no_others() -> None:
    answered = {f"{method} {re.sub(r'{number}', '{}', path)}" for method, path, _ in ROUTES}
    described = set(EXTRACT["operations"])

    def anonymous(names: set[str]) -> set[str]:
        return {
            re.sub(r"\{\w+\}", "{}", name.replace("{base}...{head}", "{basehead}"))
            for name in names
        }

    assert anonymous(answered) == anonymous(described)


def test_the_session_succeeds_at_every_operation(spoken: list[Spoken]) -> None:
    assert {each.operation for each in spoken if each.status < 400} == set(EXTRACT["operations"])


def test_every_request_that_succeeds_is_one_that_the_description_allows(
    spoken: list[Spoken],
) -> None:
    for each in spoken:
        schema = EXTRACT["operations"][each.operation]["request"]
        if each.asked is not None and each.status < 300:
            assert complaints(schema, each.asked, strict=True) == []


def test_every_answer_has_the_shape_that_is_described_and_no_key_beside(
    spoken: list[Spoken],
) -> None:
    for each in spoken:
        schema = described(each)
        if each.status in (204, 302):
            assert (schema, each.said) == (None, None)
        elif each.status < 300:
            assert complaints(schema, each.said, strict=True) == []


def test_every_refusal_has_the_shape_that_is_described(spoken: list[Spoken]) -> None:
    refusals = [each for each in spoken if each.status >= 400]
    for each in refusals:
        usual = BASIC_ERROR if each.status in ANYWHERE else False
        assert complaints(described(each) or usual, each.said, strict=False) == []

    assert {each.status for each in refusals} == {401, 403, 404, 406, 422}


@pytest.mark.parametrize("author", ["ada", "octo", "app[bot]", "gone"])
def test_an_event_about_a_comment_has_the_shape_that_is_described(
    work_tree: WorkTree, author: str
) -> None:
    with World(work_tree) as world:
        world.github.delete_account("gone")
        comment = world.github.add_issue_comment(NUMBER, author, "b")
        event = world.github.comment_event(NUMBER, comment.id)
    schema = {"$ref": "#/components/schemas/webhook-issue-comment-created"}

    assert complaints(schema, event, strict=False) == []


def test_an_event_about_a_run_has_the_shape_that_is_described(work_tree: WorkTree) -> None:
    with World(work_tree) as world:
        world.github.open_pull_request(
            8, "main", "feature", "t", "", head_repository="someone/demo"
        )
        event = world.github.run_event(world.github.finish_run(8))
    schema = {"$ref": "#/components/schemas/webhook-workflow-run-completed"}

    assert complaints(schema, event, strict=False) == []


def test_the_check_sees_a_missing_key_a_wrong_type_and_a_key_too_many() -> None:
    required = {"$ref": "#/components/schemas/validation-error"}

    assert complaints(BASIC_ERROR, {"message": 1}, strict=True)
    assert complaints(BASIC_ERROR, {"mesage": "x"}, strict=True)
    assert complaints(required, {"message": "x"}, strict=False)
    assert complaints(False, {}, strict=False)
