"""A program at a real terminal: a pseudo-terminal of a hundred columns."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LONGEST_SECONDS = 60


class Terminal:
    """A program, and what it shows. `stdout` and `stderr` are both the terminal."""

    def __init__(
        self, words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self._program = subprocess.Popen(
            words,
            cwd=folder,
            env=dict(environment),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._ours, keys.encode())

    def read_until(self, text: str) -> str:
        """Return what is shown from here on up to `text`."""
        before = len(self.shown)
        while text not in self.shown[before:]:
            assert self._read(), f"{text!r} is not in {self.shown[before:]!r}"
        return self.shown[before:]

    def ended(self) -> int:
        """Wait for the program, and return its exit code."""
        while self._read():
            pass
        os.close(self._ours)
        return self._program.wait(LONGEST_SECONDS)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], LONGEST_SECONDS)
        data = b""
        with suppress(OSError):  # Linux: nobody holds the other end any more
            data = os.read(self._ours, 65536) if ready else b""
        self.shown += data.decode(errors="replace")
        return bool(data)
