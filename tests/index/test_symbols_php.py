"""Traps of PHP."""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of


def test_a_group_may_mix_functions_constants_and_classes() -> None:
    found = symbols_of(b"<?php use A\\{function f, const G as H, B\\C};", Language.PHP)

    assert [(each.module, each.names) for each in found.imports] == [
        ("A", (("f", "f"),)),
        ("A", (("G", "H"),)),
        ("A\\B", (("C", "C"),)),
    ]


def test_a_file_is_imported_where_its_name_is_a_literal() -> None:
    source = b"""<?php require 'a.php'; include("b.php"); require_once __DIR__ . '/c.php';
include dirname(__FILE__).'/d.php'; require $e; require "f{$g}.php"; require BASE . 'h.php';"""

    found = symbols_of(source, Language.PHP)

    assert [each.module for each in found.imports] == ["a.php", "b.php", "./c.php", "./d.php"]


def test_a_promoted_parameter_is_a_field_of_its_class() -> None:
    source = b"<?php class A { function __construct(private int $b, $c = 1) {} }"

    found = symbols_of(source, Language.PHP).definitions

    assert [(each.container, each.name) for each in found] == [
        ("", "A"),
        ("A", "__construct"),
        ("A", "b"),
    ]


def test_a_constant_made_by_define_is_defined() -> None:
    found = symbols_of(b"<?php define('A', 1); undefine('B', 2);", Language.PHP)

    assert [each.name for each in found.definitions] == ["A"]


def test_an_attribute_calls_the_constructor_of_its_class() -> None:
    found = references_of(b"<?php #[Route('/x', name: 'y')] function f() {}", Language.PHP)

    assert [(each.name, each.positional, each.keywords) for each in found.calls] == [
        ("Route", 1, ("name",))
    ]


def test_words_for_the_own_class_are_receivers() -> None:
    source = b"<?php class A { function f() { self::a(); parent::b(); static::c(); } }"

    assert [each.receiver for each in references_of(source, Language.PHP).calls] == [
        "self",
        "parent",
        "static",
    ]
