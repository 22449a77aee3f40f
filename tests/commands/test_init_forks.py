"""The workflows of `reviewer init --forks`, held against what the code does."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from source.payloads import RUN, payload
from test_init import FORKS, HANDOVER, WORKFLOW, text_of

from reviewer.commands import init
from reviewer.flow import NotReviewed
from reviewer.settings import Settings
from reviewer.source import event as events
from reviewer.source import gate, handover

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import WorkTree

CASES = Path(__file__).with_name("workflows")
TRUSTED = [(FORKS, "target"), (FORKS, "workflow-run")]
CALLED = ("OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "NONE")
HEADS = ("octo/engine", "eve/engine")


def parsed(name: str, forks: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(text_of(name, forks))
    return found


def job(name: str, forks: str) -> dict[str, Any]:
    (only,) = parsed(name, forks)["jobs"].values()
    assert isinstance(only, dict)
    return only


def holds(condition: str, values: dict[str, object]) -> bool:
    """Whether a condition of a workflow holds."""
    return bool(value_of(condition, values))


def value_of(expression: str, values: dict[str, object]) -> object:
    """Return what an expression gives, in as much of GitHub's language as the workflows use."""
    python = re.sub(r"github(\.\w+)+", lambda name: f"values.get({name[0]!r}, '')", expression)
    python = python.replace("&&", " and ").replace("||", " or ")
    known: dict[str, Callable[..., object]] = {
        "contains": lambda all_, one: one in all_,
        "fromJSON": json.loads,
        "startsWith": str.startswith,
        "format": str.format,
    }
    return eval(python, {"__builtins__": {}, "values": values, **known})


@pytest.mark.parametrize(
    ("name", "forks"), [*TRUSTED, (HANDOVER, "workflow-run"), (WORKFLOW, "target")]
)
def test_a_workflow_is_the_one_that_was_looked_at(
    name: str, forks: str, *, update_cases: bool
) -> None:
    case = CASES / f"{forks}-{Path(name).name}"
    if update_cases:
        case.write_text(text_of(name, forks))

    assert text_of(name, forks) == case.read_text()


@pytest.mark.parametrize(
    ("forks", "written"),
    [(None, {WORKFLOW}), ("target", {WORKFLOW, FORKS}),
     ("workflow-run", {WORKFLOW, FORKS, HANDOVER})],
)  # fmt: skip
def test_only_what_was_asked_for_is_written(
    work_tree: WorkTree, forks: str | None, written: set[str]
) -> None:
    init.run(folder=work_tree.folder, hook=False, force=False, forks=forks)

    folder = work_tree.folder / ".github" / "workflows"
    assert {f".github/workflows/{path.name}" for path in folder.iterdir()} == written


def test_the_second_way_does_not_come_to_stand_beside_the_first(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    for forks in ("target", "workflow-run"):
        init.run(folder=work_tree.folder, hook=False, force=False, forks=forks)

    assert (work_tree.folder / FORKS).read_text() == text_of(FORKS, "target")
    assert f"Kept {work_tree.folder / FORKS}" in capsys.readouterr().out


# --- what a run with the key does -------------------------------------------------------------


@pytest.mark.parametrize(("name", "forks"), TRUSTED)
def test_a_run_with_the_key_checks_out_the_default_branch_and_runs_no_script(
    name: str, forks: str
) -> None:
    checkout, review, upload = job(name, forks)["steps"]

    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert not [step for step in (checkout, review, upload) if "run" in step]
    assert upload["with"]["path"] == "${{ steps.reviewer.outputs.bundle }}"


@pytest.mark.parametrize(("name", "forks"), TRUSTED)
def test_a_run_with_the_key_may_read_and_post_and_nothing_else(name: str, forks: str) -> None:
    assert parsed(name, forks)["permissions"] == {}
    assert job(name, forks)["permissions"] == {
        "actions": "read",
        "contents": "read",
        "pull-requests": "write",
    }


@pytest.mark.parametrize(("name", "forks"), TRUSTED)
def test_gate_and_caps_are_inputs_because_an_outsider_chooses_whose_settings_are_read(
    name: str, forks: str
) -> None:
    given = job(name, forks)["steps"][1]["with"]

    assert given["fork-authors"] == ", ".join(Settings().fork_authors)
    assert given["max-usd-per-review"] < Settings().max_usd_per_review
    assert given["max-usd-per-pull-request"] < Settings().max_usd_per_pull_request


# --- who waits for whom -----------------------------------------------------------------------


def group(**told: object) -> object:
    """Return in which queue a run of the usual workflow waits."""
    (only,) = YAML(typ="safe").load(text_of(WORKFLOW))["jobs"].values()
    expression = only["concurrency"]["group"].removeprefix("${{").removesuffix("}}")
    values = {f"github.{name.replace('__', '.')}": value for name, value in told.items()}
    return value_of(expression.strip(), {"github.repository": "octo/engine", **values})


@pytest.mark.parametrize(
    ("body", "called", "waits"),
    [
        ("/reviewer review", "OWNER", "review-7"),
        ("/reviewer full", "COLLABORATOR", "review-7"),
        ("/reviewer pause", "OWNER", "command-99"),
        ("/reviewer review", "NONE", "command-99"),
        ("/reviewer review", "CONTRIBUTOR", "command-99"),
    ],
)
def test_a_strangers_comment_does_not_drop_a_review_that_waits(
    body: str, called: str, waits: str
) -> None:
    assert waits == group(
        event_name="issue_comment",
        event__issue__number=7,
        event__comment__id=99,
        event__comment__body=body,
        event__comment__author_association=called,
    )


@pytest.mark.parametrize(("head", "waits"), [(HEADS[0], "review-7"), (HEADS[1], "fork-7")])
def test_a_strangers_push_does_not_cancel_a_review_that_somebody_ordered(
    head: str, waits: str
) -> None:
    assert waits == group(
        event_name="pull_request",
        event__pull_request__number=7,
        event__pull_request__head__repo__full_name=head,
    )


# --- who is let in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "called", "action", "label"),
    list(product(HEADS, CALLED, ("opened", "synchronize", "labeled", "closed"),
                 ("review-fork", "bug"))),
)  # fmt: skip
def test_the_condition_lets_in_whom_the_code_lets_in(
    head: str, called: str, action: str, label: str
) -> None:
    types = parsed(FORKS, "target")["on"]["pull_request_target"]["types"]
    condition = action in types and holds(
        job(FORKS, "target")["if"],
        {
            "github.repository": "octo/engine",
            "github.event.action": action,
            "github.event.label.name": label,
            "github.event.pull_request.head.repo.full_name": head,
            "github.event.pull_request.author_association": called,
        },
    )
    told = payload(
        action=action,
        label={"name": label},
        pull_request__head__repo__full_name=head,
        pull_request__author_association=called,
    )
    event = events.read(told, RUN | {"GITHUB_EVENT_NAME": events.TARGET})
    closed = isinstance(event, NotReviewed) or gate.closed(
        event, authors=Settings().fork_authors, label=Settings().fork_label
    )

    assert condition == (head == "eve/engine" and not closed)


@pytest.mark.parametrize(("head", "forks"), list(product(HEADS, init.FORKS)))
def test_a_pull_request_is_reviewed_by_one_workflow_alone(head: str, forks: str) -> None:
    values: dict[str, object] = {
        "github.event_name": "pull_request",
        "github.repository": "octo/engine",
        "github.event.action": "opened",
        "github.event.pull_request.author_association": "OWNER",
        "github.event.pull_request.head.repo.full_name": head,
        "github.event.workflow_run.event": "pull_request",
        "github.event.workflow_run.conclusion": "success",
        "github.event.workflow_run.head_repository.full_name": head,
    }
    names = [WORKFLOW, *([HANDOVER] if forks == "workflow-run" else [FORKS])]

    assert [holds(job(name, forks)["if"], values) for name in names] == [
        head == "octo/engine",
        head != "octo/engine",
    ]
    assert holds(job(FORKS, forks)["if"], values) == (head != "octo/engine")


@pytest.mark.parametrize("forks", init.FORKS)
def test_commands_are_heard_about_forks_too(forks: str) -> None:
    values: dict[str, object] = {
        "github.event_name": "issue_comment",
        "github.repository": "octo/engine",
        "github.event.issue.pull_request": {"url": "x"},
        "github.event.comment.body": "/reviewer review",
    }

    assert holds(job(WORKFLOW, forks)["if"], values)


# --- what a run without the key does ----------------------------------------------------------


def test_the_run_without_the_key_has_no_secret_and_a_token_that_reads() -> None:
    assert "secrets." not in text_of(HANDOVER, "workflow-run")
    assert parsed(HANDOVER, "workflow-run")["permissions"] == {}
    assert job(HANDOVER, "workflow-run")["permissions"] == {"contents": "read"}
    assert list(parsed(HANDOVER, "workflow-run")["on"]) == ["pull_request"]


def test_what_it_hands_over_is_what_is_waited_for() -> None:
    waiting = parsed(FORKS, "workflow-run")["on"]["workflow_run"]
    *_, upload = job(HANDOVER, "workflow-run")["steps"]

    assert waiting["workflows"] == [parsed(HANDOVER, "workflow-run")["name"]]
    assert upload["with"]["name"] == handover.ARTIFACT


def test_nothing_that_an_outsider_writes_is_part_of_its_script() -> None:
    (script,) = (step["run"] for step in job(HANDOVER, "workflow-run")["steps"] if "run" in step)

    assert "${{" not in script
