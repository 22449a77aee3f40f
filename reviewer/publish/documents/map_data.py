"""The files of a pack -> columns for the script of the map's page. Pure.

A repository has tens of thousands of files, so nothing is said twice: names and reasons stand in
tables, the numbers in a reason apart from its words, and files follow each other by folder. The
folders are a flat list too, because a tree can be deeper than JSON may nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from reviewer.flow import Level
from reviewer.publish.statistics import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reviewer.flow import PackedFile

T = TypeVar("T")

LEVELS = tuple(Level)
"""In the page a level is its position here."""

GAP = "\0"
"""Stands for a number; nothing that is printable holds it."""

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?![\w.])")


def columns(files: Sequence[PackedFile], changed: Collection[str]) -> dict[str, list[object]]:
    """Return the tree of the files, each once, as lists of one length for folders and for files.

    `parent`, `folder`, `count`: of each folder the index of its parent (-1 for the root, which is
    the first; parents come before children), its name, and how many files stand in it directly.
    `file`, `bytes`, `tokens`, `kind`, `numbers`: of each file, in the order of the folders, its
    name, sizes, an index in `kinds`, and the numbers to fill in there. Names are indexes in
    `names`. `kinds` are (level, class, reason, words). `changed` are indexes of files.
    """
    tree = _tree(files)
    names: _Table[str] = _Table()
    kinds: _Table[tuple[int, str, str, str]] = _Table()
    ordered = [file for group in tree.groups for file in group]
    split = [words_and_numbers(said(file)) for file in ordered]
    return {
        "parent": [*tree.parents],
        "folder": [names.index(_last(path)) for path in tree.paths],
        "count": [len(group) for group in tree.groups],
        "file": [names.index(_last(file.path)) for file in ordered],
        "bytes": [file.size_bytes for file in ordered],
        "tokens": [file.tokens for file in ordered],
        "kind": [
            kinds.index((LEVELS.index(file.level), file.file_class.value, reason(file), words))
            for file, (words, _) in zip(ordered, split, strict=True)
        ],
        "numbers": [numbers for _, numbers in split],
        "changed": [at for at, file in enumerate(ordered) if file.path in changed],
        "names": [one_line(name) for name in names.values],
        "kinds": [*kinds.values],
    }


def reason(file: PackedFile) -> str:
    """Return in a few words why a file is not in full; empty when it is."""
    return file.why.partition(":")[0]


def said(file: PackedFile) -> str:
    """Return why a file is shown as it is, with the rule that decided what it is."""
    if file.rule in file.why:
        return one_line(file.why)
    rule = f"rule: {file.rule}"
    return one_line(f"{file.why}; {rule}" if file.why else rule)


def words_and_numbers(text: str) -> tuple[str, str]:
    """Return a printable text with `GAP` for each number in it, and these numbers."""
    return _NUMBER.sub(GAP, text), " ".join(_NUMBER.findall(text))


@dataclass(slots=True)
class _Tree:
    """Folders by index: path, parent, and the files directly in it."""

    paths: list[str] = field(default_factory=lambda: [""])
    parents: list[int] = field(default_factory=lambda: [-1])
    groups: list[list[PackedFile]] = field(default_factory=lambda: [[]])


def _tree(files: Sequence[PackedFile]) -> _Tree:
    tree, known = _Tree(), {"": 0}
    for file in files:
        folder, missing = _parent(file.path), []
        while folder not in known:
            missing.append(folder)
            folder = _parent(folder)
        for path in reversed(missing):
            tree.parents.append(known[_parent(path)])
            known[path] = len(tree.paths)
            tree.paths.append(path)
            tree.groups.append([])
        tree.groups[known[_parent(file.path)]].append(file)
    return tree


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _last(path: str) -> str:
    return path.rpartition("/")[2]


class _Table(Generic[T]):
    """Different values, each with its index in the order in which they were met."""

    def __init__(self) -> None:
        self._indexes: dict[T, int] = {}

    def index(self, value: T) -> int:
        return self._indexes.setdefault(value, len(self._indexes))

    @property
    def values(self) -> list[T]:
        return list(self._indexes)
