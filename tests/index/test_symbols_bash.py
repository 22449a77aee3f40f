"""Traps of Bash."""

from __future__ import annotations

from reviewer.index.languages import Language
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of


def test_an_assignment_before_a_command_defines_nothing() -> None:
    found = symbols_of(b"A=1\nB=2 run it\n", Language.BASH)

    assert [each.name for each in found.definitions] == ["A"]


def test_a_quoted_word_is_one_argument_and_a_list_may_be_several() -> None:
    found = references_of(b'f "$1" "a b"\nf "$@"\nf $words\nf "${list[@]}"\n', Language.BASH)

    assert [(each.positional, each.open_ended) for each in found.calls] == [
        (2, False),
        (0, True),
        (0, True),
        (0, True),
    ]


def test_a_redirection_is_no_argument() -> None:
    found = references_of(b"f one >out 2>&1\nf <<< two\n", Language.BASH)

    assert [each.positional for each in found.calls] == [1, 0]


def test_a_dot_with_a_backslash_sources_a_file_too() -> None:
    found = symbols_of(
        b'source a.sh\n. b.sh arg\ntrue && \\. "c.sh"\nprintf d.sh\n', Language.BASH
    )

    assert [each.module for each in found.imports] == ["a.sh", "b.sh", "c.sh"]
