"""How many later reviews will read what one writes to the cache, by those of four weeks. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Activity

LIFETIME_SECONDS = 3600.0
"""Of what is written for an hour, from its last use."""

LOOK_BACK_SECONDS = 28 * 86_400.0
BUSY_SECONDS = 7200.0
"""Before a review: how many others there were tells how busy it was."""

MOST_BUSY = 4
"""So many and more are one: further apart there are too few to learn from."""

COUNTED = 0.7
"""Of the expected reads: the rest meets another day's snapshot, or comes with a change so large
that less of the codebase is shown (benchmarks/README.md, "Replay")."""

FEW_FOLLOWED, FEW = 0.5, 2.0
"""Added to what was followed and to what was seen, so that a few reviews prove little."""

AT_ONCE_SECONDS = 60.0
"""Reviews that begin closer together all write: nothing can be read before an answer begins."""

MOST_HITS = 50.0

_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many later reviews are expected to read what this one writes, and what tells so."""

    hits: float
    because: str


def stated(reviews_per_hour: float) -> Expected:
    """Return what a steady rate makes: how many follow before a gap of an hour."""
    hits = min(MOST_HITS, math.expm1(min(reviews_per_hour, MOST_HITS)))
    return Expected(hits=hits, because=f"{reviews_per_hour:g} reviews an hour are expected")


def chain(activity: Activity) -> Expected:
    """Return how many reviews follow before a gap of an hour, by those that were like this one.

    Like this one are those of the last four weeks that had as many others in the two hours before
    them. The share of them that another followed within the hour is taken for the chance of each
    link of the chain. One that follows within a minute does not count: it begins before what the
    first one writes can be read.
    """
    known = _recent(activity)
    if len(known) == 1:
        return Expected(hits=0.0, because="no other review of the last four weeks is known")
    busy = [min(MOST_BUSY, each) for each in _before(known)]
    alike = [
        _is_followed(known, at)
        for at, each in zip(known[:-1], busy, strict=False)
        if each == busy[-1]
    ]
    chance = (sum(alike) + FEW_FOLLOWED) / (len(alike) + FEW)
    often = f"{busy[-1]} or more" if busy[-1] == MOST_BUSY else f"{busy[-1]}"
    return Expected(
        hits=min(MOST_HITS, chance / (1 - chance) * COUNTED),
        because=f"of {len(alike)} reviews in four weeks that had {often} in the two hours before, "
        f"{sum(alike)} were followed by another within the hour",
    )


def _is_followed(known: Sequence[float], at: float) -> bool:
    following = bisect_right(known, at + AT_ONCE_SECONDS)
    return following < len(known) and known[following] <= at + LIFETIME_SECONDS


def _recent(activity: Activity) -> list[float]:
    """Return the reviews of the last weeks before this one, and this one."""
    now = activity.now
    known = [at for at in activity.reviews_at if now - LOOK_BACK_SECONDS <= at < now]
    return [*sorted(known), now]


def _before(known: Sequence[float]) -> Iterator[int]:
    """Yield how many of the reviews lie within two hours before each."""
    for number, at in enumerate(known):
        yield number - bisect_left(known, at - BUSY_SECONDS)


def rest_of_day(activity: Activity, until: float) -> Expected:
    """Return how many reviews follow until the snapshot changes, by the days like this one."""
    known = days(activity, until)
    mean = sum(len(day) for day in known) / len(known) if known else 0.0
    return Expected(
        hits=min(MOST_HITS, mean * COUNTED),
        because=f"{mean:.1f} reviews followed until the snapshot changed on {len(known)} days "
        "like this one",
    )


def days(activity: Activity, until: float) -> list[list[float]]:
    """Return, for each known day of the same kind, the seconds from this time of day to reviews.

    Week-ends are of one kind, other days of another.
    """
    known = min(LOOK_BACK_SECONDS, activity.now - activity.since)
    ends = _is_weekend(activity.now)
    days: list[list[float]] = []
    for back in range(1, int(known // _DAY_SECONDS) + 1):
        at = activity.now - back * _DAY_SECONDS
        if _is_weekend(at) is ends:
            first = bisect_left(activity.reviews_at, at)
            last = bisect_left(activity.reviews_at, until - back * _DAY_SECONDS)
            days.append([each - at for each in activity.reviews_at[first:last]])
    return days


def _is_weekend(at: float) -> bool:
    friday = 4
    return (int(at // _DAY_SECONDS) + 3) % 7 > friday  # 1 January 1970 was a Thursday
