"""One worker, seen from the review: start it, ask it, end it. Does I/O."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, TYPE_CHECKING

from reviewer.source.worker import ANSWER, REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[bytes, str], bytes]
    Item = tuple[bytes, str]

_SERVE = """\
import sys
sys.path[:] = sys.argv[1:]
from reviewer.source.worker import serve
serve()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was made of an item, and the processor time that it took."""

    made: bytes
    seconds: float


class NeverStarted(Exception):
    """The process did not come so far as to say hello."""


class Ended(Exception):
    """The process ended before it answered; `in_time` is False where the clock ended it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.in_time = status != -signal.SIGPROF


class Worker:
    """A process that works on one item at a time. Raises `OSError` where none can be started."""

    def __init__(self) -> None:
        # -I: neither the environment nor the folder it stands in (a checkout) adds to the path
        self._process = Popen(
            (sys.executable, "-I", "-c", _SERVE, *sys.path),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )
        self._has_started = False

    def fileno(self) -> int:
        """Return what can be waited for: it is readable when an answer comes, or the end."""
        return self._answers.fileno()

    def ask(self, work: Work, item: Item, *, most_seconds: float) -> None:
        """Hand over an item, which may take so much processor time; the last one is answered."""
        source, language = item
        parts = f"{work.__module__}:{work.__qualname__}".encode(), language.encode(), source
        head = REQUEST.pack(most_seconds, *map(len, parts))
        with suppress(BrokenPipeError):  # it has ended, which the answer will tell
            self._requests.write(b"".join((head, *parts)))
            self._requests.flush()

    def answer(self) -> Answer:
        """Wait for the answer; raises `NeverStarted` and `Ended`."""
        if not self._has_started and self._read() is None:
            raise NeverStarted
        self._has_started = True
        answer = self._read()
        if answer is None:
            raise Ended(self._process.wait())
        return answer

    def end(self) -> None:
        """End the process at once, whatever it is at."""
        self._process.kill()
        for pipe in (self._requests, self._answers):
            with suppress(BrokenPipeError):  # what it was still to be asked
                pipe.close()
        self._process.wait()

    def _read(self) -> Answer | None:
        head = self._answers.read(ANSWER.size)
        if len(head) < ANSWER.size:
            return None
        seconds, length = ANSWER.unpack(head)
        made = self._answers.read(length)
        return Answer(made=made, seconds=seconds) if len(made) == length else None

    @property
    def _requests(self) -> IO[bytes]:
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        return self._process.stdin

    @property
    def _answers(self) -> IO[bytes]:
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        return self._process.stdout
