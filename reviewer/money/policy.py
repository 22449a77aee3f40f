"""Whether to write the prompt to the cache, for how long, and whether to keep it alive. Pure.

The arithmetic, with Anthropic's multipliers of the input price: a write costs 1.25 (5 minutes) or
2 (1 hour), a read 0.025 to 0.1, and each read begins the hour anew. So a write for an hour pays
when more than about one later review reads it before a gap of an hour: a lone review should write
nothing. Source: platform.claude.com, "Pricing" and "Prompt caching".

How many will read it is told by the reviews of the last four weeks (`chain`, `rest_of_day`). The
replay of past pull requests calls these functions, and so does the live review: what was measured
(benchmarks/replay.py) is what runs.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.flow import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.flow import Activity
    from reviewer.money.plan import Ttl
    from reviewer.money.prices import Tariff

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
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheChoice:
    """How long to keep the prompt in the cache, None for not at all, and why."""

    ttl: Ttl | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepChoice:
    """Whether to read what is in the cache once more, so that it stays there, and why."""

    keep: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many later reviews are expected to read what this one writes, and what tells so."""

    hits: float
    because: str


class Rates(NamedTuple):
    """USD for a million prompt tokens."""

    input: float
    write_5m: float
    write_1h: float
    read: float


def cache_policy(
    setting: Literal["auto", "off", "5m", "1h"],
    *,
    requests_to_follow: int,
    activity: Activity | None,
    reviews_per_hour: float | None,
    tariff: Tariff,
    kept_until: float | None = None,
) -> CacheChoice:
    """Return what the setting says, or what should cost least; raises `UnknownPrice`.

    `requests_to_follow` are later requests of this run with the same prefix, within five minutes.
    `activity` is None where nothing is known of other reviews; `reviews_per_hour` overrides what
    it says, unless it is None. `kept_until` (UNIX seconds) tells that what is written is kept
    alive until then, as long as `keep_warm` says so.
    """
    match setting:
        case "off":
            return CacheChoice(ttl=None, reason="the setting `cache` is off")
        case "5m" | "1h":
            return CacheChoice(ttl=setting, reason=f"the setting `cache` is {setting}")
        case "auto":
            return _auto(requests_to_follow, activity, reviews_per_hour, tariff, kept_until)


NOTHING_SAVED = "a read costs no less than sending, by the prices of this model"
"""Of a model that costs nothing, too: a local one."""


def _auto(
    follow: int,
    activity: Activity | None,
    reviews_per_hour: float | None,
    tariff: Tariff,
    kept_until: float | None,
) -> CacheChoice:
    rates = rates_of(tariff)
    if rates.read >= rates.input:
        return CacheChoice(ttl=None, reason=NOTHING_SAVED)
    if activity and activity.warm_until > activity.now:
        return CacheChoice(ttl="1h", reason=_warm(activity, rates))
    if reviews_per_hour is not None or activity is None:
        return _cheapest(rates, follow, stated(reviews_per_hour or 0.0))
    if kept_until is None:
        return _cheapest(rates, follow, chain(activity))
    hours = max(0.0, kept_until - activity.now) / LIFETIME_SECONDS
    expected = rest_of_day(activity, kept_until)
    return _cheapest(rates, follow, expected, keeping=rates.read * hours)


def rates_of(tariff: Tariff) -> Rates:
    """Return the rates of prompts; where they go by length, those of long ones."""
    return Rates(
        input=tariff.usd(Usage(input_tokens=_MILLION)),
        write_5m=tariff.usd(Usage(cache_write_5m_tokens=_MILLION)),
        write_1h=tariff.usd(Usage(cache_write_1h_tokens=_MILLION)),
        read=tariff.usd(Usage(cache_read_tokens=_MILLION)),
    )


# --- what is expected --------------------------------------------------------------------------


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
    days = _days(activity, until)
    mean = sum(len(day) for day in days) / len(days) if days else 0.0
    return Expected(
        hits=min(MOST_HITS, mean * COUNTED),
        because=f"{mean:.1f} reviews followed until the snapshot changed on {len(days)} days "
        "like this one",
    )


def _days(activity: Activity, until: float) -> list[list[float]]:
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


# --- whether it pays ---------------------------------------------------------------------------


def _cheapest(
    rates: Rates, follow: int, expected: Expected, *, keeping: float = 0.0
) -> CacheChoice:
    """Compare what a million tokens of prefix cost in this review and the expected ones.

    Reviews are taken to be more than five minutes apart: where they are not, they are so many
    that an hour is cheaper still. `keeping` is what it costs to keep what was written alive.
    """
    hits = expected.hits
    costs: dict[Ttl | None, float] = {
        None: (1 + hits) * (1 + follow) * rates.input,
        "5m": (1 + hits) * (rates.write_5m + follow * rates.read),
        "1h": rates.write_1h + (follow + hits * (1 + follow)) * rates.read + keeping,
    }
    ttl = min(costs, key=lambda one: costs[one])
    return CacheChoice(ttl=ttl, reason=_reason(ttl, costs, rates, follow, expected))


def _reason(
    ttl: Ttl | None,
    costs: dict[Ttl | None, float],
    rates: Rates,
    follow: int,
    expected: Expected,
) -> str:
    if ttl is None:
        needed = (rates.write_1h - rates.input) / (rates.input - rates.read)
        return (
            f"no request of this run follows, and a 1 h write pays from {needed:.2f} later reads "
            f"on, {expected.hits:.2f} are expected: {expected.because}"
        )
    return (
        f"a million tokens of codebase cost ${costs[ttl]:.2f} with a {ttl} cache and "
        f"${costs[None]:.2f} without (requests to follow in this run: {follow}, later reads: "
        f"{expected.hits:.2f}, because {expected.because})"
    )


def _warm(activity: Activity, rates: Rates) -> str:
    minutes = (activity.warm_until - activity.now) / 60
    return (
        f"the codebase should be in the cache for {minutes:.0f} more minutes: a million tokens "
        f"cost ${rates.read:.2f} to read and ${rates.input:.2f} to send"
    )


def keep_warm(activity: Activity, *, until: float, tariff: Tariff) -> KeepChoice:
    """Return whether one more read pays, that keeps the shared prefix in the cache for an hour.

    `until` (UNIX seconds) is when the snapshot changes: nothing reads it after that. A read pays
    while all reads up to the next review should cost less than writing anew at that review; the
    days like this one tell when that is. Raises `UnknownPrice`.
    """
    if activity.warm_until <= activity.now:
        return KeepChoice(keep=False, reason="nothing is in the cache that could be kept")
    rates = rates_of(tariff)
    days = _days(activity, until)
    if not days:
        return KeepChoice(keep=False, reason="no day like this one is known")
    left = max(0.0, until - activity.now)
    reads = sum(math.ceil((day[0] if day else left) / LIFETIME_SECONDS) for day in days)
    with_review = sum(bool(day) for day in days)
    cost = rates.read * reads / len(days)
    saved = (rates.write_1h - rates.read) * with_review / len(days)
    return KeepChoice(
        keep=saved > cost,
        reason=f"on {with_review} of {len(days)} days like this one another review came before "
        f"the snapshot changed: for a million tokens, reads until then cost ${cost:.2f} and save "
        f"a write of ${saved:.2f}",
    )
