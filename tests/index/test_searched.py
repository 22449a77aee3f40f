"""What was found once is not looked for again, and what a memory says is not simply believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewer.index.searched import SEARCHES, searching

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Remembering:
    """A `ports.Memory` in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], bytes] = {}

    def recall(self, kind: str, oids: Collection[str]) -> dict[str, bytes]:
        return {oid: self.values[kind, oid] for oid in oids if (kind, oid) in self.values}

    def remember(self, kind: str, values: Mapping[str, bytes]) -> None:
        self.values |= {(kind, oid): value for oid, value in values.items()}


class Tree:
    """A tree in which every word stands in one file, and which counts how often it is searched."""

    def __init__(self) -> None:
        self.searches: list[tuple[str, Collection[str]]] = []

    def search(self, tree: str, words: Collection[str]) -> dict[str, frozenset[str]]:
        self.searches.append((tree, words))
        return {"é.py": frozenset(words)}


def test_the_same_words_in_the_same_tree_are_looked_for_once() -> None:
    memory, tree = Remembering(), Tree()
    first = searching(memory, tree.search, "t1")(["b", "a"])
    again = searching(memory, tree.search, "t1")(["a", "b"])

    assert first == again == {"é.py": {"a", "b"}}
    assert len(tree.searches) == 1


@pytest.mark.parametrize(("name", "words"), [("t2", ["a"]), ("t1", ["b"]), ("t1", ["a", "b"])])
def test_another_tree_or_other_words_are_looked_for(name: str, words: list[str]) -> None:
    memory, tree = Remembering(), Tree()
    searching(memory, tree.search, "t1")(["a"])
    searching(memory, tree.search, name)(words)

    assert len(tree.searches) == 2


@pytest.mark.parametrize(
    "damaged", ["", "[1]", "null", "{}", '["K"]', '["K",3]', '["K",{"a":[7]}]', "[" * 9999]
)
def test_a_damaged_memory_costs_a_search(damaged: str) -> None:
    memory, tree = Remembering(), Tree()
    found = searching(memory, tree.search, "t1")(["a"])
    [(kind, key)] = memory.values
    assert kind == SEARCHES

    memory.values[kind, key] = damaged.replace("K", key).encode()
    assert searching(memory, tree.search, "t1")(["a"]) == found
    assert len(tree.searches) == 2
