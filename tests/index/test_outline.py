"""Outlines: what is kept of a file, and that nothing can break them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.index.languages import Language, language_of
from reviewer.index.outline import GAP, outline_of, write

CASES = Path(__file__).parent / "outlines"
SOURCES = sorted(CASES.glob("*.txt"))
LANGUAGES = st.sampled_from(list(Language))


def outlined(source: str, language: Language, *, share: float = 1.0) -> str:
    return write(source, outline_of(source.encode(), language, share=share))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_an_outline_is_what_the_case_says(path: Path, *, update_cases: bool) -> None:
    language = language_of(path.stem)
    assert language is not None
    expected = path.with_suffix(".outline")
    shown = outlined(path.read_text(), language)
    if update_cases:
        expected.write_text(shown)

    assert shown == expected.read_text()


def test_there_is_a_case_for_every_language() -> None:
    assert {language_of(path.stem) for path in SOURCES} == set(Language)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_public_signatures_stay_when_nothing_else_fits(path: Path) -> None:
    language = language_of(path.stem)
    assert language is not None
    text = path.read_text()
    least, all_of_it = (set(lines_of(text, language, share)) for share in (0.0, 1.0))

    assert least
    assert least < all_of_it


def lines_of(text: str, language: Language, share: float) -> list[int]:
    kept = outline_of(text.encode(), language, share=share)
    return [line for first, last in kept for line in range(first, last + 1)]


def test_the_members_of_a_private_class_are_private() -> None:
    source = "class _Hidden:\n    def shown(self):\n        return 1\n" + "x()\n" * 50

    assert outlined(source, Language.PYTHON, share=0.0) == f"{GAP}53\n"


def test_functions_inside_functions_are_body() -> None:
    source = "def outer():\n    def inner():\n        return 1\n    return inner\n"

    assert outlined(source, Language.PYTHON) == f"def outer():\n{GAP}3\n"


def test_what_a_module_does_not_export_is_private() -> None:
    source = "export function a() {\n  b()\n}\nfunction b() {\n  a()\n}\n"

    assert outlined(source, Language.JAVASCRIPT, share=0.0) == f"export function a() {{\n{GAP}5\n"


def test_a_licence_is_not_the_purpose_of_a_file() -> None:
    source = "// Copyright 2024 Us\n\n// Package a counts.\npackage a\n"

    assert outlined(source, Language.GO) == f"{GAP}2\n// Package a counts.\npackage a\n"


def test_a_line_that_cannot_be_read_is_left_out() -> None:
    source = "def short():\n    pass\ndef long(" + "a, " * 200 + "):\n    pass\n"

    assert outlined(source, Language.PYTHON) == f"def short():\n{GAP}3\n"


def test_broken_syntax_costs_only_itself() -> None:
    source = "def before():\n    return 1\n\n)) = ((\n\ndef after():\n    return 2\n"
    shown = outlined(source, Language.PYTHON)

    assert "def before():" in shown
    assert "def after():" in shown


def test_windows_line_ends_stay_as_they_are() -> None:
    source = "def a():\r\n    return 1\r\n"

    assert outlined(source, Language.PYTHON) == f"def a():\r\n{GAP}1\n"


def test_an_empty_file_has_an_empty_outline() -> None:
    assert outline_of(b"", Language.C) == ()
    assert write("", ()) == ""


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("opening", ["(", "{"])
def test_deep_nesting_is_survived(language: Language, opening: str) -> None:
    source = (opening * 50_000).encode()

    assert isinstance(outline_of(source, language), tuple)


def test_what_stands_in_thousands_of_namespaces_is_reached() -> None:
    source = "namespace a {\n" * 5_000 + "int f();\n" + "}\n" * 5_000

    kept = outline_of(source.encode(), Language.CPP, share=1.0)

    assert kept == ((1, 5_001),)


@given(LANGUAGES, st.binary(max_size=400))
def test_any_bytes_have_an_outline(language: Language, source: bytes) -> None:
    check(source, language)


@given(st.data())
def test_any_mixture_of_real_lines_has_an_outline(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SOURCES))
    language = language_of(path.stem)
    assert language is not None
    lines = path.read_bytes().splitlines(keepends=True)
    check(b"".join(data.draw(st.lists(st.sampled_from(lines), max_size=60))), language)


def check(source: bytes, language: Language) -> None:
    """Hold an outline to what every outline must be."""
    kept = outline_of(source, language, share=1.0)
    text = source.decode("utf-8", "replace")
    lines = text.split("\n")
    count = len(lines) - (not lines[-1])
    before = -1
    for first, last in kept:
        assert before + 1 < first <= last <= count
        before = last
    shown = write(text, kept).split("\n")[:-1]
    place = 0
    for line in shown:
        gap = re.fullmatch(GAP + r"(\d+)", line)
        if gap and not any(first <= place + 1 <= last for first, last in kept):
            place += int(gap[1])
        else:
            assert line == lines[place]
            place += 1
    assert place == count
