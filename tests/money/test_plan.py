from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import ModelFacts, Usage
from reviewer.money import plan
from reviewer.money.plan import CapTooSmall, estimate, most_usd
from reviewer.money.prices import Tariff, UnknownPrice

OPUS = ModelFacts(id="claude-opus-5-5", max_input_tokens=1_000_000, max_output_tokens=128_000)
HAIKU = replace(OPUS, id="claude-haiku-5-5")
PRICED = ("claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-4-5", "claude-fable-5-2")
TTLS: tuple[Literal["5m", "1h"] | None, ...] = (None, "5m", "1h")


def budget_tokens(
    facts: ModelFacts,
    *,
    max_output_tokens: int,
    cap_usd: float,
    cache_ttl: Literal["5m", "1h"] | None = None,
    at_once: int = 1,
) -> int:
    return plan.budget_tokens(
        facts,
        Tariff(model=facts.id),
        max_output_tokens=max_output_tokens,
        cap_usd=cap_usd,
        cache_ttl=cache_ttl,
        at_once=at_once,
    )


def test_a_cold_estimate_pays_for_the_write_and_a_warm_one_for_the_read() -> None:
    told = estimate(
        Tariff(model=OPUS.id),
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
        Tariff(model=OPUS.id),
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
        Tariff(model=model),
        prompt_tokens=prompt,
        cached_tokens=int(prompt * share),
        max_output_tokens=64_000,
        cache_ttl=ttl,
        cap_usd=5,
        counted=False,
    )
    spent = Tariff(model=model).usd(Usage(input_tokens=prompt, output_tokens=output))

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
        return most_usd(Tariff(model=model), tokens, max_output_tokens=16_000, cache_ttl=ttl)

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


@pytest.mark.parametrize("max_output_tokens", range(30_000, 34_000, 333))
def test_the_cap_that_is_told_is_enough(max_output_tokens: int) -> None:
    with pytest.raises(CapTooSmall, match=r"the cap is \$0\.001$") as error:
        budget_tokens(HAIKU, max_output_tokens=max_output_tokens, cap_usd=0.001)
    told = float(error.value.way_out.split("to ")[1].split()[0])

    budget = budget_tokens(HAIKU, max_output_tokens=max_output_tokens, cap_usd=told)

    assert budget >= plan.LEAST_PROMPT_TOKENS


def test_a_window_that_is_full_of_answer_says_so() -> None:
    small = replace(OPUS, max_input_tokens=64_000)

    with pytest.raises(CapTooSmall, match="0 are left") as error:
        budget_tokens(small, max_output_tokens=64_000, cap_usd=5)

    assert "max_output_tokens" in error.value.way_out


def test_a_model_without_a_price_has_no_budget() -> None:
    with pytest.raises(UnknownPrice):
        budget_tokens(replace(OPUS, id="gpt-oss"), max_output_tokens=64_000, cap_usd=5)


def test_a_cap_that_must_hold_for_two_passes_says_what_both_need() -> None:
    with pytest.raises(CapTooSmall, match=r"can cost \$\d\.\d\d in 2 passes, the cap is \$1\.00"):
        budget_tokens(OPUS, max_output_tokens=64_000, cap_usd=1.0, at_once=2)


def test_two_passes_at_once_have_half_the_cap_each() -> None:
    both = budget_tokens(OPUS, max_output_tokens=8_000, cap_usd=4.0, at_once=2)

    assert both == budget_tokens(OPUS, max_output_tokens=8_000, cap_usd=2.0)
