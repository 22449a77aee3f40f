"""Which unchanged files a change in a real repository has to do with."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from reviewer import diff
from reviewer.flow import Change
from reviewer.index.lookup import Codebase
from reviewer.pack import relevance
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import WorkTree

    from reviewer.flow import Neighbour

STORE = "def open_store(path):\n    return path\n"
USER = "from store import open_store\n\nopen_store('x')\n"


def near(
    tree: WorkTree, before: Mapping[str, str | bytes | None], after: Mapping[str, str | None]
) -> list[Neighbour]:
    """Commit both; return the neighbours of the second commit, the nearest first."""
    base, head = tree.commit(before), tree.commit(dict(after))
    with closing(GitRepository(tree.folder)) as repository:
        codebase = Codebase(
            repository.entries(head),
            read=repository.read,
            search=lambda words: repository.search(head, words),
        )
        diffs = diff.parse(repository.patch(Change(base=base, merge_base=base, head=head)))
        found = relevance.neighbours(diffs, codebase, is_test=lambda path: "test" in path)
    return list(found)


def relations(found: list[Neighbour]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {each.path: (each.relation, each.names) for each in found}


def test_a_file_that_defines_what_an_added_line_uses_is_near(work_tree: WorkTree) -> None:
    found = near(work_tree, {"store.py": STORE, "main.py": "x = 1\n"}, {"main.py": USER})

    assert relations(found) == {"store.py": ("defines", ("open_store",))}
    assert found[0].of == ("main.py",)


def test_a_file_that_uses_what_was_changed_is_near(work_tree: WorkTree) -> None:
    after = {"store.py": STORE.replace("return path", "return open(path)")}
    found = near(work_tree, {"store.py": STORE, "main.py": USER}, after)

    assert relations(found) == {"main.py": ("uses", ("open_store",))}


def test_a_file_that_uses_what_was_removed_is_near(work_tree: WorkTree) -> None:
    found = near(work_tree, {"store.py": STORE, "main.py": USER}, {"store.py": "x = 1\n"})

    assert relations(found) == {"main.py": ("uses", ("open_store",))}


def test_a_test_of_what_was_changed_is_near_but_after_the_code_that_uses_it(
    work_tree: WorkTree,
) -> None:
    before = {"store.py": STORE, "main.py": USER, "a_test.py": USER}
    found = near(work_tree, before, {"store.py": STORE.replace("(path)", "(path, mode)")})

    assert [(each.path, each.relation) for each in found] == [
        ("main.py", "uses"),
        ("a_test.py", "tests"),
    ]


def test_a_line_that_was_not_changed_brings_nobody_near(work_tree: WorkTree) -> None:
    before = {"store.py": STORE, "main.py": f"{USER}\n\nx = 1\n"}

    assert near(work_tree, before, {"main.py": f"{USER}\n\nx = 2\n"}) == []


def test_a_changed_file_is_nobodys_neighbour(work_tree: WorkTree) -> None:
    before = {"store.py": STORE, "main.py": "x = 1\n"}
    after = {"store.py": STORE.replace("(path)", "(path, mode)"), "main.py": USER}

    assert near(work_tree, before, after) == []


def test_a_renamed_file_is_not_its_own_neighbour(work_tree: WorkTree) -> None:
    after = {"store.py": None, "shop.py": STORE + "\n\nopen_store(1)\n"}

    assert near(work_tree, {"store.py": STORE}, after) == []


def test_a_name_that_few_files_share_counts_more_than_one_that_many_share(
    work_tree: WorkTree,
) -> None:
    common = {f"m{n}.py": f"def report():\n    return {n}\n" for n in range(9)}
    before = {"rare.py": STORE, "main.py": "x = 1\n", **common}
    found = near(work_tree, before, {"main.py": "open_store(report())\n"})

    assert found[0].path == "rare.py"
    assert len(found) == 10


def test_a_name_that_stands_nearly_everywhere_brings_nobody_near(work_tree: WorkTree) -> None:
    many = {f"m{n}.py": f"report = {n}\n" for n in range(relevance.MOST_FILES + 1)}

    assert near(work_tree, {"a.py": "x = 1\n", **many}, {"a.py": "report()\n"}) == []


EVERYWHERE: dict[str, dict[str, str]] = {
    "python, by its import": {
        "lib/store.py": "class Report:\n    pass\n",
        "a.py": "from lib.store import Report\n\nReport()\n",
    },
    "python, asked of a module": {
        "lib/store.py": "def Report():\n    pass\n",
        "a.py": "from lib import store\n\nstore.Report()\n",
    },
    "php, by its namespace": {
        "src/Lib/Report.php": "<?php\nnamespace Lib;\nclass Report\n{\n}\n",
        "a.php": "<?php\nuse Lib\\Report;\nnew Report();\n",
    },
    "ruby, asked of a constant": {
        "lib/store.rb": "module Store\n  def self.Report\n  end\nend\n",
        "a.rb": "Store.Report\n",
    },
    "go, in the package": {
        "p/store.go": "package p\n\nfunc Report() int {\n\treturn 1\n}\n",
        "p/a.go": "package p\n\nvar x = Report()\n",
    },
    "kotlin, an extension": {
        "p/Store.kt": "package p\nfun <T> Int.Report(a: T) {\n}\n",
        "q/a.kt": "package q\nimport p.Report\nfun f() { Report(1) }\n",
    },
    "typescript": {
        "src/store.ts": "export interface Report {\n  a: string\n}\n",
        "src/a.ts": "import { Report } from './store'\nlet x: Report\n",
    },
}


@pytest.mark.parametrize("case", EVERYWHERE)
def test_the_file_that_defines_a_name_which_stands_everywhere_is_near_when_it_is_tied(
    work_tree: WorkTree, case: str
) -> None:
    (home, definition), (user, use) = EVERYWHERE[case].items()
    ending = home.rpartition(".")[2]
    many = {f"m/m{n}.{ending}": f"Report({n})\n" for n in range(relevance.MOST_FILES + 1)}
    found = near(work_tree, {home: definition, **many}, {user: use})

    assert [(each.path, each.relation) for each in found] == [(home, "defines")]
    assert "Report" in found[0].names


def test_of_many_files_that_define_a_name_the_one_called_like_it_is_near(
    work_tree: WorkTree,
) -> None:
    many = {f"m{n}.rb": "class Report\nend\n" for n in range(relevance.MOST_FILES + 1)}
    found = near(work_tree, {"report.rb": "class Report\nend\n", **many}, {"a.rb": "Report.new\n"})

    assert [each.path for each in found] == ["report.rb"]


def test_a_name_of_two_letters_is_not_looked_for(work_tree: WorkTree) -> None:
    before = {"b.py": "def go():\n    return 1\n", "a.py": "x = 1\n"}

    assert near(work_tree, before, {"a.py": "go()\n"}) == []


def test_the_same_name_in_another_language_is_another_name(work_tree: WorkTree) -> None:
    before = {"store.go": "package p\n\nfunc open_store() {\n}\n", "main.py": "x = 1\n"}

    assert near(work_tree, before, {"main.py": "open_store()\n"}) == []


def test_a_word_in_a_comment_or_a_string_is_no_use(work_tree: WorkTree) -> None:
    before = {"store.py": STORE, "note.py": "# open_store\nx = 'open_store'\n"}
    found = near(work_tree, before, {"store.py": STORE.replace("(path)", "(path, mode)")})

    assert found == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00open_store", b"def (((:\n" * 50, b""])
def test_a_file_that_cannot_be_read_as_code_does_no_harm(
    work_tree: WorkTree, content: bytes
) -> None:
    before = {"store.py": STORE, "main.py": USER, "odd.py": content}
    found = near(work_tree, before, {"store.py": STORE.replace("(path)", "(path, mode)")})

    assert [each.path for each in found] == ["main.py"]
