"""When a scheduled run keeps the prefix in the cache, and that a day stays below its cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import Activity, WarmRecord
from reviewer.money.keeping import ENOUGH_SECONDS, decide, over
from reviewer.money.prices import Tariff
from reviewer.settings import Price

if TYPE_CHECKING:
    from reviewer.money.policy import KeepChoice

TARIFF = Tariff(
    model="m", own=Price(model="m", input_usd=4.0, output_usd=20.0, cache_read_usd=0.2)
)
HOUR, DAY = 3600.0, 86_400.0
TUESDAY = 1_795_478_400.0
"""Midnight, UTC."""


def at(hour: float, *reviews: float, warm_minutes: float = 0) -> KeepChoice:
    """Decide at an hour, where reviews were at these hours on every day of four weeks."""
    now = TUESDAY + hour * HOUR
    days = [TUESDAY - back * DAY for back in range(1, 29)]
    activity = Activity(
        now=now,
        since=now - 28 * DAY,
        reviews_at=tuple(sorted(day + each * HOUR for day in days for each in reviews)),
        warm_until=now + warm_minutes * 60,
    )
    return decide(activity, until=TUESDAY + DAY, tariff=TARIFF)


BUSY = (9.2, 9.6, 10.1, 11.3, 13.7, 14.2, 15.5, 16.1)


def test_what_dies_before_the_next_run_is_read_while_reviews_are_expected() -> None:
    assert at(10, *BUSY, warm_minutes=25).keep


def test_what_lives_until_the_next_run_is_left_alone() -> None:
    choice = at(10, *BUSY, warm_minutes=ENOUGH_SECONDS / 60 + 1)

    assert not choice.keep
    assert "41 more minutes" in choice.reason


def test_nothing_is_kept_when_nobody_comes_any_more() -> None:
    assert not at(20, *BUSY, warm_minutes=25).keep


def test_a_busy_day_is_written_for_when_its_first_review_is_near() -> None:
    choice = at(9, *BUSY)

    assert choice.keep
    assert "to write and to keep until the snapshot changes" in choice.reason


def test_nothing_is_written_at_night() -> None:
    assert not at(2, *BUSY).keep


def test_a_quiet_day_is_not_worth_a_write() -> None:
    assert not at(9, 9.5, 15.0).keep


def test_a_repository_that_nothing_is_known_of_is_left_alone() -> None:
    assert not at(9).keep


RUNS = st.lists(
    st.tuples(
        st.floats(0, 3, allow_nan=False),
        st.floats(0, 1, allow_nan=False),
        st.sampled_from(("billed", "broke off", "was killed before", "was killed after")),
    ),
    max_size=30,
)


@given(cap_usd=st.floats(0, 10, allow_nan=False), runs=RUNS)
def test_no_sequence_of_runs_costs_more_than_the_cap(
    cap_usd: float, runs: list[tuple[float, float, str]]
) -> None:
    record, billed_usd = WarmRecord(), 0.0
    for number, (most_usd, share, end) in enumerate(runs):
        if over(record, most_usd=most_usd, cap_usd=cap_usd):
            continue
        record = record.reserved(TUESDAY + number, most_usd)
        if end == "was killed before":
            continue
        billed_usd += share * most_usd
        if end == "billed":
            record = record.settled(share * most_usd)

    assert billed_usd <= cap_usd + 1e-9
    assert billed_usd <= record.spent_usd + 1e-9


def test_a_cap_that_is_too_small_says_what_would_do() -> None:
    record = WarmRecord().reserved(TUESDAY, 0.5)

    said = over(record, most_usd=7.2, cap_usd=2.0)

    assert "raise `max_usd_warm_per_day` to 7.70 or more" in said
