"""What a file defines and uses, in every language: golden files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.index.shown import cases, shown

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", list(cases()), ids=lambda path: path.name)
def test_a_file_is_read_as_its_golden_file_says(case: Path) -> None:
    assert shown(case) == case.with_name(case.name + ".expected").read_text()
