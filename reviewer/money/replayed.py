"""What the reviews of the past would have cost, policy by policy. Pure.

Each review is billed by the exact account of the cache in `replay`, and `auto` and warm-keeping
decide by the very functions of `policy` that the live review calls, with what was known then.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from reviewer.flow import Activity, Outcome, Usage
from reviewer.money import plan, policy
from reviewer.money.replay import Asked, Prefix, PromptCache
from reviewer.pack import snapshot
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from reviewer.money.prices import Tariff
    from reviewer.money.replay import Ttl
    from reviewer.money.sizes import Size

Layout = Literal["tip", "snapshot"]
Setting = Literal["off", "5m", "1h", "auto", "kept"]

BESIDE = 1.2
"""What a change costs, of the full text of the files it changes: line numbers and its hunks, less
what was cut (measured on packs, benchmarks/README.md)."""

OUTPUT_TOKENS = 20_000
"""Thinking and answer of one request."""

BEGINS_SECONDS = 30.0
"""Until the answer to a long prompt begins."""

PASS_SECONDS = 60.0
"""From the start of one pass of a deep review to the next, which waits for it to begin."""

BEFORE_END_SECONDS = 300.0
"""How long before its end what is kept alive is read again."""

KEEP_TOKENS = 100
"""What a read that keeps the cache alive says beside it."""

PLANS: tuple[tuple[Setting, Layout], ...] = (
    ("off", "tip"),
    ("5m", "tip"),
    ("1h", "tip"),
    ("1h", "snapshot"),
    ("auto", "tip"),
    ("auto", "snapshot"),
    ("kept", "snapshot"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReview:
    """A review: when, of which codebase, and the tokens of the files that it changed."""

    at_seconds: float
    size: Size
    changed_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all of them.

    `room_tokens` is what a prompt may have; `shares` are those of the codebase in it, the first
    that leaves room for the change is taken; `core_share` is that of the core of a snapshot, which
    all but the largest changes share. `system_tokens` are the instructions.
    """

    tariff: Tariff
    room_tokens: int
    shares: tuple[float, ...]
    core_share: float
    system_tokens: int
    passes: int = 1
    snapshot_hour: int = 0
    reviews_per_hour: float | None = None
    output_tokens: int = OUTPUT_TOKENS


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
            asked = _asked(one, self._terms, self._shown(ttl), ttl, number)
            usage = self._cache.bill(asked)
            spent += self._bill(usage)
            if number == 0:
                self._count(usage)
        return spent

    def _ttl(self, one: PastReview) -> Ttl | None:
        kept = self._setting == "kept"
        alone = self._layout == "snapshot" and not _shares(one, self._terms)
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
        first = bisect_left(self._known, now - policy.LOOK_BACK_SECONDS)
        return Activity(
            now=now,
            since=max(self._since, now - policy.LOOK_BACK_SECONDS),
            reviews_at=tuple(self._known[first : bisect_left(self._known, now)]),
            warm_until=self._cache.until(_shared(size, self._layout), now),
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
            warm_until = self._cache.until(_shared(one.size, self._layout), now)
            now = warm_until - BEFORE_END_SECONDS
            if not warm_until or now >= min(until, self._day_ends(one.at_seconds)):
                break
            activity = self._activity(one.size, now)
            ends = self._day_ends(now)
            if not policy.keep_warm(activity, until=ends, tariff=self._terms.tariff).keep:
                break
            usage = self._cache.bill(_keeping(one.size, self._terms, now))
            usd = self._bill(usage)
            self._keeps += 1
            self._keeps_usd += usd
            spent += usd
        return spent


def _shared(size: Size, layout: Layout) -> Hashable:
    """Return the key of the prefix that the usual change of the day shares."""
    return ("tip", size.tip, 0) if layout == "tip" else ("core", size.snapshot)


def _asked(one: PastReview, terms: Terms, layout: Layout, ttl: Ttl | None, number: int) -> Asked:
    """Return the request of one pass of a review."""
    parts = [*_codebase(one, terms, layout)]
    prefixes = [Prefix(key="system", tokens=terms.system_tokens, block=0, ttl=ttl)]
    total = terms.system_tokens
    for block, (key, tokens) in enumerate(parts, start=1):
        total += tokens
        if key is not None:
            prefixes.append(Prefix(key=key, tokens=total, block=block, ttl=ttl))
    total += _beside(one, terms)
    if terms.passes > 1:
        prefixes.append(Prefix(key=one, tokens=total, block=len(prefixes), ttl=ttl))
        total += plan.LENS_TOKENS
    return Asked(
        at_seconds=one.at_seconds + number * PASS_SECONDS,
        prompt_tokens=total,
        output_tokens=terms.output_tokens,
        prefixes=tuple(prefixes) if ttl else (),
        begins_after_seconds=BEGINS_SECONDS,
    )


def _beside(one: PastReview, terms: Terms) -> int:
    """Return what the change costs in the prompt: all but the least share of the codebase."""
    most = int((terms.room_tokens - terms.system_tokens) * (1 - terms.shares[-1]))
    return min(int(one.changed_tokens * BESIDE), most)


def _core_tokens(size: Size, terms: Terms) -> int:
    """Return what the core of a snapshot costs, which all but the largest changes share."""
    room = int(terms.room_tokens * terms.core_share / (1 + snapshot.OVERLAY_SHARE))
    return min(size.snapshot_tokens, room)


def _shares(one: PastReview, terms: Terms) -> bool:
    """Whether the change leaves room for what the reviews of a day share."""
    left = terms.room_tokens - terms.system_tokens - _beside(one, terms)
    return left >= _core_tokens(one.size, terms)


def _codebase(
    one: PastReview, terms: Terms, layout: Layout
) -> Iterator[tuple[Hashable | None, int]]:
    """Yield what is shown of the codebase, part by part: key and tokens.

    A part without a key is of this review alone, and has no breakpoint.
    """
    size, left = one.size, terms.room_tokens - terms.system_tokens - _beside(one, terms)
    rooms = [int(terms.room_tokens * share) for share in terms.shares]
    if layout == "tip" or not _shares(one, terms):
        share, room = next(
            ((number, room) for number, room in enumerate(rooms) if room <= left), (-1, left)
        )
        cut = share if size.tip_tokens > room else 0
        yield ("tip", size.tip, cut), min(size.tip_tokens, room)
        return
    core = _core_tokens(size, terms)
    whole = min(size.snapshot_tokens, int(rooms[0] / (1 + snapshot.OVERLAY_SHARE)))
    overlay = min(size.overlay_tokens, rooms[0] - whole)
    yield ("core", size.snapshot), core
    if min(rooms[0], whole + overlay) <= left:
        yield ("rest", size.snapshot), whole - core
        yield ("overlay", size.snapshot, size.tip), overlay
    else:
        yield None, min(size.tip_tokens, left) - core


def _keeping(size: Size, terms: Terms, now: float) -> Asked:
    """Return the request that only reads the shared prefix."""
    most = int(terms.room_tokens * terms.shares[0] / (1 + snapshot.OVERLAY_SHARE))
    core = terms.system_tokens + _core_tokens(size, terms)
    whole = terms.system_tokens + min(size.snapshot_tokens, most)
    keys: tuple[tuple[Hashable, int], ...] = (
        ("system", terms.system_tokens),
        (_shared(size, "snapshot"), core),
        (("rest", size.snapshot), whole),
    )
    return Asked(
        at_seconds=now,
        prompt_tokens=whole + KEEP_TOKENS,
        output_tokens=1,
        prefixes=tuple(
            Prefix(key=key, tokens=tokens, block=block, ttl="1h")
            for block, (key, tokens) in enumerate(keys)
        ),
        begins_after_seconds=BEGINS_SECONDS,
    )
