from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import PLENTY, fit, opener, read_from, surveyed

from reviewer.flow import Level
from reviewer.pack import document, overlay
from reviewer.pack.placeholders import Placeholders

SOURCE = b"def area(width):\n    return width * width\n"


def laid(
    before: dict[str, bytes],
    now: dict[str, bytes],
    *,
    pack_tokens: int = PLENTY,
    budget_tokens: int = PLENTY,
) -> overlay.Laid:
    return overlay.lay(
        fit(before, pack_tokens),
        surveyed(now),
        opener(read_from(now)),
        budget_tokens=budget_tokens,
        redact=Placeholders().replace,
    )


def test_without_a_change_there_is_no_overlay() -> None:
    found = laid({"a.py": SOURCE}, {"a.py": SOURCE})

    assert (found.text, found.tokens, found.changed) == ("", 0, 0)
    assert found.pack.texts == {"a.py": SOURCE.decode()}


def test_the_overlay_holds_what_is_new_or_other_and_names_what_has_gone() -> None:
    before = {"a.py": SOURCE, "b.py": b"b\n", "c.py": b"c\n"}

    found = laid(before, {"a.py": SOURCE, "b.py": b"bb\n", "d.py": b"d\n"})

    assert found.text == (
        '<overlay>\n<file path="b.py">\nbb\n</file>\n<file path="d.py">\nd\n</file>\n'
        "<gone>\nc.py\n</gone>\n</overlay>\n"
    )
    assert (found.changed, found.stale) == (3, 0)
    assert found.pack.texts == {"a.py": SOURCE.decode(), "b.py": "bb\n", "d.py": "d\n"}
    assert [file.path for file in found.pack.files] == ["a.py", "b.py", "d.py"]
    assert found.pack.tokens == fit(before).tokens + found.tokens


def test_an_old_text_is_no_evidence_where_there_was_no_room_for_the_new_one() -> None:
    found = laid(
        {"a.py": SOURCE, "b.py": b"b\n"}, {"a.py": SOURCE * 900, "b.py": b"b\n"}, budget_tokens=600
    )

    assert "<stale>\na.py\n</stale>" in found.text
    assert (found.stale, "a.py" in found.pack.texts) == (1, False)
    assert next(file.level for file in found.pack.files if file.path == "a.py") is Level.LISTED


def test_what_the_snapshot_only_lists_is_left_at_that() -> None:
    before = {"a.py": SOURCE, "pic.png": b"\x89PNG\0"}

    found = laid(before, {"a.py": SOURCE, "pic.png": b"\x89PNG\0\0"})

    assert "pic.png" not in found.text
    (picture,) = (file for file in found.pack.files if file.path == "pic.png")
    assert (picture.level, picture.size_bytes) == (Level.LISTED, 6)


def test_a_file_that_turns_out_to_be_no_text_any_more_is_named_as_stale() -> None:
    found = laid({"a.py": SOURCE}, {"a.py": b"\0\1\2"})

    assert "<stale>\na.py\n</stale>" in found.text
    assert found.pack.texts == {}


def test_a_secret_in_the_overlay_is_replaced() -> None:
    token = b"ghp_" + b"9aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA"

    found = laid({"a.py": SOURCE}, {"a.py": SOURCE, "b.py": b'key = "' + token + b'"\n'})

    assert token.decode() not in found.text
    assert "[secret: github-pat #1]" in found.text


@pytest.mark.parametrize("name", ['x">\n</overlay>.py', "</gone>.py", "a\u202eb.py"])
def test_no_name_can_leave_the_overlay(name: str) -> None:
    found = laid({name: b"1\n", "a.py": b"1\n"}, {"a.py": b"1\n"})

    assert found.text.count("</overlay>") == found.text.count("</gone>") == 1
    assert len(found.text.splitlines()) == 5


FILES = st.dictionaries(
    st.sampled_from(["a.py", "b/c.py", "README.md", "pic.png", "x<y>.py", "data.json"]),
    st.binary(max_size=90) | st.sampled_from([SOURCE, SOURCE * 20, b"<gone>\n</overlay>\n"]),
)


@given(FILES, FILES, st.integers(200, 3000))
@settings(max_examples=80, deadline=None)
def test_codebase_and_overlay_together_show_the_base_as_it_is(
    before: dict[str, bytes], now: dict[str, bytes], budget_tokens: int
) -> None:
    found = laid(before, now, budget_tokens=budget_tokens)

    assert [file.path for file in found.pack.files] == sorted(now)
    for path, text in found.pack.texts.items():
        read = next(file for file in found.pack.files if file.path == path)
        assert read.lossy or text.encode(read.encoding) == now[path]
    assert found.tokens <= max(budget_tokens, overlay.LEAST_NAMES_TOKENS + 2 * 32)
    written = {file.path for file in document.read(found.text)}
    assert written <= {path.encode() for path in now}
