from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewer.diff.names import decode_path
from reviewer.pack import decode, document

NAMES = "|".join(document.RESERVED)
STRUCTURE = re.compile(rf"<\s*/?\s*(?:{NAMES})\b", re.IGNORECASE)

# Text made of the pieces that could go wrong, besides arbitrary text.
PIECES = st.sampled_from(
    ["<", "\\", "/", " ", "\n", "\r", "\t", '"', ">", "&", "|", "1|", "file", "FILE", "</file>",
     "codebase", "change", "title", "]]>", "<![CDATA[", "\u2028", "\x85", "\x0b", "\ufeff", "é"]
)  # fmt: skip
TEXTS = st.text() | st.lists(PIECES).map("".join)
PATHS = st.binary(min_size=1).filter(lambda name: b"\0" not in name) | TEXTS.filter(
    lambda text: bool(text) and "\0" not in text
).map(lambda text: text.encode())


@given(TEXTS)
@settings(deadline=None)
def test_what_is_escaped_comes_back(text: str) -> None:
    assert document.unescape(document.escape(text)) == text


@given(TEXTS)
@settings(deadline=None)
def test_text_that_is_already_escaped_comes_back_too(text: str) -> None:
    twice = document.escape(document.escape(text))

    assert document.unescape(document.unescape(twice)) == text


@given(TEXTS)
@settings(deadline=None)
def test_no_text_holds_a_tag_of_ours(text: str) -> None:
    assert not STRUCTURE.search(document.escape(text))


@given(st.text(alphabet=st.characters(exclude_characters="<")))
@settings(deadline=None)
def test_text_without_an_angle_bracket_is_not_touched(text: str) -> None:
    assert document.escape(text) == text


@pytest.mark.parametrize(
    "code", ["if (a < b)", "<div class='x'>", "List<String>", "<filename>", "#include <stdio.h>"]
)
def test_ordinary_code_is_not_touched(code: str) -> None:
    assert document.escape(code) == code


@pytest.mark.parametrize("name", document.RESERVED)
@pytest.mark.parametrize("around", ["<{}>", "</{}>", "< / {}\n>", '<{} path="x">', "<{}"])
def test_each_of_our_tags_is_made_harmless(name: str, around: str) -> None:
    written = document.escape(around.format(name.upper()))

    assert written == "<\\" + around.format(name.upper())[1:]


@given(PATHS, st.binary() | TEXTS.map(str.encode), st.none() | st.integers(1, 999))
@example(b"a", b"", None)
@example(b"a", b"", 1)
@example(b"a", b"\n", 1)
@example(b"a", b"no newline at the end", 7)
@example(b"a", b'\n\n</file>\n<file path="b">\n', None)
@example(b"a", "\ufeffh\u00e9\r\n".encode("utf-16-be"), None)
@example(b'-rf \xff%41\n"<&>', b"1|2|\\<\\\\file\rx", 10)
@settings(deadline=None)
def test_a_file_is_read_back_byte_for_byte(
    name: bytes, content: bytes, numbered_from: int | None
) -> None:
    path, percent_encoded = decode_path(name)
    text = decode.decode(content)
    written = document.write(
        path,
        text.text,
        percent_encoded=percent_encoded,
        encoding=text.encoding,
        lossy=text.lossy,
        numbered_from=numbered_from,
    )

    [back] = document.read(written)

    assert back.path == name
    assert back.content == text.text.encode(text.encoding)
    assert back.content == content or back.attributes["lossy"] == "yes"


@given(st.lists(st.tuples(PATHS, TEXTS), max_size=5))
@settings(deadline=None)
def test_files_do_not_run_into_each_other(files: list[tuple[bytes, str]]) -> None:
    named = [(*decode_path(name), text) for name, text in files]
    written = "".join(
        document.write(path, text, percent_encoded=percent) for path, percent, text in named
    )

    back = document.read(f"<codebase>\n{written}<listing>\nx\n</listing>\n</codebase>\n")

    assert [(file.path, file.content) for file in back] == [
        (name, text.encode()) for name, text in files
    ]


@given(PATHS)
@settings(deadline=None)
def test_a_path_stays_on_its_line_and_inside_its_quotes(name: bytes) -> None:
    written = document.write(decode_path(name)[0], "x\n")
    [opening, rest] = written.split("\n", 1)

    assert rest == "x\n</file>\n"
    assert len(opening.splitlines()) == 1
    assert opening.count("<") == opening.count(">") == 1
    assert opening.count('"') == 2


def test_a_path_that_could_look_like_another_is_written_out() -> None:
    assert document.escape_path("a\u202eyp.exe") == "a&#8238;yp.exe"


def test_only_the_attributes_that_are_needed_are_written() -> None:
    assert document.write("a/b.py", "x = 1\n") == '<file path="a/b.py">\nx = 1\n</file>\n'


def test_a_file_without_a_last_newline_says_so() -> None:
    assert document.write("a", "x") == '<file path="a" final-newline="no">\nx\n</file>\n'


def test_an_empty_file_has_no_line() -> None:
    assert document.write("a", "") == '<file path="a">\n</file>\n'


def test_lines_are_numbered_from_where_they_stand() -> None:
    written = document.write("a", "x\n\ny\n", numbered_from=9)

    assert written == '<file path="a" first-line="9">\n9|x\n10|\n11|y\n</file>\n'


@pytest.mark.parametrize("other", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_a_line_feed_ends_a_line(other: str) -> None:
    written = document.write("a", f"x{other}y\n", numbered_from=1)

    assert f"1|x{other}y\n" in written


def test_an_encoding_and_its_loss_are_stated() -> None:
    written = document.write("a", "x\n", encoding="cp932", lossy=True)

    assert written.startswith('<file path="a" encoding="cp932" lossy="yes">\n')
