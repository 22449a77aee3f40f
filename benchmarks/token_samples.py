"""Files of public repositories and what they cost by ctok, for the scripts on the token estimator.

ctok (PyPI, MIT licence, Python 3.12) is an unofficial reconstruction of both tokenizers. It counts
0.4 MB/s, so what it said is kept by blob id in a cache file.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctok import token_count

from reviewer.pack.tokens import Family, kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

VERSIONS = {Family.CURRENT: "4.8", Family.EARLIER: "3.0"}
FRAME_TOKENS = {Family.CURRENT: 6, Family.EARLIER: 7}  # ctok adds them for the message around
MAX_FILE_BYTES = 150_000
MAX_LINE_CHARACTERS = 5_000  # minified files are not sent
REPOSITORY_BYTES = 1_000_000  # no repository outweighs the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file and its true cost in both families."""

    repository: str
    path: str
    text: str
    data: bytes
    tokens: dict[Family, int]


def read(folders: Sequence[Path], cache: Path) -> list[Sample]:
    """Return a fixed choice of the text files of every repository, counted."""
    counts: dict[str, list[int]] = json.loads(cache.read_text()) if cache.exists() else {}
    samples = []
    for folder in folders:
        samples += _samples(folder, counts)
        cache.write_text(json.dumps(counts))
    return samples


def true_tokens(text: str, family: Family) -> int:
    """Return what the text costs in the middle of a message: at its end a last line's end is free.

    So one character follows, which costs one token and joins nothing.
    """
    return token_count(text + "\n<", VERSIONS[family]) - FRAME_TOKENS[family] - 2


def _samples(folder: Path, counts: dict[str, list[int]]) -> Iterator[Sample]:
    name = folder.parent.name if folder.name in ("repo", ".git") else folder.name
    for path, oid in _choose(folder):
        data = _git(folder, "cat-file", "blob", oid)
        try:
            text = data.decode().removesuffix("\n")
        except UnicodeDecodeError:
            continue
        if "\0" in text or max(map(len, text.split("\n"))) > MAX_LINE_CHARACTERS:
            continue
        if oid not in counts:
            counts[oid] = [true_tokens(text, family) for family in Family]
        tokens = dict(zip(Family, counts[oid], strict=True))
        yield Sample(
            repository=name.replace("+", "/"),
            path=path,
            text=text,
            data=text.encode(),
            tokens=tokens,
        )


def _choose(folder: Path) -> Iterator[tuple[str, str]]:
    """Give path and blob id of files up to `REPOSITORY_BYTES`, half of it in one language."""
    listing = _git(folder, "ls-tree", "-r", "-z", "-l", "HEAD").decode("utf-8", "replace")
    entries = sorted(record for record in listing.split("\0") if record)
    random.Random(1).shuffle(entries)
    total, by_kind = 0, defaultdict(int)
    for record in entries:
        meta, _, path = record.partition("\t")
        mode, _, oid, size = meta.split()
        small = size.isdigit() and 0 < int(size) <= MAX_FILE_BYTES
        if mode == "120000" or not small or by_kind[kind(path)] > REPOSITORY_BYTES // 2:
            continue
        if total > REPOSITORY_BYTES:
            return
        total += int(size)
        by_kind[kind(path)] += int(size)
        yield path, oid


def _git(folder: Path, *words: str) -> bytes:
    return subprocess.run(("git", "-C", folder, *words), capture_output=True, check=True).stdout
