from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import Usage
from reviewer.money.policy import cache_policy
from reviewer.money.prices import Tariff

PRICED = ("claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-4-5", "claude-fable-5-2")


def auto(*, follow: int = 0, reviews: float = 0, model: str = "claude-opus-5-5") -> str | None:
    return cache_policy(
        "auto",
        requests_to_follow=follow,
        expected_reviews_per_hour=reviews,
        tariff=Tariff(model=model),
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
        "auto",
        requests_to_follow=0,
        expected_reviews_per_hour=0.3,
        tariff=Tariff(model="claude-opus-5-5"),
    )

    assert "1.05" in choice.reason
    assert "0.3 are expected" in choice.reason


def test_a_cache_says_what_it_saves() -> None:
    choice = cache_policy(
        "auto",
        requests_to_follow=1,
        expected_reviews_per_hour=0,
        tariff=Tariff(model="claude-opus-5-5"),
    )

    assert "$5.20 with a 5m cache" in choice.reason
    assert "$8.00 without" in choice.reason


@pytest.mark.parametrize(("setting", "ttl"), [("off", None), ("5m", "5m"), ("1h", "1h")])
def test_a_setting_wins_over_the_arithmetic(
    setting: Literal["off", "5m", "1h"], ttl: str | None
) -> None:
    choice = cache_policy(
        setting, requests_to_follow=3, expected_reviews_per_hour=9, tariff=Tariff(model="gpt-oss")
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
    plain = Tariff(model=model).usd(Usage(input_tokens=million))
    read = Tariff(model=model).usd(Usage(cache_read_tokens=million))
    hits = follow + reviews * (1 + follow)

    match auto(follow=follow, reviews=reviews, model=model):
        case None:
            spent = plain * (1 + hits)
        case "5m":
            write = Tariff(model=model).usd(Usage(cache_write_5m_tokens=million))
            spent = (1 + reviews) * (write + follow * read)
        case _:
            spent = Tariff(model=model).usd(Usage(cache_write_1h_tokens=million)) + hits * read

    assert spent <= plain * (1 + hits) + 1e-9
