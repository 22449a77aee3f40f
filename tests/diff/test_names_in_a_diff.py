"""Names as git quotes them, and as we show them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import names


@given(st.sets(st.binary(), max_size=5))
def test_names_that_are_not_utf8_stay_different(raw: set[bytes]) -> None:
    encoded = [path for path, percent in map(names.decode_path, raw) if percent]

    assert len(set(encoded)) == len(encoded)


@given(st.text())
def test_a_quoted_name_is_unquoted_to_itself(name: str) -> None:
    quoted = names.quote(name)

    assert not set(quoted) & {"\n", "\t", "\0"}
    assert names.unquote(quoted.encode("utf-8")) == name.encode("utf-8")


def test_git_writes_bytes_beyond_ascii_in_octal() -> None:
    assert names.unquote(rb'"\303\274\t\"\\\001"') == 'ü\t"\\\x01'.encode()
