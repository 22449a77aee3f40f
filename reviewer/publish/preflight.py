"""What a review will cost, said before anything is paid. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.flow import Estimate, History
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings

TEN_CENTS = 0.1


def preflight(
    prepared: Prepared, settings: Settings, history: History | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the price by part, and what bounds it, as names and words."""
    estimate = prepared.estimate
    return (
        ("prompt", prompt(estimate)),
        ("input", entry(estimate)),
        ("answer", f"at most {estimate.answer_tokens:,} tokens, {usd(estimate.answer_usd)}"),
        ("at most", f"{usd(estimate.most_usd)} with the longest answer{_each(estimate)}"),
        ("cap", cap(estimate, settings, history)),
        ("cache", prepared.cache),
    )


def prompt(estimate: Estimate) -> str:
    """Return its size, who says so, and what it consists of."""
    counted = "counted by the API" if estimate.counted else "estimated"
    parts = ", ".join(f"{tokens:,} {name}" for name, tokens in estimate.parts)
    about = f" (about {parts})" if parts else ""
    return f"{estimate.prompt_tokens:,} tokens, {counted}{about}"


def entry(estimate: Estimate) -> str:
    """Return what the prompts of all passes cost, the cache cold and warm."""
    cold, warm = usd(estimate.prompts_usd), usd(estimate.warm_prompts_usd)
    passes = f" in {estimate.passes} passes" if estimate.passes > 1 else ""
    if warm == cold:
        return f"{cold}{passes}, without the prompt cache"
    return f"{cold} cold, {warm} with a warm cache{passes}"


def cap(estimate: Estimate, settings: Settings, history: History | None) -> str:
    """Return what may be spent, and what is spent already."""
    said = f"{usd(estimate.cap_usd)} for this review, with all that may follow"
    if history is None or history.cap_usd is None:
        return said
    return (
        f"{said}; {usd(history.ledger.spent_usd)} of {usd(settings.max_usd_per_pull_request)} "
        "for this pull request are spent"
    )


def usd(dollars: float) -> str:
    """Return an amount, to the cent, or closer where it is only some cents."""
    small = 0 < dollars < TEN_CENTS
    return f"${dollars:.4f}" if small else f"${dollars:,.2f}"


def _each(estimate: Estimate) -> str:
    return ", each pass" if estimate.passes > 1 else ""
