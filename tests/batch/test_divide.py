"""An audit that does not fit into one prompt is divided into packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewer.batch.divide import divided
from reviewer.flow import SENDABLE, Level
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.wiring import activity
from reviewer.wiring.local import commit_to_audit, equipped, facts_offline, hired, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

    from reviewer.flow import Change
    from reviewer.ports import Tools
    from reviewer.prepare import Prepared

BODY = "\n".join(f"    total = total + value * {number}" for number in range(1200))


@pytest.fixture
def tools(work_tree: WorkTree) -> Iterator[Tools]:
    """A tree of two parts that know nothing of each other, each of two files across folders."""
    work_tree.commit(
        {
            f"{folder}/{part}.py": f"{use}def {folder}_{part}(value, total):\n{BODY}\n"
            for part in ("north", "south")
            for folder, use in (
                ("api", f"from core.{part} import core_{part}\n\ncore_{part}(1, 2)\n\n\n"),
                ("core", ""),
            )
        }
        | {"logo.png": b"\x89PNG\0"}
    )
    with (
        hired() as pool,
        opened(work_tree.folder) as repository,
        equipped(repository, pool) as made,
    ):
        yield made


def packs(tools: Tools, settings: Settings, number: int | None = None) -> list[Prepared]:
    facts, now = facts_offline(settings), activity.unknown()
    change = commit_to_audit(tools.repository, head=None, paths=())  # type: ignore[arg-type]
    changes: tuple[Change, ...] = divided(
        change, settings, tools=tools, facts=facts, activity=now, packs=number
    )
    return [
        prepare(each, settings, tools=tools, facts=facts, activity=now, batch=True)
        for each in changes
    ]


def test_what_fits_is_one_pack_about_everything(tools: Tools) -> None:
    [whole] = packs(tools, Settings())

    assert whole.shown.change.audit
    assert whole.shown.change.audit.files == ()
    assert whole.shown.unseen == ()


def test_each_file_is_in_full_in_its_own_pack_and_an_outline_in_the_others(tools: Tools) -> None:
    small = packs(tools, Settings(max_prompt_tokens=45_000))

    assert [part.shown.asked for part in small] == [
        ("api/north.py", "core/north.py"),
        ("api/south.py", "core/south.py"),
    ]
    for part in small:
        assert part.shown.unseen == ()
        others = [file for file in part.pack.files if file.path not in part.shown.asked]
        assert {file.level for file in others if file.file_class in SENDABLE} == {Level.OUTLINE}
        assert all(file.why.startswith("in another pack") for file in others[:1])


def test_a_pack_names_its_files_to_the_model(tools: Tools) -> None:
    north, _ = packs(tools, Settings(), 2)

    assert "<pack>\napi/north.py\ncore/north.py\n</pack>" in north.request.user[-1].text


def test_the_files_of_a_tree_are_asked_about_in_one_pack_each(tools: Tools) -> None:
    four = packs(tools, Settings(), 4)

    assert sorted(path for part in four for path in part.shown.asked) == [
        "api/north.py",
        "api/south.py",
        "core/north.py",
        "core/south.py",
    ]


def test_half_the_price_and_no_cache_hold_for_every_pack(tools: Tools) -> None:
    [whole] = packs(tools, Settings())

    assert whole.request.cache_ttl is None
    assert whole.tariff.factor == 0.5
