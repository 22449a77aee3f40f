"""Any bytes are read without an error, in every language, and give back what was written."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.index import codec
from reviewer.index.languages import Language, language_of
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of
from tests.index.shown import cases

_SOURCES = [path.read_bytes() for path in cases()]
_PIECES = st.sampled_from([b"(", b")", b"{", b"}", b"def f", b"\x00", b"\xff", b"::", b".", b'"'])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    source = draw(st.sampled_from(_SOURCES))
    cut = draw(st.integers(0, len(source)))
    return (
        source[:cut]
        + draw(st.binary(max_size=40) | _PIECES)
        + source[cut + draw(st.integers(0, 60)) :]
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=damaged() | st.binary(max_size=300), language=st.sampled_from(list(Language)))
def test_any_bytes_are_read_and_every_line_lies_in_the_file(
    source: bytes, language: Language
) -> None:
    symbols, references = symbols_of(source, language), references_of(source, language)
    lines = source.count(b"\n") + 1

    for one in symbols.definitions:
        assert 1 <= one.first_line <= one.last_line <= lines
    for line in (each.line for each in (*references.calls, *references.mentions)):
        assert 1 <= line <= lines
    assert codec.load_symbols(codec.dump_symbols(symbols)) == symbols
    assert codec.load_references(codec.dump_references(references)) == references


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("opening", [b"(", b"[", b"{", b"f(", b"a.", b"${"])
def test_deep_nesting_is_read_without_an_error(language: Language, opening: bytes) -> None:
    source = opening * 9_000

    assert symbols_of(source, language).language == language
    assert references_of(source, language).language == language


def test_a_parse_error_loses_nothing_around_it() -> None:
    source = b"def before(a): pass\n\nx = = 1\n\ndef after(b): pass\n"
    symbols = symbols_of(source, Language.PYTHON)

    assert symbols.broken
    assert {"before", "after"} <= {one.name for one in symbols.definitions}


@given(data=st.binary(max_size=200))
def test_damaged_cache_bytes_raise_value_error_and_nothing_else(data: bytes) -> None:
    for load in (codec.load_symbols, codec.load_references):
        with pytest.raises(ValueError):  # noqa: PT011 - any, and no other
            load(data)


@pytest.mark.parametrize(
    "text", ['["c",[],[],false,1]', "[[[]]]", '["c",["a"],[[9,0,1,1,[]]],[],false]']
)
def test_json_that_is_no_references_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        codec.load_references(text.encode())


def test_every_case_is_in_a_language_that_is_known() -> None:
    assert all(language_of(path.name) for path in cases())
