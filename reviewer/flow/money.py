"""What it costs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.flow.ask import CacheMiss, Usage
from reviewer.flow.texts import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The price of a request before it is sent. `counted` tells that the API counted it.

    `input_usd` is the prompt with nothing in the cache, `warm_usd` with all in it that can be.
    `most_usd` is the hard bound of one pass: the whole prompt at its dearest rate and the whole
    output. `cap_usd` is that of the review, second look and retries included.
    """

    prompt_tokens: int
    counted: bool
    input_usd: float
    warm_usd: float
    most_usd: float
    cap_usd: float
    passes: int = 1
    parts: tuple[tuple[str, int], ...] = ()
    """What the prompt consists of, by estimate: names and tokens."""
    answer_tokens: int = 0
    """The longest answer of a pass."""
    answer_usd: float = 0.0

    @property
    def prompts_usd(self) -> float:
        """What the prompts of all passes cost when the first finds nothing in the cache."""
        return self.input_usd + (self.passes - 1) * self.warm_usd

    @property
    def warm_prompts_usd(self) -> float:
        """What they cost when every pass finds the prompt in the cache."""
        return self.passes * self.warm_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """When a repository was reviewed, or would have been: what is expected rests on it.

    All times are UNIX seconds. `reviews_at` are the reviews from `since` on, oldest first;
    `warm_until` is until when the shared prefix is believed to be in the cache, 0 where nobody
    knows.
    """

    now: float
    since: float
    reviews_at: tuple[float, ...] = ()
    warm_until: float = 0.0
    source: str = ""
    """What tells the reviews, or why nothing does."""
    kept_at: tuple[float, ...] = ()
    """When the shared prefix was read or written only to keep it in the cache, oldest first."""
    last_message: MessageId = ""
    """The id of the message that reviewed this change, or here, last: for cache diagnostics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was spent, and what had been estimated.

    `before_usd` is what earlier reviews of the pull request have cost, those that never ended at
    their cap; `pull_request_cap_usd` is what all may cost, None where there is no such cap.
    """

    usage: Usage
    usd: float
    estimate: Estimate | None = None
    before_usd: float = 0.0
    pull_request_cap_usd: float | None = None
    uncached_usd: float = 0.0
    """What the same requests would have cost without a prompt cache."""
    cache: str = ""
    """How the prompt cache was used and why; empty where nobody was asked."""
    cache_miss: CacheMiss | None = None
    """Why the API could not read what the message before this review had written."""
    untold: bool = False
    """Who was asked did not tell what was billed: it is the most that it can have been."""

    @property
    def written_tokens(self) -> int:
        """What was written to the cache, for however long."""
        return self.usage.cache_write_5m_tokens + self.usage.cache_write_1h_tokens

    @property
    def cached(self) -> bool:
        """Whether a cache had a part in it."""
        return bool(self.usage.cache_read_tokens or self.written_tokens)

    @property
    def pull_request_usd(self) -> float:
        """What all reviews of the pull request have cost, this one included."""
        return self.before_usd + self.usd
