"""Known findings: which are told all the same, and a file that reads well and lies to nobody."""

from __future__ import annotations

from dataclasses import replace
from difflib import ndiff
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.made import located, placed

from reviewer import diff
from reviewer.errors import UserMustAct
from reviewer.flow import Category, FileDiff, KnownFinding, Origin, Proven, Severity, Side
from reviewer.judge import baseline, baseline_file
from reviewer.judge.fingerprint import identity


def found(title: str = "An empty cart raises", *lines: str, **given: Any) -> Proven:
    place = located("src/cart.py", 4, 3 + max(1, len(lines)), lines=lines or ("return mean(x)",))
    side = given.pop("side", Side.RIGHT)
    return placed(title=title, place=replace(place, side=side), **given).proven


def known(title: str = "An empty cart raises", *lines: str, **given: Any) -> KnownFinding:
    return baseline.entry(found(title, *lines, **given), reason="accepted")


def told(*proven: Proven, entries: tuple[KnownFinding, ...]) -> list[str]:
    return [one.finding.title for one in baseline.apart(proven, entries, ())[0]]


# --- what is known ----------------------------------------------------------------------------


def test_the_same_problem_in_the_same_code_is_known_wherever_the_code_stands_now() -> None:
    moved = replace(found(), place=located("src/cart.py", 90, lines=("  return mean(x)",)))

    new, again = baseline.apart([moved], [known()], ())

    assert (new, again) == ((), (known(),))


@pytest.mark.parametrize(
    "lines", [("def average(x):", "    return mean(x)"), ("return mean(x)", "", "# end")]
)
def test_a_quote_of_more_lines_is_the_same_problem_where_its_title_means_the_same(
    lines: tuple[str, ...],
) -> None:
    same = found("Raises for an empty cart", *lines)
    other = found("Float rounding loses cents", *lines)

    assert told(same, other, entries=(known(),)) == ["Float rounding loses cents"]


def test_another_kind_of_problem_in_the_same_code_is_told() -> None:
    other = found("Leaks the customer's name", category=Category.SECURITY)

    assert told(other, entries=(known(),)) == ["Leaks the customer's name"]


def test_code_that_was_changed_is_not_known_any_more() -> None:
    other = found("An empty cart raises", "return mean(x, 0)")

    assert told(other, entries=(known(),)) == ["An empty cart raises"]


def test_the_same_code_in_another_file_is_not_known() -> None:
    other = replace(found(), place=located("src/till.py", lines=("return mean(x)",)))

    assert told(other, entries=(known(),)) == ["An empty cart raises"]


@pytest.mark.parametrize("given", [{"origin": Origin.WORSENED}, {"side": Side.LEFT}])
def test_what_a_change_makes_worse_or_deletes_is_told(given: dict[str, Any]) -> None:
    assert told(found(**given), entries=(known(),)) == ["An empty cart raises"]


def patched(text: str) -> tuple[FileDiff, ...]:
    head = "diff --git a/src/cart.py b/src/cart.py\n--- a/src/cart.py\n+++ b/src/cart.py\n"
    return diff.parse(f"{head}{text}".encode())


def test_a_copy_of_known_code_is_told_because_the_change_wrote_it() -> None:
    copied = patched("@@ -3,0 +4,1 @@\n+return mean(x)\n")

    assert baseline.apart([found()], [known()], copied) == ((found(),), ())


def test_known_code_that_the_change_only_moves_stays_known() -> None:
    moved = patched("@@ -1,1 +1,0 @@\n-  return mean(x)\n@@ -4,0 +4,1 @@\n+return mean(x)\n")

    assert baseline.apart([found()], [known()], moved) == ((), (known(),))


def test_known_code_beside_changed_lines_stays_known() -> None:
    beside = patched("@@ -3,2 +3,2 @@\n-a = 1\n+a = 2\n return mean(x)\n")

    assert baseline.apart([found()], [known()], beside) == ((), (known(),))


def test_an_entry_stands_as_long_as_its_lines_follow_each_other_in_its_file() -> None:
    entry = known("t", "if x:", "    return 1")

    def stands(text: str, path: str = "src/cart.py") -> bool:
        return baseline.standing([entry], {path: text}) == ((entry,), ())

    assert stands("a\n\n  if  x:\n\n      return 1\nb\n")
    assert not stands("if x:\n    pass\n    return 1\n")
    assert not stands("if x:\n    return 1\n", "src/till.py")
    assert not stands("")


def test_a_line_with_a_placeholder_stands_whatever_the_secret_is() -> None:
    entry = known("t", "key = '[secret: github-pat #3]'", "use(key)")

    assert baseline.standing([entry], {"src/cart.py": "key = 'x'\nuse(key)\n"}) == ((entry,), ())


# --- the file ---------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@st.composite
def entries(draw: st.DrawFn) -> KnownFinding:
    path, category = draw(TEXTS), draw(st.sampled_from(Category))
    quote = tuple(draw(st.lists(TEXTS, max_size=4)))
    return KnownFinding(
        path=path,
        severity=draw(st.sampled_from(Severity)),
        category=category,
        title=draw(TEXTS),
        reason=draw(TEXTS),
        fingerprint=identity(category, path, quote),
        quote=quote,
    )


@settings(deadline=None)
@given(st.lists(entries(), max_size=5, unique_by=lambda entry: entry.fingerprint))
def test_what_is_written_is_read_back_and_the_order_of_writing_changes_nothing(
    written: list[KnownFinding],
) -> None:
    text = baseline_file.dumps(written)

    assert set(baseline_file.parse(text.encode())) == set(written)
    assert text == baseline_file.dumps(reversed(written))
    assert all(line.isprintable() for line in text.split("\n"))


def test_the_file_reads_like_this() -> None:
    entry = known("An empty cart raises", "def mean(x):", '    return "x"')
    head, _, written = baseline_file.dumps([entry]).partition("[[known]]\n")

    assert "\nversion = 1\n" in head
    assert (
        written
        == f"""\
path = "src/cart.py"
severity = "medium"
category = "correctness"
title = "An empty cart raises"
reason = "accepted"
fingerprint = "{entry.fingerprint}"
quote = [
  "def mean(x):",
  "    return \\"x\\"",
]
"""
    )


def test_one_more_finding_is_one_more_entry_in_the_diff() -> None:
    few = [known(f"t{n}", f"line_{n}()") for n in range(4)]
    before, after = (baseline_file.dumps(each).splitlines() for each in (few[1:], few))

    changes = [line for line in ndiff(before, after) if line[0] in "+-"]
    assert {line[0] for line in changes} == {"+"}
    assert len(changes) == len(after) - len(before)


def test_every_mistake_in_the_file_is_said_with_the_entry_it_is_in() -> None:
    good = baseline_file.dumps([known()])
    bad = good.replace('"medium"', '"awful"').replace("reason", "cause")

    with pytest.raises(UserMustAct) as caught:
        baseline_file.parse(bad.encode())

    text = str(caught.value)
    assert "[[known]] 1, severity: Input should be 'critical'" in text
    assert "[[known]] 1, reason: it must be there" in text
    assert "[[known]] 1, cause: Unexpected keyword argument" in text


def test_an_entry_that_silences_other_code_than_it_shows_is_refused() -> None:
    disguised = baseline_file.dumps([known()]).replace("return mean(x)", "harmless()")

    with pytest.raises(UserMustAct, match=r"\[\[known\]\] 1: the fingerprint is not that of its"):
        baseline_file.parse(disguised.encode())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"version = = 1", "line 1 of"),
        (b"version = 1\nversion = 1", "not valid TOML"),
        (b"\xff\xfe", "not valid TOML"),
        (b"version = 2", "no baseline of version 1"),
        (b"", "no baseline of version 1"),
        (b"version = 1\nother = '2'", "no baseline of version 1"),
        (b"version = 1\nknown = 'x'", "cannot be used"),
        (b"version = 1\nknown = ['x']", "line 2 of"),
        (b"version = 1\nknown = [\n'x']", "line 3 of"),
        (b"version = 1\nknown = [\n'x'\n]", r"\[\[known\]\] 1"),
        (b"version = 1\nx = " + b"[" * 100_000, "line 2 of"),
        (b"version = 1\n" + b"a." * 500_000 + b"a = 1", "line 2 of"),
        (b"version = 1\n" + b'"a" . ' * 300_000 + b"a = 1", "line 2 of"),
        (b"version = 1\n" + b" " * 1_000_000 + b"=", "line 2 of"),
        (b'version = 1\nx = "' + b'\\"' * 500_000, "line 2 of"),
        (b"#" * (baseline_file.MOST_BYTES + 1), "more than 2,097,152"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(UserMustAct, match=why):
        baseline_file.parse(data)


def test_of_many_mistakes_the_first_are_said_and_the_rest_counted() -> None:
    tables = "[[known]]\n" * 30

    with pytest.raises(UserMustAct) as caught:
        baseline_file.parse(f"version = 1\n{tables}".encode())

    assert str(caught.value).endswith("and 190 more")
