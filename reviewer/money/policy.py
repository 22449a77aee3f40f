"""Whether to write the prompt to the cache, for how long, and whether to keep it alive. Pure.

The arithmetic, with Anthropic's multipliers of the input price: a write costs 1.25 (5 minutes) or
2 (1 hour), a read 0.025 to 0.1, and each read begins the hour anew. So a write for an hour pays
when more than about one later review reads it before a gap of an hour: a lone review should write
nothing. Source: platform.claude.com, "Pricing" and "Prompt caching".

How many will read it is told by the reviews of the last four weeks (`expected`). The replay of
past pull requests calls these functions, and so does the live review: what was measured
(benchmarks/replay.py) is what runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.flow import Usage
from reviewer.money import expected
from reviewer.money.expected import LIFETIME_SECONDS

if TYPE_CHECKING:
    from reviewer.flow import Activity
    from reviewer.money.expected import Expected
    from reviewer.money.plan import Ttl
    from reviewer.money.prices import Tariff

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
        return _cheapest(rates, follow, expected.stated(reviews_per_hour or 0.0))
    if kept_until is None:
        return _cheapest(rates, follow, expected.chain(activity))
    hours = max(0.0, kept_until - activity.now) / LIFETIME_SECONDS
    rest = expected.rest_of_day(activity, kept_until)
    return _cheapest(rates, follow, rest, keeping=rates.read * hours)


def rates_of(tariff: Tariff) -> Rates:
    """Return the rates of prompts; where they go by length, those of long ones."""
    return Rates(
        input=tariff.usd(Usage(input_tokens=_MILLION)),
        write_5m=tariff.usd(Usage(cache_write_5m_tokens=_MILLION)),
        write_1h=tariff.usd(Usage(cache_write_1h_tokens=_MILLION)),
        read=tariff.usd(Usage(cache_read_tokens=_MILLION)),
    )


def _cheapest(rates: Rates, follow: int, later: Expected, *, keeping: float = 0.0) -> CacheChoice:
    """Compare what a million tokens of prefix cost in this review and the expected ones.

    Reviews are taken to be more than five minutes apart: where they are not, they are so many
    that an hour is cheaper still. `keeping` is what it costs to keep what was written alive.
    """
    hits = later.hits
    costs: dict[Ttl | None, float] = {
        None: (1 + hits) * (1 + follow) * rates.input,
        "5m": (1 + hits) * (rates.write_5m + follow * rates.read),
        "1h": rates.write_1h + (follow + hits * (1 + follow)) * rates.read + keeping,
    }
    ttl = min(costs, key=lambda one: costs[one])
    return CacheChoice(ttl=ttl, reason=_reason(ttl, costs, rates, follow, later))


def _reason(
    ttl: Ttl | None,
    costs: dict[Ttl | None, float],
    rates: Rates,
    follow: int,
    later: Expected,
) -> str:
    if ttl is None:
        needed = (rates.write_1h - rates.input) / (rates.input - rates.read)
        return (
            f"no request of this run follows, and a 1 h write pays from {needed:.2f} later reads "
            f"on, {later.hits:.2f} are expected: {later.because}"
        )
    return (
        f"a million tokens of codebase cost ${costs[ttl]:.2f} with a {ttl} cache and "
        f"${costs[None]:.2f} without (requests to follow in this run: {follow}, later reads: "
        f"{later.hits:.2f}, because {later.because})"
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
    days = expected.days(activity, until)
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
