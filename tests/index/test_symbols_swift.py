"""Traps of Swift."""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of


def test_a_setter_that_is_private_leaves_the_property_visible() -> None:
    source = (
        b"struct A { private(set) var b = 1; private var c = 2; public private(set) var d = 3 }"
    )

    found = symbols_of(source, Language.SWIFT).definitions

    assert [each.name for each in found if each.exported] == ["A", "b", "d"]


def test_an_index_is_no_call() -> None:
    found = references_of(b"func f() { list[0]; call(1); Array<Int>(x: 2) }", Language.SWIFT)

    assert [(each.name, each.positional) for each in found.calls] == [("call", 1), ("Array", 0)]


def test_one_declaration_may_be_imported_from_a_module() -> None:
    found = symbols_of(b"import struct A.B\nimport C.D\n@testable import E\n", Language.SWIFT)

    assert [(each.module, each.names) for each in found.imports] == [
        ("A", (("B", "B"),)),
        ("C.D", ()),
        ("E", ()),
    ]


def test_the_result_of_an_operator_is_not_its_name() -> None:
    found = symbols_of(b"func <+> (l: Int, r: Int) -> Int { l }", Language.SWIFT)

    assert [each.name for each in found.definitions] == ["<+>"]
