"""Claims of absence that the codebase contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from claimed import evidence, finding

from reviewer.flow import ClaimKind
from reviewer.index.lookup import Codebase
from reviewer.judge.refute import refute
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import WorkTree

    Ask = Callable[..., str]

STORE = """\
class Store:
    def get(self, key):
        return self._read(key)

    def _read(self, key):
        return key


def open_store():
    return Store()


def close_store():
    return None
"""


@pytest.fixture
def ask(work_tree: WorkTree) -> Iterator[Ask]:
    """Commit files, make one claim, and return why it is rejected; empty when it is kept."""
    opened: list[GitRepository] = []

    def asked(
        files: dict[str, str | bytes | None], path: str, symbol: str, claim: ClaimKind
    ) -> str:
        head = work_tree.commit(files)
        repository = GitRepository(work_tree.folder)
        opened.append(repository)
        codebase = Codebase(
            repository.entries(head),
            read=repository.read,
            search=lambda words: repository.search(head, words),
        )
        claimed: Any = finding(evidence(path, "quote"), claim=claim, symbol=symbol)
        kept, rejected = refute([claimed], codebase)
        assert len(kept) + len(rejected) == 1
        return rejected[0].why if rejected else ""

    yield asked
    for repository in opened:
        repository.close()


@pytest.mark.parametrize("symbol", ["Store.get", "`Store.get()`", "Store::get", "Store#get(key)"])
def test_a_member_that_its_class_defines_is_not_undefined(ask: Ask, symbol: str) -> None:
    why = ask({"store.py": STORE}, "store.py", symbol, ClaimKind.UNDEFINED)
    assert "`store.py`, line 2" in why


def test_a_member_of_another_class_does_not_stand_in(ask: Ask) -> None:
    files = {"store.py": STORE, "cache.py": "class Cache:\n    pass\n"}
    assert not ask(files, "store.py", "Cache.get", ClaimKind.UNDEFINED)


def test_a_module_member_that_its_file_defines_is_not_missing(ask: Ask) -> None:
    files = {"store.py": STORE, "main.py": "import store\n\nstore.open_store()\n"}
    why = ask(files, "main.py", "store.open_store", ClaimKind.MISSING)
    assert "`store.py`, line 9" in why


def test_a_name_that_is_not_imported_may_well_be_undefined_here(ask: Ask) -> None:
    files = {"store.py": STORE, "main.py": "open_store()\n"}
    assert not ask(files, "main.py", "open_store", ClaimKind.UNDEFINED)


def test_a_name_that_is_imported_and_defined_there_is_not_undefined(ask: Ask) -> None:
    files = {"store.py": STORE, "main.py": "from store import open_store\n\nopen_store()\n"}
    assert "`store.py`" in ask(files, "main.py", "open_store", ClaimKind.UNDEFINED)


def test_a_c_function_of_another_file_is_not_undefined(ask: Ask) -> None:
    files = {
        "a.c": "int area(int w) { return w; }\n",
        "b.c": "int main(void) { return area(1); }\n",
    }
    assert "`a.c`, line 1" in ask(files, "b.c", "area", ClaimKind.UNDEFINED)


def test_a_definition_in_another_language_does_not_count(ask: Ask) -> None:
    files = {"a.c": "int area(int w) { return w; }\n", "b.go": "package b\n\nvar x = area(1)\n"}
    assert not ask(files, "b.go", "area", ClaimKind.UNDEFINED)


@pytest.mark.parametrize("claim", [ClaimKind.UNUSED, ClaimKind.NEVER_CALLED])
def test_a_use_in_another_file_contradicts_that_there_is_none(ask: Ask, claim: ClaimKind) -> None:
    files = {"store.py": STORE, "main.py": "from store import open_store\n\nopen_store()\n"}
    assert "`main.py`, line 3" in ask(files, "store.py", "open_store", claim)


def test_an_import_alone_is_no_use(ask: Ask) -> None:
    files = {"store.py": STORE, "main.py": "from store import close_store\n"}
    assert not ask(files, "store.py", "close_store", ClaimKind.UNUSED)


def test_a_name_in_a_comment_or_a_string_is_no_use(ask: Ask) -> None:
    files = {"store.py": STORE, "main.py": '# close_store()\nprint("close_store")\n'}
    assert not ask(files, "store.py", "close_store", ClaimKind.UNUSED)


def test_a_call_of_itself_is_no_use(ask: Ask) -> None:
    text = "def count_down(n):\n    return count_down(n - 1)\n"
    assert not ask({"a.py": text}, "a.py", "count_down", ClaimKind.NEVER_CALLED)


def test_an_import_may_be_unused_whatever_uses_what_it_names_elsewhere(ask: Ask) -> None:
    files = {
        "store.py": STORE,
        "main.py": "from store import open_store\n\nopen_store()\n",
        "idle.py": "from store import open_store\n",
    }
    assert not ask(files, "idle.py", "open_store", ClaimKind.UNUSED)


def test_a_use_of_a_name_that_two_classes_define_refutes_nothing(ask: Ask) -> None:
    other = "class Other:\n    def get(self):\n        return 1\n\n\nOther().get()\n"
    files = {"store.py": STORE, "other.py": other}
    assert not ask(files, "store.py", "get", ClaimKind.NEVER_CALLED)


@pytest.mark.parametrize("symbol", ["", "the function get", "a" * 1000, "..", "get\nput", "-e"])
def test_a_symbol_that_is_no_name_is_kept(ask: Ask, symbol: str) -> None:
    assert not ask({"store.py": STORE}, "store.py", symbol, ClaimKind.UNDEFINED)


def test_a_claim_of_another_kind_is_kept(ask: Ask) -> None:
    assert not ask({"store.py": STORE}, "store.py", "Store.get", ClaimKind.NONE)


def test_a_place_in_no_known_language_is_kept(ask: Ask) -> None:
    assert not ask({"store.py": STORE, "a.txt": "x"}, "a.txt", "Store.get", ClaimKind.UNDEFINED)


def test_a_name_in_too_many_files_is_kept(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.index.lookup.MOST_FILES", 1)
    files = {"store.py": STORE, "main.py": "from store import open_store\n\nopen_store()\n"}
    kept = ask(files, "store.py", "open_store", ClaimKind.UNUSED)
    assert kept == "" or "open_store" in kept
