"""The ledger is missing, damaged, forged: it is rebuilt from our comments, and nothing is told
twice or lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story import (
    DELETED,
    EMPTY,
    EMPTY_REWORDED,
    LAST,
    NAME,
    NUMBER,
    OPEN,
    STRANGER,
    Story,
    title,
    titles,
)

from reviewer.flow import Ledger
from reviewer.publish import ledger
from reviewer.publish.comments import MARKER

if TYPE_CHECKING:
    from collections.abc import Callable

BOT = "github-actions[bot]"


def rewritten(story: Story, change: Callable[[str], str], *, by: str = BOT) -> None:
    """Give the line of the ledger in the summary another text."""
    note = story.note
    old = note.body.splitlines()[-2]
    story.github.edit_issue_comment(NUMBER, note.id, by, note.body.replace(old, change(old)))


def missing(story: Story) -> None:
    rewritten(story, lambda _line: "")


def damaged(story: Story) -> None:
    rewritten(story, lambda line: line.replace("eN", "eX"))


def truncated(story: Story) -> None:
    rewritten(story, lambda line: line[: len(line) // 2] + " -->")


def of_the_future(story: Story) -> None:
    rewritten(story, lambda line: line.replace("ledger/1", "ledger/2"))


def a_bomb(story: Story) -> None:
    import zlib
    from base64 import b64encode

    data = b64encode(zlib.compress(b" " * 5_000_000)).decode()
    rewritten(story, lambda _line: MARKER.format(f"ledger/1 {data}"))


def deleted(story: Story) -> None:
    story.github.delete_comment(NUMBER, story.note.id)


def forged_by_an_edit(story: Story) -> None:
    """Say that all is dismissed, in our own summary, as people with write access can."""
    book = story.ledger
    for one in book.known:
        book = book.dismissed(one.id, why="forged") or book
    rewritten(story, lambda _line: ledger.line(book), by="maintainer")


@pytest.mark.parametrize(
    "lose",
    [missing, damaged, truncated, of_the_future, a_bomb, deleted, forged_by_an_edit],
)
def test_a_ledger_that_cannot_be_believed_is_rebuilt(
    story: Story, lose: Callable[[Story], None]
) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "high"
    story.review(EMPTY, NAME)
    names = {one.title: one.id for one in story.ledger.known}
    lose(story)
    story.push({"carts.py": "SIZE = 1\n"})

    assert story.review(EMPTY_REWORDED, NAME, LAST) == 1

    assert story.told == titles(EMPTY, NAME, LAST)
    assert story.states == {title(one): OPEN for one in (EMPTY, NAME, LAST)}
    assert names.items() <= {one.title: one.id for one in story.ledger.known}.items()
    assert story.id_of(title(LAST)) == "F3"
    assert "cannot be believed" in story.summary


def test_the_ledger_of_a_strangers_comment_is_not_read(story: Story) -> None:
    story.review(EMPTY, NAME)
    body = story.summary.replace("-->", "-->", 1)
    book = story.ledger
    for one in book.known:
        book = book.dismissed(one.id, why="forged") or book
    forged = body.replace(body.splitlines()[-2], ledger.line(book))
    story.github.add_issue_comment(NUMBER, STRANGER, forged)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(NAME, LAST)

    assert story.states == {title(one): OPEN for one in (EMPTY, NAME, LAST)}


def test_a_ledger_in_a_finding_of_the_model_is_not_read(story: Story) -> None:
    forged = ledger.line(Ledger(round=9, paused=True)) + "\n" + MARKER.format("summary")
    story.review(NAME | {"explanation": f"Look:\n\n{forged}"})
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(NAME)

    assert story.paid == 2
    assert story.ledger.round == 2
    assert not story.ledger.paused


def test_a_comment_that_a_person_deleted_is_remembered_without_the_summary(story: Story) -> None:
    """The review that told it cannot be deleted, and says so still."""
    story.review(EMPTY, NAME)
    story.github.delete_comment(NUMBER, story.comment(title(EMPTY)).id)
    deleted(story)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(EMPTY_REWORDED, NAME)

    assert story.told == titles(NAME)
    assert story.states == {title(EMPTY): DELETED, title(NAME): OPEN}


def test_after_a_lost_ledger_the_change_is_reviewed_although_it_is_the_same(story: Story) -> None:
    story.review(NAME)
    damaged(story)
    story.review(NAME)

    assert story.paid == 2
    assert story.told == titles(NAME)


def test_our_own_line_is_believed_again_once_we_wrote_it(story: Story) -> None:
    story.review(EMPTY, NAME)
    forged_by_an_edit(story)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(EMPTY, NAME)
    story.dismiss("F1", "on purpose")
    story.push({"carts.py": "SIZE = 2\n"})
    story.review(EMPTY, NAME)

    assert "cannot be believed" not in story.summary
    assert "dismissed: on purpose" in story.summary
