from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.flow import Text
from reviewer.pack.decode import decode

JAPANESE = "// 日本語のコメントです。これはテストです。\nint main() { return 0; } // 終わり\n"


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_text_is_the_file_again_unless_it_says_it_is_lossy(data: bytes) -> None:
    text = decode(data)

    assert (text.text.encode(text.encoding) == data) is not text.lossy


@given(st.text())
@settings(deadline=None)
def test_utf8_is_read_as_utf8(content: str) -> None:
    assert decode(content.encode()) == Text(text=content, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_stays_in_the_text(encoding: str) -> None:
    text = decode("\ufeffhé\r\n".encode(encoding))

    assert (text.text, text.encoding, text.lossy) == ("\ufeffhé\r\n", encoding, False)


def test_newlines_stay_as_they_are() -> None:
    assert decode(b"a\r\nb\rc\n\xe2\x80\xa8d").text == "a\r\nb\rc\n\u2028d"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("// Größe der Übersicht, für äußere Maße\n", "latin-1"),
        ("# José\n", "latin-1"),
        ("// It’s “quoted” – naïve café\n", "cp1252"),  # noqa: RUF001 - what is typeset
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        ("// 这是一个测试文件，用于检测编码\nint x; // 返回值\n", "gb18030"),  # noqa: RUF001 - the language has these letters
        ("// 이것은 테스트 파일입니다\nint x;\n", "euc_kr"),
        ("// Это тестовый файл с русскими комментариями\nint x;\n", "cp1251"),  # noqa: RUF001 - the language has these letters
        ("// Это тестовый файл с русскими комментариями\nint x;\n", "koi8_r"),  # noqa: RUF001 - the language has these letters
    ],
)
def test_other_encodings_are_recognised(content: str, encoding: str) -> None:
    text = decode(content.encode(encoding))

    assert text.text == content
    assert not text.lossy


def test_the_telling_lines_are_found_far_down() -> None:
    text = decode(b"x = 1\n" * 10_000 + JAPANESE.encode("shift_jis"))

    assert text.text.endswith(JAPANESE)


def test_bytes_that_no_encoding_knows_are_kept() -> None:
    every_byte = bytes(range(1, 256))

    assert decode(every_byte) == Text(text=every_byte.decode("latin-1"), encoding="latin-1")


def test_what_does_not_come_back_is_marked_as_lossy() -> None:
    # 0x81 0xca and 0xee 0xf9 are both U+FFE2 in cp932: one of them cannot be told any more.
    text = decode(JAPANESE.encode("shift_jis") + b"\xee\xf9\n")

    assert text.encoding == "cp932"
    assert text.lossy
