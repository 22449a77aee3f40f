"""Names as git quotes them, and as we show them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import names
from reviewer.source.names import decode_path


@given(st.binary())
def test_a_path_is_named_in_a_diff_as_in_a_tree(name: bytes) -> None:
    assert names.shown(name) == decode_path(name)[0]


@given(st.text())
def test_a_quoted_name_is_unquoted_to_itself(name: str) -> None:
    quoted = names.quote(name)

    assert not set(quoted) & {"\n", "\t", "\0"}
    assert names.unquote(quoted.encode("utf-8")) == name.encode("utf-8")


def test_git_writes_bytes_beyond_ascii_in_octal() -> None:
    assert names.unquote(rb'"\303\274\t\"\\\001"') == 'ü\t"\\\x01'.encode()
