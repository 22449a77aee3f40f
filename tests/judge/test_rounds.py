"""Which earlier finding a finding is, and what is told of a round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publish.made import located, placed, review
from publish.test_ledger import known

from reviewer.diff import parse
from reviewer.flow import InSummary, Known, Ledger, Placed, Severity, Side, State, Where
from reviewer.judge import entries, fingerprint, meanwhile, rounds
from reviewer.judge.head import Head
from reviewer.judge.same import Kind, match

CODE = "    return total(prices) / len(prices)"
TITLE = "mean() divides by zero for an empty list"
WORDS = "`len(prices)` is 0 for an empty cart, so this raises ZeroDivisionError."
TEXTS = {"shop.py": f"def mean(prices):\n{CODE}\n", "other.py": "x = 1\n"}


def found(**given: Any) -> Placed:
    path, line = given.pop("path", "shop.py"), given.pop("code", CODE)
    side = given.pop("side", Side.RIGHT)
    made = placed(
        given.pop("name", "F1"),
        **{
            "place": located(path, 2, lines=tuple(line.split("\n")), side=side),
            "title": TITLE,
            "explanation": WORDS,
            **given,
        },
    )
    return replace(made, fingerprint=fingerprint.fingerprint(made.proven))


def head(texts: dict[str, str] | None = None, **given: Any) -> Head:
    texts = TEXTS if texts is None else texts
    return Head(**{"texts": texts, "paths": set(texts), "changed": tuple(texts), **given})


TOLD = entries.entry(found(), 1)
GONE = {"shop.py": "def mean(prices):\n    return 1\n", "other.py": "x = 1\n"}
MOVED = {"shop.py": "", "other.py": TEXTS["shop.py"]}


@pytest.mark.parametrize(
    ("one", "texts", "kind"),
    [
        (found(), TEXTS, Kind.TOLD),
        (found(code="\treturn  total(prices) / len(prices)"), TEXTS, Kind.TOLD),
        (found(category="contract"), TEXTS, Kind.REWORDED),
        (found(code=f"def mean(prices):\n{CODE}"), TEXTS, Kind.REWORDED),
        (
            found(
                category="contract",
                title="An empty list makes the average raise ZeroDivisionError",
                explanation="Without prices `len(prices)` is 0 and the division raises.",
            ),
            TEXTS,
            Kind.REWORDED,
        ),
        (found(path="other.py"), MOVED, Kind.MOVED),
        (found(path="other.py"), TEXTS, None),
        (found(code="    return fsum(prices) / len(prices)"), GONE, Kind.REWRITTEN),
        (found(code="    return fsum(prices) / len(prices)"), TEXTS, None),
        (
            found(title="Cents are cut off", explanation="The floor of 2.5 is 2, customers lose."),
            TEXTS,
            None,
        ),
        (
            found(
                category="contract",
                title="Cents are cut off",
                explanation="The floor of 2.5 is 2, and customers lose money.",
            ),
            TEXTS,
            None,
        ),
        (
            found(code="    return 2", title="Always two", explanation="It is constant."),
            GONE,
            None,
        ),
    ],
)
def test_a_finding_is_known_or_new(one: Placed, texts: dict[str, str], kind: Kind | None) -> None:
    matches = match([one], [TOLD], head(texts))

    assert [each for _, (_, each) in matches] == ([] if kind is None else [kind])


def test_what_was_found_where_it_was_has_not_moved() -> None:
    copy = found(path="other.py")
    both = match([copy, found()], [TOLD], head(MOVED | {"shop.py": TEXTS["shop.py"]}))

    assert [one.proven.place.path for one, _ in both] == ["shop.py"]


def decide(told: Ledger, *these: Placed, **given: Any) -> rounds.Decided:
    terms = {"whole": True, "only_new_or_severe": True, **given}
    return rounds.decide(these, told, terms.pop("head", head()), **terms)


LEDGER = Ledger(round=1, known=(TOLD,))


def test_the_first_round_is_left_alone() -> None:
    assert decide(Ledger(), found()).new == (found(),)


@pytest.mark.parametrize("state", [state for state in State if state.settled])
def test_what_a_person_settled_is_listed_with_the_reason(state: State) -> None:
    told = replace(LEDGER, known=(TOLD.became(state, why="by design"),))
    decided = decide(told, found())

    assert decided.new == ()
    assert f"{state} by a person: by design" in decided.again[0].why


def test_every_finding_ends_in_one_place() -> None:
    these = (found(), found(code="x = 2", title="Other", explanation="Else"), found(path="b.py"))
    decided = decide(LEDGER, *these)

    assert len(decided.new) + len(decided.again) + len(decided.kept) == len(these)


def diffs(old: str, new: str) -> Any:
    text = (
        "diff --git a/shop.py b/shop.py\n--- a/shop.py\n+++ b/shop.py\n"
        f"@@ -1,2 +1,2 @@\n def mean(prices):\n-{old}\n+{new}\n"
    )
    return parse(text.encode())


def test_code_of_an_earlier_round_is_late_unless_it_is_severe() -> None:
    told = replace(LEDGER, known=())
    low = found(severity=Severity.MEDIUM)
    since = head(since=())

    assert low.fingerprint in decide(told, low, head=since).late
    assert not decide(told, found(severity=Severity.HIGH), head=since).late
    assert not decide(told, low, head=head(since=diffs("    old", CODE))).late
    assert not decide(told, low, head=head(since=None)).late
    assert not decide(told, low, head=since, only_new_or_severe=False).late


def test_what_is_gone_is_mended_only_if_a_whole_review_had_the_file_in_view() -> None:
    assert decide(LEDGER, head=head(GONE)).fixed == ("F1",)
    assert decide(LEDGER, head=head(GONE), whole=False).fixed == ()
    assert decide(LEDGER, head=head({}, paths={"shop.py"})).fixed == ()
    assert decide(LEDGER, head=head({})).fixed == ("F1",)
    assert decide(LEDGER, head=head(TEXTS, since=())).fixed == ()
    assert decide(LEDGER, head=head(MOVED)).fixed == ()


def test_a_claim_about_a_deleted_line_is_mended_when_the_line_is_back() -> None:
    told = replace(LEDGER, known=(entries.entry(found(side=Side.LEFT), 1),))

    assert decide(told, head=head(TEXTS)).fixed == ("F1",)
    assert decide(told, head=head(GONE, since=())).fixed == ()


def test_ids_are_never_given_twice_even_to_what_the_ledger_forgot() -> None:
    told = Ledger(round=4, numbers=9)
    after = rounds.after(told, (), (found(name="F10"),), 0)

    assert (after.round, after.next_number) == (5, 11)


def test_a_finding_that_is_told_in_the_summary_alone_stays_there() -> None:
    told = replace(LEDGER, known=(replace(TOLD, where=Where.SUMMARY),))
    (kept,) = decide(told, found(name="F7")).kept

    assert kept.id == "F1"
    assert isinstance(kept.anchor, InSummary)


def test_fingerprints_of_a_finding_that_comes_back_again_and_again_are_bounded() -> None:
    one: Known = TOLD
    for number in range(30):
        told = Ledger(round=number + 1, known=(one,))
        again = found(code=f"    return {number} / len(prices)")
        (one,) = decide(told, again, head=head(GONE)).known

    assert one.fingerprints[0] == TOLD.fingerprints[0]
    assert len(one.fingerprints) == entries.MOST_FINGERPRINTS


# --- two runs at once ---------------------------------------------------------------------------


def test_what_another_run_told_meanwhile_is_given_up_and_its_ids_too() -> None:
    mine = (found(name="F1", category="contract"), found(name="F2", code="x = 2", title="Other"))
    book = Ledger(round=1, known=tuple(entries.entry(one, 1) for one in mine))
    theirs = Ledger(round=1, known=(TOLD, known(2, title="Something else")))

    settled = meanwhile.reconciled(review(*mine, ledger=book), theirs)

    assert [one.id for one in settled.placed] == ["F3"]
    assert settled.again[0].known == "F1"
    assert settled.ledger
    assert {one.id for one in settled.ledger.known} == {"F1", "F3"}


def test_without_another_run_nothing_changes() -> None:
    book = Ledger(round=1, known=(TOLD,))
    mine = review(found(), ledger=book)

    assert meanwhile.reconciled(mine, book) == mine
    assert meanwhile.reconciled(review(found()), book).ledger is None


# --- the patch --------------------------------------------------------------------------------


PATCH = (
    "diff --git a/{0} b/{0}\nindex {1}..{2} 100644\n--- a/{0}\n+++ b/{0}\n"
    "@@ -{3},2 +{3},2 @@\n a\n-{4}\n+{5}\n"
)


@given(st.integers(1, 9_999), st.sampled_from(["1111111", "2222222"]))
def test_a_patch_is_the_same_wherever_it_stands(line: int, oid: str) -> None:
    one = parse(PATCH.format("a.py", "1234567", "7654321", 1, "b", "c").encode())
    other = parse(PATCH.format("a.py", oid, oid, line, "b", "c").encode())

    assert fingerprint.of_patch(one) == fingerprint.of_patch(other)


@pytest.mark.parametrize("parts", [("a.py", "b", "d"), ("b.py", "b", "c"), ("a.py", "b ", "c")])
def test_another_patch_is_another(parts: tuple[str, str, str]) -> None:
    path, old, new = parts
    one = parse(PATCH.format("a.py", "1234567", "7654321", 1, "b", "c").encode())
    other = parse(PATCH.format(path, "1234567", "7654321", 1, old, new).encode())

    assert fingerprint.of_patch(one) != fingerprint.of_patch(other)
