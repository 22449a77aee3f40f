"""What a day's warm-keeping has cost, as a file of its own in the cache's folder. Does I/O.

    warm-2026-11-24.json      {"format": "reviewer-warm/1", "spendings": [{"at": ..., "usd": ...}]}

A day has its own file, so that one which cannot be read stops that day alone. It is written whole
or not at all, and reaches the disk before the request is sent that it speaks of.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from reviewer.disk import write_whole
from reviewer.errors import CouldNotFinish
from reviewer.flow import WarmRecord
from reviewer.source import cache_place

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "reviewer-warm/1"
MOST_BYTES = 100_000
"""A day has some fifty runs; a larger file is not one of ours."""

PATTERN = "warm-*.json"
_WAY_OUT = "nothing is spent on warm-keeping until the day is over; nothing to do"


class DamagedRecord(CouldNotFinish):
    """What today has cost is not known, so nothing more may be spent."""


class RecordFile:
    """The record of the day that began at `day` (UNIX seconds)."""

    def __init__(self, folder: Path, day: float) -> None:
        self.path = folder / f"warm-{datetime.fromtimestamp(day, UTC):%Y-%m-%d}.json"

    def read(self) -> WarmRecord:
        """Return the record, an empty one where there is no file; raises `DamagedRecord`."""
        try:
            if cache_place.identity(self.path) is None:
                return WarmRecord()
            data = self.path.read_bytes()
        except (OSError, cache_place.Unusable) as error:
            raise DamagedRecord(f"{self.path.name}: {error}", way_out=_WAY_OUT) from error
        if len(data) > MOST_BYTES:
            raise DamagedRecord(f"{self.path.name} is too long", way_out=_WAY_OUT)
        return self._parsed(data)

    def _parsed(self, data: bytes) -> WarmRecord:
        try:
            value = json.loads(data)
            if isinstance(value, dict) and value.pop("format", "") == FORMAT:
                return TypeAdapter(WarmRecord).validate_json(json.dumps(value))
        except (ValueError, RecursionError) as error:  # the latter for brackets in brackets
            raise DamagedRecord(f"{self.path.name} is damaged", way_out=_WAY_OUT) from error
        raise DamagedRecord(f"{self.path.name} is of no known format", way_out=_WAY_OUT)

    def write(self, record: WarmRecord) -> None:
        """Write the record, and wait until the disk has it; raises `CouldNotFinish`."""
        text = json.dumps({"format": FORMAT, **asdict(record)}, indent=1)
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, text.encode())
            for other in self.path.parent.glob(PATTERN):
                if other.name < self.path.name:
                    other.unlink(missing_ok=True)
        except OSError as error:
            raise CouldNotFinish(
                f"{self.path} cannot be written: {error.strerror}",
                way_out="free the disk, or name another folder with REVIEWER_CACHE_DIR",
            ) from error
