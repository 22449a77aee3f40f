"""Batches that have ended -> results, each kept as it came before anything is made of it. Pure.

Pure but for the ports and the folder it is handed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import results
from reviewer.batch.telling import requests
from reviewer.flow import Result

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.sending import Clock
    from reviewer.batch.state import Batch, Sending
    from reviewer.ports import Batches, Progress

NOT_THERE = Result(kind="unreadable", why="the results of its batch hold no line that tells of it")
GONE = Result(kind="expired", why="its batch was archived, and its results are gone")


def asked(batch: Batch, folder: BatchFolder, batches: Batches, *, clock: Clock) -> Batch:
    """Ask how far each batch is; what is told is kept."""
    for sending in _running(batch):
        told = batches.look(sending.batch)
        batch = batch.instead(sending, sending.created(told, now=clock.now()))
        folder.save(batch)
    return batch


def taken(batch: Batch, folder: BatchFolder, batches: Batches, *, progress: Progress) -> Batch:
    """Take the results of the batches that have ended; each is kept before the next is read."""
    for sending in [one for one in _running(batch) if one.ended]:
        progress.phase("Collecting", f"{requests(len(sending.ids))} of {sending.batch}")
        found = dict.fromkeys(sending.ids, GONE)
        if not sending.gone:
            found = _results(sending, folder, batches)
        batch = batch.instead(sending, replace(sending, read=True)).with_results(found)
        folder.save(batch)
    return batch


def lost(batch: Batch, folder: BatchFolder) -> frozenset[str]:
    """Return the requests with an answer that is not on the disk any more, or not whole."""
    answered = (name for name, result in batch.results.items() if result.kind == "succeeded")
    return frozenset(name for name in answered if not _is_kept(name, folder))


def take_again(
    batch: Batch,
    names: Collection[str],
    folder: BatchFolder,
    batches: Batches,
    *,
    progress: Progress,
) -> None:
    """Keep these answers once more: the server has them for 29 days, and they are paid for.

    Source: platform.claude.com, "Batch processing". Raises `CouldNotFinish` and `UserMustAct`.
    """
    for sending in batch.sendings:
        if sending.read and not sending.gone and not set(names).isdisjoint(sending.ids):
            progress.phase("Collecting", f"again, what the disk lost of {sending.batch}")
            for line in batches.results(sending.batch):
                if _answered(line) in names:
                    folder.keep_result(_answered(line), line)


def _is_kept(name: str, folder: BatchFolder) -> bool:
    return _answered(folder.result(name) or b"") == name


def _answered(line: bytes) -> str:
    """Return the request that a line answers; empty where it answers none."""
    try:
        name, result = results.outcome(line)
    except results.UnreadableLine:
        return ""
    return name if result.kind == "succeeded" else ""


def _running(batch: Batch) -> list[Sending]:
    return [one for one in batch.sendings if one.state == "created" and not one.read]


def _results(sending: Sending, folder: BatchFolder, batches: Batches) -> dict[str, Result]:
    """Keep each result of a batch, and return what became of its requests.

    A line of somebody else is left alone, and so is one that nobody can read.
    """
    found = dict.fromkeys(sending.ids, NOT_THERE)
    for line in batches.results(sending.batch):
        try:
            name, result = results.outcome(line)
        except results.UnreadableLine:
            continue
        if name in found and found[name].kind != "succeeded":
            folder.keep_result(name, line)
            found[name] = result
    return found
