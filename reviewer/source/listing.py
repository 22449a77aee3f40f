"""What a tree holds: `git ls-tree` -> entries. Does I/O, through `git_process`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewer.diff.names import decode_path
from reviewer.errors import CouldNotFinish
from reviewer.flow import TreeEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.source.git_process import GitProcess

_LIST = ("ls-tree", "-z", "-l", "--full-tree")


def of_tree(git: GitProcess, tree: str) -> tuple[TreeEntry, ...]:
    """Return every tracked path of a tree, in byte order; raises `CouldNotFinish`."""
    return _distinct(_parsed(git.run(*_LIST, "-r", tree)))


def at(git: GitProcess, tree: str, path: str) -> TreeEntry | None:
    """Return the entry of one path, or None where there is none."""
    return next(iter(_parsed(git.run(*_LIST, tree, "--", f":(literal){path}"))), None)


def _parsed(raw: bytes) -> list[TreeEntry]:
    """Parse records of `<mode> <type> <oid> <size>TAB<path>NUL` (git-ls-tree(1), `-l`, `-z`).

    The size is `-` for what is no blob, and `BAD` for an object that is not there: reading that
    one says so, listing it need not.
    """
    # All at once, because a tree can hold a hundred thousand names. A byte that is not UTF-8
    # becomes one surrogate (PEP 383), and takes no byte beside it along.
    text = raw.decode("utf-8", "surrogateescape")
    found = []
    for record in text.split("\0")[:-1]:
        head, _, path = record.partition("\t")
        mode, _, oid, size = head.split()
        size_bytes = int(size) if size.isdigit() else 0
        encoded = False
        if not path.isascii():
            path, encoded = decode_path(path.encode("utf-8", "surrogateescape"))
        found.append(TreeEntry(path, oid, mode, size_bytes, encoded))
    return found


def _distinct(entries: Sequence[TreeEntry]) -> tuple[TreeEntry, ...]:
    """Return the entries; raises `CouldNotFinish` when one path would mean two files.

    A name that is not UTF-8 may be spelled like another file's percent-encoded form. Only a
    hostile tree does that, and leaving one of the two out would lose a file in silence.
    """
    counts = Counter(entry.path for entry in entries)
    if len(counts) < len(entries):
        twice = next(path for path, count in counts.items() if count > 1)
        raise CouldNotFinish(
            f"two files of the tree would both be called {twice!r} here",
            way_out="rename one of them: one has a name that is not UTF-8",
        )
    return tuple(entries)
