"""Words are found in a tree as it is stored, whatever they hold and whatever is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewer.errors import CouldNotFinish
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


@pytest.mark.parametrize("word", ["ok?", "$this", "operator==", "naïve", "a-b", "@x"])
def test_a_name_may_begin_and_end_with_anything(
    work_tree: WorkTree, repository: GitRepository, word: str
) -> None:
    files = {"alone.txt": f"({word})\n", "inside.txt": f"x{word}x\n", "end.txt": f"{word}"}
    head = work_tree.commit(files)
    assert sorted(repository.search(head, [word])) == ["alone.txt", "end.txt"]


def test_equal_files_are_all_told(work_tree: WorkTree, repository: GitRepository) -> None:
    head = work_tree.commit({"a.py": "open()\n", "b.py": "open()\n", "empty.py": ""})
    assert repository.search(head, ["open"]) == {"a.py": {"open"}, "b.py": {"open"}}


def test_what_is_too_large_to_be_looked_into_counts_as_a_hit(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    head = work_tree.commit({"a.py": "x = 1\n" * 3_000_000, "b.py": "y\n"})
    assert repository.search(head, ["open"]) == {"a.py": {"open"}}


def test_an_object_that_is_not_there_is_an_error(
    work_tree: WorkTree, repository: GitRepository
) -> None:
    head = work_tree.commit({"a.py": "open()\n", "b.py": "shut()\n"})
    oid = work_tree.git("rev-parse", f"{head}:b.py").strip()
    (work_tree.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(CouldNotFinish, match=f"git object {oid} cannot be read"):
        repository.search(head, ["open"])
