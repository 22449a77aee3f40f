from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from reviewer.publish.documents.json_text import json_text

NASTY = st.text(st.sampled_from('#[\\ "{xud89cf\x1b\x7f\x9b\u202e\ud83d\ude00\U0001f600'))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str) -> None:
    assert json.loads(json_text([text])) == [text]


@given(NASTY)
def test_nothing_in_json_is_obeyed_by_a_terminal_or_the_runner(text: str) -> None:
    written = json_text([text])

    assert written.isascii()
    assert written.isprintable()
    assert "##[" not in written


@given(NASTY)
def test_every_text_in_json_is_one_that_utf_8_can_write(text: str) -> None:
    (told,) = json.loads(json_text([text]))

    assert told.encode().decode() == told


def test_half_a_surrogate_pair_is_spelled_as_for_people() -> None:
    name = b"caf\xe9 \xf0\x9f\x98\x80 \\udce9.py".decode("utf-8", "surrogateescape")

    assert json.loads(json_text([name])) == ["caf<U+DCE9> \U0001f600 \\udce9.py"]
