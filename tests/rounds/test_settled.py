"""What a person settled is never told again, reworded or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story import (
    ANSWERED,
    AUTHOR,
    DELETED,
    DISMISSED,
    EMPTY,
    EMPTY_REWORDED,
    FIXED,
    MINIMISED,
    NAME,
    NUMBER,
    OPEN,
    OWNER,
    RESOLVED,
    STRANGER,
    Story,
    title,
    titles,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def declined(story: Story) -> None:
    story.reply(title(EMPTY), "Carts are never empty here: see the check at the till.")


def resolved(story: Story) -> None:
    story.github.resolve_thread(NUMBER, story.comment(title(EMPTY)).id, AUTHOR)


def minimised(story: Story) -> None:
    story.github.minimize_comment(NUMBER, story.comment(title(EMPTY)).id, "off-topic")


def dismissed(story: Story) -> None:
    story.dismiss(story.id_of(title(EMPTY)), "carts are never empty")


def deleted(story: Story) -> None:
    story.github.delete_comment(NUMBER, story.comment(title(EMPTY)).id)


SETTLING = pytest.mark.parametrize(
    ("settle", "state"),
    [
        (declined, ANSWERED),
        (resolved, RESOLVED),
        (minimised, MINIMISED),
        (dismissed, DISMISSED),
        (deleted, DELETED),
    ],
    ids=["declined", "resolved", "minimised", "dismissed", "deleted"],
)
MOVED = "def mean(prices):\n    return total(prices) / len(prices)\n"


@SETTLING
def test_it_is_not_told_again_in_another_file(
    story: Story, settle: Callable[[Story], None], state: str
) -> None:
    story.review(EMPTY, NAME)
    settle(story)
    before = story.told
    story.shop(MOVED, "pass\n")
    story.push({"averages.py": "from shop import total\n\n\n" + MOVED})
    story.review(EMPTY | {"path": "averages.py"}, NAME)

    assert story.told == before
    assert story.states[title(EMPTY)] == state


@SETTLING
def test_it_is_not_told_again_in_other_words_or_two_rounds_later(
    story: Story, settle: Callable[[Story], None], state: str
) -> None:
    story.review(EMPTY, NAME)
    settle(story)
    before = story.told
    for claims in ((NAME, EMPTY_REWORDED), (EMPTY, NAME)):
        story.push({"carts.py": f"SIZE = {len(story.bodies)}\n"})
        story.review(*claims)

    assert story.told == before
    assert story.states == {title(EMPTY): state, title(NAME): OPEN}


@SETTLING
def test_what_is_settled_does_not_fail_the_gate_but_an_answer_alone_settles_nothing_there(
    story: Story, settle: Callable[[Story], None], state: str
) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "medium"
    assert story.review(EMPTY) == 1
    settle(story)
    story.push({"carts.py": "SIZE = 1\n"})

    assert story.review(EMPTY) == (1 if state == ANSWERED else 0)


def test_the_reason_of_a_dismissal_is_shown(story: Story) -> None:
    story.review(EMPTY)
    dismissed(story)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(EMPTY)

    assert "dismissed: carts are never empty" in story.summary


def test_a_thread_that_is_opened_again_stands_again(story: Story) -> None:
    story.review(EMPTY)
    resolved(story)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review()
    assert story.states[title(EMPTY)] == RESOLVED
    story.github.resolve_thread(NUMBER, story.comment(title(EMPTY)).id, None)
    story.push({"carts.py": "SIZE = 2\n"})
    story.review()

    assert story.states[title(EMPTY)] == OPEN


@pytest.mark.parametrize(
    ("who", "state"),
    [(AUTHOR, ANSWERED), (OWNER, ANSWERED), (STRANGER, OPEN), ("helper[bot]", OPEN)],
)
def test_only_people_with_a_say_are_heard(story: Story, who: str, state: str) -> None:
    story.review(EMPTY)
    story.reply(title(EMPTY), "Nonsense, ignore it.", author=who)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review()

    assert story.states[title(EMPTY)] == state
    assert ("Nonsense" in story.asked) == (state == ANSWERED)


def test_threads_that_cannot_be_read_leave_what_was_noted(story: Story) -> None:
    from reviewer.standin import github_faults as faults

    story.review(EMPTY, NAME)
    resolved(story)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(NAME)
    story.push({"carts.py": "SIZE = 2\n"})
    story.github.fail_next("POST", "/graphql", faults.BAD_GATEWAY, times=50)
    story.review(EMPTY, NAME)

    assert story.told == titles(EMPTY, NAME)
    assert story.states == {title(EMPTY): RESOLVED, title(NAME): OPEN}


def test_a_paused_pull_request_is_not_reviewed(story: Story) -> None:
    from reviewer.flow import Ledger
    from reviewer.publish import ledger

    story.review(EMPTY)
    note = story.note
    book = ledger.read(note.body)
    assert isinstance(book, Ledger)
    old = note.body.splitlines()[-2]
    body = note.body.replace(old, ledger.line(book.pausing(paused=True)))
    story.github.edit_issue_comment(NUMBER, note.id, "github-actions[bot]", body)
    story.push({"carts.py": "SIZE = 1\n"})

    assert story.run() == 0
    assert story.paid == 1
    assert story.told == titles(EMPTY)


def test_what_was_settled_and_then_changed_away_says_nothing_more(story: Story) -> None:
    story.review(EMPTY, NAME)
    resolved(story)
    story.shop("    return total(prices) / len(prices)", "    return 1")
    story.review(NAME)

    assert story.states[title(EMPTY)] == RESOLVED
    assert story.replies == []
    assert FIXED not in story.states.values()
