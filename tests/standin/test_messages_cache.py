"""The prompt cache: its accounting over the wire, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages_client import Clock, asking, playing, prompt, streamed, text

from reviewer.standin.messages import Messages, Received, Turn
from reviewer.standin.prefix_cache import LOOKBACK_BLOCKS, PrefixCache, Prompt, PromptBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anthropic import Anthropic
    from anthropic.types import Usage as WireUsage

LONG = 600
"""Above the 512 tokens that the default model needs, at one token a character."""


def split(usage: WireUsage) -> tuple[int, int, int, int]:
    """Return read, written for 5 minutes, written for an hour, uncached."""
    assert usage.cache_creation is not None
    written = usage.cache_creation
    assert usage.cache_creation_input_tokens == (
        written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens
    )
    return (
        usage.cache_read_input_tokens or 0,
        written.ephemeral_5m_input_tokens,
        written.ephemeral_1h_input_tokens,
        usage.input_tokens,
    )


class Shop:
    """A client and a cache whose clock is in the test's hand; a token is a character."""

    def __init__(self, standin: Messages, client: Anthropic, clock: Clock) -> None:
        self.standin, self.client, self.clock = standin, client, clock

    def buy(self, *blocks: dict[str, Any], **more: Any) -> tuple[int, int, int, int]:
        return split(streamed(self.client, messages=prompt(*blocks), **more).usage)


@pytest.fixture
def shop() -> Iterator[Shop]:
    clock = Clock()
    with playing(*[Turn(text="x")] * 12, clock=clock, count=len) as (standin, client):
        yield Shop(standin, client, clock)


def test_a_first_request_writes_and_a_second_reads(shop: Shop) -> None:
    first = shop.buy(text("a" * LONG, "5m"), text("?"))
    second = shop.buy(text("a" * LONG, "5m"), text("?!"))

    assert (first, second) == ((0, LONG, 0, 1), (LONG, 0, 0, 2))


def test_usage_is_the_same_whether_streamed_or_not(shop: Shop) -> None:
    shop.buy(text("a" * LONG, "5m"), text("?"))
    request = asking(messages=prompt(text("a" * LONG, "5m"), text("?")))

    assert split(shop.client.messages.create(**request).usage) == (LONG, 0, 0, 1)


def test_nothing_is_written_without_a_breakpoint(shop: Shop) -> None:
    shop.buy(text("a" * LONG), text("?"))

    assert shop.buy(text("a" * LONG, "5m"), text("?")) == (0, LONG, 0, 1)


def test_tools_come_before_system_before_messages(shop: Shop) -> None:
    tool = {"name": "read", "input_schema": {"type": "object"}}
    marked = {**tool, "cache_control": {"type": "ephemeral"}}
    shop.buy(text("?"), system=[text("a" * LONG, "5m")], tools=[tool])
    other_tool = shop.buy(text("?"), system=[text("a" * LONG, "5m")])
    same_tool = shop.buy(text("!"), system=[text("a" * LONG, "5m")], tools=[marked])

    assert other_tool == (0, LONG, 0, 1)
    assert same_tool == (LONG + len('{"name":"read","input_schema":{"type":"object"}}'), 0, 0, 1)


def test_both_lifetimes_are_billed_apart(shop: Shop) -> None:
    bought = shop.buy(text("a" * LONG, "1h"), text("b" * 10, "5m"), text("c"))

    assert bought == (0, 10, LONG, 1)


@pytest.mark.parametrize(("ttl", "seconds"), [("5m", 300), ("1h", 3600)])
def test_an_entry_lives_from_the_start_of_the_request_that_wrote_it(
    shop: Shop, ttl: str, seconds: int
) -> None:
    shop.buy(text("a" * LONG, ttl))
    shop.clock.seconds = seconds - 0.5
    in_time = shop.buy(text("a" * LONG, ttl))
    shop.clock.seconds += seconds
    too_late = shop.buy(text("a" * LONG, ttl))

    assert (in_time[0], too_late[0]) == (LONG, 0)


def test_a_slow_reply_eats_into_the_lifetime_of_what_it_writes() -> None:
    clock = Clock()

    def take_four_minutes(_: Received) -> str:
        clock.seconds += 240
        return "x"

    request = {"messages": prompt(text("a" * LONG, "5m"))}
    turns = (Turn(text=take_four_minutes), Turn(text="y"))
    with playing(*turns, clock=clock, count=len) as (_, client):
        streamed(client, **request)
        clock.seconds += 60

        assert streamed(client, **request).usage.cache_read_input_tokens == 0


def test_each_read_refreshes(shop: Shop) -> None:
    for number in range(5):
        shop.clock.seconds = number * 200.0
        shop.buy(text("a" * LONG, "5m"))

    assert [bill.usage.cache_read_tokens for bill in shop.standin.ledger] == [0, *[LONG] * 4]


def test_reading_a_longer_prefix_refreshes_the_shorter_one_inside_it(shop: Shop) -> None:
    for seconds in (0.0, 200.0):
        shop.clock.seconds = seconds
        shop.buy(text("a" * LONG, "5m"), text("b", "5m"))
    shop.clock.seconds = 400.0

    assert shop.buy(text("a" * LONG, "5m"), text("c", "5m"))[0] == LONG


def test_a_prompt_below_the_minimum_is_not_cached_and_nobody_says_so(shop: Shop) -> None:
    shop.buy(text("a" * 511, "5m"))

    assert shop.buy(text("a" * 511, "5m")) == (0, 0, 0, 511)


def test_the_minimum_depends_on_the_model(shop: Shop) -> None:
    assert shop.buy(text("a" * 4095, "5m"), model="claude-opus-4-6") == (0, 0, 0, 4095)
    assert shop.buy(text("a" * 4096, "5m"), model="claude-opus-4-6") == (0, 4096, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "claude-opus-5"},
        {"thinking": {"type": "adaptive"}},
        {"output_config": {"effort": "high"}},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "string"}}}},
        {"tool_choice": {"type": "none"}},
        {"system": "You review code."},
    ],
)
def test_what_is_not_the_same_request_is_not_the_same_prefix(
    shop: Shop, change: dict[str, Any]
) -> None:
    shop.buy(text("a" * LONG, "5m"))

    assert shop.buy(text("a" * LONG, "5m"), **change)[0] == 0


def test_effort_at_the_models_default_is_no_change(shop: Shop) -> None:
    shop.buy(text("a" * LONG, "5m"))

    assert shop.buy(text("a" * LONG, "5m"), output_config={"effort": "medium"})[0] == LONG


def test_a_changed_tool_choice_leaves_the_system_prompt_cached(shop: Shop) -> None:
    system = [text("s" * LONG, "5m")]
    shop.buy(text("a", "5m"), system=system)

    assert shop.buy(text("a", "5m"), system=system, tool_choice={"type": "none"})[0] == LONG


@pytest.mark.parametrize(("added", "read"), [(LOOKBACK_BLOCKS - 1, LONG), (LOOKBACK_BLOCKS, 0)])
def test_the_lookback_ends_after_20_positions(shop: Shop, added: int, read: int) -> None:
    tail = [text(str(number)) for number in range(added - 1)]
    shop.buy(text("a" * LONG, "5m"))

    assert shop.buy(text("a" * LONG), *tail, text("z", "5m"))[0] == read


def test_a_breakpoint_on_what_changes_is_never_read(shop: Shop) -> None:
    shop.buy(text("a" * LONG), text("10:00", "5m"))

    assert shop.buy(text("a" * LONG), text("10:01", "5m")) == (0, LONG + 5, 0, 0)


def test_one_breakpoint_at_the_top_marks_the_last_block(shop: Shop) -> None:
    first = shop.buy(text("a" * LONG), cache_control={"type": "ephemeral", "ttl": "1h"})
    second = shop.buy(text("a" * LONG), text("b"), cache_control={"type": "ephemeral"})

    assert (first, second) == ((0, 0, LONG, 0), (LONG, 1, 0, 0))


def test_the_same_text_in_another_role_is_another_prefix(shop: Shop) -> None:
    shop.buy(text("a" * LONG, "5m"))
    usage = streamed(shop.client, system=[text("a" * LONG, "5m")]).usage

    assert usage.cache_read_input_tokens == 0


def test_the_same_text_from_the_assistant_is_another_prefix(shop: Shop) -> None:
    def said_by(role: str) -> list[Any]:
        content = [text("a" * LONG, "5m")]
        question = {"role": "user", "content": "?"}
        return [question, {"role": role, "content": content}, question]

    streamed(shop.client, messages=said_by("assistant"))
    usage = streamed(shop.client, messages=said_by("user")).usage

    assert usage.cache_read_input_tokens == 0


def test_an_entry_can_be_read_as_soon_as_the_first_response_begins(shop: Shop) -> None:
    request = asking(messages=prompt(text("a" * LONG, "5m")))
    with shop.client.messages.stream(**request) as first:
        next(first)

        assert shop.buy(text("a" * LONG, "5m"))[0] == LONG


def test_requests_sent_before_the_first_response_begins_all_pay_the_write() -> None:
    asked, begin = Event(), Event()

    def wait(_: Received) -> str:
        asked.set()
        assert begin.wait(timeout=10)
        return "x"

    request = {"messages": prompt(text("a" * LONG, "5m"))}
    turns = (Turn(text=wait), Turn(text="y"), Turn(text="z"))
    with playing(*turns, count=len, clock=Clock()) as (standin, client):
        slow = Thread(target=lambda: streamed(client, **request))
        slow.start()
        assert asked.wait(timeout=10)
        streamed(client, **request)
        begin.set()
        slow.join()
        streamed(client, **request)

    assert [bill.usage.cache_write_5m_tokens for bill in standin.ledger] == [LONG, LONG, 0]


def test_a_failed_request_writes_nothing() -> None:
    request = {"messages": prompt(text("a" * LONG, "5m"))}
    failing = Turn.rate_limited(retry_after_seconds=0.01)
    with playing(failing, Turn(text="x"), count=len, max_retries=1) as (_, client):
        assert split(streamed(client, **request).usage) == (0, LONG, 0, 0)


def test_a_stream_that_broke_has_warmed_the_cache_for_its_retry() -> None:
    request = {"messages": prompt(text("a" * LONG, "5m"))}
    with playing(Turn.ends_early("abc"), Turn(text="x"), count=len) as (_, client):
        streamed(client, **request)

        assert split(streamed(client, **request).usage) == (LONG, 0, 0, 0)


def test_a_late_response_does_not_shorten_the_life_of_an_entry() -> None:
    clock = Clock()
    cache = PrefixCache(clock)
    block = PromptBlock(identity=b"a", tokens=LONG, breakpoint="5m")
    asked = Prompt(key=b"", blocks=(block,), minimum_tokens=0)
    slow = cache.look_up(asked)
    clock.seconds = 100.0
    cache.begin(cache.look_up(asked))
    cache.begin(slow)
    clock.seconds = 350.0

    assert cache.look_up(asked).usage.cache_read_tokens == LONG


# --- what always holds -------------------------------------------------------------------------


@st.composite
def prompts(draw: st.DrawFn) -> Prompt:
    """Prompts of few contents, so that prefixes are shared often; 1h stands before 5m."""
    contents = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=30))
    marks = draw(st.lists(st.integers(0, len(contents) - 1), max_size=4, unique=True))
    hours = draw(st.integers(0, 4))
    lifetimes = {mark: "1h" if rank < hours else "5m" for rank, mark in enumerate(sorted(marks))}
    blocks = tuple(
        PromptBlock(
            identity=content.encode(),
            tokens=ord(content) - ord("a"),
            breakpoint=lifetimes.get(position),  # type: ignore[arg-type]  # the two words above
        )
        for position, content in enumerate(contents)
    )
    return Prompt(
        key=draw(st.sampled_from((b"one", b"two"))),
        blocks=blocks,
        minimum_tokens=draw(st.integers(0, 6)),
    )


def breakpoints(prompt_: Prompt) -> list[int]:
    """Return the tokens before each breakpoint that counts."""
    totals = accumulate(block.tokens for block in prompt_.blocks)
    return [
        total
        for block, total in zip(prompt_.blocks, totals, strict=True)
        if block.breakpoint and total >= prompt_.minimum_tokens
    ]


def warmed(history: list[tuple[Prompt, float]], clock: Clock) -> PrefixCache:
    cache = PrefixCache(clock)
    for each, wait_seconds in history:
        clock.seconds += wait_seconds
        cache.begin(cache.look_up(each))
    return cache


histories = st.lists(st.tuples(prompts(), st.sampled_from((0.0, 1.0, 299.0, 301.0, 3601.0))))


@given(histories, prompts())
def test_usage_always_adds_up_to_the_prompt(
    history: list[tuple[Prompt, float]], last: Prompt
) -> None:
    usage = warmed(history, Clock()).look_up(last).usage

    assert usage.prompt_tokens == last.tokens
    assert min(usage.input_tokens, usage.cache_read_tokens) >= 0
    assert min(usage.cache_write_1h_tokens, usage.cache_write_5m_tokens) >= 0


@given(histories, prompts(), st.floats(0, 299))
def test_the_same_request_in_time_reads_up_to_its_last_breakpoint(
    history: list[tuple[Prompt, float]], last: Prompt, wait_seconds: float
) -> None:
    clock = Clock()
    cache = warmed([*history, (last, 0.0)], clock)
    clock.seconds += wait_seconds
    usage = cache.look_up(last).usage

    assert usage.cache_read_tokens == max(breakpoints(last), default=0)
    assert usage.cache_write_1h_tokens + usage.cache_write_5m_tokens == 0


@given(histories, prompts(), st.data())
def test_one_changed_byte_is_read_up_to_the_breakpoint_before_it(
    history: list[tuple[Prompt, float]], last: Prompt, data: st.DataObject
) -> None:
    changed = data.draw(st.integers(0, len(last.blocks) - 1))
    blocks = list(last.blocks)
    blocks[changed] = replace(blocks[changed], identity=blocks[changed].identity + b"!")
    before = replace(last, blocks=last.blocks[:changed])
    clock = Clock()
    usage = warmed([(last, 0.0)], clock).look_up(replace(last, blocks=tuple(blocks))).usage
    after_history = warmed([*history, (last, 0.0)], clock)
    usage_after_history = after_history.look_up(replace(last, blocks=tuple(blocks))).usage

    assert usage.cache_read_tokens == max(breakpoints(before), default=0)
    assert usage_after_history.cache_read_tokens <= before.tokens


@given(histories, prompts())
def test_nothing_can_be_read_before_a_response_begins(
    history: list[tuple[Prompt, float]], last: Prompt
) -> None:
    cache = PrefixCache(Clock())
    for each, _ in history:
        cache.look_up(each)

    assert cache.look_up(last).usage.cache_read_tokens == 0


@given(histories, prompts())
def test_nothing_is_read_once_every_lifetime_is_over(
    history: list[tuple[Prompt, float]], last: Prompt
) -> None:
    clock = Clock()
    cache = warmed(history, clock)
    clock.seconds += 3600

    assert cache.look_up(last).usage.cache_read_tokens == 0
