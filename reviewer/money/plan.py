"""Before the call: what it will cost, and how much fits below the cap. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from reviewer.errors import UserMustAct
from reviewer.flow import Estimate, Usage
from reviewer.money import prices

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import History, ModelFacts
    from reviewer.money.prices import Tariff
    from reviewer.settings import Settings

Ttl = Literal["5m", "1h"]

WINDOW_MARGIN = 0.02
"""Of the window; the API's own count is an estimate (platform.claude.com, "Token counting")."""

COUNT_MARGIN = 0.01
"""Of the prompt; what is billed "may differ by a small amount" from the count (ibid.)."""

_CENT_USD = 0.01

LEAST_PROMPT_TOKENS = 20_000
"""Instructions, a small change and the files around it; less is no review."""

LENS_TOKENS = 150
"""What tells a pass of a deep review what to look for, about."""

MOST_PROMPT_BYTES = 32_000_000
"""A larger request is refused (platform.claude.com, "Errors"), and no token is under a byte."""


class CapTooSmall(UserMustAct):
    """Not even a small review fits below the cap, or into the window."""


def cap_usd(settings: Settings, history: History | None) -> float:
    """Return what a review may cost: its own cap, or what is left of the pull request's."""
    left_usd = history.left_usd if history else None
    if left_usd is None:
        return settings.max_usd_per_review
    return min(settings.max_usd_per_review, left_usd)


def least_usd(settings: Settings) -> float:
    """Return what the smallest review may cost; raises `UnknownPrice`."""
    least = most_usd(
        prices.tariff(settings),
        LEAST_PROMPT_TOKENS,
        max_output_tokens=settings.max_output_tokens,
        cache_ttl=None if settings.cache == "off" else "1h",
    )
    return least * at_once(settings)


def at_once(settings: Settings) -> int:
    """Return how many passes must be paid for at their dearest: the second may miss the cache."""
    return 2 if settings.depth == "deep" and len(set(settings.lenses)) > 1 else 1


def estimate(
    tariff: Tariff,
    *,
    prompt_tokens: int,
    cached_tokens: int,
    max_output_tokens: int,
    cache_ttl: Ttl | None,
    cap_usd: float,
    counted: bool,
    bound_tokens: int | None = None,
    passes: int = 1,
    parts: tuple[tuple[str, int], ...] = (),
) -> Estimate:
    """Return the price of a request before it is sent; raises `UnknownPrice`.

    `cached_tokens` is the part of the prompt up to the last breakpoint: what is written when the
    cache is cold and read when it is warm. Without `cache_ttl` there is neither. `bound_tokens`
    is what the prompt cannot exceed, where `prompt_tokens` is only likely. `parts` tell what the
    prompt consists of.
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
        input_usd=tariff.usd(cold),
        warm_usd=tariff.usd(warm),
        most_usd=most_usd(
            tariff, bound_tokens, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
        ),
        cap_usd=cap_usd,
        passes=passes,
        parts=parts,
        answer_tokens=max_output_tokens,
        answer_usd=tariff.usd(Usage(output_tokens=max_output_tokens)),
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
    tariff: Tariff, prompt_tokens: int, *, max_output_tokens: int, cache_ttl: Ttl | None
) -> float:
    """Return the most that one try can cost: nothing in the cache, and the whole output."""
    billed_tokens = math.ceil(prompt_tokens * (1 + COUNT_MARGIN))
    return tariff.usd(written(billed_tokens, cache_ttl) + Usage(output_tokens=max_output_tokens))


def _told(usd: float) -> str:
    """Return an amount to the cent, or in full where it is less than one."""
    return f"{usd:.2f}" if usd >= _CENT_USD else f"{usd:g}"


def _up(usd: float) -> float:
    """Return the next whole cent: an amount that is enough."""
    return math.ceil(usd / _CENT_USD) * _CENT_USD


def budget_tokens(
    facts: ModelFacts,
    tariff: Tariff,
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
        tariff, LEAST_PROMPT_TOKENS, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
    )
    least *= at_once
    if least > cap_usd:
        passes = f" in {at_once} passes" if at_once > 1 else ""
        raise CapTooSmall(
            f"a review by {facts.id} with {LEAST_PROMPT_TOKENS} tokens of code and up to "
            f"{max_output_tokens} of answer can cost ${_told(least)}{passes}, the cap is "
            f"${_told(cap_usd)}",
            way_out=f"raise `max_usd_per_review` to {_told(_up(least))} or more, lower "
            "`max_output_tokens`, or choose a cheaper model",
        )
    affordable = affordable_tokens(
        tariff,
        max_output_tokens=max_output_tokens,
        cap_usd=cap_usd / at_once,
        cache_ttl=cache_ttl,
    )
    return min(window, affordable)


def affordable_tokens(
    tariff: Tariff, *, max_output_tokens: int, cap_usd: float, cache_ttl: Ttl | None
) -> int:
    """Return the most prompt tokens below the cap, whatever the window; raises `UnknownPrice`."""

    def cost(prompt_tokens: int) -> float:
        return most_usd(
            tariff, prompt_tokens, max_output_tokens=max_output_tokens, cache_ttl=cache_ttl
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
