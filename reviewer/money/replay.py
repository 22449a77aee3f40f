"""An exact account of the prompt cache: what each request of a sequence is billed for. Pure.

The rules (platform.claude.com, "Prompt caching"; the stand-in keeps its own account of them, and
a test holds the two together):

- A request writes at its breakpoints, and nowhere else; below the model's minimum, nothing.
- It reads the longest prefix that an earlier request wrote and whose end lies within
  `LOOKBACK_BLOCKS` blocks before one of its own breakpoints.
- An entry lives for the lifetime it was written with, from the start of the request; each read
  of it, or of a longer prefix that holds it, begins the lifetime anew.
- It can be read once the response of the request that wrote it has begun.
- What lies before the last breakpoint and was not read is written, for an hour up to the last
  breakpoint of an hour; the rest is input.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal

from reviewer.flow import Usage

if TYPE_CHECKING:
    from collections.abc import Hashable

Ttl = Literal["5m", "1h"]

TTL_SECONDS: dict[Ttl, float] = {"5m": 300.0, "1h": 3600.0}

LOOKBACK_BLOCKS = 20

MINIMUM_TOKENS = 512
"""The shortest prefix that Opus 5.5 caches; whole codebases are longer anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """The beginning of a prompt up to the end of a block.

    `key` tells it from any other, `tokens` are all up to there. `ttl` is that of its breakpoint;
    None where there is none, and only an earlier request's entry may be found. `block` is the
    number of its last block in the prompt.
    """

    key: Hashable
    tokens: int
    block: int
    ttl: Ttl | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: when it starts, how long until its response begins, and what it holds.

    `prefixes` are in the order of the prompt; a request without a breakpoint neither reads nor
    writes.
    """

    at_seconds: float
    prompt_tokens: int
    output_tokens: int = 0
    prefixes: tuple[Prefix, ...] = ()
    begins_after_seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class _Entry:
    ttl: Ttl
    until_seconds: float


class PromptCache:
    """The entries of one workspace. Requests are told in the order in which they start."""

    def __init__(self, *, minimum_tokens: int = MINIMUM_TOKENS) -> None:
        self._minimum_tokens = minimum_tokens
        self._entries: dict[Hashable, _Entry] = {}
        self._coming: list[tuple[float, int, list[tuple[Hashable, _Entry]]]] = []
        self._asked = 0

    def bill(self, asked: Asked) -> Usage:
        """Return what a request is billed for, and keep what it reads and writes."""
        now = asked.at_seconds
        self._begin(now)
        marks = [one for one in asked.prefixes if one.ttl and one.tokens >= self._minimum_tokens]
        hit = self._hit(asked, marks)
        read = [one for one in asked.prefixes if hit and one.block <= hit.block]
        for one in read:
            if self._readable(one.key, now):
                entry = self._entries[one.key]
                entry.until_seconds = now + TTL_SECONDS[entry.ttl]
        self._write(asked, [mark for mark in marks if mark not in read])
        return _usage(asked, marks, hit.tokens if hit else 0)

    def until(self, key: Hashable, now: float) -> float:
        """Return until when a prefix can be read, 0 where it cannot at that time."""
        self._begin(now)
        return self._entries[key].until_seconds if self._readable(key, now) else 0.0

    def _begin(self, now: float) -> None:
        """Make readable what was written by requests whose responses have begun."""
        while self._coming and self._coming[0][0] <= now:
            _, _, entries = heappop(self._coming)
            for key, entry in entries:
                known = self._entries.get(key)
                if known is None or known.until_seconds < entry.until_seconds:
                    self._entries[key] = entry

    def _readable(self, key: Hashable, now: float) -> bool:
        entry = self._entries.get(key)
        return entry is not None and now < entry.until_seconds

    def _hit(self, asked: Asked, marks: list[Prefix]) -> Prefix | None:
        """Return the longest prefix that is read from the cache."""
        found = (
            one
            for one in asked.prefixes
            if self._readable(one.key, asked.at_seconds)
            and any(0 <= mark.block - one.block < LOOKBACK_BLOCKS for mark in marks)
        )
        return max(found, key=lambda one: one.block, default=None)

    def _write(self, asked: Asked, marks: list[Prefix]) -> None:
        entries = [
            (
                mark.key,
                _Entry(ttl=mark.ttl, until_seconds=asked.at_seconds + TTL_SECONDS[mark.ttl]),
            )
            for mark in marks
            if mark.ttl
        ]
        if entries:
            self._asked += 1
            begins_at = asked.at_seconds + asked.begins_after_seconds
            heappush(self._coming, (begins_at, self._asked, entries))


def _usage(asked: Asked, marks: list[Prefix], read: int) -> Usage:
    hour = max((mark.tokens for mark in marks if mark.ttl == "1h"), default=0)
    through_hour = max(read, hour)
    through_last = max(read, *(mark.tokens for mark in marks), 0)
    return Usage(
        input_tokens=asked.prompt_tokens - through_last,
        cache_read_tokens=read,
        cache_write_1h_tokens=through_hour - read,
        cache_write_5m_tokens=through_last - through_hour,
        output_tokens=asked.output_tokens,
    )
