"""Quotes are found where they stand, or the finding is not posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from claimed import changed, evidence, finding
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewer.flow import Located, Match, Outline, Side
from reviewer.index import outline
from reviewer.judge.evidence import Sent, prove
from reviewer.judge.quotes import LEAST_ALPHANUMERICS

if TYPE_CHECKING:
    from reviewer.flow import ChangedFile, Evidence

OLD = """\
import os

def total(prices):
    result = 0
    for price in prices:
        result += price
    return result

def mean(prices):
    return total(prices) / len(prices)
"""
NEW = OLD.replace("    result = 0\n", "    result = 0.0\n")
CALLER = "from shop import total\n\n\ndef report(orders):\n    return total(orders)\n"

SHOP = changed("shop.py", OLD, NEW)
PLACE = evidence("shop.py", "    result = 0.0", 4)


def look_up(claimed: Evidence, *files: ChangedFile, **codebase: str) -> Located:
    sent = Sent(codebase=dict(codebase), changed=files or (SHOP,))
    ((found,), rejected) = prove([finding(claimed)], sent)
    assert rejected == ()
    return found.place


def reason(claimed: Evidence, *files: ChangedFile, codebase: dict[str, str] | None = None) -> str:
    sent = Sent(codebase=codebase or {}, changed=files or (SHOP,))
    found, (rejected,) = prove([finding(claimed)], sent)
    assert found == ()
    return rejected.why


def where(located: Located) -> tuple[str, Side | None, int, int]:
    return located.path, located.side, located.first_line, located.last_line


# --- where a quote is found -------------------------------------------------------------------


def test_a_quote_of_a_changed_file_is_found_at_head() -> None:
    found = look_up(evidence("shop.py", "    result = 0.0\n    for price in prices:"))

    assert where(found) == ("shop.py", Side.RIGHT, 4, 5)
    assert found.lines == ("    result = 0.0", "    for price in prices:")
    assert found.match is Match.EXACT


def test_claimed_lines_do_not_matter_when_the_quote_stands_once() -> None:
    found = look_up(evidence("shop.py", "    return total(prices) / len(prices)", 1, 1))

    assert where(found) == ("shop.py", Side.RIGHT, 10, 10)


@pytest.mark.parametrize(("claimed", "line"), [(1, 1), (4, 3), (5, 6), (99, 9)])
def test_of_several_places_the_nearest_to_the_claimed_line_is_taken(
    claimed: int, line: int
) -> None:
    text = "save()\n#\nsave()\n#\n#\nsave()\n#\n#\nsave()\n"

    found = look_up(evidence("a.py", "save()", claimed), changed("a.py", "#\n", text))

    assert found.first_line == line


def test_a_part_of_a_line_is_found_and_the_whole_line_is_told() -> None:
    found = look_up(evidence("shop.py", "total(prices) / len"))

    assert (found.first_line, found.lines) == (10, ("    return total(prices) / len(prices)",))


def test_a_deleted_line_is_found_on_the_left_side() -> None:
    found = look_up(evidence("shop.py", "    result = 0", 4), changed("shop.py", OLD, NEW[:30]))

    assert where(found) == ("shop.py", Side.LEFT, 4, 4)


def test_a_quote_of_context_lines_belongs_to_the_right_side() -> None:
    file = changed("a.py", "one\ntwo\nthree\n", "zero\none\ntwo\nthree\n", shows_text=False)

    assert where(look_up(evidence("a.py", "two", 2), file)) == ("a.py", Side.RIGHT, 3, 3)


def test_a_file_outside_the_change_is_found_in_the_codebase() -> None:
    sent = Sent(codebase={"report.py": CALLER}, changed=(SHOP,))

    ((found,), _) = prove([finding(evidence("report.py", "    return total(orders)"))], sent)

    assert where(found.place) == ("report.py", None, 5, 5)


def test_a_changed_file_without_its_text_is_known_by_its_hunks_alone() -> None:
    file = changed("shop.py", OLD, NEW, shows_text=False)

    assert where(look_up(evidence("shop.py", "    result = 0.0"), file))[1:3] == (Side.RIGHT, 4)
    assert "is not in `shop.py` as it was sent" in reason(
        evidence("shop.py", "    return total(prices) / len(prices)"), file
    )


def test_the_nearest_hunk_is_taken() -> None:
    middle = "".join(f"{n}\n" for n in range(20))
    old, new = f"a\n{middle}a\n", f"a\nsave(x)\n{middle}save(x)\na\n"
    file = changed("a.py", old, new, shows_text=False)

    assert look_up(evidence("a.py", "save(x)", 21), file).first_line == 23


def test_a_renamed_file_is_found_under_both_names_and_told_under_the_new_one() -> None:
    file = changed("new.py", OLD, NEW, old_path="shop.py")

    for name in ("new.py", "shop.py"):
        assert where(look_up(evidence(name, "    result = 0.0"), file)) == (
            "new.py", Side.RIGHT, 4, 4,
        )  # fmt: skip
    assert where(look_up(evidence("shop.py", "    result = 0\n    for"), file)) == (
        "new.py", Side.LEFT, 4, 5,
    )  # fmt: skip


def test_a_deleted_file_is_found_on_the_left_side() -> None:
    file = changed("shop.py", OLD, None)

    found = look_up(evidence("shop.py", "    result = 0"), file)
    assert where(found) == ("shop.py", Side.LEFT, 4, 4)


def test_a_path_is_known_as_it_is_written_in_the_prompt() -> None:
    file = changed('a&"b.py', "x\n", "value = 1\n")

    assert look_up(evidence("a&#38;&#34;b.py", "value = 1"), file).path == 'a&"b.py'


# --- what a model does to a quote -------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "match"),
    [
        ("    result = 0.0\n    for price in prices:\n", Match.EXACT),
        ("4|    result = 0.0\n5|    for price in prices:", Match.EXACT),
        ("+    result = 0.0\n     for price in prices:", Match.EXACT),
        ("-    result = 0\n+    result = 0.0\n     for price in prices:", Match.EXACT),
        ("    result = 0.0\r\n    for price in prices:\r\n", Match.EXACT),
        ("result = 0.0\nfor price in prices:", Match.WHITESPACE),
        ("\tresult  =  0.0\n\n\tfor price in prices:  ", Match.WHITESPACE),
        ("  4|  result = 0.0\n  5|  for price in prices:", Match.WHITESPACE),
        ("    result = 0.0\n    for price in prises:", Match.CLOSEST),
    ],
    ids=[
        "literal", "numbers", "signs", "both signs", "carriage returns",
        "no indentation", "other blanks", "numbers and blanks", "a slip",
    ],
)  # fmt: skip
def test_a_careless_copy_is_found(quote: str, match: Match) -> None:
    found = look_up(evidence("shop.py", quote, 4, 5))

    assert where(found) == ("shop.py", Side.RIGHT, 4, 5)
    assert found.lines == ("    result = 0.0", "    for price in prices:")
    assert found.match is match


def test_a_deleted_line_may_be_quoted_with_its_sign() -> None:
    found = look_up(evidence("shop.py", "-    result = 0", 4))

    assert where(found) == ("shop.py", Side.LEFT, 4, 4)


def test_an_escaped_tag_is_read_as_it_is_in_the_file() -> None:
    file = changed("a.html", "x\n", "<title>Shop</title>\n")

    found = look_up(evidence("a.html", r"<\title>Shop<\/title>"), file)

    assert (found.lines, found.match) == (("<title>Shop</title>",), Match.EXACT)


def test_lines_end_at_line_feeds_alone() -> None:
    file = changed("a.py", "x\n", "one\x0c\u2028two\r\nthree = 3\r\n")

    found = look_up(evidence("a.py", "three = 3"), file)

    assert (found.first_line, found.lines) == (2, ("three = 3",))


def test_blank_lines_left_out_of_a_quote_are_told() -> None:
    found = look_up(evidence("shop.py", "    return result\ndef mean(prices):", 7, 9))

    assert where(found)[2:] == (7, 9)
    assert found.lines == ("    return result", "", "def mean(prices):")


@pytest.mark.parametrize(
    "quote",
    [
        "    result = 0.1\n    for price in prices:",
        "        result -= price",
        "    return total(prices) * len(prices)",
    ],
    ids=["digit", "operator", "other operator"],
)
def test_a_slip_in_what_bugs_are_made_of_is_no_slip(quote: str) -> None:
    assert "neither exactly nor nearly" in reason(evidence("shop.py", quote, 4, 10))


def test_a_near_match_is_looked_for_near_the_claimed_lines_only() -> None:
    text = "#\n" * 60 + "    for price in prices:\n"
    file = changed("a.py", "#\n", text)

    assert look_up(evidence("a.py", "    for price in prises:", 55), file).first_line == 61
    assert "around line 9)" in reason(evidence("a.py", "    for price in prises:", 9), file)


# --- what is not evidence ---------------------------------------------------------------------


@pytest.mark.parametrize("quote", ["", "}", "  );\n  }\n", "x:", "12|}"])
def test_a_quote_that_says_nothing_is_no_evidence(quote: str) -> None:
    file = changed("a.js", "x\n", "x:\n  );\n  }\n}\n")

    assert "is too short to be evidence" in reason(evidence("a.js", quote), file)


def test_an_invented_quote_is_rejected() -> None:
    why = reason(evidence("shop.py", "    os.system(prices)", 4))

    assert why == (
        "the quote `os.system(prices)` is not in `shop.py` as it was sent, neither exactly nor "
        "nearly (looked for a near match around line 4)"
    )


def test_the_state_before_the_change_is_not_the_state_after_it() -> None:
    old = OLD.replace("import os\n", "import sys\n")  # the target branch moved on
    why = reason(evidence("shop.py", "import sys"), codebase={"shop.py": old})

    assert (
        why == "the quote `import sys` stands only in the version of `shop.py` before the change"
    )


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nowhere.py", "`nowhere.py` is not among the files that were sent"),
        ("/etc/passwd", "`/etc/passwd` is not a path inside the repository"),
        ("a/../../etc/passwd", "`a/../../etc/passwd` is not a path inside the repository"),
        ("", "`` is not among the files that were sent"),
        ("x" * 99, f"`{'x' * 80}…` is not among the files that were sent"),
    ],
)
def test_a_path_that_was_not_sent_is_rejected(path: str, why: str) -> None:
    assert reason(evidence(path, "import os")) == why


def test_a_changed_file_that_was_not_shown_proves_nothing() -> None:
    file = changed(
        "go.sum", "a\n", "bcd\n", shows_text=False, shows_diff=False, why="lock: go.sum"
    )

    assert reason(evidence("go.sum", "bcd"), file, codebase={"go.sum": "bcd\n"}) == (
        "`go.sum` is in the change, but was not shown: lock: go.sum"
    )


# --- what is shown as an outline --------------------------------------------------------------

SIGNATURES = (1, 1), (8, 8), (12, 13)
LEDGER = (
    "class Ledger:\n"
    + "".join(f"    field_{n} = {n}\n" for n in range(6))
    + "    def total(self, prices):\n"
    + "        result = add_up(prices)\n        return result\n\n"
    + '    def mean(self, prices):\n        """Return the mean."""\n        return 1\n'
)
OUTLINED = Outline(rows=outline.rows(LEDGER, SIGNATURES), text=outline.write(LEDGER, SIGNATURES))


def outlined(claimed: Evidence) -> Located | str:
    """Look a quote up in a file of which only the signatures were shown."""
    sent = Sent(codebase={}, changed=(SHOP,), outlines={"ledger.py": OUTLINED})
    found, rejected = prove([finding(PLACE, claimed)], sent)
    return found[0].evidence[0] if found else rejected[0].why


def test_a_quote_of_a_line_that_an_outline_shows_is_evidence_and_keeps_its_number() -> None:
    located = outlined(evidence("ledger.py", "    def total(self, prices):", 3))

    assert isinstance(located, Located)
    assert where(located) == ("ledger.py", None, 8, 8)
    assert located.lines == ("    def total(self, prices):",)


def test_neighbouring_lines_of_an_outline_can_be_quoted_together() -> None:
    quote = '    def mean(self, prices):\n        """Return the mean."""'

    assert where(outlined(evidence("ledger.py", quote)))[2:] == (12, 13)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "quote",
    [
        "        result = add_up(prices)",
        "    def total(self, prices):\n        result = add_up(prices)",
        "    def total(self, prices):\n    def mean(self, prices):",
        "class Ledger:\n…6\n    def total(self, prices):",
    ],
    ids=["left out", "partly left out", "across a gap", "with the mark of a gap"],
)
def test_what_an_outline_leaves_out_is_no_evidence(quote: str) -> None:
    why = outlined(evidence("ledger.py", quote, 9))

    assert isinstance(why, str)
    assert "is not in `ledger.py` as it was sent" in why


# --- several quotes ---------------------------------------------------------------------------

SENT = Sent(codebase={"report.py": CALLER}, changed=(SHOP,))
REPORT = evidence("report.py", "    return total(orders)", 5, note="the caller")
INVENTED = "    send(orders)"


def test_every_place_is_told_with_its_note() -> None:
    ((found,), _) = prove([finding(PLACE, REPORT)], SENT)

    assert [(one.path, one.first_line, one.note) for one in found.evidence] == [
        ("report.py", 5, "the caller")
    ]


def test_a_finding_about_another_file_needs_a_quote_from_it() -> None:
    found, (rejected,) = prove([finding(PLACE, evidence("report.py", INVENTED))], SENT)

    assert found == ()
    assert "the quote `send(orders)` is not in `report.py`" in rejected.why


@pytest.mark.parametrize("path", ["shop.py", "report.py"])
def test_a_second_quote_of_a_proven_file_that_is_not_found_is_left_out(path: str) -> None:
    ((found,), rejected) = prove([finding(PLACE, REPORT, evidence(path, INVENTED))], SENT)

    assert rejected == ()
    assert [one.path for one in found.evidence] == ["report.py"]


def test_evidence_does_not_save_a_place_that_is_not_found() -> None:
    found, rejected = prove([finding(evidence("shop.py", INVENTED), REPORT)], SENT)

    assert (found, len(rejected)) == ((), 1)


def test_a_renamed_file_is_one_file_under_both_names() -> None:
    sent = Sent(codebase={}, changed=(changed("new.py", OLD, NEW, old_path="old.py"),))
    claim = finding(evidence("new.py", "    result = 0.0"), evidence("old.py", INVENTED))

    assert len(prove([claim], sent)[0]) == 1


# --- what must always hold --------------------------------------------------------------------

WORDS = st.sampled_from(
    ("foo()", "foo(bar)", "", "  x = 1", "<file>", r"<\file>", "7|foo()", "+ foo", "}", "\tz\r")
)
CODE = st.lists(WORDS, min_size=1, max_size=12).map(lambda lines: "\n".join(lines) + "\n")


@given(old=CODE, new=CODE, other=CODE, quote=CODE, line=st.integers(1, 20), shown=st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_is_located_stands_there(
    old: str, new: str, other: str, quote: str, line: int, shown: bool
) -> None:
    assume(old != new)
    file = changed("a", old, new, shows_text=shown)
    sent = Sent(codebase={"b": other}, changed=(file,))
    claims = [finding(evidence(path, quote, line)) for path in ("a", "b", "c")]

    found, rejected = prove(claims, sent)

    assert len(found) + len(rejected) == 3
    texts = {("a", Side.LEFT): old, ("a", Side.RIGHT): new, ("b", None): other}
    for one in found:
        lines = [
            part.removesuffix("\r") for part in texts[one.place.path, one.place.side].split("\n")
        ]
        assert one.place.lines == tuple(lines[one.place.first_line - 1 : one.place.last_line])
        assert one.place.first_line <= one.place.last_line


@given(code=CODE, data=st.data())
@settings(max_examples=200, deadline=None)
def test_lines_copied_as_they_are_are_always_found(code: str, data: st.DataObject) -> None:
    lines = code.split("\n")[:-1]
    first = data.draw(st.integers(0, len(lines) - 1))
    last = data.draw(st.integers(first, len(lines) - 1))
    quote = "\n".join(lines[first : last + 1])
    assume(sum(character.isalnum() for character in quote) >= LEAST_ALPHANUMERICS)

    ((found,), _) = prove(
        [finding(evidence("b", quote, first + 1, last + 1))],
        Sent(codebase={"b": code}, changed=()),
    )

    wanted = quote.replace("\r\n", "\n").strip("\n").removesuffix("\r")
    assert wanted in "\n".join(found.place.lines)


REPEATED = "".join(f"return {'same' if n in (5, 40) else n}\n" for n in range(1, 61))
REPEATED_BEFORE = REPEATED.replace("return 41\n", "return 0\n")


@pytest.mark.parametrize(
    ("claimed_line", "found_line"),
    [(5, 5), (7, 5), (40, 40), (9999, 40), (20, 40)],
)
def test_of_several_places_the_changed_one_is_taken_unless_the_line_says_otherwise(
    claimed_line: int, found_line: int
) -> None:
    file = changed("a.py", REPEATED_BEFORE, REPEATED)

    located = look_up(evidence("a.py", "return same", claimed_line), file)

    assert located.first_line == found_line


def test_a_whole_line_is_meant_before_a_part_of_another() -> None:
    file = changed("a.py", "total = 1\n", "total = 10\n")

    assert where(look_up(evidence("a.py", "total = 1"), file)) == ("a.py", Side.LEFT, 1, 1)


def test_a_quote_does_not_reach_from_one_hunk_into_the_next() -> None:
    old = "".join(f"line {n}\n" for n in range(1, 40))
    new = old.replace("line 5\n", "five\n").replace("line 30\n", "thirty\n")
    hunks_only = changed("a.py", old, new, shows_text=False)

    assert look_up(evidence("a.py", "line 7\nline 8", 7), hunks_only).last_line == 8
    assert reason(evidence("a.py", "line 8\nline 27", 8), hunks_only)
