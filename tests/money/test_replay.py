"""The replay's account of the prompt cache, held against the stand-in's, which is another."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.money.replay import Asked, Prefix, PromptCache
from reviewer.standin.messages import Messages, Received, Turn
from reviewer.standin.prefix_cache import Lookup, PrefixCache, Prompt, PromptBlock
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Usage

MINIMUM_TOKENS = 512
"""Of the model that is asked here."""

WAITS = (0.0, 1.0, 200.0, 299.0, 300.0, 301.0, 1800.0, 3599.0, 3600.0, 4000.0)

Block = tuple[str, str | None]
"""What it says, and the lifetime its breakpoint asks for."""


class Clock:
    """A clock that stands still until it is told to move."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@st.composite
def prompts(draw: st.DrawFn) -> list[Block]:
    """Prompts of few contents, so that prefixes are shared often; 1h stands before 5m."""
    contents = draw(
        st.lists(st.sampled_from(("a" * 300, "b" * 400, "c" * 7)), min_size=1, max_size=26)
    )
    marks = draw(st.lists(st.integers(0, len(contents) - 1), max_size=4, unique=True))
    hours = draw(st.integers(0, 4))
    ttl = {mark: "1h" if rank < hours else "5m" for rank, mark in enumerate(sorted(marks))}
    return [(content, ttl.get(number)) for number, content in enumerate(contents)]


SEQUENCES = st.lists(
    st.tuples(st.sampled_from(WAITS), st.sampled_from((0.0, 5.0, 250.0)), prompts()),
    min_size=1,
    max_size=8,
)
"""Seconds before each request, seconds until its response begins, and its prompt."""


def asked(
    at_seconds: float, begins_after_seconds: float, prompt: list[Block], *, before: int = 0
) -> Asked:
    """Return the request as the replay sees it; `before` are tokens in front of the prompt."""
    totals = accumulate(len(content) for content, _ in prompt)
    contents = [content for content, _ in prompt]
    return Asked(
        at_seconds=at_seconds,
        begins_after_seconds=begins_after_seconds,
        prompt_tokens=before + sum(map(len, contents)),
        output_tokens=1,
        prefixes=tuple(
            Prefix(
                key=tuple(contents[: number + 1]),
                tokens=before + total,
                block=number,
                ttl=ttl,  # type: ignore[arg-type]  # the two words above
            )
            for number, ((_, ttl), total) in enumerate(zip(prompt, totals, strict=True))
        ),
    )


def sent(prompt: list[Block]) -> list[Any]:
    """Return the messages of the request as the SDK sends it."""
    content = [
        {"type": "text", "text": text}
        | ({"cache_control": {"type": "ephemeral", "ttl": ttl}} if ttl else {})
        for text, ttl in prompt
    ]
    return [{"role": "user", "content": content}]


def billed(sequence: list[tuple[float, float, list[Block]]]) -> tuple[list[Usage], list[Asked]]:
    """Send a sequence through the real SDK; return what was billed, and the same for a replay."""
    from anthropic import Anthropic

    clock = Clock()
    same: list[Asked] = []

    def begin_after(seconds: float) -> Callable[[Received], str]:
        def answer(_: Received) -> str:
            clock.seconds += seconds
            return "x"

        return answer

    turns = [Turn(text=begin_after(seconds)) for _, seconds, _ in sequence]
    api = Messages(turns, clock=clock, count=len)
    with Server(api) as server, Anthropic(base_url=server.url, api_key="stand-in") as client:
        for wait_seconds, begins_after_seconds, prompt in sequence:
            clock.seconds += wait_seconds
            same.append(asked(clock.seconds, begins_after_seconds, prompt))
            with client.messages.stream(
                model="claude-opus-5-5", max_tokens=1000, messages=sent(prompt)
            ) as stream:
                stream.get_final_message()
    return [bill.usage for bill in api.ledger], same


def bills(requests: list[Asked]) -> list[Usage]:
    cache = PromptCache(minimum_tokens=MINIMUM_TOKENS)
    return [cache.bill(one) for one in requests]


@settings(max_examples=15, deadline=None)
@given(SEQUENCES)
def test_the_stand_in_bills_real_requests_as_the_replay_does(
    sequence: list[tuple[float, float, list[Block]]],
) -> None:
    by_the_stand_in, same = billed(sequence)

    assert bills(same) == by_the_stand_in


@settings(max_examples=50)
@given(SEQUENCES)
def test_requests_that_overlap_read_only_what_has_begun(
    sequence: list[tuple[float, float, list[Block]]],
) -> None:
    clock = Clock()
    cache = PrefixCache(clock)
    coming: list[tuple[float, int, Lookup]] = []
    by_the_stand_in: list[Usage] = []
    same: list[Asked] = []
    at_seconds = 0.0
    for wait_seconds, begins_after_seconds, prompt in sequence:
        at_seconds += wait_seconds
        for begun in sorted(one for one in coming if one[0] <= at_seconds):
            clock.seconds = begun[0]
            cache.begin(begun[2])
            coming.remove(begun)
        clock.seconds = at_seconds
        blocks = tuple(
            PromptBlock(identity=text.encode(), tokens=len(text), breakpoint=ttl)  # type: ignore[arg-type]  # the two words above
            for text, ttl in prompt
        )
        lookup = cache.look_up(Prompt(key=b"", blocks=blocks, minimum_tokens=MINIMUM_TOKENS))
        coming.append((at_seconds + begins_after_seconds, len(coming) + len(same) * 100, lookup))
        by_the_stand_in.append(lookup.usage)
        same.append(asked(at_seconds, begins_after_seconds, prompt))

    told = bills(same)

    assert [one.prompt_tokens for one in told] == [one.prompt_tokens for one in by_the_stand_in]
    assert [_prompt(one) for one in told] == [_prompt(one) for one in by_the_stand_in]


def _prompt(usage: Usage) -> tuple[int, int, int, int]:
    return (
        usage.input_tokens,
        usage.cache_read_tokens,
        usage.cache_write_5m_tokens,
        usage.cache_write_1h_tokens,
    )


def test_a_prefix_is_known_to_be_warm_until_its_lifetime_is_over() -> None:
    cache = PromptCache(minimum_tokens=0)
    cache.bill(asked(0.0, 60.0, [("a", "1h"), ("b", None)]))

    assert cache.until(("a",), 59.0) == 0.0
    assert cache.until(("a",), 60.0) == 3600.0
    assert cache.until(("a",), 3600.0) == 0.0
