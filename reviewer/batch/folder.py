"""Where a batch is kept between the commands. Does I/O.

    FOLDER/lock                  held while a command runs: two cannot send the same
    FOLDER/batch.json            the state: what is asked, sent and answered (`state`)
    FOLDER/requests/ID.json      what is sent, to the byte
    FOLDER/packs/NAME.json       what was shown of a repository, for judging the answers
    FOLDER/results/ID.json       a result as it came
    FOLDER/bundles/NAME.json     the review of a repository, for `reviewer report`

The files hold source code, and only their owner can read them. No key is among them. Each is
written whole or not at all.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from pydantic import TypeAdapter, ValidationError

from reviewer.batch.parcel import Parcels
from reviewer.batch.state import Batch
from reviewer.disk import write_whole
from reviewer.errors import CouldNotFinish, UserMustAct, first_mistake
from reviewer.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from reviewer.batch.parcel import Parcel

T = TypeVar("T")

FORMAT = "reviewer-batch/1"
"""Goes up when an older `reviewer` could not read the files any more."""

_BATCH = TypeAdapter(Batch)
_PARCELS = TypeAdapter(Parcels)
_WAY_OUT = "take the folder away and submit again; what it holds is paid for, and lost then"


class BatchFolder:
    """One batch on disk. Raises `CouldNotFinish` where the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder, for as long as this process lives; raises `UserMustAct` if it is held.

        The system lets go of it when a process is killed.
        """
        with self._refusals():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self.path / "lock").open("ab")
        with file:
            if not _hold(file):
                raise UserMustAct(
                    f"another `reviewer batch` works in {self.path}",
                    way_out="wait until it has ended, or name another folder with --state",
                )
            yield

    # --- the state ----------------------------------------------------------------------------

    def load(self) -> Batch | None:
        """Return the state, None where there is none yet; raises `UserMustAct` if damaged."""
        data = self._read("batch.json")
        return None if data is None else _parsed(data, _BATCH, self.path / "batch.json")

    def save(self, batch: Batch) -> None:
        """Keep the state in the place of the one before."""
        self._write("batch.json", _dumped(_BATCH.dump_python(batch, mode="json")))

    # --- the texts ----------------------------------------------------------------------------

    def keep_request(self, name: str, params: Mapping[str, Any]) -> int:
        """Keep what is to be sent, and return its size in bytes."""
        data = json.dumps(params).encode()
        self._write(f"requests/{name}.json", data)
        return len(data)

    def request(self, name: str) -> dict[str, Any]:
        """Return what is to be sent."""
        path = f"requests/{name}.json"
        try:
            found = json.loads(self._read(path) or b"")
        except ValueError as error:
            raise UserMustAct(f"{self.path / path} is damaged", way_out=_WAY_OUT) from error
        return dict(found)

    def forget_requests(self, *, but: Collection[str]) -> None:
        """Remove what an earlier batch sent: it is source code, and needed no more."""
        with self._refusals():
            for path in (self.path / "requests").glob("*.json"):
                if path.stem not in but:
                    path.unlink(missing_ok=True)

    def keep_packs(self, name: str, packs: tuple[Parcel, ...]) -> None:
        """Keep what was shown of a repository."""
        kept = _PARCELS.dump_python(Parcels(packs=packs), mode="json")
        self._write(f"packs/{name}.json", _dumped(kept))

    def packs(self, name: str) -> tuple[Parcel, ...]:
        """Return what was shown of a repository."""
        path = f"packs/{name}.json"
        return _parsed(self._read(path) or b"", _PARCELS, self.path / path).packs

    def keep_result(self, name: str, line: bytes) -> None:
        """Keep a result as it came."""
        self._write(f"results/{name}.json", line)

    def result(self, name: str) -> bytes | None:
        """Return a result as it came, or None where there is none."""
        return self._read(f"results/{name}.json")

    def bundle(self, name: str) -> Path:
        """Return where the review of a repository is kept."""
        return self.path / "bundles" / f"{name}.json"

    # --- the disk -----------------------------------------------------------------------------

    def _read(self, name: str) -> bytes | None:
        with self._refusals():
            try:
                return (self.path / name).read_bytes()
            except FileNotFoundError:
                return None

    def _write(self, name: str, data: bytes) -> None:
        path = self.path / name
        with self._refusals():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, data)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CouldNotFinish(
                f"{error.filename or self.path}: {error.strerror}",
                way_out="free the disk, or name another folder with --state, then run it again",
            ) from error


def _dumped(fields: dict[str, Any]) -> bytes:
    document = {"format": FORMAT, "version": VERSION, **fields}
    return json.dumps(document, ensure_ascii=True, indent=1).encode()


def _parsed(data: bytes, of: TypeAdapter[T], path: Path) -> T:
    try:
        value = json.loads(data)
        if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
            raise UserMustAct(f"{path} is not of format {FORMAT}", way_out=_WAY_OUT)
        value.pop("version", None)
        return of.validate_json(json.dumps(value))
    except ValidationError as error:
        raise UserMustAct(f"{path} is damaged{first_mistake(error)}", way_out=_WAY_OUT) from error
    except (ValueError, RecursionError) as error:
        raise UserMustAct(f"{path} is damaged: {error}", way_out=_WAY_OUT) from error


def _hold(file: BinaryIO) -> bool:
    """Whether the file is locked for this process now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
