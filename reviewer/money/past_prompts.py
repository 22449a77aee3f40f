"""What a review of the past would have sent: how its prompt is laid out, and what it shares. Pure.

As `layout` does it for a review of today, but in sizes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reviewer.money import plan
from reviewer.money.replay import Asked, Prefix
from reviewer.pack import snapshot

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from reviewer.money.prices import Tariff
    from reviewer.money.replay import Ttl
    from reviewer.money.sizes import Size

Layout = Literal["tip", "snapshot"]

BESIDE = 1.2
"""What a change costs, of the full text of the files it changes: line numbers and its hunks, less
what was cut (measured on packs, benchmarks/README.md)."""

OUTPUT_TOKENS = 20_000
"""Thinking and answer of one request."""

BEGINS_SECONDS = 30.0
"""Until the answer to a long prompt begins."""

PASS_SECONDS = 60.0
"""From the start of one pass of a deep review to the next, which waits for it to begin."""

KEEP_TOKENS = 100
"""What a read that keeps the cache alive says beside it."""


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


def shared(size: Size, layout: Layout) -> Hashable:
    """Return the key of the prefix that the usual change of the day shares."""
    return ("tip", size.tip, 0) if layout == "tip" else ("core", size.snapshot)


def asked(one: PastReview, terms: Terms, layout: Layout, ttl: Ttl | None, number: int) -> Asked:
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


def shares(one: PastReview, terms: Terms) -> bool:
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
    if layout == "tip" or not shares(one, terms):
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


def keeping(size: Size, terms: Terms, now: float) -> Asked:
    """Return the request that only reads the shared prefix."""
    most = int(terms.room_tokens * terms.shares[0] / (1 + snapshot.OVERLAY_SHARE))
    core = terms.system_tokens + _core_tokens(size, terms)
    whole = terms.system_tokens + min(size.snapshot_tokens, most)
    keys: tuple[tuple[Hashable, int], ...] = (
        ("system", terms.system_tokens),
        (shared(size, "snapshot"), core),
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
