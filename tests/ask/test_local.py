"""What a change leaves broken is found, and stands on lines that the judge finds again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from leaving import reviewed, titles

from reviewer.ask import local
from reviewer.flow import ChangedFile, Confidence, FileClass, Inline, Side, Verdict
from reviewer.judge import anchor, evidence

if TYPE_CHECKING:
    from conftest import WorkTree

STORE = "def open_store(path):\n    return path\n\n\ndef close_store():\n    return None\n"
GONE = "def close_store():\n    return None\n"

REMOVED = {
    "python import": (
        {"store.py": STORE, "main.py": "from store import open_store\n\nopen_store(1)\n"},
        {"store.py": GONE},
        "open_store",
    ),
    "python, asked of the module": (
        {"store.py": STORE, "main.py": "import store\n\nstore.open_store(1)\n"},
        {"store.py": GONE},
        "open_store",
    ),
    "python method by self": (
        {"a.py": "class A:\n    def go(self):\n        self.run_all()\n\n    def run_all(self):\n        pass\n"},  # noqa: E501
        {"a.py": "class A:\n    def go(self):\n        self.run_all()\n\n    def run_some(self):\n        pass\n"},  # noqa: E501
        "A.run_all",
    ),
    "typescript": (
        {"a.ts": "export function area(w: number) {\n  return w\n}\n", "b.ts": "import { area } from './a'\narea(1)\n"},  # noqa: E501
        {"a.ts": "export function surface(w: number) {\n  return w\n}\n"},
        "area",
    ),
    "go, in the package": (
        {"p/a.go": "package p\n\nfunc openStore() int {\n\treturn 1\n}\n", "p/b.go": "package p\n\nvar x = openStore()\n"},  # noqa: E501
        {"p/a.go": "package p\n\nfunc openShop() int {\n\treturn 1\n}\n"},
        "openStore",
    ),
    "c": (
        {"a.c": "int open_store(int w) {\n    return w;\n}\n", "b.c": "int main(void) {\n    return open_store(1);\n}\n"},  # noqa: E501
        {"a.c": "int open_shop(int w) {\n    return w;\n}\n"},
        "open_store",
    ),
    "c, with a prototype left": (
        {"a.h": "int open_store(int w);\n", "a.c": "int open_store(int w) {\n    return w;\n}\n", "b.c": "int main(void) {\n    return open_store(1);\n}\n"},  # noqa: E501
        {"a.c": "int open_shop(int w) {\n    return w;\n}\n"},
        "open_store",
    ),
    "java class": (
        {"p/Store.java": "package p;\nclass Store {\n}\n", "p/Main.java": "package p;\nclass Main {\n  Store store = new Store();\n}\n"},  # noqa: E501
        {"p/Store.java": "package p;\nclass Shop {\n}\n"},
        "Store",
    ),
    "php class, by its namespace": (
        {"src/Store.php": "<?php\nnamespace P;\nclass Store {\n}\n", "src/Main.php": "<?php\nnamespace Q;\nuse P\\Store;\n$a = new Store();\n"},  # noqa: E501
        {"src/Store.php": "<?php\nnamespace P;\nclass Shop {\n}\n"},
        "Store",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REMOVED)
def test_a_definition_that_is_removed_and_still_used_is_found(
    work_tree: WorkTree, case: str
) -> None:
    before, after, name = REMOVED[case]
    assert [one for one in titles(work_tree, before, after) if name in one], case


def test_a_file_that_is_deleted_leaves_its_users_broken(work_tree: WorkTree) -> None:
    files = {"store.py": STORE, "main.py": "import store\n\nstore.open_store(1)\n"}
    said = titles(work_tree, files, {"store.py": None})
    assert "`store.py` is gone but still imported" in said


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("src/util/text.ts", "./util/text"),
        ("src/util/text.ts", "./util/text.js"),
        ("src/text/index.js", "./text"),
    ],
)
def test_an_import_of_a_script_that_is_gone_is_found(
    work_tree: WorkTree, path: str, module: str
) -> None:
    text = "export const answer = 42\n"
    files = {path: text, "src/main.js": f"import * as text from '{module}'\nconsole.log(text)\n"}
    assert titles(work_tree, files, {path: None}) == [f"`{path}` is gone but still imported"]


def test_a_header_that_was_renamed_is_still_included(work_tree: WorkTree) -> None:
    header = "#ifndef A\n#define A\nint area(int w);\n#endif\n"
    files = {"lib/area.h": header, "main.c": '#include "lib/area.h"\nint x;\n'}
    said = titles(work_tree, files, {"lib/area.h": None, "lib/surface.h": header})
    assert said == ["`lib/area.h` is gone but still imported"]


@pytest.mark.parametrize(
    ("head", "call", "why"),
    [
        ("def area(w, h, unit):", "area(1, 2)", "leaves out the required argument `unit`"),
        ("def area(w):", "area(1, 2)", "gives 2 positional arguments where 1 can be taken"),
        ("def area(w, height):", "area(1, h=2)", "names an argument `h` that is not taken"),
        ("def area(w, *, h):", "area(1, 2)", "gives 2 positional arguments where 1 can be taken"),
    ],
)
def test_a_call_that_no_longer_fits_its_signature_is_found(
    work_tree: WorkTree, head: str, call: str, why: str
) -> None:
    before = {
        "area.py": "def area(w, h):\n    return w\n",
        "main.py": f"from area import area\n\n{call}\n",
    }
    findings, _, _ = reviewed(work_tree, before, {"area.py": f"{head}\n    return w\n"})
    (found,) = findings
    assert why in found.explanation
    assert found.confidence is Confidence.HIGH
    assert found.evidence[0].quote == call


def test_a_constructor_is_called_by_the_name_of_its_class(work_tree: WorkTree) -> None:
    text = "class Store:\n    def __init__(self, path):\n        self.path = path\n"
    before = {"store.py": text, "main.py": "from store import Store\n\nStore('x')\n"}
    after = {"store.py": text.replace("path):", "path, mode):")}
    assert len(titles(work_tree, before, after)) == 1


def test_an_added_call_that_does_not_fit_is_found(work_tree: WorkTree) -> None:
    before = {
        "area.py": "def area(w, h):\n    return w\n",
        "main.py": "from area import area\n\narea(1, 2)\n",
    }
    said = titles(
        work_tree, before, {"main.py": "from area import area\n\narea(1, 2)\narea(1, 2, 3)\n"}
    )
    assert said == ["This call of `area` does not fit its definition"]


def test_a_finding_survives_the_judge_on_the_line_that_causes_it(work_tree: WorkTree) -> None:
    text = "class A:\n    def close(self):\n        pass\n\n\nclass B:\n    def shut_down(self):\n        pass\n"  # noqa: E501
    before = {"a.py": text, "b.py": "from a import B\n\nB().shut_down()\n"}
    after = {"a.py": text.replace("    def shut_down(self):", "    def shut(self):")}
    findings, diffs, codebase = reviewed(work_tree, before, after)
    placed = anchor.place(_proven(findings, diffs, codebase), diffs)
    assert [one.anchor for one in placed] == [
        Inline(path="a.py", side=Side.LEFT, first_line=7, last_line=7)
    ]
    assert placed[0].proven.evidence[0].lines == ("B().shut_down()",)


def test_a_deleted_line_that_stands_elsewhere_too_is_quoted_with_its_neighbours(
    work_tree: WorkTree,
) -> None:
    one = "class A:\n    def shut_down(self):\n        return 1\n"
    other = "class B:\n    def shut_down(self):\n        return 2\n"
    before = {"a.ts": "function shutDown() {\n  return 1\n}\nfunction run() {\n  shutDown()\n}\n"}
    after = {"a.ts": "// function shutDown() {\nfunction run() {\n  shutDown()\n}\n"}
    findings, diffs, codebase = reviewed(work_tree, {**before, "x.py": one + other}, after)
    (proven,) = _proven(findings, diffs, codebase)
    assert proven.place.side is Side.LEFT


def test_every_use_is_counted_and_a_few_are_shown(work_tree: WorkTree) -> None:
    users = {f"u{n}.py": "from store import open_store\n\nopen_store(1)\n" for n in range(12)}
    findings, _, _ = reviewed(work_tree, {"store.py": STORE, **users}, {"store.py": GONE})
    (found,) = findings
    assert "12 places in 12 files" in found.explanation
    assert "8 of 12 are shown" in found.explanation
    assert len(found.evidence) == 8


def test_hints_tell_each_finding_with_its_places(work_tree: WorkTree) -> None:
    before, after, _ = REMOVED["python import"]
    findings, _, _ = reviewed(work_tree, before, after)
    assert "main.py:1" in local.hints(findings)
    assert local.hints(()) == ""


def _proven(findings, diffs, codebase):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the findings that the judge proves, with the files they quote in view."""
    shown = [
        ChangedFile(
            diff=one,
            verdict=Verdict(file_class=FileClass.SOURCE, rule="test"),
            text="\n".join(source.lines) if (source := codebase.source(one.path)) else None,
            shows_diff=True,
            tokens=0,
        )
        for one in diffs
    ]
    cited = local.cited(findings, codebase)
    proven, rejected = evidence.prove(findings, evidence.Sent(codebase=cited, changed=shown))
    assert not rejected
    return proven
