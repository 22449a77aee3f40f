"""Builders for the tests of `reviewer.pack`."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from reviewer.flow import TreeEntry, Verdict
from reviewer.pack import PathRules, classify, ladder, survey
from reviewer.pack.placeholders import Placeholders
from reviewer.pack.sheets import Opener
from reviewer.pack.tokens import Family
from reviewer.source.blob_cache import Forgetful
from reviewer.source.pool import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewer.flow import Pack
    from reviewer.pack.shelf import Candidate
    from reviewer.ports import Memory, Pool

PLENTY = 1_000_000

MAX_FILE_BYTES = 512 * 1024

POOL = Processes()
"""One for all tests, because a worker takes a while to start; it ends with Python."""


def entry(path: str, content: bytes = b"x\n", *, mode: str = "100644") -> TreeEntry:
    return TreeEntry(path=path, oid=sha1(content).hexdigest(), mode=mode, size_bytes=len(content))


def rules(
    *,
    attributes: Mapping[str, str] | None = None,
    reviewerignore: str = "",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> PathRules:
    return PathRules.build(attributes or {}, reviewerignore, include, exclude)


def named(path: str, among: PathRules | None = None, *, mode: str = "100644") -> Verdict:
    """The verdict by name alone."""
    return classify.by_name(
        entry(path, mode=mode), among or rules(), max_file_bytes=MAX_FILE_BYTES
    )


def read_from(files: Mapping[str, bytes]) -> Reader:
    return Reader({sha1(content).hexdigest(): content for content in files.values()})


class Reader:
    """Gives blobs by id, and remembers which were asked for."""

    def __init__(self, blobs: Mapping[str, bytes]) -> None:
        self.blobs = blobs
        self.asked: list[str] = []

    def __call__(self, oid: str) -> bytes:
        self.asked.append(oid)
        return self.blobs[oid]


def surveyed(
    files: Mapping[str, bytes], among: PathRules | None = None
) -> list[tuple[TreeEntry, Verdict]]:
    entries = [entry(path, content) for path, content in files.items()]
    return survey(entries, among or rules(), max_file_bytes=MAX_FILE_BYTES)


def opener(
    read: Callable[[str], bytes],
    *,
    memory: Memory | None = None,
    pool: Pool = POOL,
    family: Family = Family.CURRENT,
) -> Opener:
    """An opener that remembers nothing, unless a memory is given."""
    return Opener(read, memory=memory or Forgetful(), pool=pool, family=family)


def fit(
    files: Mapping[str, bytes],
    budget_tokens: int = PLENTY,
    *,
    candidates: Sequence[Candidate] | None = None,
    read: Callable[[str], bytes] | None = None,
    memory: Memory | None = None,
    pool: Pool = POOL,
    placeholders: Placeholders | None = None,
) -> Pack:
    """Pack files by the real ladder; `candidates` and `read` are theirs unless they are given."""
    return ladder.fit(
        surveyed(files) if candidates is None else candidates,
        opener(read or read_from(files), memory=memory, pool=pool),
        budget_tokens=budget_tokens,
        redact=(placeholders or Placeholders()).replace,
    )
