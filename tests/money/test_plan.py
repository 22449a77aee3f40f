from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import ModelFacts, Usage
from reviewer.money import plan
from reviewer.money.plan import CapTooSmall, budget_tokens, cache_policy, estimate, most_usd
from reviewer.money.prices import UnknownPrice, price

OPUS = ModelFacts(id="claude-opus-5-5", max_input_tokens=1_000_000, max_output_tokens=128_000)
HAIKU = replace(OPUS, id="claude-haiku-5-5")
PRICED = ("claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-4-5", "claude-fable-5-2")
TTLS: tuple[Literal["5m", "1h"] | None, ...] = (None, "5m", "1h")


def test_a_cold_estimate_pays_for_the_write_and_a_warm_one_for_the_read() -> None:
    told = estimate(
        "claude-opus-5-5",
        prompt_tokens=900_000,
        cached_tokens=800_000,
        max_output_tokens=64_000,
        cache_ttl="5m",
        cap_usd=9,
        counted=True,
    )

    assert told.input_usd == pytest.approx(0.8 * 5 + 0.1 * 4)
    assert told.warm_usd == pytest.approx(0.8 * 0.20 + 0.1 * 4)
    assert told.most_usd == pytest.approx(0.9 * 1.01 * 5 + 0.064 * 20)
    assert (told.prompt_tokens, told.cap_usd, told.counted) == (900_000, 9, True)


def test_without_a_cache_cold_and_warm_are_the_same() -> None:
    told = estimate(
        "claude-opus-5-5",
        prompt_tokens=900_000,
        cached_tokens=800_000,
        max_output_tokens=64_000,
        cache_ttl=None,
        cap_usd=9,
        counted=False,
    )

    assert told.input_usd == told.warm_usd == pytest.approx(3.6)
    assert told.most_usd == pytest.approx(3.6 * 1.01 + 1.28)


@given(
    model=st.sampled_from(PRICED),
    ttl=st.sampled_from(TTLS),
    prompt=st.integers(0, 1_000_000),
    share=st.floats(0, 1),
    output=st.integers(0, 64_000),
)
def test_no_request_costs_more_than_the_most(
    model: str, ttl: Literal["5m", "1h"] | None, prompt: int, share: float, output: int
) -> None:
    told = estimate(
        model,
        prompt_tokens=prompt,
        cached_tokens=int(prompt * share),
        max_output_tokens=64_000,
        cache_ttl=ttl,
        cap_usd=5,
        counted=False,
    )
    spent = price(model, Usage(input_tokens=prompt, output_tokens=output))

    assert told.warm_usd <= told.input_usd <= told.most_usd + 1e-9
    assert spent <= told.most_usd + 1e-9


def test_the_default_cap_lets_the_default_model_see_its_whole_window() -> None:
    assert budget_tokens(OPUS, max_output_tokens=64_000, cap_usd=5) == 980_000 - 64_000


@pytest.mark.parametrize("ttl", TTLS)
@pytest.mark.parametrize("model", PRICED)
@pytest.mark.parametrize("cap_usd", [1.7, 2.5, 4.0])
def test_the_budget_is_the_most_that_stays_below_the_cap(
    model: str, ttl: Literal["5m", "1h"] | None, cap_usd: float
) -> None:
    facts = replace(OPUS, id=model)
    window = 980_000 - 16_000

    budget = budget_tokens(facts, max_output_tokens=16_000, cap_usd=cap_usd, cache_ttl=ttl)

    def most(tokens: int) -> float:
        return most_usd(model, tokens, max_output_tokens=16_000, cache_ttl=ttl)

    assert most(budget) <= cap_usd
    assert budget == window or most(budget + 1) > cap_usd


def test_the_budget_stops_before_the_step_in_the_price() -> None:
    assert budget_tokens(HAIKU, max_output_tokens=64_000, cap_usd=0.1) == 99_009


def test_a_window_that_is_smaller_than_the_cap_decides() -> None:
    small = replace(OPUS, max_input_tokens=200_000)

    assert budget_tokens(small, max_output_tokens=64_000, cap_usd=50) == 196_000 - 64_000


def test_a_cap_below_the_smallest_review_says_what_it_would_take() -> None:
    with pytest.raises(CapTooSmall, match=r"\$1\.36, the cap is \$0\.50") as error:
        budget_tokens(OPUS, max_output_tokens=64_000, cap_usd=0.5)

    assert "max_usd_per_review" in error.value.way_out


def test_the_cap_that_is_told_is_enough() -> None:
    with pytest.raises(CapTooSmall) as error:
        budget_tokens(HAIKU, max_output_tokens=33_333, cap_usd=0.001)
    told = float(error.value.way_out.split("to ")[1].split()[0])

    budget = budget_tokens(HAIKU, max_output_tokens=33_333, cap_usd=told)

    assert budget >= plan.LEAST_PROMPT_TOKENS


def test_a_window_that_is_full_of_answer_says_so() -> None:
    small = replace(OPUS, max_input_tokens=64_000)

    with pytest.raises(CapTooSmall, match="0 are left") as error:
        budget_tokens(small, max_output_tokens=64_000, cap_usd=5)

    assert "max_output_tokens" in error.value.way_out


def test_a_model_without_a_price_has_no_budget() -> None:
    with pytest.raises(UnknownPrice):
        budget_tokens(replace(OPUS, id="gpt-oss"), max_output_tokens=64_000, cap_usd=5)


# --- the cache ---------------------------------------------------------------------------------


def auto(*, follow: int = 0, reviews: float = 0, model: str = "claude-opus-5-5") -> str | None:
    return cache_policy(
        "auto", requests_to_follow=follow, expected_reviews_per_hour=reviews, model=model
    ).ttl


def test_a_lone_review_writes_nothing() -> None:
    assert auto() is None


def test_a_request_that_follows_in_this_run_is_worth_five_minutes() -> None:
    assert auto(follow=1) == "5m"


# (write - input) / (input - read), from the prices of each model
@pytest.mark.parametrize(
    ("model", "break_even"),
    [
        ("claude-opus-5-5", 4 / 3.8),
        ("claude-opus-4-6", 5 / 4.5),
        ("claude-fable-5-2", 8 / 7.8),
    ],
)
def test_an_hour_pays_from_the_break_even_of_the_model_on(model: str, break_even: float) -> None:
    assert auto(reviews=break_even - 0.01, model=model) is None
    assert auto(reviews=break_even + 0.01, model=model) == "1h"


def test_an_hour_is_cheaper_than_writing_five_minutes_for_every_review() -> None:
    assert auto(follow=1, reviews=0.1) == "5m"
    assert auto(follow=1, reviews=2) == "1h"


def test_a_review_without_a_cache_says_what_an_hour_would_take() -> None:
    choice = cache_policy(
        "auto", requests_to_follow=0, expected_reviews_per_hour=0.3, model="claude-opus-5-5"
    )

    assert "1.05" in choice.reason
    assert "0.3 are expected" in choice.reason


def test_a_cache_says_what_it_saves() -> None:
    choice = cache_policy(
        "auto", requests_to_follow=1, expected_reviews_per_hour=0, model="claude-opus-5-5"
    )

    assert "$5.20 with a 5m cache" in choice.reason
    assert "$8.00 without" in choice.reason


@pytest.mark.parametrize(("setting", "ttl"), [("off", None), ("5m", "5m"), ("1h", "1h")])
def test_a_setting_wins_over_the_arithmetic(
    setting: Literal["off", "5m", "1h"], ttl: str | None
) -> None:
    choice = cache_policy(
        setting, requests_to_follow=3, expected_reviews_per_hour=9, model="gpt-oss"
    )

    assert choice.ttl == ttl
    assert setting in choice.reason


@given(
    model=st.sampled_from(PRICED),
    follow=st.integers(0, 5),
    reviews=st.floats(0, 50),
)
def test_the_choice_never_costs_more_than_no_cache(
    model: str, follow: int, reviews: float
) -> None:
    million = 1_000_000
    plain = price(model, Usage(input_tokens=million))
    read = price(model, Usage(cache_read_tokens=million))
    hits = follow + reviews * (1 + follow)

    match auto(follow=follow, reviews=reviews, model=model):
        case None:
            spent = plain * (1 + hits)
        case "5m":
            write = price(model, Usage(cache_write_5m_tokens=million))
            spent = (1 + reviews) * (write + follow * read)
        case _:
            spent = price(model, Usage(cache_write_1h_tokens=million)) + hits * read

    assert spent <= plain * (1 + hits) + 1e-9


def test_a_cap_that_must_hold_for_two_passes_says_what_both_need() -> None:
    with pytest.raises(CapTooSmall, match=r"can cost \$\d\.\d\d in 2 passes, the cap is \$1\.00"):
        budget_tokens(OPUS, max_output_tokens=64_000, cap_usd=1.0, at_once=2)


def test_two_passes_at_once_have_half_the_cap_each() -> None:
    both = budget_tokens(OPUS, max_output_tokens=8_000, cap_usd=4.0, at_once=2)

    assert both == budget_tokens(OPUS, max_output_tokens=8_000, cap_usd=2.0)
