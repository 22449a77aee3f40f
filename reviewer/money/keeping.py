"""Whether a scheduled run keeps the day's prefix in the cache, and what that may cost. Pure.

What is in the cache is read once more before it dies, as long as `policy.keep_warm` says that it
pays. What is not is written only where the rest of the day should repay the write and all reads
that keep it, and the first reader is near: at night nothing is. All spending of a day stays below
a cap of its own, whatever becomes of a run: what a request can cost at most is noted before it is
sent, and its bill takes the place of that afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.money.expected import LIFETIME_SECONDS, rest_of_day
from reviewer.money.policy import (
    KeepChoice,
    keep_warm,
    rates_of,
)

if TYPE_CHECKING:
    from reviewer.flow import Activity, WarmRecord
    from reviewer.money.prices import Tariff

RUNS_AN_HOUR = 2
"""Of the workflow: GitHub starts scheduled runs late, and what dies in between is lost."""

ENOUGH_SECONDS = 2_400.0
"""What lives longer is read by the next run, though that is ten minutes late."""

SOON = 0.5
"""Reviews expected within the hour, before a cold prefix is written for them."""


def decide(activity: Activity, *, until: float, tariff: Tariff) -> KeepChoice:
    """Return whether to send a request now, and why; raises `UnknownPrice`.

    `until` (UNIX seconds) is when the snapshot changes, `activity.warm_until` until when the
    prefix is believed to be in the cache.
    """
    left_seconds = activity.warm_until - activity.now
    if left_seconds > ENOUGH_SECONDS:
        minutes = left_seconds / 60
        return KeepChoice(
            keep=False, reason=f"it should stay in the cache for {minutes:.0f} more minutes"
        )
    if left_seconds > 0:
        return keep_warm(activity, until=until, tariff=tariff)
    return _anew(activity, until=until, tariff=tariff)


def _anew(activity: Activity, *, until: float, tariff: Tariff) -> KeepChoice:
    """Decide whether to write what is not in the cache."""
    soon = rest_of_day(activity, min(until, activity.now + LIFETIME_SECONDS))
    if soon.hits < SOON:
        return KeepChoice(
            keep=False,
            reason=f"nothing is in the cache, and within the hour {soon.hits:.2f} reads are "
            f"expected, which is less than {SOON}",
        )
    rest, rates = rest_of_day(activity, until), rates_of(tariff)
    reads = RUNS_AN_HOUR * (until - activity.now) / LIFETIME_SECONDS
    cost = rates.write_1h + rates.read * reads
    saved = rest.hits * (rates.input - rates.read)
    return KeepChoice(
        keep=saved > cost,
        reason=f"nothing is in the cache; a million tokens cost ${cost:.2f} to write and to keep "
        f"until the snapshot changes, and save ${saved:.2f} in {rest.hits:.2f} reads: "
        f"{rest.because}",
    )


def over(record: WarmRecord, *, most_usd: float, cap_usd: float) -> str:
    """Return why a request cannot be sent below the cap of the day, or an empty text."""
    if record.spent_usd + most_usd <= cap_usd:
        return ""
    needed_usd = record.spent_usd + most_usd
    return (
        f"it can cost ${most_usd:.2f} where nothing is in the cache, ${record.spent_usd:.2f} are "
        f"spent today, and the cap of a day is ${cap_usd:.2f}: raise `max_usd_warm_per_day` to "
        f"{needed_usd:.2f} or more for it"
    )
