"""What the next review costs, and what past ones would have cost. Pure: values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the next review would cost by one model at one depth.

    `cold_usd` are the prompts of all passes with nothing in the cache, as the policy `cache` of
    the review writes them; `warm_usd` are the same where the codebase is in the cache, `batch_usd`
    without a cache in a Message Batch. `most_usd` is the bound of one pass, its longest answer
    included. `problem` says why there is no price; then the numbers are 0.
    """

    model: str
    depth: str
    window_tokens: int
    cap_usd: float
    cache: str = "off"
    passes: int = 1
    prompt_tokens: int = 0
    cold_usd: float = 0.0
    warm_usd: float = 0.0
    batch_usd: float = 0.0
    most_usd: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the reviews would have cost under one policy and layout.

    `spent_usd` is what each came to, in the order of `Replayed.at_seconds`, answers and the reads
    that keep the cache alive included; `prompts_usd` is the sum without the answers. `hits` are
    the reviews that read the codebase from the cache, `writes` those that wrote it.
    """

    policy: str
    layout: str
    spent_usd: tuple[float, ...]
    prompts_usd: float
    hits: int
    writes: int
    keeps: int = 0
    keeps_usd: float = 0.0

    @property
    def usd(self) -> float:
        """What all of it came to."""
        return sum(self.spent_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The past reviews of a repository, and what they would have cost; the first is `off`.

    `at_seconds` are UNIX seconds, `guessed` the pull requests whose commits are not here.
    """

    model: str
    pull_requests: int
    guessed: int
    at_seconds: tuple[float, ...]
    codebase_tokens: int
    room_tokens: int
    outcomes: tuple[Outcome, ...]
    assumed: tuple[str, ...]

    @property
    def days(self) -> float:
        """From the first review to the last, at least one."""
        return max(1.0, (self.at_seconds[-1] - self.at_seconds[0]) / 86_400)

    @property
    def reviews_a_day(self) -> float:
        """How many there were, week-ends and nights included."""
        return len(self.at_seconds) / self.days

    def relative(self, outcome: Outcome) -> float:
        """Return what the prompts cost in relation to no caching; 1 where all are free."""
        uncached_usd = self.outcomes[0].prompts_usd
        return outcome.prompts_usd / uncached_usd if uncached_usd else 1.0
