"""What is kept of a source file says who it speaks of, and is read back or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.index.facts import Facts, dump, dumped, facts_of, load
from reviewer.index.languages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

STORE = b'''\
"""Keeps things."""

LIMIT_BYTES = 10


class Store:
    size = 0

    def fetch(self, key):
        return self._look(key)

    def _look(self, key):
        return key


def _hidden():
    return Store()
'''

NUMBERS = st.integers(0, 2**32 - 1)


def ranges(steps: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, apart: each step is a gap before a range and how far it reaches."""
    found, last = [], 0
    for gap, length in steps:
        found.append((last + gap, last + gap + length))
        last = found[-1][1]
    return tuple(found)


FACTS = st.builds(
    Facts,
    defined=st.frozensets(NUMBERS),
    words=st.frozensets(NUMBERS),
    kept=st.lists(st.tuples(st.integers(1, 99), st.integers(0, 99))).map(ranges),
    outline_bytes=NUMBERS,
)


def words(source: bytes, language: Language) -> frozenset[int]:
    return facts_of(source, language).words


@given(FACTS)
def test_facts_are_read_back_as_they_were(facts: Facts) -> None:
    assert load(dump(facts)) == facts


@given(FACTS)
def test_equal_facts_are_equal_bytes(facts: Facts) -> None:
    assert dump(load(dump(facts))) == dump(facts)


@given(st.binary(max_size=80))
def test_what_is_no_facts_is_a_value_error_and_nothing_else(data: bytes) -> None:
    try:
        found = load(data)
    except ValueError:
        return
    assert all(first <= last for first, last in found.kept)


@given(FACTS, st.data())
def test_facts_with_a_byte_changed_are_read_or_refused(facts: Facts, data: st.DataObject) -> None:
    whole = bytearray(dump(facts))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))
    try:
        found = load(bytes(whole))
    except ValueError:
        return
    assert all(first <= last for first, last in found.kept)


@given(FACTS, st.data())
def test_facts_cut_short_are_refused(facts: Facts, data: st.DataObject) -> None:
    whole = dump(facts)

    with pytest.raises(ValueError, match=r"."):
        load(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("kept", [((0, 1),), ((2, 1),), ((1, 2), (2, 3)), ((4, 5), (1, 2))])
def test_ranges_that_no_outline_has_are_refused(kept: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="not in order"):
        load(dump(Facts(defined=frozenset(), words=frozenset(), kept=kept, outline_bytes=0)))


def test_what_other_files_can_use_is_defined() -> None:
    facts = facts_of(STORE, Language.PYTHON)
    used = words(b"LIMIT_BYTES Store fetch", Language.PYTHON)

    assert facts.defined == used


@pytest.mark.parametrize("name", ["_hidden", "_look", "size", "key"])
def test_what_a_file_keeps_to_itself_is_not_defined(name: str) -> None:
    (hashed,) = words(name.encode(), Language.PYTHON)

    assert hashed not in facts_of(STORE, Language.PYTHON).defined


def test_names_of_one_or_two_letters_say_nothing() -> None:
    facts = facts_of(b"def fn(xy):\n    return xy\n", Language.PYTHON)

    assert facts.defined == frozenset()
    assert facts.words == words(b"def return", Language.PYTHON)


def test_typescript_finds_what_javascript_defines() -> None:
    store = facts_of(b"export function loadStore() {}\n", Language.JAVASCRIPT)

    assert store.defined <= words(b"loadStore()", Language.TYPESCRIPT)
    assert store.defined


@pytest.mark.parametrize("language", [Language.JAVASCRIPT, Language.TYPESCRIPT, Language.TSX])
def test_languages_that_use_each_others_code_share_their_hashes(language: Language) -> None:
    assert words(b"loadStore", language) == words(b"loadStore", Language.JAVASCRIPT)


def test_other_languages_do_not_share_theirs() -> None:
    apart = [Language.PYTHON, Language.GO, Language.JAVASCRIPT]

    assert len({words(b"Store", language) for language in apart}) == len(apart)


@given(st.binary(max_size=200))
def test_any_bytes_have_facts_that_are_read_back(source: bytes) -> None:
    assert load(dumped(source, "python")) == facts_of(source, Language.PYTHON)


def test_the_size_of_an_outline_is_that_of_the_lines_it_keeps() -> None:
    facts = facts_of(STORE, Language.PYTHON)
    lines = STORE.splitlines(keepends=True)

    kept = [line for first, last in facts.kept for line in lines[first - 1 : last]]
    assert facts.outline_bytes == sum(map(len, kept)) > 0
