"""Whether the shared prefix is believed to be in the cache, by what earlier reviews did. Pure.

A run knows nothing of the others but when they were. What each of them decided follows from the
reviews before it, so it can be decided again: `auto` is folded over the reviews of the day. What
they wrote lives for an hour from its last use, and can be read a minute later. A belief that is
wrong costs a write.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from heapq import merge
from typing import TYPE_CHECKING

from reviewer.money.expected import AT_ONCE_SECONDS, LIFETIME_SECONDS
from reviewer.money.policy import cache_policy
from reviewer.pack.snapshot import DAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.flow import Activity
    from reviewer.money.policy import CacheChoice
    from reviewer.money.prices import Tariff
    from reviewer.settings import Settings


def chosen(
    settings: Settings, activity: Activity, day: float, *, tariff: Tariff, passes: int
) -> tuple[Activity, CacheChoice]:
    """Return what the setting makes of the activity, and that with what the cache is believed.

    `day` is when the snapshot was taken. Raises `UnknownPrice`.
    """
    kept_until = day + DAY_SECONDS if activity.kept_at else None

    def decide(known: Activity) -> CacheChoice:
        return cache_policy(
            settings.cache,
            requests_to_follow=max(0, passes - 1),
            activity=known,
            reviews_per_hour=settings.reviews_per_hour,
            tariff=tariff,
            kept_until=kept_until,
        )

    if settings.cache == "auto":
        activity = believed(activity, decide, since=day)
    return activity, decide(activity)


def believed(
    activity: Activity, decide: Callable[[Activity], CacheChoice], *, since: float
) -> Activity:
    """Return it with until when the prefix is in the cache, if every review decided by `decide`.

    `since` is when the snapshot was taken: nothing from before has the same prefix.
    """
    reviews = activity.reviews_at
    first, last = bisect_left(reviews, since), bisect_left(reviews, activity.now)
    begun = ((reviews[number], number) for number in range(first, last))
    kept = ((at, -1) for at in activity.kept_at if since <= at < activity.now)
    used: list[float] = []
    for at, number in merge(begun, kept):
        then = replace(
            activity,
            now=at,
            reviews_at=reviews[: max(0, number)],
            warm_until=_readable(used, at),
            kept_at=(),
        )
        if number < 0 or decide(then).ttl == "1h":
            used.append(at)
    return replace(activity, warm_until=_readable(used, activity.now))


def _readable(used: Sequence[float], now: float) -> float:
    """Return until when it can be read, by when it was written or read: not at once."""
    before = bisect_right(used, now - AT_ONCE_SECONDS)
    return used[before - 1] + LIFETIME_SECONDS if before else 0.0
