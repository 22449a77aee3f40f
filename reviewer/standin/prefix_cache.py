"""The prompt cache of the Messages API, to the token. Pure, but for the clock handed in.

The rules are those of the prompt-caching page (platform.claude.com/docs, "How automatic prefix
checking works" and "Mixing different TTLs"). Where the page leaves a gap, the choice is:

- A hit refreshes every entry inside the prefix it read, because the content of each was used.
- An entry keeps the lifetime it was written with, whatever lifetime a later reader names.
- Only what is billed is written: a breakpoint inside a prefix that was read writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from reviewer.flow import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Lifetime = Literal["5m", "1h"]

LIFETIME_SECONDS: dict[Lifetime, float] = {"5m": 300.0, "1h": 3600.0}

LOOKBACK_BLOCKS = 20
"""Positions checked at each breakpoint, the breakpoint itself being the first."""

_NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptBlock:
    """One block of a prompt: a tool, a system block, or a content block of a message.

    `identity` is everything that tells it from another block, `tokens` what it costs.
    `breakpoint` is the lifetime asked for by its `cache_control`, or None.
    """

    identity: bytes
    tokens: int
    breakpoint: Lifetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt in the API's order: tools, system, messages.

    `key` holds what a shared prefix must agree in besides its blocks. `minimum_tokens` is the
    shortest prefix the model caches; breakpoints before it are ignored, without an error.
    """

    key: bytes
    blocks: tuple[PromptBlock, ...]
    minimum_tokens: int

    @property
    def tokens(self) -> int:
        """The length of the whole prompt."""
        return sum(block.tokens for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A cached prefix, readable before `expires_at_seconds` on the cache's clock."""

    digest: bytes
    lifetime: Lifetime
    expires_at_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What one request read, and what it will have written once its response begins."""

    usage: Usage
    writes: tuple[Entry, ...]


class PrefixCache:
    """The entries of one workspace. Not thread-safe: its owner holds the lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: dict[bytes, Entry] = {}

    def look_up(self, prompt: Prompt) -> Lookup:
        """Bill a request that starts now, and refresh what it reads.

        Nothing is written yet: see `begin`.
        """
        now = self._clock()
        digests = tuple(_digests(prompt))
        marks = _marks(prompt)
        hit = self._longest_hit(digests, marks, now)
        self._refresh(digests[: hit + 1], now)
        return Lookup(
            usage=_bill(prompt, marks, hit),
            writes=tuple(
                Entry(
                    digest=digests[mark],
                    lifetime=lifetime,
                    expires_at_seconds=now + LIFETIME_SECONDS[lifetime],
                )
                for mark, lifetime in marks.items()
                if mark > hit
            ),
        )

    def begin(self, lookup: Lookup) -> None:
        """Make a request's writes readable: its response has begun.

        Their age still counts from the start of the request.
        """
        for entry in lookup.writes:
            known = self._entries.get(entry.digest, entry)
            self._entries[entry.digest] = max(known, entry, key=lambda one: one.expires_at_seconds)

    def _longest_hit(
        self, digests: tuple[bytes, ...], marks: dict[int, Lifetime], now: float
    ) -> int:
        seen = (
            position
            for mark in marks
            for position in range(mark, max(_NOWHERE, mark - LOOKBACK_BLOCKS), -1)
            if self._readable(digests[position], now)
        )
        return max(seen, default=_NOWHERE)

    def _readable(self, digest: bytes, now: float) -> bool:
        entry = self._entries.get(digest)
        return entry is not None and now < entry.expires_at_seconds

    def _refresh(self, digests: tuple[bytes, ...], now: float) -> None:
        for digest in digests:
            if self._readable(digest, now):
                entry = self._entries[digest]
                later = now + LIFETIME_SECONDS[entry.lifetime]
                self._entries[digest] = replace(entry, expires_at_seconds=later)


def _digests(prompt: Prompt) -> Iterator[bytes]:
    """Yield the cumulative hash after each block: one byte changes all that follow."""
    digest = sha256(prompt.key).digest()
    for block in prompt.blocks:
        digest = sha256(digest + block.identity).digest()
        yield digest


def _marks(prompt: Prompt) -> dict[int, Lifetime]:
    """Return the breakpoints that count, by position."""
    totals = accumulate(block.tokens for block in prompt.blocks)
    return {
        position: block.breakpoint
        for position, (block, total) in enumerate(zip(prompt.blocks, totals, strict=True))
        if block.breakpoint and total >= prompt.minimum_tokens
    }


def _bill(prompt: Prompt, marks: dict[int, Lifetime], hit: int) -> Usage:
    """Split the prompt at three points: the hit, the last 1h breakpoint, the last breakpoint."""

    def tokens_up_to(position: int) -> int:
        return sum(block.tokens for block in prompt.blocks[: position + 1])

    last_1h = max((mark for mark, lifetime in marks.items() if lifetime == "1h"), default=_NOWHERE)
    read = tokens_up_to(hit)
    through_1h = tokens_up_to(max(hit, last_1h))
    through_last = tokens_up_to(max(hit, *marks, _NOWHERE))
    return Usage(
        input_tokens=prompt.tokens - through_last,
        cache_read_tokens=read,
        cache_write_1h_tokens=through_1h - read,
        cache_write_5m_tokens=through_last - through_1h,
    )
