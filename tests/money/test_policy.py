from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import Activity, Usage
from reviewer.money.expected import chain
from reviewer.money.policy import (
    NOTHING_SAVED,
    CacheChoice,
    KeepChoice,
    cache_policy,
    keep_warm,
)
from reviewer.money.prices import Tariff
from reviewer.settings import Price

PRICED = ("claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-4-5", "claude-fable-5-2")


FREE = Price(model="house-model", input_usd=0, output_usd=0)
UNCACHED = Price(model="house-model", input_usd=2, output_usd=8, cache_read_usd=2)
OPUS = Tariff(model="claude-opus-5-5")
HOUR, DAY = 3600.0, 86_400.0
MONDAY = 4 * DAY
"""5 January 1970, midnight."""
NOW = MONDAY + 28 * DAY + 10 * HOUR


def auto(*, follow: int = 0, hits: float = 0, model: str = "claude-opus-5-5") -> str | None:
    return cache_policy(
        "auto",
        requests_to_follow=follow,
        activity=None,
        reviews_per_hour=math.log1p(hits),
        tariff=Tariff(model=model),
    ).ttl


def active(*ago_seconds: float, warm_for: float = -1.0, known_days: float = 28) -> Activity:
    """Return what is known of reviews so long ago, now being ten o'clock of a Monday."""
    return Activity(
        now=NOW,
        since=NOW - known_days * DAY,
        reviews_at=tuple(sorted(NOW - ago for ago in ago_seconds)),
        warm_until=NOW + warm_for,
    )


def every_day(*hours: float, days: int = 28) -> list[float]:
    """Return how long ago reviews at these hours of the last days were."""
    return [back * DAY + (10 - hour) * HOUR for back in range(1, days + 1) for hour in hours]


def choice_by(activity: Activity, *, kept_until: float | None = None) -> tuple[str | None, str]:
    choice = cache_policy(
        "auto",
        requests_to_follow=0,
        activity=activity,
        reviews_per_hour=None,
        tariff=OPUS,
        kept_until=kept_until,
    )
    return choice.ttl, choice.reason


def kept(activity: Activity) -> KeepChoice:
    return keep_warm(activity, until=NOW + 14 * HOUR, tariff=OPUS)


def test_a_lone_review_writes_nothing() -> None:
    assert auto() is None


@pytest.mark.parametrize("price", [FREE, UNCACHED], ids=["free", "no cheaper to read"])
@pytest.mark.parametrize("follow", [0, 4])
def test_a_cache_that_saves_nothing_is_left_alone(price: Price, follow: int) -> None:
    choice = cache_policy(
        "auto",
        requests_to_follow=follow,
        activity=active(60, 120, 180),
        reviews_per_hour=None,
        tariff=Tariff(model=price.model, own=price),
    )

    assert choice == CacheChoice(ttl=None, reason=NOTHING_SAVED)


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
    assert auto(hits=break_even - 0.01, model=model) is None
    assert auto(hits=break_even + 0.01, model=model) == "1h"


def test_an_hour_is_cheaper_than_writing_five_minutes_for_every_review() -> None:
    assert auto(follow=1, hits=0.1) == "5m"
    assert auto(follow=1, hits=2) == "1h"


def test_a_review_without_a_cache_says_what_an_hour_would_take() -> None:
    ttl, reason = choice_by(active(5 * HOUR, 9 * HOUR))

    assert ttl is None
    assert "pays from 1.05 later reads on" in reason
    assert "of 2 reviews in four weeks that had 0 in the two hours before, 0 were" in reason


def test_a_cache_says_what_it_saves() -> None:
    choice = cache_policy(
        "auto", requests_to_follow=1, activity=None, reviews_per_hour=0, tariff=OPUS
    )

    assert "$5.20 with a 5m cache" in choice.reason
    assert "$8.00 without" in choice.reason


# --- what the reviews of the last weeks tell ----------------------------------------------------

QUARTERS = [hour + part / 4 for hour in range(9, 17) for part in range(4)]


def test_reviews_that_used_to_be_followed_at_once_are_worth_an_hour() -> None:
    busy = active(0.2 * HOUR, 0.5 * HOUR, 0.8 * HOUR, *every_day(*QUARTERS))

    assert choice_by(busy)[0] == "1h"


def test_a_review_after_a_silence_is_not_what_one_of_a_busy_hour_is() -> None:
    days = every_day(*QUARTERS, 20)

    assert choice_by(active(*days))[0] is None
    assert choice_by(active(0.3 * HOUR, 0.6 * HOUR, 0.9 * HOUR, 1.2 * HOUR, *days))[0] == "1h"


def test_a_few_reviews_in_a_row_prove_little() -> None:
    assert choice_by(active(0.1 * HOUR, 0.2 * HOUR, known_days=1))[0] is None


def test_what_is_older_than_four_weeks_or_later_than_now_counts_for_nothing() -> None:
    told = active(*every_day(9, 12))
    more = replace(
        told, reviews_at=(NOW - 30 * DAY, NOW - 29 * DAY, *told.reviews_at, NOW, NOW + HOUR)
    )

    assert chain(more) == chain(told)


def test_a_stated_rate_wins_over_what_was_seen() -> None:
    choice = cache_policy(
        "auto", requests_to_follow=0, activity=active(), reviews_per_hour=3, tariff=OPUS
    )

    assert choice.ttl == "1h"
    assert "3 reviews an hour are expected" in choice.reason


def test_a_prefix_that_should_be_warm_is_read_however_quiet_it_is() -> None:
    ttl, reason = choice_by(active(warm_for=600))

    assert ttl == "1h"
    assert "should be in the cache for 10 more minutes" in reason
    assert choice_by(active(warm_for=0))[0] is None


def test_what_is_kept_alive_pays_by_the_reviews_of_the_day() -> None:
    seldom = active(*every_day(12, 15, 18, 21))

    assert choice_by(seldom)[0] is None
    assert choice_by(seldom, kept_until=NOW + 14 * HOUR)[0] == "1h"
    assert choice_by(seldom, kept_until=NOW + HOUR)[0] is None


# --- keeping it alive ---------------------------------------------------------------------------


def test_a_prefix_is_kept_while_a_review_is_to_be_expected_before_the_snapshot_changes() -> None:
    later = active(*every_day(15), warm_for=300)

    assert kept(later).keep
    assert "on 20 of 20 days like this one" in kept(later).reason
    assert not kept(active(*every_day(9), warm_for=300)).keep


def test_what_is_cold_or_has_no_history_is_not_kept() -> None:
    assert not kept(active(*every_day(15))).keep
    assert not kept(active(warm_for=300, known_days=0.5)).keep


def test_days_of_the_week_tell_nothing_about_a_week_end() -> None:
    saturday = replace(active(*every_day(15)), now=NOW + 5 * DAY, warm_until=NOW + 6 * DAY)
    working = [at for at in saturday.reviews_at if int(at // DAY + 3) % 7 < 5]

    told = keep_warm(
        replace(saturday, reviews_at=tuple(working)), until=NOW + 5 * DAY + 14 * HOUR, tariff=OPUS
    )

    assert not told.keep
    assert "on 0 of 8 days" in told.reason


@pytest.mark.parametrize(("setting", "ttl"), [("off", None), ("5m", "5m"), ("1h", "1h")])
def test_a_setting_wins_over_the_arithmetic(
    setting: Literal["off", "5m", "1h"], ttl: str | None
) -> None:
    choice = cache_policy(
        setting,
        requests_to_follow=3,
        activity=active(warm_for=9),
        reviews_per_hour=9,
        tariff=Tariff(model="gpt-oss"),
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

    match auto(follow=follow, hits=reviews, model=model):
        case None:
            spent = plain * (1 + hits)
        case "5m":
            write = Tariff(model=model).usd(Usage(cache_write_5m_tokens=million))
            spent = (1 + reviews) * (write + follow * read)
        case _:
            spent = Tariff(model=model).usd(Usage(cache_write_1h_tokens=million)) + hits * read

    assert spent <= plain * (1 + hits) + 1e-9
