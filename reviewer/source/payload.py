"""What is read of GitHub's JSON, and of the runner's variables: parsed once, here. Pure.

Source: docs.github.com, "Webhook events and payloads" and "Get a pull request".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PROBLEMS = 5
"""A payload of another kind misses everything; the first few fields say so."""

Sha = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
FullName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
Text = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """The run that hears of an event. The last two are None outside a runner."""

    api_url: str
    server_url: str
    workspace: Path
    run_id: str
    step_summary: Path | None
    output: Path | None


class Action(BaseModel):
    """What every payload has."""

    action: Text


class Account(BaseModel):
    """A person, an app or an organisation."""

    login: Text


class Repository(BaseModel):
    """The repository that the event is of."""

    full_name: FullName
    private: bool


class Base(BaseModel):
    """The branch that a pull request goes into."""

    ref: Text
    sha: Sha


class Fork(BaseModel):
    """The repository that a pull request comes from."""

    full_name: FullName


class Head(BaseModel):
    """What a pull request brings."""

    sha: Sha
    repo: Fork | None  # null when the repository was deleted


class Label(BaseModel):
    """A label; GitHub takes two names that differ only in case for the same one."""

    name: Text


class PullRequest(BaseModel):
    """A pull request, as an event holds it and as the API gives it."""

    number: Annotated[int, Field(ge=1)]
    title: str
    body: str | None
    draft: bool
    labels: list[Label]
    user: Account | None  # null when the account was deleted
    author_association: str = "NONE"
    base: Base
    head: Head


class OfPullRequest(Action):
    """The payload of `pull_request`."""

    repository: Repository
    sender: Account
    pull_request: PullRequest
    label: Label | None = None  # the one that was given, where that is the action


class PullRequestNow(PullRequest):
    """A pull request as the API gives it."""

    state: Text


class FinishedRun(BaseModel):
    """A run of another workflow that has come to its end."""

    id: Annotated[int, Field(ge=1)]
    event: Text
    conclusion: Text
    head_sha: Sha
    head_repository: Fork | None  # null when the repository was deleted


class OfWorkflowRun(Action):
    """The payload of `workflow_run`."""

    repository: Repository
    sender: Account
    workflow_run: FinishedRun


class Author(Account):
    """Who wrote a comment; `type` is `User`, `Bot` or `Organization`."""

    id: Annotated[int, Field(ge=1)]
    type: Text


class Comment(BaseModel):
    """A comment of the conversation."""

    id: Annotated[int, Field(ge=1)]
    body: str | None
    user: Author | None  # null when the account was deleted


class Issue(BaseModel):
    """An issue; with `pull_request`, that of a pull request."""

    number: Annotated[int, Field(ge=1)]
    user: Account | None  # null when the account was deleted
    pull_request: dict[str, object] | None = None


class OfComment(Action):
    """The payload of `issue_comment`."""

    repository: Repository
    issue: Issue
    comment: Comment


class Run(BaseModel):
    """The runner's variables, under their own names."""

    GITHUB_API_URL: Url
    GITHUB_SERVER_URL: Url
    GITHUB_WORKSPACE: Text
    GITHUB_RUN_ID: Annotated[str, Field(pattern=r"^[0-9]+$")]
    GITHUB_STEP_SUMMARY: str = ""
    GITHUB_OUTPUT: str = ""

    def runner(self) -> Runner:
        """Return them as a value of ours."""
        return Runner(
            api_url=self.GITHUB_API_URL.rstrip("/"),
            server_url=self.GITHUB_SERVER_URL.rstrip("/"),
            workspace=Path(self.GITHUB_WORKSPACE),
            run_id=self.GITHUB_RUN_ID,
            step_summary=Path(self.GITHUB_STEP_SUMMARY) if self.GITHUB_STEP_SUMMARY else None,
            output=Path(self.GITHUB_OUTPUT) if self.GITHUB_OUTPUT else None,
        )


class Scheduled(BaseModel):
    """The further variables of a run that no pull request caused."""

    GITHUB_REPOSITORY: FullName
    GITHUB_SHA: Sha


_Model = TypeVar("_Model", bound=BaseModel)


def parse(model: type[_Model], source: str | bytes | Mapping[str, object]) -> _Model:
    """Return it as `model` has it; raises `UserMustAct`."""
    try:
        if isinstance(source, str | bytes):
            return model.model_validate_json(source)
        return model.model_validate(dict(source))
    except ValidationError as error:
        raise UserMustAct(
            f"this is not what GitHub sends with a pull request:\n{_explain(error)}",
            way_out="run `reviewer github` in a workflow on pull_request; elsewhere set the "
            "GITHUB_* variables and point GITHUB_EVENT_PATH at a saved payload",
        ) from error


def _explain(error: ValidationError) -> str:
    """Name fields and rules, never values: those are an outsider's text, and this is a log."""
    problems = error.errors(include_input=False, include_context=False)
    lines = [
        f"  {'.'.join(map(str, problem['loc'])) or 'payload'}: {problem['msg']}"
        for problem in problems[:MAX_PROBLEMS]
    ]
    if len(problems) > MAX_PROBLEMS:
        lines.append(f"  and {len(problems) - MAX_PROBLEMS} more")
    return "\n".join(lines)
