"""Results about blobs that never change, kept from one run to the next. Does I/O.

Whatever is wrong with the file costs time only: never a result, a traceback, a wait of more than
`blob_file.WAIT_SECONDS`, or a warning. A file that is damaged is removed and begun anew, once a
run, and only if it is still the same file; for everything else that goes wrong the run goes on
without a cache. `reviewer cache info` says what is wrong.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reviewer.source import blob_file, cache_place
from reviewer.source.blob_file import BlobFile
from reviewer.source.cache_place import Damaged, Unusable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from reviewer.source.cache_place import Identity

MOST_BYTES = 512_000_000
"""The file is kept below this; what was used longest ago goes first."""

MOST_WAITING_BYTES = 16 * 1024 * 1024
"""More than this does not wait for the end of the run to be written."""

SECONDS_A_DAY = 86_400


class BlobCache:
    """A `ports.Memory` in a file; use it in one thread, in a `with`, or close it.

    Nothing is opened until something is asked, and nothing is made until something is to be kept.
    """

    def __init__(
        self, folder: Path, *, most_bytes: int = MOST_BYTES, today: int | None = None
    ) -> None:
        self.path = folder / blob_file.FILE_NAME
        self._most_bytes = most_bytes
        self._today = int(time.time() // SECONDS_A_DAY) if today is None else today
        self._open: BlobFile | None = None
        self._identity: Identity | None = None
        self._given_up = False
        self._replaced = False
        self._waiting: dict[tuple[str, str], bytes] = {}
        self._waiting_bytes = 0
        self._used: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # --- the port -----------------------------------------------------------------------------

    def recall(self, kind: str, oids: Collection[str]) -> dict[str, bytes]:
        """Return what is known of these blobs; what was remembered in this run is, too."""
        waiting = self._waiting
        known = {oid: waiting[kind, oid] for oid in oids if (kind, oid) in waiting}
        with self._costing_time_only():
            file = self._file()
            wanted = set(oids) - known.keys()
            for oid, value, used_day in file.select(kind, wanted) if file else ():
                known[oid] = value
                if abs(self._today - used_day) >= blob_file.REST_DAYS:
                    self._used.add((kind, oid))
        return known

    def remember(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep these values for a later run, if all goes well; they may wait until `close`."""
        for oid, value in values.items():
            if not self._given_up and len(value) <= blob_file.MOST_VALUE_BYTES:
                self._waiting_bytes += len(value) + blob_file.ROW_BYTES
                self._waiting[kind, oid] = value
                if self._waiting_bytes > MOST_WAITING_BYTES:
                    self.flush()

    def flush(self) -> None:
        """Write what waits, in one transaction; when nothing does, nothing is opened."""
        for _ in range(2):  # once more, when the file was damaged and has made room for a new one
            if (self._waiting or self._used) and not self._given_up:
                with self._costing_time_only():
                    self._write()
        self._waiting.clear()
        self._used.clear()
        self._waiting_bytes = 0

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.flush()
        self._let_go()

    # --- the file -----------------------------------------------------------------------------

    def _write(self) -> None:
        if self._waiting:
            cache_place.create(self.path)
        if file := self._file():
            file.write(self._waiting, self._used, today=self._today)
            self._waiting.clear()
            self._used.clear()
            file.drop_old(most_bytes=self._most_bytes, today=self._today)

    def _file(self) -> BlobFile | None:
        """Return the open file, or None when there is none or it is not to be used any more."""
        if self._open is None and not self._given_up:
            self._identity = cache_place.identity(self.path)
            if self._identity:
                self._open = BlobFile(self.path)
        return self._open

    @contextmanager
    def _costing_time_only(self) -> Iterator[None]:
        try:
            yield
        except Damaged:
            self._replace()
        except Unusable:
            self._given_up = True
            self._let_go()

    def _replace(self) -> None:
        """Remove a damaged file, so that a new one is begun with the next value."""
        self._let_go()
        if self._replaced:
            self._given_up = True
            return
        self._replaced = True
        try:
            cache_place.remove(self.path, self._identity)
        except Unusable:
            self._given_up = True

    def _let_go(self) -> None:
        file, self._open = self._open, None
        if file:
            with suppress(Unusable):
                file.close()


class Forgetful:
    """A `ports.Memory` that keeps nothing: for runs without a cache."""

    def recall(self, kind: str, oids: Collection[str]) -> dict[str, bytes]:  # noqa: ARG002 - port
        """Know nothing."""
        return {}

    def remember(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep nothing."""
