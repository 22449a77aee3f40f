"""What is sent, and what comes back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from reviewer.flow.pack import Block
from reviewer.flow.texts import MessageId

CacheMissKind = Literal[
    "model_changed",
    "system_changed",
    "tools_changed",
    "messages_changed",
    "previous_message_not_found",
    "unavailable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What a model can take, from the Models API, the bundled table or the settings (`source`)."""

    id: str
    max_input_tokens: int
    max_output_tokens: int
    betas: tuple[str, ...] = ()
    source: Literal["api", "bundled", "settings"] = "bundled"
    warning: str = ""
    at_gateway: bool = False
    """Whether a gateway is asked that does not pass Anthropic's answers on: it may count by a
    tokenizer of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that is sent to the model, but the key."""

    model: str
    max_output_tokens: int
    system: tuple[Block, ...]
    user: tuple[Block, ...]
    schema: str
    """The JSON schema of the answer, as text; the same for every pass."""
    effort: str | None = None
    cache_ttl: Literal["5m", "1h"] | None = None
    """None: breakpoints are not sent, because a lone review would pay for a write nobody reads."""
    betas: tuple[str, ...] = ()
    inference_geo: str | None = None
    previous_message: str = ""
    """The id of an earlier message: the API is asked why the cache does not hold its prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheMiss:
    """Why the prompt cache did not hold the prompt of an earlier message, in the API's words.

    `missed_tokens` is about what would have been read; 0 where the API does not tell. Source:
    platform.claude.com, "Cache diagnostics".
    """

    kind: CacheMissKind
    missed_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was billed, in tokens. The prompt is the sum of the first four."""

    input_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cache_write_5m_tokens=self.cache_write_5m_tokens + other.cache_write_5m_tokens,
            cache_write_1h_tokens=self.cache_write_1h_tokens + other.cache_write_1h_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )

    @property
    def prompt_tokens(self) -> int:
        """Everything that was read, from the cache or not."""
        return (
            self.input_tokens
            + self.cache_write_5m_tokens
            + self.cache_write_1h_tokens
            + self.cache_read_tokens
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that reached the model: `problem` is empty for the one that was used.

    `unsure` tells that nobody said what was billed in the end: the answer broke off, and thinking
    that is not shown is billed too. Its `usage` is the least then. `message_id` is empty where no
    answer began; `cache_miss` is None for a hit, and where the API had not found out yet.
    """

    request_id: str
    usage: Usage
    problem: str = ""
    unsure: bool = False
    message_id: MessageId = ""
    cache_miss: CacheMiss | None = None
    untold: bool = False
    """Nobody told what the prompt was billed as: `usage` has the most that it can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the model answered. `incomplete` is empty only when it ended its turn by itself.

    Otherwise it says why the text cannot be the whole review: cut off at the output limit, out
    of window, refused, or the stream broke more often than we retry.
    """

    text: str
    model: str
    stop_reason: str
    attempts: tuple[Attempt, ...]
    seconds: float
    incomplete: str = ""

    @classmethod
    def unanswered(cls, model: str, attempts: tuple[Attempt, ...], *, why: str) -> Self:
        """Return what is left of a request that has no answer: its tries may be billed."""
        return cls(
            text="", model=model, stop_reason="", attempts=attempts, seconds=0.0, incomplete=why
        )

    @property
    def usage(self) -> Usage:
        """The bill of every attempt, failed ones included."""
        return sum((attempt.usage for attempt in self.attempts), Usage())
