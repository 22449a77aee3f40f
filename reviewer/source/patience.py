"""How long a file may take, and all of them together. Pure.

Counted is processor time, so that a busy machine ends no file that a quiet one would not.
"""

from __future__ import annotations

from typing import ClassVar

MOST_SECONDS = 1.0
MOST_SECONDS_PER_BYTE = 5e-6
"""For one file: five times what files of a megabyte take, a hundred times what small ones do."""

USUAL_SECONDS = 0.01
USUAL_SECONDS_PER_BYTE = 2e-6
"""A file that takes no longer has lost no time: C, PHP and TypeScript take 1.1 s a megabyte."""

MOST_LOST_SECONDS = 20.0
"""In one run, beyond the usual: after that no further file is worked on."""

NEW_WORKER_SECONDS = 0.5
"""To start another worker and load the grammars anew, about."""


class Patience:
    """What is left of the time that files may lose."""

    OVER: ClassVar = "other files kept their grammars too long"

    def __init__(
        self, *, most_seconds: float = MOST_SECONDS, most_lost_seconds: float = MOST_LOST_SECONDS
    ) -> None:
        self._most_seconds = most_seconds
        self._left_seconds = most_lost_seconds

    @property
    def lasts(self) -> bool:
        """Whether another file may be worked on."""
        return self._left_seconds > 0

    def most_seconds(self, size_bytes: int) -> float:
        """Return how long a file of that size may take."""
        return self._most_seconds + size_bytes * MOST_SECONDS_PER_BYTE

    def took(self, seconds: float, size_bytes: int) -> None:
        """Count a file that was finished."""
        usual_seconds = USUAL_SECONDS + size_bytes * USUAL_SECONDS_PER_BYTE
        self._left_seconds -= max(0.0, seconds - usual_seconds)

    def lost(self, size_bytes: int) -> None:
        """Count a file that ended its worker."""
        self._left_seconds -= self.most_seconds(size_bytes) + NEW_WORKER_SECONDS
