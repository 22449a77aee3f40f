"""The files that many others lean on come first, whatever the order of arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reviewer.index.facts import Facts, facts_of
from reviewer.index.graph import MOST_OWNERS, centrality, references
from reviewer.index.languages import Language

if TYPE_CHECKING:
    from random import Random


def scores(**files: str) -> dict[str, float]:
    return centrality(
        {name: facts_of(text.encode(), Language.PYTHON) for name, text in files.items()}
    )


NAMES = st.frozensets(st.integers(0, 12), max_size=6)
TREES = st.dictionaries(
    st.text("abc/", min_size=1, max_size=4),
    st.builds(Facts, defined=NAMES, words=NAMES, kept=st.just(())),
    max_size=12,
)


def test_a_file_that_more_files_use_ranks_higher() -> None:
    found = scores(
        money="def to_cents(price): ...\n",
        mail="def send_mail(to): ...\n",
        cart="to_cents(2)\n",
        order="to_cents(3)\nsend_mail('a')\n",
    )

    assert found == {"money": 2, "mail": 1, "cart": 0, "order": 0}


def test_many_uses_in_one_file_count_once() -> None:
    found = scores(
        money="def to_cents(price): ...\ndef to_euros(price): ...\n",
        cart="to_cents(2)\nto_cents(3)\nto_euros(4)\n",
    )

    assert found["money"] == 1


def test_a_file_does_not_lean_on_itself() -> None:
    assert scores(money="def to_cents(price): ...\n\n\nto_cents(2)\n") == {"money": 0}


def test_a_name_that_two_files_define_counts_half_for_each() -> None:
    found = scores(
        one="def to_cents(price): ...\n", two="def to_cents(price): ...\n", cart="to_cents(2)\n"
    )

    assert (found["one"], found["two"]) == (0.5, 0.5)


def test_a_name_that_many_files_define_connects_nobody() -> None:
    owners = {f"owner{n}": "def main(): ...\n" for n in range(MOST_OWNERS + 1)}

    assert set(scores(**owners, caller="main()\n").values()) == {0}


def test_a_tree_without_files_has_no_ranks() -> None:
    assert centrality({}) == {}


@given(TREES, st.randoms(use_true_random=False))
def test_the_order_of_the_files_makes_no_difference(
    files: dict[str, Facts], random: Random
) -> None:
    shuffled = list(files.items())
    random.shuffle(shuffled)

    assert centrality(dict(shuffled)) == centrality(files)


@given(TREES)
def test_no_file_is_used_by_more_files_than_there_are_others(files: dict[str, Facts]) -> None:
    found = centrality(files)

    assert found.keys() == files.keys()
    assert all(0 <= score <= len(files) - 1 for score in found.values())


def test_references_count_each_name_that_one_file_uses_of_another() -> None:
    files = {
        "money": "def to_cents(price): ...\ndef to_euros(price): ...\n",
        "cart": "to_cents(2)\nto_cents(3)\nto_euros(4)\n",
    }
    found = references(
        {name: facts_of(text.encode(), Language.PYTHON) for name, text in files.items()}
    )

    assert found == {("cart", "money"): 2.0}
