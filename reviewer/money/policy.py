"""Whether to write the prompt to the cache, and for how long. Pure.

The arithmetic, with Anthropic's multipliers of the input price: a write costs 1.25 (5 minutes) or
2 (1 hour), a read 0.025 to 0.1. So a lone review should write nothing. Source:
platform.claude.com, "Pricing" and "Prompt caching".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.flow import Usage

if TYPE_CHECKING:
    from reviewer.money.plan import Ttl
    from reviewer.money.prices import Tariff

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheChoice:
    """How long to keep the prompt in the cache, None for not at all, and why."""

    ttl: Ttl | None
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
    expected_reviews_per_hour: float,
    tariff: Tariff,
) -> CacheChoice:
    """Return what the setting says, or what costs least over the next hour.

    `requests_to_follow` are later requests of this run with the same prefix, within five minutes;
    `expected_reviews_per_hour` further reviews on the same base. Raises `UnknownPrice`.
    """
    match setting:
        case "off":
            return CacheChoice(ttl=None, reason="the setting `cache` is off")
        case "5m" | "1h":
            return CacheChoice(ttl=setting, reason=f"the setting `cache` is {setting}")
        case "auto":
            return _cheapest(_rates(tariff), requests_to_follow, expected_reviews_per_hour)


def _rates(tariff: Tariff) -> Rates:
    return Rates(
        input=tariff.usd(Usage(input_tokens=_MILLION)),
        write_5m=tariff.usd(Usage(cache_write_5m_tokens=_MILLION)),
        write_1h=tariff.usd(Usage(cache_write_1h_tokens=_MILLION)),
        read=tariff.usd(Usage(cache_read_tokens=_MILLION)),
    )


def _cheapest(rates: Rates, follow: int, reviews: float) -> CacheChoice:
    """Compare what a million tokens of prefix cost in this and the expected reviews.

    Reviews are taken to be more than five minutes apart: where they are not, they are so many
    that an hour is cheaper still.
    """
    costs: dict[Ttl | None, float] = {
        None: (1 + reviews) * (1 + follow) * rates.input,
        "5m": (1 + reviews) * (rates.write_5m + follow * rates.read),
        "1h": rates.write_1h + (follow + reviews * (1 + follow)) * rates.read,
    }
    ttl = min(costs, key=lambda one: costs[one])
    return CacheChoice(ttl=ttl, reason=_reason(ttl, costs, rates, follow, reviews))


def _reason(
    ttl: Ttl | None, costs: dict[Ttl | None, float], rates: Rates, follow: int, reviews: float
) -> str:
    if ttl is None:
        needed = (rates.write_1h - rates.input) / (rates.input - rates.read)
        return (
            f"no request of this run follows, and a 1 h write pays from {needed:.2f} further "
            f"reviews an hour, {reviews:g} are expected"
        )
    return (
        f"a million tokens of codebase cost ${costs[ttl]:.2f} with a {ttl} cache and "
        f"${costs[None]:.2f} without (requests to follow in this run: {follow}, further reviews "
        f"within the hour: {reviews:g})"
    )
