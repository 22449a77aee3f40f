"""Where a name could mean something else, the engine without a model is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from leaving import titles

if TYPE_CHECKING:
    from conftest import WorkTree

    Files = dict[str, str | bytes | None]

STORE = "def open_store(path):\n    return path\n"
USER = "from store import open_store\n\nopen_store(1)\n"
CLASS = "class Store:\n    def close(self):\n        pass\n\n    def go(self):\n        pass\n"
LEFT = "class Store:\n    def go(self):\n        pass\n"

QUIET: dict[str, tuple[Files, Files]] = {
    "the definition moved and its file hands it on": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "from shop import open_store\n", "shop.py": STORE},
    ),
    "its file hands on something else under the name": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "from shop import other as open_store\n", "shop.py": "def other(path):\n    pass\n"},  # noqa: E501
    ),
    "its file takes everything from another": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "from shop import *\n", "shop.py": STORE},
    ),
    "its file answers for any name": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "def __getattr__(name):\n    return {'open_store': 1}[name]\n"},
    ),
    "a variable took its place": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "open_store = make()\n"},
    ),
    "a method of everybody's is asked of something unknown": (
        {"store.py": CLASS, "main.py": "import socket\n\nsocket.socket().close()\n"},
        {"store.py": LEFT},
    ),
    "another class has a method of the name": (
        {"store.py": CLASS, "main.py": "from store import Store\n\nStore().close()\n", "b.py": CLASS.replace("Store", "Shop")},  # noqa: E501
        {"store.py": LEFT},
    ),
    "the member is assigned": (
        {"store.py": CLASS, "main.py": "from store import Store\n\nstore = Store()\nstore.close = 1\nstore.close()\n"},  # noqa: E501
        {"store.py": LEFT},
    ),
    "the user has a variable of the name": (
        {"a.c": "int width(void) {\n    return 1;\n}\n", "b.c": "int f(int width) {\n    return width;\n}\n"},  # noqa: E501
        {"a.c": "int height(void) {\n    return 1;\n}\n"},
    ),
    "the name stands in comments and strings only": (
        {"store.py": STORE, "main.py": "# open_store\nprint('open_store')\n"},
        {"store.py": "def open_shop(path):\n    return path\n"},
    ),
    "another language has the name": (
        {"store.py": STORE, "main.go": "package main\n\nvar x = open_store(1)\n"},
        {"store.py": "def open_shop(path):\n    return path\n"},
    ),
    "the file at head cannot be parsed": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "def open_shop(path:\n    return path\n"},
    ),
    "ruby makes the method from a symbol": (
        {"a.rb": "class A\n  def full_name\n    1\n  end\n\n  def go\n    full_name\n  end\nend\n"},  # noqa: E501
        {"a.rb": "class A\n  attr_reader :full_name\n\n  def go\n    full_name\n  end\nend\n"},
    ),
    "assembly may define it": (
        {"a.c": "int fast_copy(int w) {\n    return w;\n}\n", "b.c": "int f(void) {\n    return fast_copy(1);\n}\n"},  # noqa: E501
        {"a.c": "int x;\n", "a.S": "fast_copy:\n  ret\n"},
    ),
    "a macro may make it": (
        {"a.c": "int open_store(int w) {\n    return w;\n}\n", "b.c": "int main(void) {\n    return open_store(1);\n}\n"},  # noqa: E501
        {"a.c": "#define open_store(w) (w)\n"},
    ),
    "an import of a package of the same name as a file that went": (
        {"tools/yaml.py": STORE, "main.py": "import yaml\n\nyaml.load('x')\n"},
        {"tools/yaml.py": None},
    ),
    "a folder stands in for a module that went": (
        {"a/store.py": STORE, "a/main.py": "from a import store\n"},
        {"a/store.py": None, "a/store/__init__.py": STORE},
    ),
    "an import that is tried only": (
        {"fast.py": STORE, "main.py": "try:\n    import fast\nexcept ImportError:\n    fast = None\n"},  # noqa: E501
        {"fast.py": None},
    ),
    "a script that is written in another dialect now": (
        {"src/a.js": "export const a = 1\n", "src/b.js": "import { a } from './a.js'\nconsole.log(a)\n"},  # noqa: E501
        {"src/a.js": None, "src/a.ts": "export const a = 1\n"},
    ),
    "a header that the build makes": (
        {"config.h": "#define A 1\n", "main.c": '#include "config.h"\nint x;\n'},
        {"config.h": None, "config.h.in": "#define A @A@\n"},
    ),
    "a new parameter has a default": (
        {"store.py": STORE, "main.py": USER},
        {"store.py": "def open_store(path, mode='r'):\n    return path\n"},
    ),
    "a splat hides how many arguments there are": (
        {"store.py": STORE, "main.py": "from store import open_store\n\nopen_store(*x)\n"},
        {"store.py": "def open_store(path, mode):\n    return path\n"},
    ),
    "a decorator changes what it takes": (
        {"store.py": f"@fill\n{STORE}", "main.py": USER},
        {"store.py": "@fill\ndef open_store(path, mode):\n    return path\n"},
    ),
    "two classes have the method": (
        {"a.py": "class A:\n    def run_all(self):\n        pass\n\n\nclass B:\n    def run_all(self, x):\n        pass\n\n\nA().run_all()\n"},  # noqa: E501
        {"a.py": "class A:\n    def run_all(self, y):\n        pass\n\n\nclass B:\n    def run_all(self, x):\n        pass\n\n\nA().run_all()\n"},  # noqa: E501
    ),
    "an added call names another package's function": (
        {"a.py": "def load(x):\n    pass\n\n\nload(1)\n", "b.py": "x = 1\n"},
        {"b.py": "from json import load\n\nload(1, 2, 3)\n"},
    ),
    "an added call asks a library's object for a method of the same name": (
        {"a.py": "class A:\n    def is_ready(self, x):\n        pass\n\n    def go(self):\n        self.is_ready(1)\n"},  # noqa: E501
        {"b.py": "def f(node):\n    return node.parent.is_ready()\n"},
    ),
    "a class has a second constructor": (
        {"a.kt": "class Store(val a: Int)\n", "b.kt": "val x = Store(1)\n"},
        {"a.kt": "class Store(val a: Int, val b: Int) {\n  constructor(a: Int) : this(a, 2)\n}\n"},
    ),
    "an extension adds a constructor to a class of somebody else's": (
        {"a.swift": "extension Result {\n    init(value: Int, error: Int) {\n    }\n}\nlet x = Result(value: 1, error: 2)\n"},  # noqa: E501
        {"b.swift": "let y = Result(success: 1)\n"},
    ),
    "the grammar loses a constant under its annotation": (
        {"a.kt": "package p\n\ninternal const val TYPE_ONE = 1\n", "b.kt": "package p\n\nval x = TYPE_ONE\n"},  # noqa: E501
        {"a.kt": "package p\n\n@Api\nconst val TYPE_ONE = 1\n"},
    ),
    "a type of a library took the place of the class": (
        {"a.ts": "export interface Doc {\n  jsonDialect: string\n}\n", "b.ts": "import { make } from './c'\nmake().jsonDialect\n"},  # noqa: E501
        {"a.ts": "export type { Doc } from 'library'\n"},
    ),
    "an object of a script has the key": (
        {"a.ts": "export interface Doc {\n  jsonDialect: string\n  other: string\n}\n", "b.ts": "import { Doc } from './a'\nconst d = { jsonDialect: 1 }\nd.jsonDialect\n"},  # noqa: E501
        {"a.ts": "export interface Doc {\n  other: string\n}\n"},
    ),
    "an argument left out in javascript": (
        {"a.js": "function area(w, h) {\n}\narea(1, 2)\n"},
        {"a.js": "function area(w, h) {\n}\narea(1, 2)\narea(1)\n"},
    ),
    "a macro that a macro writes": (
        {"a.rs": "macro_rules! tri {\n    ($e:expr) => { $e };\n}\nfn f() { tri!(1); }\n"},
        {"a.rs": "macro_rules! outer {\n    () => { macro_rules! tri { ($e:expr) => { $e }; } };\n}\nouter!();\nfn f() { tri!(1); }\n"},  # noqa: E501
    ),
    "a block behind the parentheses is the last parameter": (
        {"a.kt": "fun runTest(millis: Int = 1, test: () -> Unit) {\n}\nval x = runTest(1) { }\n"},
        {"b.kt": "val y = runTest { }\n"},
    ),
    "a test makes a call to see it fail": (
        {"a.py": "def area(w):\n    pass\n\n\narea(1)\n"},
        {"b.py": "from a import area\n\nwith pytest.raises(TypeError):\n    area(1, 2)\n"},
    ),
    "no other file could see it": (
        {"a.swift": "fileprivate class NIOLock {\n}\n", "b.swift": "import NIO\nlet x: NIOLock\n"},
        {"a.swift": "import NIO\n"},
    ),
    "a method of a library takes other arguments": (
        {"a.cs": "class A {\n  int GetProperties(int a, int b) { return 1; }\n  int Go() { return 2; }\n}\n", "b.cs": "class B {\n  int Go() { return typeof(A).GetProperties(1); }\n}\n"},  # noqa: E501
        {"a.cs": "class A {\n  int Go() { return 2; }\n}\n"},
    ),
    "kotlin names some arguments and counts the others": (
        {"a.kt": "fun setUp(a: Int, b: Int, c: Int) {\n}\nval x = setUp(1, 2, 3)\n"},
        {"b.kt": "val y = setUp(a = 1, 2, 3)\n"},
    ),
    "swift writes the name as a label and as an attribute": (
        {"a.swift": "class A {\n    let groupProvider: Int = 1\n    func testable() {\n    }\n}\n", "b.swift": "@testable import A\nlet a: A = make(groupProvider: 1)\n"},  # noqa: E501
        {"a.swift": "class A {\n}\n"},
    ),
    "further arguments of php are dropped": (
        {"a.php": "<?php\nfunction area($w) {\n}\narea(1);\n"},
        {"a.php": "<?php\nfunction area($w) {\n}\narea(1);\narea(1, 2);\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", QUIET)
def test_nothing_is_said_where(work_tree: WorkTree, case: str) -> None:
    before, after = QUIET[case]
    assert titles(work_tree, before, after) == []


def test_a_name_in_too_many_files_is_not_judged(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.index.lookup.Codebase.hits.__kwdefaults__", {"most_files": 0})
    before: Files = {"store.py": STORE, "main.py": USER}
    assert titles(work_tree, before, {"store.py": "x = 1\n"}) == []


def test_a_file_too_large_to_parse_proves_nothing(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.index.lookup.MOST_BYTES", 60)
    before: Files = {"store.py": STORE, "main.py": USER, "large.py": "open_store = 1\n" * 9}
    assert titles(work_tree, before, {"store.py": "x = 1\n"}) == []


@pytest.mark.parametrize("name", ["-e", "--help", "$(x)", "a\nb", "\0", "", "ü" * 50])
def test_a_hostile_name_is_looked_for_and_nothing_happens(work_tree: WorkTree, name: str) -> None:
    from reviewer.source.repo import GitRepository

    head = work_tree.commit({"a.txt": "x"})
    repository = GitRepository(work_tree.folder)
    assert repository.search(head, [name]) == {}
    repository.close()
