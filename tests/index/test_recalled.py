"""What was parsed once is remembered; what could not be parsed is told, and tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewer.flow import Unparsed
from reviewer.index.languages import Language
from reviewer.index.lookup import Codebase, parsed
from reviewer.index.recalled import recalling
from tests.pack.packing import entry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

SOURCE = b"def area(width): return width\n"
STALLED = Unparsed(why="it took too long")


class Kept:
    """A memory that lasts as long as the test."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, bytes]] = {}

    def recall(self, kind: str, oids: Collection[str]) -> dict[str, bytes]:
        known = self.values.get(kind, {})
        return {oid: known[oid] for oid in oids if oid in known}

    def remember(self, kind: str, values: Mapping[str, bytes]) -> None:
        self.values.setdefault(kind, {}).update(values)


class Here:
    """Works in this process, and counts; or says that nothing could be made."""

    def __init__(self, *, stalls: bool = False) -> None:
        self.stalls = stalls
        self.count = 0

    def run(
        self, work: Callable[[bytes, str], bytes], items: Sequence[tuple[bytes, str]]
    ) -> list[bytes | Unparsed]:
        self.count += len(items)
        return [STALLED if self.stalls else work(*item) for item in items]


def test_what_is_remembered_is_what_was_parsed() -> None:
    pool, parse = Here(), recalling(memory := Kept(), Here())
    first = parse("1", SOURCE, Language.PYTHON)

    assert first == parsed("1", SOURCE, Language.PYTHON)
    assert recalling(memory, pool)("1", SOURCE, Language.PYTHON) == first
    assert pool.count == 0


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1,2", b"\xff"])
def test_what_is_damaged_is_parsed_again(damage: bytes) -> None:
    memory, pool = Kept(), Here()
    parse = recalling(memory, pool)
    first = parse("1", SOURCE, Language.PYTHON)
    for known in memory.values.values():
        known["1"] = damage

    assert parse("1", SOURCE, Language.PYTHON) == first
    assert pool.count == 2


def test_what_could_not_be_parsed_is_not_remembered() -> None:
    memory = Kept()

    assert recalling(memory, Here(stalls=True))("1", SOURCE, Language.PYTHON) == STALLED
    assert recalling(memory, Here())("1", SOURCE, Language.PYTHON) != STALLED


def test_a_file_that_could_not_be_parsed_is_broken_and_the_codebase_says_why() -> None:
    codebase = Codebase(
        [entry("area.py", SOURCE)],
        read=lambda _: SOURCE,
        search=lambda _: {},
        parse=recalling(Kept(), Here(stalls=True)),
    )
    source = codebase.source("area.py")

    assert source is not None
    assert source.broken
    assert source.lines == ("def area(width): return width",)
    assert source.defines("area") == ()
    assert codebase.unparsed == {"area.py": "it took too long"}
