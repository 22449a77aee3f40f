"""A suggestion can be committed with one click: it is offered only when that is safe."""

from __future__ import annotations

import pytest
from claimed import located, proven

from reviewer.flow import FileLevel, Inline, Match, Side
from reviewer.judge.suggest import MOST_LINES, suggestion

CODE = ("    if ready:", "        go(1)")


def offered(
    replacement: str | None,
    *lines: str,
    quote: str | None = None,
    match: Match = Match.EXACT,
) -> str | None:
    """Return the suggestion for code at line 4, quoted whole unless told."""
    code = lines or CODE
    place = located("a.py", 4, *code, match=match)
    one = proven(place, replacement=replacement, quote="\n".join(code) if quote is None else quote)
    return suggestion(one, anchor(place.first_line, place.last_line))


def anchor(first: int, last: int, side: Side = Side.RIGHT) -> Inline:
    return Inline(path="a.py", side=side, first_line=first, last_line=last)


def test_whole_lines_are_replaced_by_whole_lines() -> None:
    assert offered("    if ready:\n        go(2)\n") == "    if ready:\n        go(2)"


def test_nothing_in_the_place_of_lines_deletes_them() -> None:
    assert offered("") == ""


def test_no_replacement_is_no_suggestion() -> None:
    assert offered(None) is None


def test_a_replacement_may_have_more_lines_than_the_code() -> None:
    assert offered("    a()\n    b()\n    c()", "    a()") == "    a()\n    b()\n    c()"


@pytest.mark.parametrize(
    "where",
    [
        FileLevel(path="a.py"),
        anchor(4, 4),
        anchor(5, 6),
        anchor(4, 5, Side.LEFT),
        Inline(path="b.py", side=Side.RIGHT, first_line=4, last_line=5),
    ],
    ids=["file", "shorter", "elsewhere", "left", "other file"],
)
def test_only_the_quoted_lines_can_be_replaced(where: Inline | FileLevel) -> None:
    one = proven(located("a.py", 4, *CODE), replacement="    go(2)")

    assert suggestion(one, where) is None


def test_deleted_lines_cannot_be_replaced() -> None:
    one = proven(located("a.py", 4, *CODE, side=Side.LEFT), replacement="    go(2)")

    assert suggestion(one, anchor(4, 5, Side.LEFT)) is None


def test_lines_that_are_only_nearly_what_was_quoted_are_not_replaced() -> None:
    assert offered("    if ready:\n        go(2)", match=Match.CLOSEST) is None


def test_the_same_code_is_no_suggestion() -> None:
    assert offered("\n".join(CODE)) is None


def test_a_replacement_that_is_too_long_is_no_suggestion() -> None:
    assert offered("    x\n" * MOST_LINES) is not None
    assert offered("    x\n" * (MOST_LINES + 1)) is None


# --- secrets ----------------------------------------------------------------------------------

HIDDEN = '    token = "[secret: github-pat #1]"'


@pytest.mark.parametrize(
    ("replacement", "code"),
    [
        (HIDDEN, "    token = None"),
        (f"    a()\n{HIDDEN}\n    b()", "    token = None"),
        ('    token = os.environ["TOKEN"]', HIDDEN),
        ("", HIDDEN),
        (HIDDEN.replace("1", "999"), "    token = None"),
        (HIDDEN.replace("github-pat", "private-key"), "    token = None"),
    ],
    ids=["alone", "among lines", "in the code", "deleted", "never given out", "other kind"],
)
def test_a_placeholder_is_never_put_into_code_nor_is_its_line_replaced(
    replacement: str, code: str
) -> None:
    assert offered(replacement, code) is None


def test_a_placeholder_beside_the_quoted_part_of_a_line_keeps_the_line_as_it_is() -> None:
    line = '    send(total, "[secret: github-pat #1]")'

    assert offered("sum_of", line, quote="total,") is None


@pytest.mark.parametrize(
    "written",
    ["[secret:  github-pat #1]", "[Secret: github-pat #1]", "[secret: github-pat # 1]",
     "[secret: github-pat\u00a0#1]", "[secret: github-pat #1 ]", "[secret: github-pat]"],
)  # fmt: skip
def test_a_careless_copy_of_a_placeholder_is_one_too(written: str) -> None:
    assert offered(f'    token = "{written}"', "    token = None") is None


# --- a part of a line -------------------------------------------------------------------------


@pytest.mark.parametrize("replacement", ["total(a, b)", "    return total(a, b)  # cents"])
def test_a_quoted_part_of_a_line_is_replaced_inside_it(replacement: str) -> None:
    line = "    return total(a)  # cents"

    assert offered(replacement, line, quote="total(a)") == "    return total(a, b)  # cents"


def test_a_name_that_begins_like_the_line_is_not_the_whole_line() -> None:
    assert offered("return_value", "    return x", quote="x") == "    return return_value"


def test_a_part_that_stands_twice_in_its_line_is_left_alone() -> None:
    assert offered("f(b)", "    f(a) + f(a)", quote="f(a)") is None


def test_several_lines_do_not_go_into_the_middle_of_one() -> None:
    assert offered("f(b,\n  c)", "    x = f(a)", quote="f(a)") is None


def test_a_quote_that_begins_within_a_line_does_not_replace_several() -> None:
    assert offered("done: go(2)", quote="ready:\n        go(1)") is None


# --- indentation ------------------------------------------------------------------------------


def test_the_indentation_that_the_quote_lacked_is_given_back() -> None:
    assert offered("go(2)", "    go(1)", quote="go(1)") == "    go(2)"


def test_a_replacement_with_its_indentation_is_taken_as_it_is() -> None:
    assert offered("    go(2)", "    go(1)", quote="go(1)") == "    go(2)"


def test_further_lines_without_indentation_are_not_guessed_at() -> None:
    assert offered("a()\nb()", "    go(1)", quote="go(1)") is None
    assert offered("a()\n    b()", "    go(1)", quote="go(1)") == "    a()\n    b()"


@pytest.mark.parametrize("replacement", ["go(2)", "  go(2)", "\tgo(2)", "    go(2)\n\tgo(3)"])
def test_another_indentation_than_the_code_has_is_no_suggestion(replacement: str) -> None:
    assert offered(replacement, "    go(1)") is None


def test_a_quote_with_other_blanks_needs_the_indentation_of_the_code() -> None:
    quote = "if ready:\n    go(1)"

    assert offered("if ready:\n    go(2)", quote=quote, match=Match.WHITESPACE) is None
    assert offered("    if ready:\n        go(2)", quote=quote, match=Match.WHITESPACE) is not None


def test_a_part_of_the_lines_with_other_blanks_does_not_replace_them() -> None:
    quote = "if ready:\n    go("

    assert offered("    if ready:\n        go(", quote=quote, match=Match.WHITESPACE) is None


# --- as the quote was written -----------------------------------------------------------------


def test_line_numbers_are_taken_off_as_they_are_off_the_quote() -> None:
    assert offered("4|    go(2)", "    go(1)", quote="4|    go(1)") == "    go(2)"


def test_what_looks_like_a_line_number_stays_when_the_quote_has_none() -> None:
    assert offered("1|2", "1|1|2") is not None


def test_an_escaped_tag_is_written_as_it_is_in_the_file() -> None:
    assert offered(r"<\title>B<\/title>", "<title>A</title>") == "<title>B</title>"


def test_carriage_returns_are_left_out() -> None:
    assert offered("    a()\r\n    b()\r\n", "    go(1)") == "    a()\n    b()"
