"""What is settled before a file is read: how much may be shown, and how it is cached. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.money import plan, prices, warmth
from reviewer.money.policy import CacheChoice
from reviewer.pack import snapshot
from reviewer.pack.tokens import family_of

if TYPE_CHECKING:
    from reviewer.flow import Activity, ModelFacts
    from reviewer.money.prices import Tariff
    from reviewer.pack.tokens import Family
    from reviewer.settings import Settings

SHARED = "1h"
"""The cache that is written for other runs; five minutes are for the passes of one."""

IN_BATCH = CacheChoice(
    ttl=None,
    reason="the requests of a batch run at the same time, and each would write it anew",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is settled before a file is read."""

    settings: Settings
    facts: ModelFacts
    family: Family
    lenses: tuple[str, ...] = ()
    cache: CacheChoice
    at_once: int
    """How many passes the cap must hold for at their dearest; in a batch it is one of each."""
    tariff: Tariff
    cap_usd: float
    """What this review may cost, with all that may follow."""
    max_output_tokens: int
    budget_tokens: int
    affordable_tokens: int
    """What the cap allows, whatever the window."""
    earlier: str
    """What earlier rounds told; empty in the first."""
    previous_message: str
    source: str
    """What told the other reviews; empty where they decide nothing."""
    since: float | None
    """When the day began whose reviews share a snapshot; None where nothing is shared."""

    def rather_than_hiding(self, whole_tokens: int) -> Terms | None:
        """Return the terms without a cache for other runs, if that would cost code; or None.

        What is written for an hour costs twice the price, so below the same cap less can be shown.
        `whole_tokens` is about what the prompt needs to show everything. A setting other than
        `auto` is kept to.
        """
        if self.settings.cache != "auto" or self.cache.ttl != SHARED or self.lenses:
            return None
        plain = _budgeted(replace(self, cache=CacheChoice(ttl=None, reason=""), since=None))
        if self.budget_tokens >= min(plain.budget_tokens, whole_tokens):
            return None
        needed_tokens = min(plain.budget_tokens, whole_tokens)
        enough_usd = plan.most_usd(
            self.tariff,
            needed_tokens,
            max_output_tokens=self.max_output_tokens,
            cache_ttl=SHARED,
        )
        reason = (
            f"a write for an hour would leave room for {self.budget_tokens:,} tokens below the "
            f"cap of ${self.cap_usd:.2f}, where {needed_tokens:,} are shown without; it would pay "
            f"({self.cache.reason}): raise `max_usd_per_review` to {enough_usd:.2f} for it"
        )
        return replace(plain, cache=CacheChoice(ttl=None, reason=reason))

    def alone(self, missing: str) -> Terms:
        """Return them for a review that shares nothing: it writes nothing for others either.

        `missing` tells why the snapshot is not known; where it is, the change is too large for it.
        Passes of a deep review have their own cache. A setting other than `auto` is kept to.
        """
        if self.settings.cache != "auto" or self.lenses:
            return self
        too_large = "the change leaves no room for what the reviews of the day share"
        reason = f"the snapshot of the day is not known: {missing}" if missing else too_large
        return replace(self, cache=CacheChoice(ttl=None, reason=reason))


def settle(
    settings: Settings,
    facts: ModelFacts,
    activity: Activity,
    *,
    cap_usd: float,
    earlier: str = "",
    batch: bool = False,
) -> Terms:
    """Settle them; raises `CapTooSmall` and `UnknownPrice`. In a `batch` no cache is written."""
    if batch:
        settings = replace(settings, cache="off")
    lenses = tuple(dict.fromkeys(settings.lenses)) if settings.depth == "deep" else ()
    tariff = prices.tariff(settings, model=facts.id, batch=batch)
    day = snapshot.boundary(activity.now, hour=settings.snapshot_hour)
    activity, cache = warmth.chosen(settings, activity, day, tariff=tariff, passes=len(lenses))
    return _budgeted(
        Terms(
            settings=settings,
            facts=facts,
            family=family_of(facts.id),
            lenses=lenses,
            cache=IN_BATCH if batch else cache,
            at_once=1 if batch else plan.at_once(settings),
            tariff=tariff,
            cap_usd=cap_usd,
            max_output_tokens=min(settings.max_output_tokens, facts.max_output_tokens),
            budget_tokens=0,
            affordable_tokens=0,
            earlier=earlier,
            previous_message=activity.last_message,
            source=activity.source if settings.cache == "auto" else "",
            since=day if cache.ttl == SHARED else None,
        )
    )


def _budgeted(terms: Terms) -> Terms:
    """Return them with the budgets. Of several passes the second may miss the cache too."""
    allowed = plan.budget_tokens(
        terms.facts,
        terms.tariff,
        max_output_tokens=terms.max_output_tokens,
        cap_usd=terms.cap_usd,
        cache_ttl=terms.cache.ttl,
        at_once=terms.at_once,
    )
    affordable = plan.affordable_tokens(
        terms.tariff,
        max_output_tokens=terms.max_output_tokens,
        cap_usd=terms.cap_usd / terms.at_once,
        cache_ttl=terms.cache.ttl,
    )
    return replace(
        terms,
        budget_tokens=min(allowed, terms.settings.max_prompt_tokens or allowed),
        affordable_tokens=affordable,
    )
