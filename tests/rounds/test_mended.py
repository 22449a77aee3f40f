"""What was mended is said so, once; what was not is not."""

from __future__ import annotations

import pytest
from story import (
    ANSWERED,
    EMPTY,
    FIXED,
    LAST,
    NAME,
    NUMBER,
    OPEN,
    Story,
    claim,
    evidence,
    title,
    titles,
)

GOOD = ("items[len(items)]", "items[len(items) - 1]")
TWO = claim(
    "shop.py",
    "def greeting(user):",
    evidence=[evidence("letters.py", "greeting(1)"), evidence("bills.py", "greeting(2)")],
    title="greeting() takes a user, and two callers pass a number",
    explanation="Both letters.py and bills.py pass an int, which has no name.",
)
CALLERS: dict[str, str | bytes | None] = {
    "letters.py": "from shop import greeting\n\ngreeting(1)\n",
    "bills.py": "from shop import greeting\n\ngreeting(2)\n",
}


def test_what_was_mended_is_said_in_its_thread_once(story: Story) -> None:
    story.review(LAST, NAME)
    story.shop(*GOOD)
    story.review(NAME)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(NAME)

    assert story.states == {title(LAST): FIXED, title(NAME): OPEN}
    (reply,) = story.replies
    assert "Mended" in reply
    assert story.comment(title(LAST)).resolved_by is None
    assert "1 fixed" in story.summary


def test_what_was_mended_no_longer_fails_the_gate(story: Story) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "high"
    assert story.review(LAST) == 1
    story.shop(*GOOD)

    assert story.review() == 0


def test_a_guard_above_the_line_mends_it_too(story: Story) -> None:
    story.review(EMPTY)
    story.shop("def mean(prices):\n", "def mean(prices):\n    if not prices:\n        return 0\n")
    story.review()

    assert story.states[title(EMPTY)] == FIXED


def test_what_is_not_found_again_without_a_change_still_stands(story: Story) -> None:
    story.review(EMPTY)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review()

    assert story.states[title(EMPTY)] == OPEN
    assert story.replies == []


def test_what_was_mended_in_part_is_not_mended(story: Story) -> None:
    story.push(CALLERS)
    story.review(TWO)
    story.push({"letters.py": "from shop import greeting\n\ngreeting(user)\n"})
    part = TWO | {
        "evidence": [evidence("bills.py", "greeting(2)")],
        "title": "greeting() takes a user, and one caller passes a number",
    }
    story.review(part)

    assert story.states == {title(TWO): OPEN}
    assert (story.told, story.replies) == (titles(TWO), [])


def test_what_was_mended_in_the_caller_is_mended(story: Story) -> None:
    story.push(CALLERS)
    story.review(TWO)
    user = "from shop import greeting\n\ngreeting(user)\n"
    story.push({"letters.py": user, "bills.py": user})
    story.review()

    assert story.states == {title(TWO): FIXED}


def test_what_was_mended_wrongly_is_not_mended_and_not_told_twice(story: Story) -> None:
    story.review(LAST)
    story.shop("items[len(items)]", "items[len(items) + 0]")
    wrong = LAST | {
        "quote": "    return items[len(items) + 0]",
        "title": "last() still reads one past the end",
        "replacement": None,
    }
    story.review(wrong)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(wrong)

    assert story.told == titles(LAST)
    assert story.states == {title(LAST): OPEN}
    assert "on other code" in story.summary or "still stands" in story.summary
    assert story.replies == []


def test_what_came_back_is_said_in_its_thread_and_stands_again(story: Story) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "high"
    story.review(LAST)
    story.shop(*GOOD)
    assert story.review() == 0
    story.shop(*reversed(GOOD))

    assert story.review(LAST) == 1
    assert story.told == titles(LAST)
    assert story.states == {title(LAST): OPEN}
    assert ["there again" in reply for reply in story.replies] == [False, True]


def test_a_claim_that_was_not_borne_out_does_not_count_as_mended(story: Story) -> None:
    story.review(LAST)
    story.shop(*GOOD)
    story.review(LAST)  # its quote is nowhere any more

    assert story.states == {title(LAST): OPEN}
    assert story.replies == []


def test_code_that_is_gone_takes_its_finding_along(story: Story) -> None:
    story.review(LAST, NAME)
    story.shop("\n\ndef last(items):\n    return items[len(items)]\n", "\n")
    story.review(NAME)

    assert story.states[title(LAST)] == FIXED


def test_a_file_that_is_gone_takes_its_findings_along(story: Story) -> None:
    story.push({"extra.py": "THE_PASSWORD = 'x'\n"})
    found = claim("extra.py", "THE_PASSWORD = 'x'", title="A password stands in the code")
    story.review(found)
    story.push({"extra.py": None})
    story.review()

    assert story.states == {title(found): FIXED}


def test_code_that_only_moved_is_not_mended(story: Story) -> None:
    story.review(LAST)
    moved = "def last(items):\n    return items[len(items)]\n"
    story.shop(moved, "pass\n")
    story.push({"ends.py": moved})
    story.review()

    assert story.states == {title(LAST): OPEN}


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "forbidden"])
def test_a_thread_is_resolved_only_on_request_and_if_the_token_may(
    story: Story, *, allowed: bool
) -> None:
    story.extra["REVIEWER_RESOLVE_FIXED"] = "true"
    story.github.contents_write = allowed
    story.review(LAST)
    story.shop(*GOOD)
    story.review()
    story.push({"carts.py": "SIZE = 1\n"})
    story.review()

    assert (story.comment(title(LAST)).resolved_by is not None) == allowed
    assert story.states == {title(LAST): FIXED}
    assert len(story.replies) == 1


def test_a_thread_in_which_a_person_wrote_is_not_resolved(story: Story) -> None:
    story.extra["REVIEWER_RESOLVE_FIXED"] = "true"
    story.review(LAST)
    story.reply(title(LAST), "Will do.")
    story.push({"carts.py": "SIZE = 1\n"})
    story.review()
    assert story.states == {title(LAST): ANSWERED}
    story.shop(*GOOD)
    story.review()

    assert story.comment(title(LAST)).resolved_by is None
    assert story.states == {title(LAST): FIXED}


def test_a_comment_that_goes_away_while_it_is_answered_stops_nothing(story: Story) -> None:
    from reviewer.standin import github_faults as faults
    from reviewer.standin.github_errors import unprocessable

    story.review(LAST)
    story.shop(*GOOD)
    gone = faults.instead(unprocessable("in_reply_to is invalid").answer)
    story.github.fail_next("POST", r".*/replies", gone)
    story.review()

    assert story.states == {title(LAST): FIXED}
    assert story.github.pull_request(NUMBER).review_comments


def test_the_local_engine_keeps_rounds_too(story: Story) -> None:
    story.extra["REVIEWER_ENGINE"] = "local"
    story.shop("def total(prices):", "def sum_of(prices):", "total(prices) /", "sum_of(prices) /")
    story.run()
    (told,) = story.told
    story.push({"carts.py": "SIZE = 1\n"})
    story.run()
    assert story.told == [told]
    story.push({"report.py": "from shop import sum_of\n\nprint(sum_of([2, 3]))\n"})
    story.run()

    assert story.told == [told]
    assert list(story.states.values()) == [FIXED]
    assert story.paid == 0
