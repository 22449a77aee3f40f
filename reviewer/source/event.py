"""What GitHub says happened -> a pull request to review, or why there is none. Pure.

The payload and the environment come in as arguments; both are checked here, once. Title, body
and branch names are whatever their author typed: they are data, and nothing here acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import NotReviewed
from reviewer.source.payload import Action, OfPullRequest, Run, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from reviewer.source.payload import PullRequest, Repository, Runner

WITHOUT_SECRETS, TARGET = "pull_request", "pull_request_target"
EVENTS = (WITHOUT_SECRETS, TARGET)
"""Both carry the same payload. The second brings secrets to runs that outsiders start
(docs.github.com, events that trigger workflows): `source.gate` says which of them are reviewed."""

ACTIONS = ("opened", "synchronize", "reopened", "ready_for_review")
LABELED = "labeled"
FORKS = "for every push, `reviewer init --forks` writes a workflow (docs/forks.md)"
BOTS = "for every push, store the key among Dependabot's secrets too"

DEPENDABOT = "dependabot[bot]"
GHOST = "ghost"
"""The account that GitHub shows in the place of a deleted one."""

# --- the values that leave -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestEvent:
    """A pull request that was opened or pushed to, and the run that hears of it.

    `repository` and `head_repository` are `owner/name`. `head_repository` is None when the
    fork was deleted. `base_sha` is the tip of the target branch and `head_sha` the pushed
    commit; GITHUB_SHA is neither, it is their merge. `association` is what the author is to the
    repository, in GitHub's capitals; `label_given` is empty unless that is what happened. The two
    paths are None outside a runner.
    """

    event: str
    action: str
    repository: str
    number: int
    url: str
    title: str
    body: str
    draft: bool
    labels: tuple[str, ...]
    author: str
    association: str
    label_given: str
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


# --- the way in ------------------------------------------------------------------------------


def read(payload: str | bytes, environment: Mapping[str, str]) -> PullRequestEvent | NotReviewed:
    """Read the file at GITHUB_EVENT_PATH with the variables of the run.

    Drafts are read like the others (`unwanted`): whether they are reviewed is a setting, and the
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
    action = parse(Action, payload).action
    if action not in ACTIONS and (name, action) != (TARGET, LABELED):
        return NotReviewed(why=f"the action is {action!r}; reviewed are {', '.join(ACTIONS)}")
    told, runner = parse(OfPullRequest, payload), parse(Run, environment).runner()
    return event_of(
        told.pull_request,
        told.repository,
        runner,
        event=name,
        action=action,
        sender=told.sender.login,
        label_given=told.label.name if told.label and action == LABELED else "",
    )


def unwanted(
    event: PullRequestEvent, *, review_drafts: bool, skip_labels: Collection[str], has_key: bool
) -> NotReviewed | None:
    """Return why a pull request is not reviewed by itself, as far as its event tells, or None.

    GitHub hands no secrets to forks and Dependabot on `pull_request`, so there a missing key is
    nobody's mistake; elsewhere it is an error, which the one who needs the key raises.
    """
    if event.draft and not review_drafts:
        return NotReviewed(
            why="it is a draft, and the setting review_drafts is false",
            way_out="mark it as ready, or comment `/reviewer review`",
        )
    names = {name.casefold() for name in skip_labels}
    if label := next((one for one in event.labels if one.casefold() in names), ""):
        return NotReviewed(
            why=f"it has the label {label!r}, which is among the setting skip_labels",
            way_out="comment `/reviewer review`, or take the label away before the next push",
        )
    unkeyed = event.event == WITHOUT_SECRETS and (event.from_fork or event.dependabot)
    if has_key or not unkeyed:
        return None
    source, way_out = ("a fork", FORKS) if event.from_fork else ("Dependabot", BOTS)
    return NotReviewed(
        why=f"it comes from {source}, and GitHub gives such runs no secrets, so no API key",
        way_out=f"comment `/reviewer review`; {way_out}",
    )


def event_of(
    pull: PullRequest,
    repository: Repository,
    runner: Runner,
    *,
    event: str,
    action: str,
    sender: str,
    label_given: str = "",
) -> PullRequestEvent:
    """Return a pull request and the run that hears of it as one value."""
    author = pull.user.login if pull.user else GHOST
    page = f"{runner.server_url}/{repository.full_name}"
    return PullRequestEvent(
        event=event,
        action=action,
        repository=repository.full_name,
        number=pull.number,
        url=f"{page}/pull/{pull.number}",
        title=pull.title,
        body=pull.body or "",
        draft=pull.draft,
        labels=tuple(label.name for label in pull.labels),
        author=author,
        association=pull.author_association,
        label_given=label_given,
        base_ref=pull.base.ref,
        base_sha=pull.base.sha,
        head_sha=pull.head.sha,
        head_repository=pull.head.repo.full_name if pull.head.repo else None,
        dependabot=DEPENDABOT in (author, sender),
        private=repository.private,
        api_url=runner.api_url,
        server_url=runner.server_url,
        workspace=runner.workspace,
        run_url=f"{page}/actions/runs/{runner.run_id}",
        step_summary=runner.step_summary,
        output=runner.output,
    )
