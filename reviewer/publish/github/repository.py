"""What GitHub tells of a repository, for runs that have no page yet. Does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.publish.github import artifact as artifacts
from reviewer.publish.github import recent
from reviewer.publish.github.client import attempts, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Activity


def merge_base(
    token: str,
    *,
    api_url: str,
    repository: str,
    base: str,
    head: str,
    sleep: Callable[[float], None] | None = None,
) -> str:
    """Return the merge base of two commits as GitHub sees it, for clones without history.

    Raises `CouldNotFinish` or `UserMustAct`.
    """
    github = client(token, api_url)
    return attempts(sleep).read(
        lambda: github.get_repo(repository).compare(base, head).merge_base_commit.sha
    )


def recent_activity(token: str, *, api_url: str, repository: str, asked: recent.Asked) -> Activity:
    """Return when a repository was reviewed lately; what fails is a reason in it."""
    return recent.activity(client(token, api_url).get_repo(repository), attempts(), asked)


def artifact(
    token: str, *, api_url: str, repository: str, run_id: int, name: str, most_bytes: int
) -> bytes:
    """Return what a run uploaded under that name; see `artifacts.download`."""
    return artifacts.download(
        client(token, api_url),
        attempts(),
        repository=repository,
        run_id=run_id,
        name=name,
        most_bytes=most_bytes,
    )
