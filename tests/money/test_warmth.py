"""What a run believes of the cache is what a simulation of all runs finds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import Activity
from reviewer.money.expected import LIFETIME_SECONDS
from reviewer.money.policy import CacheChoice, cache_policy
from reviewer.money.prices import Tariff
from reviewer.money.warmth import believed
from reviewer.settings import Price

TARIFF = Tariff(model="m", own=Price(model="m", input_usd=4.0, output_usd=20.0))
DAY = 1_795_478_400.0
"""Midnight of a Tuesday, UTC."""


def decide(activity: Activity) -> CacheChoice:
    return cache_policy(
        "auto", requests_to_follow=0, activity=activity, reviews_per_hour=None, tariff=TARIFF
    )


def always(_activity: Activity) -> CacheChoice:
    return CacheChoice(ttl="1h", reason="")


class Runs:
    """Runs that know each other's real decisions: the cache as it is, kept by hand."""

    def __init__(self, reviews: list[float], kept: list[float]) -> None:
        self.used: list[float] = []
        known: list[float] = []
        for at in sorted({*reviews, *kept}):
            if at < DAY:
                known += [at] if at in reviews else []
                continue
            if at in kept:
                self.used.append(at)
            if at in reviews:
                self._review(at, known)
                known.append(at)

    def _review(self, at: float, known: list[float]) -> None:
        activity = Activity(
            now=at, since=DAY - 28 * 86_400, reviews_at=tuple(known), warm_until=self.until(at)
        )
        if decide(activity).ttl == "1h":
            self.used.append(at)

    def until(self, now: float) -> float:
        """Until when it can be read: what began within the last minute cannot be yet."""
        return max((at + LIFETIME_SECONDS for at in self.used if at + 60 <= now), default=0.0)


TIMES = st.lists(
    st.integers(-40 * 3600, 14 * 3600).map(lambda second: DAY + second), max_size=40, unique=True
)
KEPT = st.lists(
    st.integers(-4 * 3600, 14 * 3600).map(lambda second: DAY + second + 0.5), max_size=5
)


@given(reviews=TIMES, kept=KEPT)
def test_the_belief_is_what_a_simulation_of_every_run_finds(
    reviews: list[float], kept: list[float]
) -> None:
    now = DAY + 14 * 3600 + 1.0
    activity = Activity(
        now=now,
        since=DAY - 28 * 86_400,
        reviews_at=tuple(sorted(reviews)),
        kept_at=tuple(sorted(kept)),
    )

    assert believed(activity, decide, since=DAY).warm_until == Runs(reviews, kept).until(now)


def test_a_read_begins_the_hour_anew() -> None:
    activity = Activity(now=DAY + 9_000, since=DAY, reviews_at=(DAY + 3_000, DAY + 6_000))

    assert believed(activity, always, since=DAY).warm_until == DAY + 6_000 + LIFETIME_SECONDS


def test_nothing_from_before_the_snapshot_is_warm() -> None:
    activity = Activity(now=DAY + 60, since=DAY - 900, reviews_at=(DAY - 600,), kept_at=(DAY - 9,))

    assert believed(activity, always, since=DAY).warm_until == 0


def test_a_review_that_begins_now_has_warmed_nothing_yet() -> None:
    activity = Activity(now=DAY + 60, since=DAY, reviews_at=(DAY + 60, DAY + 90))

    assert believed(activity, always, since=DAY).warm_until == 0


def test_what_began_within_the_minute_cannot_be_read_yet() -> None:
    activity = Activity(now=DAY + 99, since=DAY, reviews_at=(DAY + 60,))

    assert believed(activity, always, since=DAY).warm_until == 0


def test_the_rest_of_what_is_known_stays_as_it_was() -> None:
    activity = Activity(now=DAY + 60, since=DAY, reviews_at=(DAY + 30,), source="refs")

    told = believed(activity, always, since=DAY)

    assert replace(told, warm_until=0.0) == activity
