"""Work on files in processes that can be ended. Does I/O: it starts processes.

A grammar is C code that reads hostile input: four kilobytes can cost it two seconds, and what a
megabyte can cost nobody knows. So no file is parsed in the review's own process, however small,
but in a `worker`, which the system ends when a file takes many times what files of its size take.
Nothing is known of that file then, and another worker goes on with the next. What hostile files
can cost a run is bounded too (`Patience`).
"""

from __future__ import annotations

import os
import selectors
import signal
import weakref
from collections import deque
from typing import TYPE_CHECKING

from reviewer.flow import Unparsed
from reviewer.source.patience import Patience
from reviewer.source.worker_process import Ended, NeverStarted, Worker

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reviewer.source.worker_process import Item, Work

LEAST_BYTES = 1_500_000
"""Below this, starting more than one process takes longer than the work."""

MOST_PROCESSES = 8

_TIMERS = hasattr(signal, "setitimer")  # Windows has none, and nothing else ends C code in time


class Processes:
    """A `ports.Pool`: one worker, and one for each processor where there is much to do.

    Where no process can be started, files are worked on here, and nothing holds them.
    """

    def __init__(
        self, *, least_bytes: int = LEAST_BYTES, patience: Patience | None = None
    ) -> None:
        self._least_bytes = least_bytes
        self._patience = patience or Patience()
        self._can_start = _TIMERS
        self._crew: list[Worker] = []
        self._end = weakref.finalize(self, _end, self._crew)  # also when Python ends

    def warm_up(self) -> None:
        """Start the first worker, so that it is ready when the first file is."""
        self._hire(1)

    def close(self) -> None:
        """End every worker at once; none is started afterwards."""
        self._can_start = False
        self._end()

    def run(self, work: Work, items: Sequence[Item]) -> list[bytes | Unparsed]:
        """Return what `work` makes of each item, or why nothing was made of it."""
        made: list[bytes | Unparsed] = [Unparsed(why=Patience.OVER)] * len(items)
        waiting = deque(range(len(items)))
        busy: dict[Worker, int] = {}
        count = self._count(items)
        try:
            while self._patience.lasts:
                self._hire(min(count, len(busy) + len(waiting)))
                for worker in self._idle(busy)[: len(waiting)]:
                    busy[worker] = waiting.popleft()
                    self._ask(worker, work, items[busy[worker]])
                if not busy:
                    break
                for worker in _answering(busy):
                    number = busy.pop(worker)
                    try:
                        made[number] = self._answer(worker, items[number])
                    except NeverStarted:
                        waiting.appendleft(number)
        finally:
            self._dismiss({*busy, *self._crew[1:]})
        if not self._can_start and self._patience.lasts:
            for number in waiting:
                made[number] = work(*items[number])
        return made

    def _count(self, items: Sequence[Item]) -> int:
        """Return how many workers the items are worth."""
        if sum(len(source) for source, _ in items) < self._least_bytes:
            return 1
        return max(1, min(os.cpu_count() or 1, MOST_PROCESSES))

    def _hire(self, count: int) -> None:
        while self._can_start and len(self._crew) < count:
            try:
                self._crew.append(Worker())
            except OSError:
                self._can_start = False

    def _idle(self, busy: Collection[Worker]) -> list[Worker]:
        return [worker for worker in self._crew if worker not in busy]

    def _ask(self, worker: Worker, work: Work, item: Item) -> None:
        worker.ask(work, item, most_seconds=self._patience.most_seconds(len(item[0])))

    def _answer(self, worker: Worker, item: Item) -> bytes | Unparsed:
        """Take an answer, and count what it cost; raises `NeverStarted`."""
        size_bytes = len(item[0])
        try:
            answer = worker.answer()
        except NeverStarted:
            self._can_start = False
            self._dismiss({worker})
            raise
        except Ended as ended:
            self._dismiss({worker})
            self._patience.lost(size_bytes)
            return Unparsed(why=self._why(ended, size_bytes))
        self._patience.took(answer.seconds, size_bytes)
        return answer.made

    def _why(self, ended: Ended, size_bytes: int) -> str:
        if ended.in_time:
            return "its grammar failed on it"
        most_seconds = self._patience.most_seconds(size_bytes)
        return f"its grammar was not done after {most_seconds:.1f} s"

    def _dismiss(self, workers: Collection[Worker]) -> None:
        for worker in workers:
            self._crew.remove(worker)
            worker.end()


def _end(crew: list[Worker]) -> None:
    while crew:
        crew.pop().end()


def _answering(busy: Collection[Worker]) -> list[Worker]:
    """Wait until a worker has something to say, or ended."""
    with selectors.DefaultSelector() as selector:
        for worker in busy:
            selector.register(worker, selectors.EVENT_READ, worker)
        return [key.data for key, _ in selector.select()]
