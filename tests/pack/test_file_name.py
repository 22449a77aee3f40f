from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.flow import FileClass, Verdict
from reviewer.pack import file_name, names

if TYPE_CHECKING:
    import re

LOWERED = (
    names.SECRET_SHAPES,
    names.MINIFIED,
    names.GENERATED,
    names.TEST_NAMES,
    names.CONFIG_NAMES,
)


@pytest.mark.parametrize("fits", LOWERED, ids=lambda pattern: pattern.pattern[:20])
@given(st.data())
@settings(deadline=None)
def test_a_name_that_fits_an_expression_is_not_ordinary(
    fits: re.Pattern[str], data: st.DataObject
) -> None:
    name = data.draw(st.from_regex(fits, fullmatch=True))

    assert not file_name.is_ordinary(name.lower()) or not fits.fullmatch(name.lower())


@given(st.from_regex(names.TEST_TYPES, fullmatch=True))
@settings(deadline=None)
def test_a_class_named_after_its_role_is_not_ordinary(name: str) -> None:
    assert not file_name.is_ordinary(name.lower())


def test_no_name_of_a_list_is_ordinary() -> None:
    assert not [*filter(file_name.is_ordinary, names.SECRET_NAMES | names.LOCK_NAMES)]


def test_an_extension_that_hides_a_file_makes_no_name_ordinary() -> None:
    hidden = (
        names.SECRET_EXTENSIONS
        | names.MEDIA_EXTENSIONS
        | names.BINARY_EXTENSIONS
        | names.DRAWING_EXTENSIONS
    )

    assert not [each for each in hidden if file_name.is_ordinary(f"a.{each}")]


def test_an_ordinary_name_says_what_its_extension_says() -> None:
    source = Verdict(file_class=FileClass.SOURCE, rule="extension .c")

    assert file_name.is_ordinary("fork.c")
    assert file_name.says("Fork.C").nature == source


@pytest.mark.parametrize(
    "name", ["README", ".c", "a.b.c", "a.unknown", "gradlew.bat", "test_a.c", "AuditIT.kt"]
)
def test_a_name_that_may_say_more_is_looked_at(name: str) -> None:
    assert not file_name.is_ordinary(name.lower())
