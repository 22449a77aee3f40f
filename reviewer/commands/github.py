"""`reviewer github`: the entry of the Action. Does what the event of a workflow run asks for.

Nothing that is wanted ends in silence: a run that reviews nothing says why in the log and in the
job summary, and one that cannot finish leaves its reason there before the error goes on.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.ask.providers import checked_key
from reviewer.commands import forks, orders, warm
from reviewer.commands.pull_request import Job, review
from reviewer.commands.told import nothing
from reviewer.errors import UserMustAct
from reviewer.flow import NotReviewed
from reviewer.publish.github import actions
from reviewer.source import comment as comments
from reviewer.source import event as events
from reviewer.source import gate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run(*, sarif: Sequence[Path], bundle: Path | None, quiet: bool) -> int:
    """Review the pull request that this workflow run is about.

    A runner that cancels sends SIGTERM, which ends Python at once: taken for Ctrl-C, what was
    paid for by then is told.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return review_event(os.environ, bundle=bundle, sarif=sarif, quiet=quiet)


def review_event(
    environment: Mapping[str, str],
    *,
    bundle: Path | None,
    scripted: bool = False,
    sarif: Sequence[Path] = (),
    quiet: bool = False,
) -> int:
    """Review the pull request that `environment` points at, and return the exit code."""
    job = Job(
        environment=environment,
        bundle=bundle or _default_bundle(environment),
        scripted=scripted,
        sarif=sarif,
        quiet=quiet,
    )
    match environment.get("GITHUB_EVENT_NAME"):
        case comments.EVENT:
            return _hear(job)
        case warm.EVENT:
            return warm.keep(environment, token=required_token(environment))
        case gate.AFTER_A_RUN:
            return _take_over(job)
        case _:
            return _review(job)


def _hear(job: Job) -> int:
    payload, token = _payload(job.environment), required_token(job.environment)
    return orders.hear(
        payload,
        job.environment,
        token=token,
        bundle=job.bundle,
        review=lambda event, order: review(event, job, token=token, order=order),
    )


def _take_over(job: Job) -> int:
    payload, token = _payload(job.environment), required_token(job.environment)
    return forks.take_over(
        payload,
        job.environment,
        token=token,
        bundle=job.bundle,
        review=lambda event, pack: review(event, job, token=token, pack=pack),
    )


def _review(job: Job) -> int:
    event = events.read(_payload(job.environment), job.environment)
    if isinstance(event, NotReviewed):
        return nothing(event, job.environment)
    with actions.reason_left(event.step_summary, event.output, bundle=job.bundle):
        return review(event, job, token=required_token(job.environment))


def _payload(environment: Mapping[str, str]) -> bytes:
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        return Path(path).read_bytes() if path else b"{}"
    except OSError as error:
        raise UserMustAct(
            f"GITHUB_EVENT_PATH is {path}, which cannot be read: {error.strerror}",
            way_out="run it in a GitHub workflow; locally, use `reviewer review`",
        ) from error


def _default_bundle(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("RUNNER_TEMP") or ".") / "reviewer" / "bundle.json"


def required_token(environment: Mapping[str, str]) -> str:
    """Return the GitHub token; raises `UserMustAct` when there is none, or what cannot be one."""
    given = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
    token = checked_key(given, "GITHUB_TOKEN", what="the token for GitHub")
    if not token:
        raise UserMustAct(
            "there is no GitHub token",
            way_out="set GITHUB_TOKEN; the action does it with its input `github-token`",
        )
    return token
