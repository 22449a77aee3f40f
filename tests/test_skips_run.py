"""Pushes that are not reviewed by themselves, over real HTTP: what is paid, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from answers import answer
from ordering import Ordered
from test_github_run import CALLER, NUMBER

from reviewer.standin import github_faults as faults
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

SKIP = "skip-review"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def action(work_tree: WorkTree, tmp_path: Path) -> Ordered:
    """A pull request that nobody has reviewed yet."""
    return Ordered(work_tree, tmp_path / "runner", *(Turn(text=answer(CALLER)) for _ in range(3)))


def pushed(action: Ordered, files: dict[str, Any] | None = None) -> str:
    """Push a commit and run on it; returns its id."""
    head = action.tree.commit(files or {"limits.py": "LOW = 2\n"}, "More")
    action.github.push(NUMBER, head)
    assert action.run("synchronize") == 0
    return head


def test_a_label_keeps_a_quiet_pull_request_quiet(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    action.github.set_labels(NUMBER, "bug", "Skip-Review")

    assert action.run() == 0
    assert action.messages.requests == []
    assert action.said == []
    assert action.outputs["outcome"] == "skipped"
    for told in (action.job_summary, capsys.readouterr().out):
        assert "'Skip-Review'" in told
        assert "/reviewer review" in told


def test_a_summary_that_is_there_says_that_the_newest_push_was_not_reviewed(
    action: Ordered,
) -> None:
    assert action.run() == 0
    action.github.set_labels(NUMBER, SKIP)
    head = pushed(action)

    (summary,) = action.summaries
    assert summary.startswith("### Not reviewed: 1 of an earlier round still stands")
    assert head[:7] in summary
    assert f"below is of `{action.head[:7]}`" in summary
    assert "One caller still passes" in summary
    assert action.paid == 1
    assert action.ledger.head == action.head


def test_a_push_that_was_skipped_is_part_of_what_the_next_review_sees_as_new(
    action: Ordered,
) -> None:
    action.run()
    action.github.set_labels(NUMBER, SKIP)
    pushed(action)
    action.github.set_labels(NUMBER)
    head = pushed(action, {"report.py": "from area import area\n\nprint(area(2, 3, 'm'))\n"})

    assert action.paid == 2
    assert action.ledger.head == head
    assert action.ledger.round == 2
    assert "Not reviewed" not in action.summaries[0]
    assert len(action.told) == 1


def test_somebody_with_write_access_has_it_reviewed_all_the_same(action: Ordered) -> None:
    action.github.set_labels(NUMBER, SKIP)
    action.order("/reviewer review")

    assert action.paid == 1
    assert len(action.told) == 1


def test_what_was_reviewed_by_order_is_never_said_not_to_be(action: Ordered) -> None:
    action.github.set_labels(NUMBER, SKIP)
    action.order("/reviewer review")
    (before,) = action.summaries
    action.run("reopened")

    assert action.outputs["outcome"] == "skipped"
    assert action.summaries == [before]


def test_what_is_paused_says_so_in_the_summary(action: Ordered) -> None:
    action.run()
    action.order("/reviewer pause")
    pushed(action)

    assert "paused" in action.summaries[0]
    assert action.summaries[0].startswith("### Not reviewed")
    assert action.ledger.paused
    assert action.paid == 1


@pytest.mark.parametrize("broken", ["reads", "writes"])
def test_a_skip_stays_green_when_github_cannot_be_told(
    action: Ordered, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    action.run()
    action.github.set_labels(NUMBER, SKIP)
    method = "GET" if broken == "reads" else "PATCH"
    action.github.fail_next(method, ".*comments.*", faults.BAD_GATEWAY, times=50)
    pushed(action)

    assert action.outputs["outcome"] == "skipped"
    assert "could not be told" in capsys.readouterr().out


def test_a_token_that_may_not_write_leaves_the_reason_in_the_job_summary(action: Ordered) -> None:
    action.run()
    action.github.set_labels(NUMBER, SKIP)
    action.github.read_only = True
    pushed(action)

    assert action.job_summary.count("### Not reviewed") == 1
    assert not action.summaries[0].startswith("### Not reviewed")


# --- what only the change tells ---------------------------------------------------------------

LARGE = {"more.py": "".join(f"line_{n} = {n}\n" for n in range(50))}
LOCKS = {"yarn.lock": "lock\n", "go.sum": "a v1 h1:x\n"}


def cut_back(action: Ordered, files: dict[str, Any]) -> None:
    """Make the pull request one of these files alone."""
    action.tree.git("reset", "--quiet", "--hard", "main")
    pushed(action, files)


def test_a_change_that_is_too_large_is_not_even_counted(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    action.extra["REVIEWER_MAX_CHANGED_LINES"] = "40"
    pushed(action, LARGE)

    assert action.messages.requests == []
    assert action.said == []
    assert action.outputs["outcome"] == "skipped"
    for told in (action.job_summary.replace("\\", ""), capsys.readouterr().out):
        assert "lines, and the setting max_changed_lines is 40" in told
        assert "/reviewer review" in told


def test_a_push_that_makes_it_too_large_is_told_in_the_summary_and_can_be_ordered(
    action: Ordered,
) -> None:
    action.run()
    action.extra["REVIEWER_MAX_CHANGED_LINES"] = "40"
    head = pushed(action, LARGE)

    assert action.paid == 1
    assert action.summaries[0].startswith("### Not reviewed: 1 of an earlier round still stands")
    assert action.ledger.head == action.head

    action.order("/reviewer review")
    assert action.paid == 2
    assert action.ledger.head == head


def test_making_a_change_too_large_gets_nothing_through_the_gate(action: Ordered) -> None:
    action.extra |= {"REVIEWER_FAIL_ON": "high", "REVIEWER_MAX_CHANGED_LINES": "40"}
    action.github.push(NUMBER, action.tree.commit(LARGE, "Padding"))

    assert action.run("synchronize") == 3
    assert action.outputs["outcome"] == "unfinished"
    assert action.paid == 0


def test_a_change_of_files_that_are_never_sent_is_not_even_counted(
    action: Ordered, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_back(action, LOCKS)

    assert action.messages.requests == []
    assert action.said == []
    assert action.outputs["outcome"] == "skipped"
    assert "nothing of it may be shown to a model: 1 file (lock" in capsys.readouterr().out
    for path in LOCKS:
        assert path in action.job_summary


def test_a_finding_that_stands_is_not_forgotten_over_a_push_of_lock_files(
    action: Ordered,
) -> None:
    action.extra["REVIEWER_FAIL_ON"] = "high"
    action.run()
    action.tree.git("reset", "--quiet", "--hard", "main")
    action.github.push(NUMBER, action.tree.commit(LOCKS, "Locks alone"))

    assert action.run("synchronize") == 1
    assert action.outputs["outcome"] == "found"
    assert action.summaries[0].startswith("### Not reviewed: 1 of an earlier round still stands")


def test_an_order_to_review_what_is_never_sent_is_answered(action: Ordered) -> None:
    cut_back(action, LOCKS)
    action.order("/reviewer review")

    assert action.paid == 0
    assert "nothing of it may be shown to a model" in action.summaries[0]
