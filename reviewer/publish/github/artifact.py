"""An artifact of a workflow run, downloaded up to a cap. Does I/O, through PyGithub's objects.

It may be an outsider's. GitHub answers with an address in a storage of its own, which is asked
without our token and without compression on the way: a small upload could unpack to any size.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.publish.github.attempts import Passing
from reviewer.publish.github.held import body

if TYPE_CHECKING:
    from github import Github

    from reviewer.publish.github.attempts import Attempts

_TIMEOUT_SECONDS = 30


def download(
    github: Github,
    attempts: Attempts,
    *,
    repository: str,
    run_id: int,
    name: str,
    most_bytes: int,
) -> bytes:
    """Return the zip file of the one artifact of that name that a run has.

    It takes `actions: read`. Raises `CouldNotFinish`, and `UserMustAct` for what cannot be had.
    """
    listed = f"/repos/{repository}/actions/runs/{run_id}/artifacts"
    found = attempts.read(lambda: _named(github, listed, name))
    if len(found) != 1:
        raise _unusable(f"the run before has {len(found)} artifacts named {name!r}, not one")
    (one,) = found
    if one["expired"]:
        raise _unusable(f"its artifact {name!r} has expired")
    if one["size_in_bytes"] > most_bytes:
        raise _unusable(f"its artifact {name!r} has more than {most_bytes:,} bytes")
    address = f"/repos/{repository}/actions/artifacts/{int(one['id'])}/zip"
    try:
        return attempts.read(lambda: _fetched(github, address, most_bytes))
    except Passing as error:
        raise CouldNotFinish(str(error), way_out="let this workflow run again") from error


def _named(github: Github, path: str, name: str) -> list[dict[str, Any]]:
    told = github.requester.requestJsonAndCheck("GET", path, {"name": name})[1]
    return [one for one in told["artifacts"] if one["name"] == name]


def _fetched(github: Github, path: str, most_bytes: int) -> bytes:
    """Return what lies at the address that GitHub points to, which holds for a minute.

    The address is a key to what lies there, so no error names it.
    """
    import requests

    headers, _ = github.requester.requestJsonAndCheck("GET", path)
    try:
        with requests.get(
            headers["location"],
            headers={"Accept-Encoding": "identity"},
            stream=True,
            timeout=_TIMEOUT_SECONDS,
        ) as answer:
            if answer.status_code != HTTPStatus.OK:
                raise Passing(f"the storage of artifacts answered {answer.status_code}")
            data = body(answer.raw, most_bytes=most_bytes)
    except requests.RequestException as error:
        why = f"the connection to the storage of artifacts failed: {type(error).__name__}"
        raise Passing(why) from error
    if data is None:
        raise _unusable(f"its artifact has more than {most_bytes:,} bytes")
    return data


def _unusable(why: str) -> UserMustAct:
    return UserMustAct(
        why,
        way_out="check that both workflows are as `reviewer init --forks workflow-run` writes "
        "them; `/reviewer review` in a comment reviews without an artifact",
    )
