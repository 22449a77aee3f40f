"""While it runs: what is spent already, and whether one more request stays under the cap. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Usage
from reviewer.money import plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import Attempt, Estimate
    from reviewer.money.prices import Tariff


def spent_usd(tariff: Tariff, attempts: Iterable[Attempt]) -> float:
    """Return what the tries cost; each is priced alone, because length tiers go by request."""
    return sum(tariff.usd(attempt.usage) for attempt in attempts)


def uncached_usd(tariff: Tariff, attempts: Iterable[Attempt]) -> float:
    """Return what the same tries would have cost without a prompt cache."""
    return sum(tariff.usd(uncached(attempt.usage)) for attempt in attempts)


def uncached(usage: Usage) -> Usage:
    """Return the bill of the same request where nothing is written to a cache or read from it."""
    return Usage(input_tokens=usage.prompt_tokens, output_tokens=usage.output_tokens)


def may_repeat(
    tariff: Tariff, estimate: Estimate, attempts: Iterable[Attempt], *, already_usd: float = 0.0
) -> bool:
    """Whether the same request again, at its dearest, still stays under the cap.

    `already_usd` is what other requests of the review have cost or can come to.
    """
    spent = already_usd + at_worst_usd(tariff, estimate, attempts)
    return spent + estimate.most_usd <= estimate.cap_usd


def may_add(
    tariff: Tariff,
    estimate: Estimate,
    attempts: Iterable[Attempt],
    *,
    prompt_tokens: int,
    max_output_tokens: int,
) -> bool:
    """Whether another request of that size, at its dearest, still stays under the cap."""
    most_usd = plan.most_usd(
        tariff, prompt_tokens, max_output_tokens=max_output_tokens, cache_ttl=None
    )
    return at_worst_usd(tariff, estimate, attempts) + most_usd <= estimate.cap_usd


def at_worst_usd(tariff: Tariff, estimate: Estimate, attempts: Iterable[Attempt]) -> float:
    """Return what the tries can have cost: all of it where nobody told what was billed."""
    return sum(
        estimate.most_usd if attempt.unsure else tariff.usd(attempt.usage) for attempt in attempts
    )
