"""What stands above the hunks of a file: names, modes, blob ids. Pure.

`ValueError` says what does not fit; `patch` knows the line. Format: git-diff(1), "Generating
patch text with -p".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.diff.names import shown, unquote
from reviewer.flow import FileStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_MODE = "000000"
"""Git's mode of a file that is not there."""

FIRST = b"diff --git "

_EXTENDED = re.compile(
    rb"(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|"
    rb"rename to|similarity index|dissimilarity index|index) (.+)",
    re.DOTALL,
)
_INDEX = re.compile(rb"([0-9a-f]+)\.\.([0-9a-f]+)(?: ([0-7]{6}))?")
_RAW = re.compile(rb":([0-7]{6}) ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z][0-9]*\t(.+)", re.DOTALL)
_EMPTY_BLOBS = frozenset(
    (
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",  # by SHA-1
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",  # by SHA-256
    )
)

_STATUSES = {
    "new file mode": FileStatus.ADDED,
    "deleted file mode": FileStatus.DELETED,
    "rename from": FileStatus.RENAMED,
    "copy from": FileStatus.COPIED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Modes and blob ids of both sides. Empty is what git does not tell: see `patch.parse`."""

    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str


def extended(line: bytes) -> tuple[str, bytes] | None:
    """Split a line as `rename from NAME`; None for a line that is not of the header."""
    match = _EXTENDED.fullmatch(line)
    return (match[1].decode(), match[2]) if match else None


def status(header: Mapping[str, bytes]) -> FileStatus:
    """Return what happened to the file."""
    found = (name for key, name in _STATUSES.items() if key in header)
    return next(found, FileStatus.MODIFIED)


def paths(first: bytes, header: Mapping[str, bytes]) -> tuple[str, str]:
    """Return the old and the new name: from the rename, or the one name that both halves hold."""
    for verb in ("rename", "copy"):
        if f"{verb} from" in header and f"{verb} to" in header:
            old, new = unquote(header[f"{verb} from"]), unquote(header[f"{verb} to"])
            return shown(old), shown(new)
    names = first.removeprefix(FIRST)
    middle = len(names) // 2
    old, new = unquote(names[:middle]), unquote(names[middle + 1 :])
    if (old[:2], new[:2], names[middle : middle + 1]) != (b"a/", b"b/", b" ") or old[2:] != new[
        2:
    ]:
        raise ValueError(f"the names in {first!r} cannot be told apart")
    return shown(old[2:]), shown(new[2:])


def sides(header: Mapping[str, bytes]) -> Sides:
    """Return modes and ids, as far as the header tells them."""
    old_oid = new_oid = both = b""
    if "index" in header:
        match = _INDEX.fullmatch(header["index"])
        if match is None:
            raise ValueError(f"{header['index']!r} holds no two blob ids")
        old_oid, new_oid, both = match[1], match[2], match[3] or b""
    none = NO_MODE.encode()
    old = none if "new file mode" in header else header.get("deleted file mode", both)
    new = none if "deleted file mode" in header else header.get("new file mode", both)
    return Sides(
        old_mode=header.get("old mode", old).decode(),
        new_mode=header.get("new mode", new).decode(),
        old_oid=old_oid.decode(),
        new_oid=new_oid.decode(),
    )


def listed(line: bytes) -> tuple[str, Sides]:
    """Read one line of `git diff --raw`: the (new) name and the sides."""
    match = _RAW.fullmatch(line)
    if match is None:
        raise ValueError("this is no entry of a raw diff")
    old_mode, new_mode, old_oid, new_oid = (part.decode() for part in match.groups()[:4])
    path = shown(unquote(match[5].rpartition(b"\t")[2]))
    return path, Sides(old_mode=old_mode, new_mode=new_mode, old_oid=old_oid, new_oid=new_oid)


def needs_no_body(header: Mapping[str, bytes], both: Sides) -> bool:
    """Whether a section may end with its header: nothing but names and modes, or empty files."""
    if "index" in header:
        return all(
            oid in _EMPTY_BLOBS or not oid.strip("0") for oid in (both.old_oid, both.new_oid)
        )
    if "rename to" in header or "copy to" in header:
        return header.get("similarity index", b"100%") == b"100%"
    return "old mode" in header and "new mode" in header
