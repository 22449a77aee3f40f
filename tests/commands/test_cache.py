from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from reviewer.cli import main
from reviewer.publish.documents.inspected import CacheInfo, schema
from reviewer.source.blob_cache import BlobCache
from reviewer.source.blob_file import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def fill(folder: Path) -> None:
    with BlobCache(folder) as cache:
        cache.remember("symbols/3", {"a" * 40: b"one", "b" * 40: b"two"})
        cache.remember("evil\x1b[2J/1", {"a" * 40: b"one"})


def said(capsys: pytest.CaptureFixture[str], verb: str, code: int = 0) -> str:
    assert main(["cache", verb]) == code
    shown = capsys.readouterr()
    return shown.out + shown.err


def test_info_says_where_how_large_and_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder)

    text = said(capsys, "info")
    assert str(folder / FILE_NAME) in text
    assert "of at most 512.0 MB" in text
    assert "symbols/3                        2 results" in text
    assert "\x1b" not in text


def test_info_and_clear_are_sane_when_there_is_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no cache yet" in said(capsys, "info")
    assert "There is no cache in" in said(capsys, "clear")
    assert not folder.exists()


def test_info_and_clear_say_that_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REVIEWER_CACHE_DIR", "off")

    assert "switched off" in said(capsys, "info")
    assert "switched off" in said(capsys, "clear")


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["cache", "info", "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema(CacheInfo))
    return document


def test_a_program_is_told_where_how_large_and_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told(capsys)
    fill(folder)
    document = told(capsys)

    path = str(folder / FILE_NAME)
    assert (before["state"], before["path"], before["size_bytes"]) == ("absent", path, 0)
    assert (document["state"], document["path"]) == ("usable", path)
    assert document["size_bytes"] == sum(each.stat().st_size for each in folder.iterdir())
    assert document["results"] == [
        {"kind": "evil\x1b[2J/1", "entries": 1, "value_bytes": 3},
        {"kind": "symbols/3", "entries": 2, "value_bytes": 6},
    ]


def test_a_program_is_told_why_there_is_no_cache_to_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder)
    (folder / FILE_NAME).write_bytes(b"x" * 5000)
    damaged = told(capsys)
    (folder / FILE_NAME).unlink()
    (folder / FILE_NAME).mkdir()
    unusable = told(capsys)
    monkeypatch.setenv("REVIEWER_CACHE_DIR", "off")
    off = told(capsys)

    assert (damaged["state"], damaged["size_bytes"] >= 5000, damaged["results"]) == (
        "damaged",
        True,
        [],
    )
    assert (unusable["state"], unusable["size_bytes"]) == ("unusable", None)
    assert "no regular file" in unusable["why"]
    assert (off["state"], off["path"], off["size_bytes"]) == ("off", None, None)


def test_clear_removes_the_file_and_what_sqlite_left_beside_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder)
    (folder / f"{FILE_NAME}-wal").write_bytes(b"left")
    (folder / "of somebody").touch()

    assert "Removed" in said(capsys, "clear")
    assert [path.name for path in folder.iterdir()] == ["of somebody"]


def test_info_tells_of_damage_and_leaves_it_to_the_next_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder)
    (folder / FILE_NAME).write_bytes(b"x" * 5000)

    assert "damaged" in said(capsys, "info")
    assert (folder / FILE_NAME).exists()


def test_a_folder_in_its_place_is_told_of_and_never_removed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / FILE_NAME).mkdir(parents=True)

    assert "no regular file" in said(capsys, "info")
    assert "not ours" in said(capsys, "clear", 2)
    assert (folder / FILE_NAME).is_dir()


def test_clear_removes_a_link_and_not_what_it_points_at(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    (tmp_path / "target").write_text("precious")
    (folder / FILE_NAME).symlink_to(tmp_path / "target")

    said(capsys, "clear")
    assert not (folder / FILE_NAME).is_symlink()
    assert (tmp_path / "target").read_text() == "precious"
