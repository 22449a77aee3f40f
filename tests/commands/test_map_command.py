from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from starting import run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree


def test_the_table_counts_what_the_pack_counts(project: WorkTree) -> None:
    table = run(project, "map")
    packed = run(project, "pack", "--stats")

    assert table.code == 0, table.err
    rows = [line for line in packed.out.splitlines() if line.startswith("all ")]
    assert rows
    assert set(rows) <= set(table.out.splitlines())


def test_the_page_holds_every_tracked_file(project: WorkTree, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    done = run(project, "map", "--html", str(page))

    assert (done.code, done.out) == (0, ""), done.err
    assert done.err == f"Written: {page}\n"
    found = re.search(r'id="data">(.*?)</script>', page.read_text("utf-8"))
    assert found
    assert sorted(json.loads(found[1])["names"]) == ["", "area.py", "report.py"]


def test_the_caller_that_was_forgotten_is_a_neighbour(project: WorkTree) -> None:
    done = run(project, "map")

    assert "report.py uses area (area.py); in full in the prompt" in done.out, done.err


def test_uncommitted_work_is_on_the_map(project: WorkTree) -> None:
    project.write({"new.py": "from area import area\n"})

    assert run(project, "map", "--head", "HEAD").code == 0
    assert run(project, "map", "--worktree").code == 0
    assert run(project, "map", "--worktree", "--head", "HEAD").code == 2


def test_a_place_that_cannot_be_written_names_the_option(project: WorkTree) -> None:
    done = run(project, "map", "--html", "no/such/folder/map.html")

    assert done.code == 2
    assert "name another file with --html" in done.err


def test_a_repository_without_a_file_has_a_map(work_tree: WorkTree, tmp_path: Path) -> None:
    work_tree.commit({})

    assert run(work_tree, "map").code == 0
    assert run(work_tree, "map", "--html", str(tmp_path / "map.html")).code == 0
