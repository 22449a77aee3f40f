"""What a review cost, and what the prompt cache did for it, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import CacheMiss, Cost

WHY = {
    "model_changed": "the model is another one",
    "system_changed": "the instructions or the rules for every change are other ones",
    "tools_changed": "the tools are other ones",
    "messages_changed": "the codebase or what follows it is another one",
    "previous_message_not_found": "the API does not know the message before this review any more",
    "unavailable": "the API cannot tell why",
}
"""The reasons of the API (platform.claude.com, "Cache diagnostics")."""

UNTOLD = "who was asked does not tell what was read, written or billed"


def paid(cost: Cost) -> str:
    """Return what was paid; where nobody told, that it is the most that it can have been."""
    return f"{'at most ' if cost.untold else ''}${cost.usd:.2f}"


def cache_lines(cost: Cost) -> Iterator[str]:
    """Give how the cache was used and why, what came of it, and why it was missed."""
    if cost.cache:
        yield cost.cache
    if cost.untold:
        yield UNTOLD
    elif cost.cached:
        yield _came_of_it(cost)
    if cost.cache_miss:
        yield _missed(cost.cache_miss)


def _came_of_it(cost: Cost) -> str:
    usage = cost.usage
    written = f", wrote {cost.written_tokens:,} to it" if cost.written_tokens else ""
    return (
        f"read {usage.cache_read_tokens:,} of {usage.prompt_tokens:,} tokens from the cache"
        f"{written}: ${cost.usd:,.2f} instead of ${cost.uncached_usd:,.2f}"
    )


def _missed(miss: CacheMiss) -> str:
    missed = f"about {miss.missed_tokens:,} tokens" if miss.missed_tokens else "the cache"
    return f"missed {missed} that the review before had written: {WHY[miss.kind]}"
