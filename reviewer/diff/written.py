"""A file's diff -> unified diff text, as the model reads it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.diff.names import quote
from reviewer.flow import FileStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import DiffLine, FileDiff


def render(file: FileDiff) -> str:
    """Write a file's diff without its blob ids, which cost tokens and tell a reader nothing.

    Parsed again, it gives the same hunks.
    """
    rows = [*_above(file)]
    for hunk in file.hunks:
        rows += [hunk.header, *(_sign(line) + line.text for line in hunk.lines)]
    return "\n".join(rows) + "\n"


def _above(file: FileDiff) -> Iterator[str]:
    old, new = quote(f"a/{file.old_path}"), quote(f"b/{file.path}")
    yield f"diff --git {old} {new}"
    yield from _what_happened(file)
    if file.binary:
        yield "Binary files differ"
    if file.hunks:
        yield "--- " + ("/dev/null" if file.status is FileStatus.ADDED else _ended(old))
        yield "+++ " + ("/dev/null" if file.status is FileStatus.DELETED else _ended(new))


def _what_happened(file: FileDiff) -> Iterator[str]:
    match file.status:
        case FileStatus.ADDED:
            yield f"new file mode {file.new_mode}"
        case FileStatus.DELETED:
            yield f"deleted file mode {file.old_mode}"
        case _ if file.old_mode != file.new_mode:
            yield f"old mode {file.old_mode}"
            yield f"new mode {file.new_mode}"
    verbs = {FileStatus.RENAMED: "rename", FileStatus.COPIED: "copy"}
    if verb := verbs.get(file.status):
        yield f"{verb} from {quote(file.old_path)}"
        yield f"{verb} to {quote(file.path)}"


def _ended(name: str) -> str:
    """Git puts a tab behind a name with spaces, because patch(1) would stop at the space."""
    return f"{name}\t" if " " in name else name


def _sign(line: DiffLine) -> str:
    if line.old is None and line.new is None:
        return "\\"
    if line.old is None:
        return "+"
    return "-" if line.new is None else " "
