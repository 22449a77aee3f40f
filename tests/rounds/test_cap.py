"""`max_usd_per_pull_request`: whatever happens, all reviews together stay below it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from answers import answer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story import BOT, EMPTY, LAST, NAME, NUMBER, STRANGER, Story
from test_at_once import at_once

from reviewer.errors import ReviewerError
from reviewer.flow import Bill
from reviewer.publish.github.account import UNRECORDED
from reviewer.standin import github_faults as faults
from reviewer.standin.messages import Break, Turn

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.standin.github import GitHub
    from reviewer.standin.server import Answer, Exchange

REVIEW_USD = 0.3
CAP_USD = 0.9
CLEAN = answer()
FOUND = answer(EMPTY, NAME)


@pytest.fixture
def story(story: Story) -> Story:
    """A story in which a review can cost $0.30, and usually costs about half of that."""
    tighten(story)
    return story


def tighten(story: Story) -> None:
    story.extra |= {
        "REVIEWER_MAX_USD_PER_REVIEW": str(REVIEW_USD),
        "REVIEWER_MAX_USD_PER_PULL_REQUEST": str(CAP_USD),
        "REVIEWER_MAX_OUTPUT_TOKENS": "8000",
        "REVIEWER_CACHE": "off",
    }


def turn(text: str = FOUND, **others: object) -> Turn:
    return replace(Turn(text=text, thinking_tokens=7_000), **others)  # type: ignore[arg-type]


def push(story: Story, n: int) -> None:
    story.push({"carts.py": f"SIZE = {n}\n"})


def outcome(story: Story) -> str:
    return (story.folder / "runner" / "output").read_text().rpartition("outcome<<")[2].split()[1]


# --- what is noted -----------------------------------------------------------------------------


def test_every_review_is_billed_to_the_pull_request(story: Story) -> None:
    for n in range(3):
        push(story, n)
        story.run(turn(answer(EMPTY)))

    assert [bill.run for bill in story.ledger.bills] == ["101-1", "102-1", "103-1"]
    assert all(bill.settled for bill in story.ledger.bills)
    assert story.ledger.spent_usd == pytest.approx(story.billed_usd)
    assert f"have cost ${story.billed_usd:.2f} of $0.90 at the most" in story.summary


def test_a_first_review_that_finds_nothing_leaves_no_word_but_a_reaction(story: Story) -> None:
    story.run(turn(CLEAN), action="opened")

    pull = story.github.pull_request(NUMBER)
    assert (pull.issue_comments, pull.reviews) == ((), ())
    assert story.github.pull_reactions(NUMBER) == [(BOT, "eyes")]


def test_a_review_after_one_without_a_record_counts_that_at_its_cap(story: Story) -> None:
    story.run(turn(CLEAN), action="opened")
    first_usd = story.billed_usd
    push(story, 1)
    story.run(turn(CLEAN))

    told = {bill.run: bill.usd for bill in story.ledger.bills}
    assert told[UNRECORDED] == REVIEW_USD > first_usd
    assert told["102-1"] == pytest.approx(story.billed_usd - first_usd)


def test_somebody_elses_reaction_means_nothing(story: Story) -> None:
    story.github.react(NUMBER, STRANGER, "eyes")

    story.run(turn(), action="opened")

    assert UNRECORDED not in {bill.run for bill in story.ledger.bills}


def test_a_review_that_never_began_costs_nothing(story: Story) -> None:
    story.run(turn())
    push(story, 1)
    with suppress(ReviewerError):
        story.run(*[Turn.overloaded()] * 3)

    assert story.ledger.spent_usd == pytest.approx(story.billed_usd)


@pytest.mark.parametrize(("depth", "most_usd"), [("quick", REVIEW_USD), ("deep", 0.5)])
def test_a_review_without_an_answer_that_may_be_billed_counts_at_its_cap(
    story: Story, depth: str, most_usd: float
) -> None:
    story.run(turn(answer(EMPTY)))
    spent_usd = story.ledger.spent_usd
    story.extra |= {"REVIEWER_DEPTH": depth, "REVIEWER_LENSES": "security,tests"}
    story.extra["REVIEWER_MAX_USD_PER_REVIEW"] = str(most_usd)
    push(story, 1)
    with pytest.raises(ReviewerError):
        story.run(*[turn(breaks=Break(how="error", after=0))] * 9)

    assert story.ledger.spent_usd == pytest.approx(spent_usd + most_usd)
    assert story.ledger.spent_usd >= story.billed_usd


def test_an_answer_that_broke_off_counts_as_the_dearest_that_it_can_have_been(
    story: Story,
) -> None:
    story.run(turn(answer(EMPTY), breaks=Break(how="cut", after=1)))

    assert story.ledger.spent_usd >= story.billed_usd


def test_a_run_that_is_killed_while_it_asks_counts_at_its_cap(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.run(turn())
    spent_usd = story.ledger.spent_usd
    push(story, 1)
    kill(story, monkeypatch)

    (bill,) = (one for one in story.ledger.bills if not one.settled)
    assert bill.usd == REVIEW_USD
    assert story.ledger.spent_usd == pytest.approx(spent_usd + REVIEW_USD)


def kill(story: Story, monkeypatch: pytest.MonkeyPatch, *, action: str = "synchronize") -> None:
    """One run that is killed when it has been answered."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("reviewer.pipeline.understood", interrupt)
        with pytest.raises(KeyboardInterrupt):
            story.run(turn(), action=action)


def test_a_review_that_a_push_overtook_counts_as_what_it_cost(story: Story) -> None:
    story.review(EMPTY)
    story.push({"carts.py": "SIZE = 1\n"})
    story.github.fail_next("GET", "/pulls/7$", lambda commit: commit())  # not the first look
    moved = faults.head_moved(lambda: story.push({"carts.py": "SIZE = 2\n"}))
    story.github.fail_next("GET", "/pulls/7$", moved)
    story.review(NAME)

    assert all(bill.settled for bill in story.ledger.bills)
    assert story.ledger.spent_usd == pytest.approx(story.billed_usd, abs=0.001)


def test_what_may_have_been_billed_counts_for_a_review_that_a_push_overtook_too(
    story: Story,
) -> None:
    story.review(EMPTY)
    story.push({"carts.py": "SIZE = 1\n"})
    story.github.fail_next("GET", "/pulls/7$", lambda commit: commit())  # not the first look
    moved = faults.head_moved(lambda: story.push({"carts.py": "SIZE = 2\n"}))
    story.github.fail_next("GET", "/pulls/7$", moved)
    story.run(turn(breaks=Break(how="cut", after=1)))

    assert all(bill.settled for bill in story.ledger.bills)
    assert story.ledger.spent_usd >= story.billed_usd


def test_the_first_of_several_runs_that_is_killed_says_nothing_and_the_next_counts_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(story, monkeypatch, action="opened")
    push(story, 1)
    story.run(turn())

    assert story.ledger.bills[-1] == Bill(run=UNRECORDED, usd=REVIEW_USD, settled=True)


def test_a_comment_that_was_begun_and_never_finished_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.run(turn(CLEAN), action="opened")
    push(story, 1)
    kill(story, monkeypatch)

    assert story.summary.startswith("### Review under way\n")
    assert "the log of the workflow says why" in story.summary


# --- when it is reached ------------------------------------------------------------------------


def spend_all(story: Story) -> None:
    for n in range(6):
        push(story, n)
        story.run(turn(answer(EMPTY)))


def test_when_it_is_used_up_nobody_is_asked_and_the_summary_says_why(story: Story) -> None:
    spend_all(story)
    paid = story.paid
    push(story, 9)

    assert story.run(turn()) == 0

    assert story.paid == paid < 6
    assert outcome(story) == "skipped"
    assert "the setting max_usd_per_pull_request is $0.90" in story.summary.replace("\\", "")
    assert "`/reviewer review`" in story.summary
    assert story.billed_usd <= CAP_USD


def test_a_gate_does_not_let_through_what_nobody_paid_for(story: Story) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "critical"
    spend_all(story)
    push(story, 9)

    assert story.run(turn()) == 3


def test_the_last_review_has_what_is_left(story: Story) -> None:
    for n in range(4):
        push(story, n)
        story.run(turn(answer(EMPTY)))
    left_usd = CAP_USD - story.billed_usd
    assert left_usd < REVIEW_USD
    assert "at most $0.2" in story.summary or "at most $0.3" in story.summary


def test_of_two_reviews_at_once_one_gives_way_when_both_would_be_too_much(story: Story) -> None:
    story.extra["REVIEWER_MAX_USD_PER_PULL_REQUEST"] = "0.75"
    for n in range(2):
        push(story, n)
        story.run(turn(answer(EMPTY)))
    push(story, 3)
    before = story.paid
    for at in range(4, 16, 4):
        with suppress(ReviewerError):
            at_once(story, at, turn(answer(EMPTY, LAST)), turn(answer(EMPTY, NAME)))
        push(story, 100 + at)

    assert story.paid > before
    assert story.billed_usd <= 0.75


# --- whatever happens --------------------------------------------------------------------------


class Unlucky:
    """GitHub, at which the nth write fails."""

    def __init__(self, github: GitHub, at: int, *, carried_out: bool) -> None:
        self._github = github
        self._left = at
        self._fault = faults.HANG_UP_AFTER_COMMIT if carried_out else faults.HANG_UP

    def answer(self, exchange: Exchange) -> Answer:
        if exchange.method != "GET" and not exchange.path.endswith("graphql"):
            self._left -= 1
        if self._left <= 0:
            return self._fault(lambda: self._github.answer(exchange))
        return self._github.answer(exchange)


TURNS = st.sampled_from(
    [
        [turn()],
        [turn(CLEAN)],
        [turn(breaks=Break(how="cut", after=3)), turn()],
        [turn("nonsense"), turn()],
        [Turn.truncated(FOUND, keep_characters=90)],
        [Turn.overloaded()] * 3,
    ]
)
RUNS = st.tuples(
    TURNS,
    st.none() | st.tuples(st.integers(1, 5), st.booleans()),
    st.booleans(),
    st.sampled_from(["quick", "deep"]),
)


@given(st.lists(RUNS, min_size=3, max_size=7))
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_sequence_of_pushes_faults_and_kills_spends_more(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    runs: list[tuple[list[Turn], tuple[int, bool] | None, bool, str]],
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("reviewer.publish.github.attempts._PAUSES_SECONDS", (0.0, 0.0, 0.0))
    story = made(tmp_path_factory.mktemp("cap"))
    for n, (turns, trouble, edited, depth) in enumerate(runs):
        push(story, n)
        story.extra["REVIEWER_DEPTH"] = depth
        if edited and n:
            deface(story)
        if trouble:
            story.application = Unlucky(story.github, trouble[0], carried_out=trouble[1])
        with suppress(ReviewerError):
            story.run(*(turns * 5 if depth == "deep" else turns))
        story.application = story.github

    assert story.billed_usd <= CAP_USD


def made(folder: Path) -> Story:
    story = Story(folder)
    tighten(story)
    return story


def deface(story: Story) -> None:
    """Let somebody with write access edit the summary, ledger and all."""
    for one in story.github.pull_request(NUMBER).issue_comments:
        if one.author == BOT and not one.deleted:
            words = one.body.replace("eN", "eM", 1)
            story.github.edit_issue_comment(NUMBER, one.id, STRANGER, words)
