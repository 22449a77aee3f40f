"""Words are found in a tree as it is stored, whatever they hold and whatever is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree


@pytest.fixture
def repository(work_tree: WorkTree) -> Iterator[GitRepository]:
    opened = GitRepository(work_tree.folder)
    yield opened
    opened.close()


def test_a_word_is_found_as_a_whole_word_with_its_files(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    head = work_tree.commit({"a.py": "open()\n", "b.py": "reopen()\n", "c/d.py": "x = open\n"})
    found = repository.search(head, ["open", "reopen", "shut"])
    assert found == {"a.py": {"open"}, "b.py": {"reopen"}, "c/d.py": {"open"}}


def test_a_name_reads_as_it_is_written_not_as_a_pattern(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    head = work_tree.commit({"a.txt": "aXb\n", "b.txt": "a.b\n"})
    assert list(repository.search(head, ["a.b"])) == ["b.txt"]


def test_a_path_may_hold_a_line_feed(work_tree: WorkTree, repository: GitRepository) -> None:
    head = work_tree.commit({"a\nb.py": "open()\nopen()\n", "c.py": "open()\n"})
    assert repository.search(head, ["open"]) == {"a\nb.py": {"open"}, "c.py": {"open"}}


def test_binary_files_are_not_looked_into(work_tree: WorkTree, repository: GitRepository) -> None:
    head = work_tree.commit({"a.bin": b"\0open\0"})
    assert repository.search(head, ["open"]) == {}


def test_what_a_user_configured_is_not_run(work_tree: WorkTree, repository: GitRepository) -> None:
    head = work_tree.commit({"a.py": "open()\n", ".gitattributes": "*.py diff=evil\n"})
    proof = work_tree.folder / "ran"
    work_tree.git("config", "diff.evil.textconv", f"touch {proof};cat")
    work_tree.git("config", "core.pager", f"touch {proof};cat")
    work_tree.git("config", "grep.patternType", "perl")
    work_tree.git("config", "grep.lineNumber", "true")
    work_tree.git("config", "color.grep", "always")
    assert repository.search(head, ["open"]) == {"a.py": {"open"}}
    assert not proof.exists()
