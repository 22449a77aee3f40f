"""What GitHub says happened -> a pull request to review, or why there is none. Pure.

The payload and the environment come in as arguments; both are checked here, once. Title, body
and branch names are whatever their author typed: they are data, and nothing here acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS = ("pull_request", "pull_request_target")
"""Both carry the same payload. Only the first is recommended: the second brings secrets to runs
that outsiders start (docs.github.com, events that trigger workflows)."""

ACTIONS = ("opened", "synchronize", "reopened", "ready_for_review")
DEPENDABOT = "dependabot[bot]"
GHOST = "ghost"
"""The account that GitHub shows in the place of a deleted one."""

MAX_PROBLEMS = 5
"""A payload of another kind misses everything; the first few fields say so."""

# --- the values that leave -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestEvent:
    """A pull request that was opened or pushed to, and the run that hears of it.

    `repository` and `head_repository` are `owner/name`. `head_repository` is None when the
    fork was deleted. `base_sha` is the tip of the target branch and `head_sha` the pushed
    commit; GITHUB_SHA is neither, it is their merge. The two paths are None outside a runner.
    """

    event: str
    action: str
    repository: str
    number: int
    url: str
    title: str
    body: str
    draft: bool
    author: str
    base_ref: str
    base_sha: str
    head_sha: str
    head_repository: str | None
    dependabot: bool
    private: bool
    api_url: str
    server_url: str
    workspace: Path
    run_url: str
    step_summary: Path | None
    output: Path | None

    @property
    def from_fork(self) -> bool:
        """Whether the head lives in another repository.

        The payload's own `fork` flag does not tell: it is true of both sides when the base
        repository is itself a fork.
        """
        return self.head_repository != self.repository


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReviewed:
    """Nothing to do for this event, and why: the run is a success that says so."""

    why: str


# --- the way in ------------------------------------------------------------------------------


def read(payload: str | bytes, environment: Mapping[str, str]) -> PullRequestEvent | NotReviewed:
    """Read the file at GITHUB_EVENT_PATH with the variables of the run.

    Drafts are read like the others (`wanted`): whether they are reviewed is a setting, and the
    settings are on the base branch that this value names. Raises `UserMustAct`.
    """
    name = environment.get("GITHUB_EVENT_NAME", "")
    if name not in EVENTS:
        if not name:
            raise UserMustAct(
                "GITHUB_EVENT_NAME is not set, so this is no run of GitHub Actions",
                way_out="run it in a workflow on pull_request; elsewhere use `reviewer review`",
            )
        return NotReviewed(why=f"the event is {name!r}; reviewed are {' and '.join(EVENTS)}")
    action = _parse(_Action, payload).action
    if action not in ACTIONS:
        return NotReviewed(why=f"the action is {action!r}; reviewed are {', '.join(ACTIONS)}")
    return _event(name, _parse(_Payload, payload), _parse(_Run, environment))


def wanted(
    event: PullRequestEvent, *, review_drafts: bool, has_key: bool
) -> PullRequestEvent | NotReviewed:
    """Return the event, or why it is not reviewed although it could be read.

    GitHub hands no secrets to forks and Dependabot, so there a missing key is nobody's mistake;
    elsewhere it is an error, which the one who needs the key raises.
    """
    if event.draft and not review_drafts:
        return NotReviewed(why="it is a draft, and the setting review_drafts is false")
    if has_key or not (event.from_fork or event.dependabot):
        return event
    source = "a fork" if event.from_fork else "Dependabot"
    return NotReviewed(
        why=f"it comes from {source}, and GitHub gives such runs no secrets, so no API key"
    )


def _event(name: str, payload: _Payload, run: _Run) -> PullRequestEvent:
    pull = payload.pull_request
    author = pull.user.login if pull.user else GHOST
    repository = payload.repository.full_name
    server = run.GITHUB_SERVER_URL.rstrip("/")
    return PullRequestEvent(
        event=name,
        action=payload.action,
        repository=repository,
        number=pull.number,
        url=f"{server}/{repository}/pull/{pull.number}",
        title=pull.title,
        body=pull.body or "",
        draft=pull.draft,
        author=author,
        base_ref=pull.base.ref,
        base_sha=pull.base.sha,
        head_sha=pull.head.sha,
        head_repository=pull.head.repo.full_name if pull.head.repo else None,
        dependabot=DEPENDABOT in (author, payload.sender.login),
        private=payload.repository.private,
        api_url=run.GITHUB_API_URL.rstrip("/"),
        server_url=server,
        workspace=Path(run.GITHUB_WORKSPACE),
        run_url=f"{server}/{repository}/actions/runs/{run.GITHUB_RUN_ID}",
        step_summary=Path(run.GITHUB_STEP_SUMMARY) if run.GITHUB_STEP_SUMMARY else None,
        output=Path(run.GITHUB_OUTPUT) if run.GITHUB_OUTPUT else None,
    )


# --- what is read of GitHub's JSON (docs.github.com, webhook events and payloads) --------------

_Sha = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
_FullName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
_Text = Annotated[str, Field(min_length=1)]
_Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]


class _Action(BaseModel):
    action: _Text


class _Account(BaseModel):
    login: _Text


class _Repository(BaseModel):
    full_name: _FullName
    private: bool


class _Base(BaseModel):
    ref: _Text
    sha: _Sha


class _Fork(BaseModel):
    full_name: _FullName


class _Head(BaseModel):
    sha: _Sha
    repo: _Fork | None  # null when the repository was deleted


class _PullRequest(BaseModel):
    number: Annotated[int, Field(ge=1)]
    title: str
    body: str | None
    draft: bool
    user: _Account | None  # null when the account was deleted
    base: _Base
    head: _Head


class _Payload(_Action):
    repository: _Repository
    sender: _Account
    pull_request: _PullRequest


class _Run(BaseModel):
    """The runner's variables, under their own names."""

    GITHUB_API_URL: _Url
    GITHUB_SERVER_URL: _Url
    GITHUB_WORKSPACE: _Text
    GITHUB_RUN_ID: Annotated[str, Field(pattern=r"^[0-9]+$")]
    GITHUB_STEP_SUMMARY: str = ""
    GITHUB_OUTPUT: str = ""


_Model = TypeVar("_Model", bound=BaseModel)


def _parse(model: type[_Model], source: str | bytes | Mapping[str, str]) -> _Model:
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
