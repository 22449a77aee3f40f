"""What a fork's run hands over to a run with the key -> a pull request, or a refusal. Pure.

    pull_request, from a fork             workflow_run, on the default branch
    no secrets, a token that reads        the key, a token that comments
    objects.pack, number  -- artifact -->  every byte of it hostile

A pull request may change the workflow that makes the artifact. So nothing in it is believed: git
proves the objects (`admitted`), GitHub's API the number, and the payload of `workflow_run`, which
no outsider writes, names the commit that both have to agree with. Title, labels and author are the
API's; of the artifact no path, no name of a ref and no text goes on from here.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from reviewer.flow import NotReviewed
from reviewer.source.admitted import refused
from reviewer.source.event import WITHOUT_SECRETS, event_of
from reviewer.source.gate import AFTER_A_RUN
from reviewer.source.payload import Action, OfWorkflowRun, PullRequestNow, Run, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.source.event import PullRequestEvent
    from reviewer.source.payload import Repository, Runner

COMPLETED, SUCCESS, OPEN = "completed", "success", "open"

ARTIFACT = "reviewer-handover"
"""The name under which the workflow of `reviewer init --forks workflow-run` uploads."""

MEBIBYTE = 1024 * 1024
MOST_BYTES = {"number": 16, "objects.pack": 32 * MEBIBYTE}
"""The two files of an artifact, and the most that each may hold when it is unpacked."""

MOST_ARTIFACT_BYTES = 33 * MEBIBYTE
"""As it is downloaded. Packed objects do not become smaller, so this is the pack and a margin."""

_NUMBER = re.compile(rb"[1-9][0-9]{0,9}\n?")
_BROKEN = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)
"""What `zipfile` raises at bytes that are no zip file, or one that it does not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The run of a fork that came to its end, and the run that hears of it.

    `head_sha` is what the pull request was at; `head_repository` is None when it was deleted.
    """

    run_id: int
    head_sha: str
    head_repository: str | None
    repository: Repository
    sender: str
    runner: Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What an artifact holds: the number that it claims, and objects that nobody has looked at."""

    number: int
    pack: bytes


def read(payload: str | bytes, environment: Mapping[str, str]) -> HandedOver | NotReviewed:
    """Read the file at GITHUB_EVENT_PATH of a run on `workflow_run`. Raises `UserMustAct`."""
    action = parse(Action, payload).action
    if action != COMPLETED:
        return NotReviewed(why=f"the action is {action!r}; reviewed is after {COMPLETED!r} alone")
    told, run = parse(OfWorkflowRun, payload), parse(Run, environment)
    finished = told.workflow_run
    if finished.event != WITHOUT_SECRETS:
        return NotReviewed(why=f"the run before was on {finished.event!r}, on no pull request")
    if finished.conclusion != SUCCESS:
        return NotReviewed(why=f"the run before ended with {finished.conclusion!r}")
    head_repository = finished.head_repository.full_name if finished.head_repository else None
    if head_repository == told.repository.full_name:
        return NotReviewed(
            why="the run before was of no fork, and the other workflow reviews those"
        )
    return HandedOver(
        run_id=finished.id,
        head_sha=finished.head_sha,
        head_repository=head_repository,
        repository=told.repository,
        sender=told.sender.login,
        runner=run.runner(),
    )


def opened(artifact: bytes) -> Parcel:
    """Unpack an artifact in memory, each file up to its cap; raises `UserMustAct`."""
    try:
        with ZipFile(BytesIO(artifact)) as archive:
            found = {name: _unpacked(archive, name) for name in _names(archive)}
    except _BROKEN as error:
        raise refused(f"the artifact is no sound zip file ({type(error).__name__})") from error
    if not _NUMBER.fullmatch(found["number"]):
        raise refused("its file `number` holds no number of a pull request")
    return Parcel(number=int(found["number"]), pack=found["objects.pack"])


def _names(archive: ZipFile) -> tuple[str, ...]:
    """Return the names of the two files: they are ours, and no other name of the zip is used."""
    entries = archive.infolist()
    if sorted(entry.filename for entry in entries) != sorted(MOST_BYTES):
        wanted = " and ".join(f"`{name}`" for name in MOST_BYTES)
        raise refused(f"the artifact must hold {wanted} alone; it has {len(entries)} entries")
    return tuple(MOST_BYTES)


def _unpacked(archive: ZipFile, name: str) -> bytes:
    entry, most_bytes = archive.getinfo(name), MOST_BYTES[name]
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise refused(f"`{name}` is compressed in a way that no upload to GitHub is")
    with archive.open(entry) as stream:
        data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise refused(f"`{name}` is larger than {most_bytes:,} bytes")
    return data


def pull_request_of(
    told: HandedOver, number: int, pull: Mapping[str, object]
) -> PullRequestEvent | NotReviewed:
    """Hold the claimed number against what the API says of it, and return the pull request.

    `pull` is the API's JSON. Raises `UserMustAct`.
    """
    now = parse(PullRequestNow, pull)
    head_repository = now.head.repo.full_name if now.head.repo else None
    if now.number != number or head_repository != told.head_repository:
        raise refused(f"pull request {number}, which it names, is not of the fork that ran")
    if now.state != OPEN:
        return NotReviewed(why=f"pull request {number} is {now.state} by now")
    if now.head.sha != told.head_sha:
        return NotReviewed(
            why=f"pull request {number} has moved from {told.head_sha[:12]} to "
            f"{now.head.sha[:12]}, of which a run of its own tells"
        )
    return event_of(
        now,
        told.repository,
        told.runner,
        event=AFTER_A_RUN,
        action=COMPLETED,
        sender=told.sender,
    )
