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
    assert "still tells of an earlier commit" in capsys.readouterr().out


def test_a_token_that_may_not_write_leaves_the_reason_in_the_job_summary(action: Ordered) -> None:
    action.run()
    action.github.set_labels(NUMBER, SKIP)
    action.github.read_only = True
    pushed(action)

    assert action.job_summary.count("### Not reviewed") == 1
    assert not action.summaries[0].startswith("### Not reviewed")
