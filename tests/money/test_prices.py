from __future__ import annotations

import pytest

from reviewer.flow import Usage
from reviewer.money.prices import UnknownPrice, price

MILLION = 1_000_000

# USD per million tokens: input, write 5 min, write 1 h, read, output; platform.claude.com,
# "Pricing" and the model pages, checked on 2026-11-22.
LIST_PRICES = {
    "claude-opus-5-5": (4, 5, 8, 0.20, 20),
    "claude-sonnet-5-5": (2, 2.50, 4, 0.10, 10),
    "claude-fable-5-2": (8, 10, 16, 0.20, 40),
    "claude-mythos-5-2": (8, 10, 16, 0.20, 40),
    "claude-fable-5-1": (10, 12.50, 20, 0.25, 50),
    "claude-fable-5": (10, 12.50, 20, 1.00, 50),
    "claude-opus-5": (5, 6.25, 10, 0.50, 25),
    "claude-opus-4-8": (5, 6.25, 10, 0.50, 25),
    "claude-opus-4-7": (5, 6.25, 10, 0.50, 25),
    "claude-opus-4-6": (5, 6.25, 10, 0.50, 25),
    "claude-opus-4-5": (5, 6.25, 10, 0.50, 25),
    "claude-sonnet-5": (2, 2.50, 4, 0.20, 10),
    "claude-sonnet-4-6": (3, 3.75, 6, 0.30, 15),
    "claude-haiku-4-5": (1, 1.25, 2, 0.10, 5),
}

# Tokens of prompt up to which, and above which, the whole request costs this.
TIERS = {
    "claude-haiku-5-5": (
        100_000,
        (0.10, 0.125, 0.20, 0.01, 0.50),
        (0.50, 0.625, 1.00, 0.05, 2.50),
    ),
    "claude-sonnet-4-5": (
        200_000,
        (3, 3.75, 6, 0.30, 15),
        (6, 7.50, 12, 0.60, 22.50),
    ),
}


def bill(usage: Usage, rates: tuple[float, ...]) -> float:
    tokens = (
        usage.input_tokens,
        usage.cache_write_5m_tokens,
        usage.cache_write_1h_tokens,
        usage.cache_read_tokens,
        usage.output_tokens,
    )
    return sum(count * rate for count, rate in zip(tokens, rates, strict=True)) / MILLION


MIXED = Usage(
    input_tokens=5_000,
    cache_write_5m_tokens=7_000,
    cache_write_1h_tokens=11_000,
    cache_read_tokens=13_000,
    output_tokens=17_000,
)
"""Prime-like parts, so that no two of them can be mixed up unnoticed."""


@pytest.mark.parametrize("model", LIST_PRICES)
@pytest.mark.parametrize(
    "usage",
    [
        MIXED,
        Usage(input_tokens=900_000, output_tokens=20_000),
        Usage(cache_write_5m_tokens=900_000),
        Usage(cache_write_1h_tokens=900_000),
        Usage(cache_read_tokens=900_000),
        Usage(output_tokens=64_000),
        Usage(),
    ],
    ids=["mixed", "plain", "5m", "1h", "read", "output", "nothing"],
)
def test_a_request_costs_what_the_price_list_says_at_every_length(
    model: str, usage: Usage
) -> None:
    assert price(model, usage) == pytest.approx(bill(usage, LIST_PRICES[model]))


@pytest.mark.parametrize("model", TIERS)
def test_a_prompt_of_the_threshold_costs_the_lower_price(model: str) -> None:
    threshold, lower, _ = TIERS[model]
    usage = Usage(input_tokens=threshold, output_tokens=1_000)

    assert price(model, usage) == pytest.approx(bill(usage, lower))


@pytest.mark.parametrize("model", TIERS)
def test_one_token_more_moves_the_whole_request_to_the_higher_price(model: str) -> None:
    threshold, _, higher = TIERS[model]
    usage = Usage(input_tokens=threshold + 1, output_tokens=1_000)

    assert price(model, usage) == pytest.approx(bill(usage, higher))


@pytest.mark.parametrize("model", TIERS)
def test_the_cached_part_of_a_prompt_counts_towards_the_threshold(model: str) -> None:
    threshold, _, higher = TIERS[model]
    usage = Usage(
        input_tokens=1,
        cache_write_5m_tokens=1_000,
        cache_write_1h_tokens=2_000,
        cache_read_tokens=threshold - 3_000,
        output_tokens=1_000,
    )

    assert price(model, usage) == pytest.approx(bill(usage, higher))


@pytest.mark.parametrize(
    "name",
    [
        "anthropic/claude-opus-5.5",
        "anthropic/claude-opus-5-5:anthropic",
        "claude-opus-5-5-20260922",
    ],
)
def test_a_gateways_name_costs_what_the_model_costs(name: str) -> None:
    assert price(name, MIXED) == price("claude-opus-5-5", MIXED)


@pytest.mark.parametrize(
    "name", ["gpt-oss", "claude-opus-55", "", "claude-mythos-5-1", "claude-mythos-5"]
)
def test_a_model_without_a_known_price_is_told_and_not_guessed(name: str) -> None:
    with pytest.raises(UnknownPrice, match="not known") as error:
        price(name, Usage())

    assert "claude-opus-5-5" in error.value.way_out
