"""Before the call: what it will cost, how much fits below the cap, whether to write a cache. Pure.

The arithmetic of the cache, with Anthropic's multipliers of the input price: a write costs 1.25
(5 minutes) or 2 (1 hour), a read 0.025 to 0.1. So a lone review should write nothing. Source:
platform.claude.com, "Pricing" and "Prompt caching".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.errors import UserMustAct
from reviewer.flow import Estimate, Usage
from reviewer.money.prices import price

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import ModelFacts

Ttl = Literal["5m", "1h"]

WINDOW_MARGIN = 0.02
"""Of the window; the API's own count is an estimate (platform.claude.com, "Token counting")."""

COUNT_MARGIN = 0.01
"""Of the prompt; what is billed "may differ by a small amount" from the count (ibid.)."""

LEAST_PROMPT_TOKENS = 20_000
"""Instructions, a small change and the files around it; less is no review."""

MOST_PROMPT_BYTES = 32_000_000
"""A larger request is refused (platform.claude.com, "Errors"), and no token is under a byte."""

_MILLION = 1_000_000


class CapTooSmall(UserMustAct):
    """Not even a small review fits below the cap, or into the window."""


def estimate(
    model: str,
    *,
    prompt_tokens: int,
    cached_tokens: int,
    max_output_tokens: int,
    cache_ttl: Ttl | None,
    cap_usd: float,
    counted: bool,
    bound_tokens: int | None = None,
    passes: int = 1,
) -> Estimate:
    """Return the price of a request before it is sent; raises `UnknownPrice`.

    `cached_tokens` is the part of the prompt up to the last breakpoint: what is written when the
    cache is cold and read when it is warm. Without `cache_ttl` there is neither. `bound_tokens`
    is what the prompt cannot exceed, where `prompt_tokens` is only likely.
    """
    bound_tokens = bound_tokens or prompt_tokens
    rest = prompt_tokens - cached_tokens
    cold = warm = Usage(input_tokens=prompt_tokens)
    if cache_ttl:
        cold = Usage(input_tokens=rest) + written(cached_tokens, cache_ttl)
        warm = Usage(input_tokens=rest, cache_read_tokens=cached_tokens)
    return Estimate(
        prompt_tokens=prompt_tokens,
        counted=counted,
        input_usd=price(model, cold),
        warm_usd=price(model, warm),
        most_usd=most_usd(
            model, bound_tokens, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
        ),
        cap_usd=cap_usd,
        passes=passes,
    )


def written(tokens: int, ttl: Ttl | None) -> Usage:
    """Return the usage of a prompt that is written to the cache, or only read by the model."""
    match ttl:
        case "5m":
            return Usage(cache_write_5m_tokens=tokens)
        case "1h":
            return Usage(cache_write_1h_tokens=tokens)
        case None:
            return Usage(input_tokens=tokens)


def most_usd(
    model: str, prompt_tokens: int, *, max_output_tokens: int, cache_ttl: Ttl | None
) -> float:
    """Return the most that one try can cost: nothing in the cache, and the whole output."""
    billed_tokens = math.ceil(prompt_tokens * (1 + COUNT_MARGIN))
    return price(model, written(billed_tokens, cache_ttl) + Usage(output_tokens=max_output_tokens))


def budget_tokens(
    facts: ModelFacts,
    *,
    max_output_tokens: int,
    cap_usd: float,
    cache_ttl: Ttl | None = None,
    at_once: int = 1,
) -> int:
    """Return the most prompt tokens that fit into the window and below the cap.

    The cap holds for one try, or for so many `at_once`: of several passes the second may miss the
    cache. `spend` is asked before another. Raises `CapTooSmall` when that is less than
    `LEAST_PROMPT_TOKENS`, and `UnknownPrice`.
    """
    window = int(facts.max_input_tokens * (1 - WINDOW_MARGIN)) - max_output_tokens
    if window < LEAST_PROMPT_TOKENS:
        raise CapTooSmall(
            f"{facts.id} takes {facts.max_input_tokens} tokens, and {max_output_tokens} of them "
            f"are kept for the answer: {max(0, window)} are left for the code, "
            f"{LEAST_PROMPT_TOKENS} are needed",
            way_out="lower `max_output_tokens`, or choose a model with a larger window",
        )
    least = most_usd(
        facts.id, LEAST_PROMPT_TOKENS, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
    )
    least *= at_once
    if least > cap_usd:
        passes = f" in {at_once} passes" if at_once > 1 else ""
        raise CapTooSmall(
            f"a review by {facts.id} with {LEAST_PROMPT_TOKENS} tokens of code and up to "
            f"{max_output_tokens} of answer can cost ${least:.2f}{passes}, the cap is "
            f"${cap_usd:.2f}",
            way_out=f"raise `max_usd_per_review` to {least:.2f} or more, lower "
            "`max_output_tokens`, or choose a cheaper model",
        )
    affordable = affordable_tokens(
        facts.id,
        max_output_tokens=max_output_tokens,
        cap_usd=cap_usd / at_once,
        cache_ttl=cache_ttl,
    )
    return min(window, affordable)


def affordable_tokens(
    model: str, *, max_output_tokens: int, cap_usd: float, cache_ttl: Ttl | None
) -> int:
    """Return the most prompt tokens below the cap, whatever the window; raises `UnknownPrice`."""

    def cost(prompt_tokens: int) -> float:
        return most_usd(
            model, prompt_tokens, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
        )

    return _largest(cost, cap_usd, 0, MOST_PROMPT_BYTES)


def _largest(cost: Callable[[int], float], cap_usd: float, fits: int, most: int) -> int:
    """Search for the most tokens below the cap; cost never falls, but may jump at a tier."""
    while fits < most:
        middle = (fits + most + 1) // 2
        if cost(middle) <= cap_usd:
            fits = middle
        else:
            most = middle - 1
    return fits


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheChoice:
    """How long to keep the prompt in the cache, None for not at all, and why."""

    ttl: Ttl | None
    reason: str


class _Rates(NamedTuple):
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
    model: str,
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
            return _cheapest(_rates(model), requests_to_follow, expected_reviews_per_hour)


def _rates(model: str) -> _Rates:
    return _Rates(
        input=price(model, Usage(input_tokens=_MILLION)),
        write_5m=price(model, Usage(cache_write_5m_tokens=_MILLION)),
        write_1h=price(model, Usage(cache_write_1h_tokens=_MILLION)),
        read=price(model, Usage(cache_read_tokens=_MILLION)),
    )


def _cheapest(rates: _Rates, follow: int, reviews: float) -> CacheChoice:
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
    ttl: Ttl | None, costs: dict[Ttl | None, float], rates: _Rates, follow: int, reviews: float
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
