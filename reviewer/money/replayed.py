"""What the reviews of the past would have cost, policy by policy. Pure.

Each review is billed by the exact account of the cache in `replay`, and `auto` and warm-keeping
decide by the very functions of `policy` that the live review calls, with what was known then.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from reviewer.flow import Activity, Outcome, Usage
from reviewer.money import past_prompts, policy
from reviewer.money.expected import LOOK_BACK_SECONDS
from reviewer.money.past_prompts import BEGINS_SECONDS, BESIDE
from reviewer.money.replay import PromptCache
from reviewer.pack import snapshot
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.money.past_prompts import Layout, PastReview, Terms
    from reviewer.money.replay import Ttl
    from reviewer.money.sizes import Size

Setting = Literal["off", "5m", "1h", "auto", "kept"]

BEFORE_END_SECONDS = 300.0
"""How long before its end what is kept alive is read again."""

PLANS: tuple[tuple[Setting, Layout], ...] = (
    ("off", "tip"),
    ("5m", "tip"),
    ("1h", "tip"),
    ("1h", "snapshot"),
    ("auto", "tip"),
    ("auto", "snapshot"),
    ("kept", "snapshot"),
)


def outcomes(
    reviews: Sequence[PastReview], terms: Terms, *, earlier_at: Sequence[float], since: float
) -> tuple[Outcome, ...]:
    """Return what each of `PLANS` comes to; reviews and `earlier_at` are sorted by time.

    `since` is from when on `earlier_at`, reviews that are not replayed, are known.
    """
    known = [*earlier_at, *(one.at_seconds for one in reviews)]
    return tuple(
        _Run(setting, layout, terms, known, since).of(reviews) for setting, layout in PLANS
    )


def assumed(terms: Terms, *, one_push_seconds: float, cap_usd: float) -> tuple[str, ...]:
    """Return what was taken for granted, for whoever reads the numbers.

    `cap_usd` is what a review must be allowed to cost, so that an hour can be written.
    """
    text = render(
        "assumed.md.j2",
        push_minutes=f"{one_push_seconds / 60:g}",
        room=f"{terms.room_tokens:,}",
        cap=f"${cap_usd:,.2f}",
        shares=", ".join(f"{share:g}" for share in terms.shares),
        core=f"{terms.core_share:g}",
        beside=f"{BESIDE:g}",
        output=f"{terms.output_tokens:,}",
        passes=terms.passes,
        begins_seconds=f"{BEGINS_SECONDS:g}",
        before_minutes=f"{BEFORE_END_SECONDS / 60:g}",
    )
    return tuple(text.splitlines())


class _Run:
    """One policy and layout."""

    def __init__(
        self, setting: Setting, layout: Layout, terms: Terms, known: list[float], since: float
    ) -> None:
        self._setting = setting
        self._layout = layout
        self._terms = terms
        self._known = known
        self._since = since
        self._cache = PromptCache()
        self._prompts_usd = self._keeps_usd = 0.0
        self._hits = self._writes = self._keeps = 0

    def of(self, reviews: Sequence[PastReview]) -> Outcome:
        """Return what the reviews come to."""
        ends = [*(one.at_seconds for one in reviews[1:]), reviews[-1].at_seconds]
        spent = tuple(
            self._review(one) + self._keep(one, until=end)
            for one, end in zip(reviews, ends, strict=True)
        )
        return Outcome(
            policy="auto + warm-keeping" if self._setting == "kept" else self._setting,
            layout=self._layout,
            spent_usd=spent,
            prompts_usd=self._prompts_usd,
            hits=self._hits,
            writes=self._writes,
            keeps=self._keeps,
            keeps_usd=self._keeps_usd,
        )

    # --- one review ---------------------------------------------------------------------------

    def _review(self, one: PastReview) -> float:
        ttl = self._ttl(one)
        spent = 0.0
        for number in range(self._terms.passes):
            asked = past_prompts.asked(one, self._terms, self._shown(ttl), ttl, number)
            usage = self._cache.bill(asked)
            spent += self._bill(usage)
            if number == 0:
                self._count(usage)
        return spent

    def _ttl(self, one: PastReview) -> Ttl | None:
        kept = self._setting == "kept"
        alone = self._layout == "snapshot" and not past_prompts.shares(one, self._terms)
        return policy.cache_policy(
            "auto" if self._setting == "kept" else self._setting,
            requests_to_follow=self._terms.passes - 1,
            activity=None if alone else self._activity(one.size, one.at_seconds),
            reviews_per_hour=None if alone else self._terms.reviews_per_hour,
            tariff=self._terms.tariff,
            kept_until=self._day_ends(one.at_seconds) if kept else None,
        ).ttl

    def _shown(self, ttl: Ttl | None) -> Layout:
        """Return the layout: a snapshot is shown only where something is written for others."""
        return self._layout if ttl == "1h" else "tip"

    def _activity(self, size: Size, now: float) -> Activity:
        first = bisect_left(self._known, now - LOOK_BACK_SECONDS)
        return Activity(
            now=now,
            since=max(self._since, now - LOOK_BACK_SECONDS),
            reviews_at=tuple(self._known[first : bisect_left(self._known, now)]),
            warm_until=self._cache.until(past_prompts.shared(size, self._layout), now),
        )

    def _day_ends(self, at: float) -> float:
        return snapshot.boundary(at, hour=self._terms.snapshot_hour) + snapshot.DAY_SECONDS

    def _bill(self, usage: Usage) -> float:
        prompt_usd = self._terms.tariff.usd(replace(usage, output_tokens=0))
        self._prompts_usd += prompt_usd
        # Priced together: where a rate goes by length, the answer's does too.
        return self._terms.tariff.usd(usage)

    def _count(self, usage: Usage) -> None:
        written = usage.cache_write_1h_tokens + usage.cache_write_5m_tokens
        if usage.cache_read_tokens > self._terms.system_tokens:
            self._hits += 1
        elif written > self._terms.system_tokens:
            self._writes += 1

    # --- keeping it alive ---------------------------------------------------------------------

    def _keep(self, one: PastReview, *, until: float) -> float:
        """Read the shared prefix again as long as that pays, up to the next review."""
        spent = 0.0
        now = one.at_seconds + BEGINS_SECONDS
        while self._setting == "kept":
            warm_until = self._cache.until(past_prompts.shared(one.size, self._layout), now)
            now = warm_until - BEFORE_END_SECONDS
            if not warm_until or now >= min(until, self._day_ends(one.at_seconds)):
                break
            activity = self._activity(one.size, now)
            ends = self._day_ends(now)
            if not policy.keep_warm(activity, until=ends, tariff=self._terms.tariff).keep:
                break
            usage = self._cache.bill(past_prompts.keeping(one.size, self._terms, now))
            usd = self._bill(usage)
            self._keeps += 1
            self._keeps_usd += usd
            spent += usd
        return spent
