"""The record of a day: what it holds comes back, and what cannot be read stops that day alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.errors import CouldNotFinish
from reviewer.flow import WarmRecord
from reviewer.source.warm_record import FORMAT, MOST_BYTES, DamagedRecord, RecordFile

if TYPE_CHECKING:
    from pathlib import Path

TUESDAY = 1_795_478_400.0
DAY = 86_400.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    return folder


def test_a_day_without_a_file_has_spent_nothing(tmp_path: Path) -> None:
    assert RecordFile(tmp_path / "none", TUESDAY).read() == WarmRecord()


@given(
    spendings=st.lists(st.tuples(st.floats(0, 2e9), st.floats(0, 1e6), st.booleans()), max_size=9)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_is_written_is_read_back(
    folder: Path, spendings: list[tuple[float, float, bool]]
) -> None:
    record = WarmRecord()
    for at, usd, settled in spendings:
        record = record.reserved(at, usd)
        record = record.settled(usd) if settled else record
    file = RecordFile(folder, TUESDAY)
    file.write(record)

    assert file.read() == record


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 50_000,
        '{"format": "reviewer-warm/2", "spendings": []}',
        f'{{"format": "{FORMAT}", "spendings": [{{"at": 1, "usd": -9}}]}}',
        f'{{"format": "{FORMAT}", "spendings": [{{"at": 1, "usd": NaN}}]}}',
        f'{{"format": "{FORMAT}", "spendings": [{{"at": 1}}]}}',
        f'{{"format": "{FORMAT}", "spending": []}}',
        " " * (MOST_BYTES + 1),
    ],
)
def test_a_record_that_is_damaged_is_believed_in_nothing(folder: Path, text: str) -> None:
    file = RecordFile(folder, TUESDAY)
    file.path.write_text(text)
    file.path.chmod(0o600)

    with pytest.raises(DamagedRecord):
        file.read()

    assert RecordFile(folder, TUESDAY + DAY).read() == WarmRecord()


def test_a_link_in_its_place_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("{}")
    file = RecordFile(folder, TUESDAY)
    file.path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DamagedRecord, match="no regular file"):
        file.read()


def test_yesterdays_record_goes_when_todays_is_written(folder: Path) -> None:
    RecordFile(folder, TUESDAY).write(WarmRecord())
    RecordFile(folder, TUESDAY + DAY).write(WarmRecord())

    assert [each.name for each in folder.iterdir()] == ["warm-2026-11-25.json"]


def test_a_record_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CouldNotFinish, match="cannot be written"):
        RecordFile(tmp_path / "file", TUESDAY).write(WarmRecord())
