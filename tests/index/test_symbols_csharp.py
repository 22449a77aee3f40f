"""Traps of C#."""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of


def test_a_member_without_a_modifier_is_private_unless_an_interface_or_enum_holds_it() -> None:
    source = b"""class A { void Hidden() {} internal void Seen() {} void I.Reached() {} }
interface I { void Reached(); } enum E { X }"""

    found = symbols_of(source, Language.CSHARP).definitions

    assert [each.name for each in found if not each.exported] == ["Hidden"]


def test_a_record_lists_its_properties_as_parameters() -> None:
    found = symbols_of(b"public record P(string First);", Language.CSHARP).definitions

    assert [(each.container, each.name) for each in found] == [("", "P"), ("P", "First")]


def test_a_constructor_calls_the_one_it_hands_on_to() -> None:
    source = b"class A : B { A() : this(1) {} A(int x) : base(x, 2) {} } class C(int y) : B(y) { }"

    found = references_of(source, Language.CSHARP).calls

    assert [(each.name, each.positional) for each in found] == [("this", 1), ("base", 2), ("B", 1)]
