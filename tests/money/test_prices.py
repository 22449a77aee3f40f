from __future__ import annotations

import pytest

from reviewer.flow import Usage
from reviewer.money.prices import Tariff, UnknownPrice, tariff
from reviewer.settings import Price, Settings

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
    assert Tariff(model=model).usd(usage) == pytest.approx(bill(usage, LIST_PRICES[model]))


@pytest.mark.parametrize("model", TIERS)
def test_a_prompt_of_the_threshold_costs_the_lower_price(model: str) -> None:
    threshold, lower, _ = TIERS[model]
    usage = Usage(input_tokens=threshold, output_tokens=1_000)

    assert Tariff(model=model).usd(usage) == pytest.approx(bill(usage, lower))


@pytest.mark.parametrize("model", TIERS)
def test_one_token_more_moves_the_whole_request_to_the_higher_price(model: str) -> None:
    threshold, _, higher = TIERS[model]
    usage = Usage(input_tokens=threshold + 1, output_tokens=1_000)

    assert Tariff(model=model).usd(usage) == pytest.approx(bill(usage, higher))


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

    assert Tariff(model=model).usd(usage) == pytest.approx(bill(usage, higher))


@pytest.mark.parametrize(
    "name",
    [
        "anthropic/claude-opus-5.5",
        "anthropic/claude-opus-5-5:anthropic",
        "us.anthropic.claude-opus-5-5-v1:0",
        "anthropic.claude-opus-5-5",
        "claude-opus-5-5@20260922",
        "claude-opus-5-5-20260922",
    ],
)
def test_a_gateways_name_costs_what_the_model_costs(name: str) -> None:
    assert Tariff(model=name).usd(MIXED) == Tariff(model="claude-opus-5-5").usd(MIXED)


@pytest.mark.parametrize(
    "name", ["gpt-oss", "claude-opus-55", "", "claude-mythos-5-1", "claude-mythos-5"]
)
def test_a_model_without_a_known_price_is_told_and_not_guessed(name: str) -> None:
    with pytest.raises(UnknownPrice, match="not known") as error:
        Tariff(model=name).usd(Usage())

    assert "claude-opus-5-5" in error.value.way_out


# --- what the settings say ---------------------------------------------------------------------

OWN = Price(model="house-model", input_usd=2.0, output_usd=8.0, cache_read_usd=0.3)


def test_a_price_of_the_settings_stands_in_the_place_of_the_list() -> None:
    asked = Settings(model="house-model", prices=(OWN,))

    spent = tariff(asked).usd(MIXED)

    assert spent == pytest.approx(bill(MIXED, (2.0, 2.5, 4.0, 0.3, 8.0)))


def test_a_price_of_the_settings_is_for_its_model_alone() -> None:
    asked = Settings(prices=(OWN,))

    assert tariff(asked) == Tariff(model="claude-opus-5-5")
    with pytest.raises(UnknownPrice, match="'other-model' is not known") as error:
        tariff(asked, model="other-model").usd(MIXED)
    assert "[[prices]]" in error.value.way_out


def test_a_model_that_costs_nothing_has_a_price() -> None:
    free = Price(model="local", input_usd=0, output_usd=0)

    assert tariff(Settings(model="local", prices=(free,))).usd(MIXED) == 0


@pytest.mark.parametrize(
    ("asked", "batch", "factor"),
    [
        (Settings(), True, 0.5),
        (Settings(inference_geo="us"), False, 1.1),
        (Settings(inference_geo="global"), False, 1.0),
        (Settings(price_factor=1.05), False, 1.05),
        (Settings(price_factor=2.0, inference_geo="us"), True, 1.1),
    ],
)
def test_region_gateway_and_batch_multiply(asked: Settings, batch: bool, factor: float) -> None:
    assert tariff(asked, batch=batch).usd(MIXED) == pytest.approx(
        factor * Tariff(model="claude-opus-5-5").usd(MIXED)
    )
