"""What is known of the other reviews of a repository, for the cache policy. Does I/O.

It is asked for only where the policy depends on it, and nothing that fails here fails a review.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Activity
from reviewer.pack.snapshot import boundary
from reviewer.publish.documents import bundle
from reviewer.publish.github import recent
from reviewer.publish.github.repository import recent_activity
from reviewer.source.cache_place import cache_folder
from reviewer.source.warm_record import RecordFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reviewer.flow import WarmRecord
    from reviewer.settings import Settings
    from reviewer.source.event import PullRequestEvent
    from reviewer.source.repo import GitRepository

WORKFLOW = ".github/workflows/reviewer.yml"
"""What reviews in CI, as `reviewer init` names it."""

NOT_COUNTED = "other reviews are not counted"

_DAYS_SECONDS = recent.DAYS * 86_400.0


def unknown(*, last_message: str = "", source: str = "") -> Activity:
    """Return that nothing is known but the time."""
    now = time.time()
    return Activity(now=now, since=now, source=source, last_message=last_message)


def matters(settings: Settings) -> bool:
    """Whether the policy depends on other reviews."""
    return settings.cache == "auto" and settings.reviews_per_hour is None


def local(
    repository: GitRepository, base: str, settings: Settings, last: Path | None = None
) -> Activity:
    """Return what the clone tells, without network.

    `last` is the bundle of the last review here, for one that is to follow it. Others' reviews
    count only where a workflow of the repository makes them: nobody else has this cache.
    """
    message = _message_of(last) if last and settings.cache != "off" else ""
    if not matters(settings):
        return unknown(last_message=message)
    if repository.file_at(base, WORKFLOW) is None:
        return unknown(last_message=message, source=f"{NOT_COUNTED}: the base has no {WORKFLOW}")
    now = time.time()
    try:
        times = repository.pushed_at(base, since=now - _DAYS_SECONDS)
    except CouldNotFinish as error:
        return unknown(last_message=message, source=f"{NOT_COUNTED}: {error}")
    return Activity(
        now=now,
        since=now - _DAYS_SECONDS,
        reviews_at=times,
        source="other reviews are counted by the branches and merges of this clone",
        last_message=message,
    )


def of_repository(
    repository: str, settings: Settings, *, token: str, api_url: str, record: WarmRecord
) -> Activity:
    """Return what GitHub tells of the reviews of a repository, for a run of no pull request."""
    if settings.reviews_per_hour is not None:
        return replace(unknown(), kept_at=record.kept_at)
    asked = recent.Asked(now=time.time(), workflow=WORKFLOW.rpartition("/")[2])
    found = recent_activity(token, api_url=api_url, repository=repository, asked=asked)
    return replace(found, kept_at=record.kept_at)


def kept_at(settings: Settings, environment: Mapping[str, str], now: float) -> tuple[float, ...]:
    """Return when the warm-keeping of this day kept the prefix, as far as the cache tells."""
    folder = cache_folder(environment)
    if folder is None:
        return ()
    try:
        return RecordFile(folder, boundary(now, hour=settings.snapshot_hour)).read().kept_at
    except CouldNotFinish:
        return ()


def of_pull_request(
    event: PullRequestEvent,
    settings: Settings,
    environment: Mapping[str, str],
    *,
    token: str,
    last_message: str,
) -> Activity:
    """Return what GitHub tells of the other reviews, for one of a pull request."""
    if not matters(settings):
        return unknown(last_message=last_message)
    asked = recent.Asked(
        now=time.time(),
        workflow=workflow_of(environment),
        run_id=run_of(environment),
        number=event.number,
    )
    found = recent_activity(token, api_url=event.api_url, repository=event.repository, asked=asked)
    kept = kept_at(settings, environment, asked.now)
    return replace(found, last_message=last_message, kept_at=kept)


def _message_of(path: Path) -> str:
    """Return the id of the last review's message; empty where there is none to be read."""
    if path.is_file():
        with suppress(UserMustAct):
            replies = bundle.load(path).replies
            return replies[0].attempts[-1].message_id if replies and replies[0].attempts else ""
    return ""


def workflow_of(environment: Mapping[str, str]) -> str:
    """Return the file name of the workflow that runs, or of that for one's own branches.

    Where forks have a workflow of their own, most reviews that share its prompt are not its own.
    `GITHUB_WORKFLOW_REF` is `owner/name/.github/workflows/file.yml@refs/heads/main`.
    """
    from reviewer.source import gate

    if environment.get("GITHUB_EVENT_NAME") in gate.WITH_SECRETS:
        return WORKFLOW.rpartition("/")[2]
    path = environment.get("GITHUB_WORKFLOW_REF", "").partition("@")[0]
    return path.rpartition("/")[2] or WORKFLOW.rpartition("/")[2]


def run_of(environment: Mapping[str, str]) -> int:
    """Return the number of the run, 0 where there is none."""
    text = environment.get("GITHUB_RUN_ID", "")
    return int(text) if text.isascii() and text.isdigit() else 0
