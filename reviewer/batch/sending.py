"""Requests -> batches, and what a killed or unheard call left open. Pure.

Pure but for the ports and the folder it is handed. Before each call the state notes what it is
to create and what was the newest batch at the server; after it, the batch's id. A call without
an answer is *doubtful*: the Batches API knows no idempotency key, and a list of batches does not
tell their requests. So batches that are newer, unknown to us and of the same number of requests
could be ours:

    one has ended            its results tell by the ids in them
    one is in progress       nothing is sent again before it has ended
    there is none            looked again after `QUIET_SECONDS`; then the call came to nothing
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import results
from reviewer.batch.state import Sending, Standing
from reviewer.batch.telling import requests
from reviewer.errors import ReviewerError
from reviewer.flow import Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.state import Batch, Question
    from reviewer.flow import BatchTold
    from reviewer.ports import Batches, Progress

MOST_REQUESTS = 100_000
MOST_BYTES = 64 * 1024 * 1024
"""Of one call. The API takes 256 MB; a smaller call is sooner through, and less is in doubt."""

QUIET_SECONDS = 10.0
"""A server may still be at work on a call whose client is gone, before the batch is listed."""

GIVEN_UP = "it was sent again without waiting for it"


class Clock:
    """What time it is, and waiting; both can be replaced in a test."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self.now = now
        self.sleep = sleep


def send(
    batch: Batch,
    folder: BatchFolder,
    batches: Batches,
    *,
    names: Sequence[str],
    clock: Clock,
    progress: Progress,
) -> Batch:
    """Send these requests, as few calls as the limits allow; every step is kept.

    A call without an answer stays doubtful, and the next is made. Raises `UserMustAct` or
    `CouldNotFinish` when the server refuses one.
    """
    for chunk in chunks([batch.questions[name] for name in names]):
        sending = Sending(
            ids=tuple(question.id for question in chunk), at=clock.now(), newest=batches.newest()
        )
        batch = _kept(batch.with_sending(sending), folder)
        progress.phase("Sending", requests(len(chunk)))
        bodies = [(question.id, folder.request(question.id)) for question in chunk]
        try:
            told = batches.create(bodies, chunk[0].betas)
        except ReviewerError as error:
            void = replace(sending, state="void", why=f"it was refused: {error}")
            _kept(batch.instead(sending, void), folder)
            raise
        if isinstance(told, Unheard):
            batch = _kept(batch.instead(sending, replace(sending, why=told.why)), folder)
        else:
            batch = _kept(batch.instead(sending, sending.created(told, now=clock.now())), folder)
    return batch


def chunks(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Give the requests of each call: none too many, none too large, each with its own headers."""
    chunk: list[Question] = []
    size_bytes = 0
    for one in sorted(questions, key=lambda each: each.betas):
        full = len(chunk) == MOST_REQUESTS or size_bytes + one.size_bytes > MOST_BYTES
        if chunk and (full or chunk[0].betas != one.betas):
            yield chunk
            chunk, size_bytes = [], 0
        chunk.append(one)
        size_bytes += one.size_bytes
    if chunk:
        yield chunk


def settled(
    batch: Batch, folder: BatchFolder, batches: Batches, *, clock: Clock, progress: Progress
) -> Batch:
    """Find out what became of the calls that nobody heard of again; what is found is kept.

    Raises `CouldNotFinish` when the server cannot be asked.
    """
    for sending in [one for one in batch.sendings if one.state == "doubtful"]:
        progress.phase("Looking", f"for a batch of {requests(len(sending.ids))} in doubt")
        found = _found(sending, batch, batches)
        if found is None:
            clock.sleep(QUIET_SECONDS)
            found = _found(sending, batch, batches)
        if found is None:
            new = replace(sending, state="void", why="the server has no such batch")
        elif isinstance(found, str):
            new = replace(sending, why=found, asked_at=clock.now())
        else:
            new = sending.created(found, now=clock.now())
        batch = _kept(batch.instead(sending, new), folder)
    return batch


def given_up(batch: Batch, folder: BatchFolder) -> Batch:
    """Wait no more for what is doubtful: it can be sent again, and be paid for twice."""
    for sending in [one for one in batch.sendings if one.state == "doubtful"]:
        batch = batch.instead(sending, replace(sending, state="void", why=GIVEN_UP))
    return _kept(batch, folder)


def _found(sending: Sending, batch: Batch, batches: Batches) -> BatchTold | str | None:
    """Return the batch that a call created, None if there is none, or why it stays in doubt."""
    newer, complete = batches.since(sending.newest)
    if not complete:
        return (
            f"the list of batches does not show {sending.newest}, which was there when it was "
            "sent: is this the key of another workspace?"
        )
    candidates = [
        each
        for each in newer
        if each.id not in batch.known_batches and each.requests == len(sending.ids)
    ]
    for each in candidates:
        if each.ended and _is_ours(each, sending, batches):
            return each
    running = [each.id for each in candidates if not each.ended]
    return f"it may be {', '.join(running)}, which is in progress" if running else None


def _is_ours(told: BatchTold, sending: Sending, batches: Batches) -> bool:
    """Whether the results of a batch that has ended tell of a request that was sent."""
    ids = set(sending.ids)
    for line in batches.results(told.id):
        with suppress(results.UnreadableLine):
            return results.outcome(line)[0] in ids
    return False


def due(batch: Batch, *, failed: bool, unreadable: bool = False) -> list[str]:
    """Return the requests that are to be sent; `failed` ones too, but for what may be paid.

    An `unreadable` result may hold an answer that was paid for.
    """
    names = batch.of(Standing.PLANNED)
    if failed:
        names += [
            name
            for name in batch.of(Standing.FAILED)
            if unreadable or batch.results[name].kind != "unreadable"
        ]
    return names


def _kept(batch: Batch, folder: BatchFolder) -> Batch:
    folder.save(batch)
    return batch
