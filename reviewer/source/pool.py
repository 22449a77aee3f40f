"""Work on many files in several processes. Does I/O: it starts processes.

A grammar is C code that reads hostile input. In a process of its own it can crash, or never come
back, without taking the review along: the file is then one that nothing is known about. A handful
of files is not worth a process, and is worked on here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Work = Callable[[bytes, str], bytes]
    Item = tuple[bytes, str]

LEAST_BYTES = 1_500_000
"""Below this, starting processes takes longer than the work."""

BATCH_BYTES = 400_000
"""What is sent to a process at once."""

MOST_SECONDS = 60.0
"""How long a batch may take: some hundred times what it usually takes."""

MOST_PROCESSES = 8


class Processes:
    """A `ports.Pool`: the work is divided among as many processes as there are processors."""

    def __init__(
        self, *, least_bytes: int = LEAST_BYTES, most_seconds: float = MOST_SECONDS
    ) -> None:
        self._least_bytes = least_bytes
        self._most_seconds = most_seconds

    def run(self, work: Work, items: Sequence[Item]) -> list[bytes | None]:
        """Return what `work` makes of each item, or None where it crashed or never came back."""
        if sum(len(source) for source, _ in items) < self._least_bytes:
            return [work(*item) for item in items]
        batches = list(_batches(items))
        finished = self._all(work, batches)
        if finished is None:
            return [work(*item) for item in items]
        made: list[bytes | None] = []
        for batch, done in zip(batches, finished, strict=True):
            made += self._again(work, batch) if done is None else done
        return made

    def _again(self, work: Work, batch: list[Item]) -> list[bytes | None]:
        """Work through a batch once more: it may only have been beside the one that crashed."""
        done = self._alone(work, batch)
        return self._singly(work, batch) if done is None else [*done]

    def _singly(self, work: Work, batch: Sequence[Item]) -> list[bytes | None]:
        """Work through a batch item by item, each in the care of a process of its own."""
        made = [self._alone(work, [item]) for item in batch]
        return [each[0] if each else None for each in made]

    def _alone(self, work: Work, batch: list[Item]) -> list[bytes] | None:
        finished = self._all(work, [batch])
        return finished[0] if finished else None

    def _all(self, work: Work, batches: Sequence[list[Item]]) -> list[list[bytes] | None] | None:
        """Return what was made of each batch, or None for those that were not finished.

        None for all of it means that no process could be started: not every host lets one.
        """
        made: list[list[bytes] | None] = [None] * len(batches)
        with _executor(len(batches)) as executor:
            ready = executor.submit(_ready)
            futures = [executor.submit(_batch, work, batch) for batch in batches]
            try:
                for number, future in enumerate(futures):
                    made[number] = future.result(timeout=self._most_seconds)
            except TooSlow:
                _stop(executor)
            except BrokenProcessPool:
                _stop(executor)
                if not ready.done() or ready.exception() is not None:
                    return None
        return made


def _executor(batches: int) -> ProcessPoolExecutor:
    # Not forked: the progress display has a thread, and a fork would copy its locks.
    return ProcessPoolExecutor(
        max_workers=max(1, min(os.cpu_count() or 1, MOST_PROCESSES, batches)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_leave_interrupts_to_the_parent,
    )


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(executor: ProcessPoolExecutor) -> None:
    executor.shutdown(wait=False, cancel_futures=True)
    for child in multiprocessing.active_children():
        child.kill()


def _ready() -> bool:
    return True


def _batch(work: Work, items: Sequence[Item]) -> list[bytes]:
    return [work(*item) for item in items]


def _batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item[0])
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
