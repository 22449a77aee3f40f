"""The file of the blob cache: SQLite, opened with suspicion. Does I/O.

The file may be anything: half written, flipped, another program's, or restored by CI from a place
that others write to. Nothing in it is trusted: it must be a regular file of ours, its schema must
be ours to the letter (so that it holds no trigger and no view), and every value has a checksum
over itself and over what it is said to be about. The checksum finds damage, not malice: who can
write the file can write the checksum too, so readers of a value parse it as outside data.

Nothing is promised to survive a loss of power (`synchronous=OFF`): it is a cache.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.source.cache_place import Damaged, Unusable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FILE_NAME = "blobs-1.sqlite3"
"""The number goes up with the schema, so that two versions do not replace each other's file."""

SCHEMA = {
    "blobs": (
        "CREATE TABLE blobs (kind TEXT NOT NULL, oid TEXT NOT NULL, used_day INTEGER NOT NULL, "
        "checksum INTEGER NOT NULL, value BLOB NOT NULL)"
    ),
    "blobs_by_id": "CREATE UNIQUE INDEX blobs_by_id ON blobs (kind, oid)",
}

PAGE_BYTES = 16 * 1024
"""Values of a few kilobytes fit in a page; with 4 kB pages reading 30,000 of them is slower."""

PAGES_IN_MEMORY_KIB = 16 * 1024
"""The whole index of about 200,000 results."""

WAIT_SECONDS = 0.5
"""How long another process's lock is waited for; after that the run goes on without a cache."""

MOST_VALUE_BYTES = 16 * 1024 * 1024
"""SQLite is told to refuse a longer row, whatever the file says."""

IDS_A_QUERY = 500
"""Below 999, the fewest variables that any SQLite takes."""

ROW_BYTES = 160
"""What a row costs besides its value: both b-trees hold the kind and the id."""

REST_DAYS = 7
"""The day of a row's last use is written at most this often, so that warm runs write nothing."""

FORGOTTEN_DAYS = 60
"""Rows unused for so long are dropped: kinds of an older version, among others."""

_DAMAGE = frozenset({1, 11, 18, 20, 24, 26})
"""SQLite's ERROR, CORRUPT, TOOBIG, MISMATCH, FORMAT and NOTADB (sqlite.org/rescode.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the file holds of one kind."""

    name: str
    rows: int
    value_bytes: int


class BlobFile:
    """An open file. Every method raises `Unusable`, or `Damaged`, and then it is to be closed."""

    def __init__(self, path: Path) -> None:
        """Open a file that is there; an empty one gets its schema when it is first written."""
        with _told():
            import sqlite3

            self._sql = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
            try:
                self._empty = self._prepare()
            except BaseException:
                self._sql.close()
                raise

    def _prepare(self) -> bool:
        """Set the connection up and hold the schema against ours; return whether there is none."""
        import sqlite3

        self._sql.text_factory = _text
        self._sql.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES + PAGE_BYTES)
        for pragma in (
            f"page_size={PAGE_BYTES}",
            f"cache_size=-{PAGES_IN_MEMORY_KIB}",
            "synchronous=OFF",
            "trusted_schema=OFF",
            "cell_size_check=ON",
        ):
            self._sql.execute(f"PRAGMA {pragma}")
        found = self._schema()
        if found not in ({}, SCHEMA):
            raise Damaged("the schema is not ours")
        return not found

    def _schema(self) -> dict[str, str]:
        return dict(self._sql.execute("SELECT name, sql FROM sqlite_master").fetchall())

    def close(self) -> None:
        """Close it; the last process to do so writes everything into the one file."""
        with _told():
            self._sql.close()

    # --- reading ------------------------------------------------------------------------------

    def select(self, kind: str, oids: Collection[str]) -> Iterator[tuple[str, bytes, int]]:
        """Yield id, value and day of last use of the sound rows of a kind.

        The ids are asked for in order, because neighbours stand on the same pages.
        """
        if self._empty:
            return
        ordered = sorted(oids)
        for first in range(0, len(ordered), IDS_A_QUERY):
            part = ordered[first : first + IDS_A_QUERY]
            marks = ",".join("?" * len(part))
            query = (
                "SELECT oid, used_day, checksum, value FROM blobs "  # noqa: S608 - marks only
                f"WHERE kind = ? AND oid IN ({marks})"
            )
            with _told():
                found = self._sql.execute(query, (kind, *part)).fetchall()
            for oid, used_day, checksum, value in found:
                sound = isinstance(value, bytes) and isinstance(used_day, int)
                if sound and _checksum(kind, oid, value) == checksum:
                    yield oid, value, used_day

    def kinds(self) -> tuple[Kind, ...]:
        """Return what the file holds, by name of the kind."""
        query = "SELECT kind, count(*), sum(length(value)) FROM blobs GROUP BY kind ORDER BY kind"
        with _told():
            found = [] if self._empty else self._sql.execute(query).fetchall()
        return tuple(
            Kind(name=str(name), rows=rows, value_bytes=size) for name, rows, size in found
        )

    # --- writing ------------------------------------------------------------------------------

    def write(
        self,
        values: Mapping[tuple[str, str], bytes],
        used: Iterable[tuple[str, str]],
        *,
        today: int,
    ) -> None:
        """Put values in, and mark others as used, all by kind and id, in one transaction.

        `today` counts days since the epoch.
        """
        with _told():
            if self._empty:
                self._sql.execute("PRAGMA auto_vacuum=INCREMENTAL")
                self._sql.execute("PRAGMA journal_mode=WAL")
            self._sql.execute("BEGIN IMMEDIATE")
            if not self._schema():  # another process may have been faster
                for sql in SCHEMA.values():
                    self._sql.execute(sql)
            self._sql.executemany(
                "INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)",
                (
                    (kind, oid, today, _checksum(kind, oid, value), value)
                    for (kind, oid), value in values.items()
                ),
            )
            self._sql.executemany(
                "UPDATE blobs SET used_day = ? WHERE kind = ? AND oid = ?",
                ((today, kind, oid) for kind, oid in used),
            )
            self._sql.execute("COMMIT")
            self._empty = False

    def drop_old(self, *, most_bytes: int, today: int) -> None:
        """Drop what was used longest ago: over the bound a fifth too much, else by age."""
        with _told():
            if (excess := self._used_bytes() - most_bytes) > 0:
                self._drop_bytes(excess + most_bytes // 5)
            elif abs(today - self._number("user_version")) >= REST_DAYS:
                self._sql.execute(
                    "DELETE FROM blobs WHERE used_day < ?", (today - FORGOTTEN_DAYS,)
                )
                self._sql.execute(f"PRAGMA user_version={today}")
            else:
                return
            self._sql.execute("PRAGMA incremental_vacuum").fetchall()

    def _used_bytes(self) -> int:
        pages = self._number("page_count") - self._number("freelist_count")
        return pages * self._number("page_size")

    def _number(self, pragma: str) -> int:
        (value,) = self._sql.execute(f"PRAGMA {pragma}").fetchone()
        return int(value)

    def _drop_bytes(self, wanted: int) -> None:
        ages = self._sql.execute(
            "SELECT used_day, rowid, length(value) FROM blobs ORDER BY used_day, rowid"
        )
        last, dropped = (0, 0), 0
        for used_day, rowid, size in ages:
            last, dropped = (used_day, rowid), dropped + size + ROW_BYTES
            if dropped >= wanted:
                break
        ages.close()
        self._sql.execute("DELETE FROM blobs WHERE (used_day, rowid) <= (?, ?)", last)


def _checksum(kind: str, oid: str, value: bytes) -> int:
    return zlib.crc32(value, zlib.crc32(f"{kind} {oid}".encode("utf-8", "replace")))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@contextmanager
def _told() -> Iterator[None]:
    """Translate what SQLite and the system raise; a Python may come without SQLite, too."""
    try:
        import sqlite3
    except ImportError as error:
        raise Unusable("this Python has no sqlite3") from error
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise (Damaged if code in _DAMAGE else Unusable)(str(error)) from error
    except UnicodeDecodeError as error:  # of sqlite3's message, which quotes a damaged schema
        raise Damaged("its schema is no text") from error
    except OSError as error:
        raise Unusable(str(error)) from error
