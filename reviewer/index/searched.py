"""Searching a tree, and remembering what was found. Pure, but for the memory."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from reviewer.ports import Memory

    Search = Callable[[str, Collection[str]], Mapping[str, frozenset[str]]]

SEARCHES = "words/1"
"""What is remembered of a search, and the version of its form."""


def searching(
    memory: Memory, search: Search, tree: str
) -> Callable[[Collection[str]], Mapping[str, frozenset[str]]]:
    """Return a search of one tree that asks the memory first: it takes seconds in a huge one.

    The same words are looked for in the same tree whenever a review is run again.
    """

    def find(words: Collection[str]) -> Mapping[str, frozenset[str]]:
        sought = sorted(words)
        name = "\0".join([tree, *sought]).encode("utf-8", "surrogateescape")
        key = hashlib.sha256(name).hexdigest()
        try:
            return _load(memory.recall(SEARCHES, [key])[key], key, sought)
        except (KeyError, ValueError):
            found = search(tree, sought)
        memory.remember(SEARCHES, {key: _dump(found, key, sought)})
        return found

    return find


def _dump(found: Mapping[str, frozenset[str]], key: str, sought: list[str]) -> bytes:
    at = {word: number for number, word in enumerate(sought)}
    numbers = {path: sorted(at[word] for word in words) for path, words in found.items()}
    return json.dumps([key, numbers], separators=(",", ":")).encode()


def _load(data: bytes, key: str, sought: list[str]) -> dict[str, frozenset[str]]:
    """Return what `_dump` wrote; raises `ValueError` for anything else."""
    try:
        said, found = json.loads(data)
        if said != key:
            raise ValueError("the result of another search")
        return {
            path: frozenset(sought[number] for number in numbers)
            for path, numbers in found.items()
        }
    except (AttributeError, TypeError, IndexError, RecursionError) as error:
        raise ValueError("no result of a search") from error
