"""Pull requests from forks in a run that has the key: `reviewer github` on `workflow_run`.

    the run before -> its artifact -> the number it claims -> the API agrees? -> as any other

Whose pull request is reviewed is up to `source.gate`, and the objects are taken in only after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.commands.told import nothing
from reviewer.flow import NotReviewed, PullRequest
from reviewer.publish.github import actions
from reviewer.publish.github.attempts import Forbidden
from reviewer.publish.github.pull_request import PullRequestPublisher
from reviewer.publish.github.repository import artifact
from reviewer.source import handover
from reviewer.source.admitted import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reviewer.source.event import PullRequestEvent
    from reviewer.source.handover import HandedOver


def take_over(
    payload: bytes,
    environment: Mapping[str, str],
    *,
    token: str,
    bundle: Path,
    review: Callable[[PullRequestEvent, bytes], int],
) -> int:
    """Review what a fork's run hands over, if it is what it says it is.

    `review` is given the pull request and a pack of its objects. Raises `UserMustAct` for what
    does not fit together, before anything is paid.
    """
    told = handover.read(payload, environment)
    if isinstance(told, NotReviewed):
        return nothing(told, environment)
    with actions.reason_left(told.runner.step_summary, told.runner.output, bundle=bundle):
        parcel = handover.opened(_artifact(told, token))
        pull = _pull(told, parcel.number, token)
        event = handover.pull_request_of(told, parcel.number, pull)
        if isinstance(event, NotReviewed):
            return nothing(event, environment)
        return review(event, parcel.pack)


def _artifact(told: HandedOver, token: str) -> bytes:
    return artifact(
        token,
        api_url=told.runner.api_url,
        repository=told.repository.full_name,
        run_id=told.run_id,
        name=handover.ARTIFACT,
        most_bytes=handover.MOST_ARTIFACT_BYTES,
    )


def _pull(told: HandedOver, number: int, token: str) -> dict[str, Any]:
    """Return what the API says of a pull request by its claimed number."""
    name = told.repository.full_name
    url = f"{told.runner.server_url}/{name}/pull/{number}"
    page = PullRequestPublisher(
        token,
        api_url=told.runner.api_url,
        pull_request=PullRequest(repository=name, number=number, url=url),
    )
    try:
        return page.conversation.pull()
    except Forbidden as error:
        why = f"GitHub does not show pull request {number}, which it names ({error})"
        raise refused(why) from error
