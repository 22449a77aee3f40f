"""Two runs at once, and runs that die between any two writes: nothing twice, nothing lost."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer
from dying import Dying
from story import (
    EMPTY,
    EMPTY_REWORDED,
    FIXED,
    LAST,
    NAME,
    OPEN,
    Story,
    claim,
    title,
    titles,
)

from reviewer.errors import ReviewerError
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.standin.github import GitHub
    from reviewer.standin.server import Answer, Exchange

DEEP = claim("shop.py", "def total(prices):", title="total() takes no generator")
"""On a line outside of every hunk: its comment is one on the file, in a request of its own."""


@dataclass
class Interrupted:
    """GitHub, where something else happens before the nth request."""

    github: GitHub
    at: int
    meanwhile: Callable[[], object]
    seen: int = field(default=-1)

    def answer(self, exchange: Exchange) -> Answer:
        self.seen += 1
        if self.seen == self.at:
            self.meanwhile()
        return self.github.answer(exchange)


REQUESTS = 22
"""At least as many as one run makes; what comes after its last one is after the run."""


def at_once(story: Story, at: int, first: Turn, second: Turn) -> None:
    """Let one run begin, and do the whole of a second one before its nth request."""
    github = story.github

    def other() -> None:
        story.application = github
        story.run(second, name="other")

    story.application = Interrupted(github, at, other)
    story.run(first, action="opened")
    story.application = github


@pytest.mark.parametrize("at", range(1, REQUESTS, 3))
def test_two_runs_at_once_tell_everything_once(story: Story, at: int) -> None:
    first = Turn(text=answer(EMPTY, NAME))
    second = Turn(text=answer(EMPTY_REWORDED, LAST))
    at_once(story, at, first, second)

    told = story.told
    if story.paid == 1:  # one of them was done before the other looked: the patch is the same
        assert told in (titles(EMPTY, NAME), titles(EMPTY_REWORDED, LAST))
    else:
        assert len(told) == 3
        assert set(titles(NAME, LAST)) <= set(told)
    assert len(story.ledger.known) == len(told)
    shown = {re.search(r"<sub>(F\d+)", one.body)[1] for one in story.comments}  # type: ignore[index]
    assert shown == {one.id for one in story.ledger.known}


@pytest.mark.parametrize("at", range(2, REQUESTS, 5))
def test_two_runs_that_find_the_same_tell_it_once(story: Story, at: int) -> None:
    turn = Turn(text=answer(EMPTY, NAME, DEEP))
    at_once(story, at, turn, turn)

    assert story.told == titles(EMPTY, NAME, DEEP)
    assert len(story.ledger.known) == 3


@pytest.mark.parametrize("at", [3, 9, 14])
def test_a_dismissal_during_a_run_is_not_lost(story: Story, at: int) -> None:
    story.review(EMPTY, NAME)
    story.push({"carts.py": "SIZE = 1\n"})
    github = story.github
    story.application = Interrupted(github, at, lambda: story.dismiss("F1", "on purpose"))
    story.run(Turn(text=answer(EMPTY, NAME, LAST)))

    assert story.ledger.known[0].why == "on purpose"
    assert story.told == titles(EMPTY, NAME, LAST)


# --- killed ------------------------------------------------------------------------------------


def killed(story: Story, after: int, *, carried_out: bool, claims: tuple[Any, ...]) -> None:
    github = story.github
    story.application = Dying(github, after, carried_out)
    with suppress(ReviewerError):
        story.review(*claims)
    story.application = github


CARRIED = pytest.mark.parametrize("carried_out", [True, False], ids=["done", "not done"])


@CARRIED
@pytest.mark.parametrize("after", [1, 2, 3], ids=["review", "comment", "summary"])
def test_a_first_round_that_dies_is_completed_by_the_next(
    story: Story, after: int, *, carried_out: bool
) -> None:
    killed(story, after, carried_out=carried_out, claims=(EMPTY, NAME, DEEP))
    story.review(EMPTY_REWORDED, NAME, DEEP)

    told = story.told
    assert len(told) == 3
    assert set(titles(NAME, DEEP)) <= set(told)
    assert len(story.ledger.known) == 3


@CARRIED
@pytest.mark.parametrize("after", [1, 2, 3, 4], ids=["review", "comment", "reply", "summary"])
def test_a_later_round_that_dies_is_completed_by_the_next(
    story: Story, after: int, *, carried_out: bool
) -> None:
    story.review(EMPTY, LAST)
    story.shop("items[len(items)]", "items[len(items) - 1]")
    killed(story, after, carried_out=carried_out, claims=(EMPTY, NAME, DEEP))
    story.review(EMPTY_REWORDED, NAME, DEEP)

    assert story.told == titles(EMPTY, LAST, NAME, DEEP)
    assert story.states == {
        title(EMPTY): OPEN,
        title(LAST): FIXED,
        title(NAME): OPEN,
        title(DEEP): OPEN,
    }
    assert len(story.replies) == 1


def test_a_crash_between_review_and_summary_and_then_another_push(story: Story) -> None:
    killed(story, 3, carried_out=False, claims=(EMPTY, NAME))
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(NAME, LAST)

    assert story.told == titles(EMPTY, NAME, LAST)
    assert len(story.ledger.known) == 3
