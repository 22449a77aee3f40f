"""What the prompt cache did, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from publish.made import COST, placed, review

from reviewer.flow import CacheMiss, Cost, Usage
from reviewer.money.spend import uncached
from reviewer.publish.documents.report_page import report
from reviewer.publish.spent import UNTOLD, cache_lines, paid
from reviewer.publish.summary import sticky
from reviewer.publish.terminal import closing_lines

READ = Usage(
    input_tokens=93_000, cache_read_tokens=800_000, cache_write_1h_tokens=12_000, output_tokens=9
)
FIGURES = (
    "read 800,000 of 905,000 tokens from the cache, wrote 12,000 to it: $0.36 instead of $3.62"
)


def test_what_was_saved_is_told_in_figures() -> None:
    cost = Cost(usage=READ, usd=0.36, uncached_usd=3.62, cache="1h, because it is busy")

    assert list(cache_lines(cost)) == ["1h, because it is busy", FIGURES]


def test_a_bill_that_nobody_told_is_shown_as_the_most_it_can_be() -> None:
    cost = Cost(usage=READ, usd=0.36, uncached_usd=3.62, untold=True)

    assert list(cache_lines(cost)) == [UNTOLD]
    assert paid(cost) == "at most $0.36"
    assert paid(replace(cost, untold=False)) == "$0.36"
    told = review(placed(), cost=cost)
    assert "Paid at most $0.36" in sticky(told, refused={})
    assert any("at most $0.36 with" in line for line in closing_lines(told))
    assert "for at most $0.36" in report(told)


def test_a_review_that_used_no_cache_says_why_not() -> None:
    cost = Cost(usage=Usage(input_tokens=9), usd=0.1, uncached_usd=0.1, cache="off, because")

    assert list(cache_lines(cost)) == ["off, because"]


def test_a_review_of_nobody_says_nothing() -> None:
    assert not list(cache_lines(Cost(usage=Usage(), usd=0.0)))


@pytest.mark.parametrize("missed", [0, 812_000])
def test_a_miss_is_told_with_its_reason(missed: int) -> None:
    miss = CacheMiss(kind="model_changed", missed_tokens=missed)

    *_, line = cache_lines(replace(COST, cache_miss=miss))

    assert "the model is another one" in line
    assert ("about 812,000 tokens" in line) == bool(missed)


def test_the_bill_without_a_cache_is_for_the_same_tokens() -> None:
    assert uncached(READ) == Usage(input_tokens=905_000, output_tokens=9)
