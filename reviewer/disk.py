"""Files that are written whole or not at all, and read no further than is wanted. Does I/O."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path


def read_at_most(path: Path, most_bytes: int) -> bytes | None:
    """Return what a file holds, or None if that is more than `most_bytes`. Raises `OSError`.

    It is read to find out: a device or a pipe tells no size, and may have no end.
    """
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    return None if len(data) > most_bytes else data


def check_replaceable(path: Path) -> None:
    """Raise `OSError` where something stands that is no file: `/dev/null` must stay what it is."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file, and would be replaced by one", str(path))


OWNER_ALONE = 0o600
EVERYBODY_READS = 0o644


def write_whole(path: Path, data: bytes, *, mode: int = OWNER_ALONE) -> None:
    """Write a file and wait until the disk has it; a link that stands there is replaced.

    Whoever is killed in between leaves the file as it was. Raises `OSError`.
    """
    check_replaceable(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has the name too; where a folder cannot be opened, nothing is lost."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
