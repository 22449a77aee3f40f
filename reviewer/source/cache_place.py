"""Where the blob cache stands, and whether what stands there is ours. Does I/O.

The environment alone says where: a settings file could name a folder that its author fills.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

    Identity = tuple[int, int]

VARIABLE = "REVIEWER_CACHE_DIR"
"""Names the folder; `off` for no cache at all. An empty text is unset."""

OFF = "off"


class Unusable(Exception):
    """The file cannot be used now; `str()` says why."""


class Damaged(Unusable):
    """The file holds something else than what was put there: it is to be replaced."""


def cache_folder(environment: Mapping[str, str], *, platform: str = sys.platform) -> Path | None:
    """Return the folder, or None: switched off, or nobody's home is known.

    Raises `UserMustAct` for a relative path: it would lie in the checkout, where the authors of
    a pull request write.
    """
    named = environment.get(VARIABLE, "").strip()
    if named == OFF:
        return None
    if not named:
        return _usual(environment, platform)
    if not Path(named).is_absolute():
        raise UserMustAct(
            f"{VARIABLE} is {named!r}, which is no absolute path",
            way_out=f"give it from the root on, or `{OFF}` for no cache",
        )
    return Path(named)


def _usual(environment: Mapping[str, str], platform: str) -> Path | None:
    """Return the folder that the system has for such things.

    XDG Base Directory Specification (a relative path is to be ignored), Apple's File System
    Programming Guide, Windows' Known Folders.
    """
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and no account of this number
        return None
    if platform == "darwin":
        return home / "Library" / "Caches" / "reviewer"
    if platform == "win32":
        local = _absolute(environment.get("LOCALAPPDATA", "")) or home / "AppData" / "Local"
        return local / "reviewer" / "Cache"
    return (_absolute(environment.get("XDG_CACHE_HOME", "")) or home / ".cache") / "reviewer"


def _absolute(text: str) -> Path | None:
    return Path(text) if Path(text).is_absolute() else None


def files(path: Path) -> tuple[Path, ...]:
    """Return the file and those that SQLite puts beside it; the file itself comes first."""
    return tuple(path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal"))


def identity(path: Path) -> Identity | None:
    """Return which file stands there (device and number), or None when there is none.

    Raises `Unusable` for what must be left alone: a link, a folder, another user's file and a
    folder that others can write to may be a trap.
    """
    try:
        found = path.lstat()
        folder = path.parent.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise Unusable(f"{path} is no regular file")
    if os.name == "posix":
        _refuse_foreign(path, found)
        _refuse_foreign(path.parent, folder)
    return found.st_dev, found.st_ino


def _refuse_foreign(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Unusable(f"{path} belongs to another user")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unusable(f"{path} can be written by others")


def create(path: Path) -> None:
    """Make an empty file that only we can read, in a folder that only we can enter."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return  # another process was faster, or something is in its place: `identity` tells
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from error


def remove(path: Path, damaged: Identity | None) -> None:
    """Remove a damaged file, unless another process has replaced it already."""
    try:
        if identity(path) == damaged:
            for each in files(path):
                each.unlink(missing_ok=True)
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from error
