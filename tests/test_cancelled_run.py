"""The Action is cancelled while it posts, as a runner does it: what was paid for is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest
from answers import answer
from ordering import Ordered
from test_github_run import CALLER, Action

from reviewer.errors import EXIT_INTERRUPTED
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

    from reviewer.standin.server import Answer, Exchange

MOST_SECONDS = 60.0


class Cancelled(Action):
    """A run in a process of its own, which gets a signal when it begins to post."""

    sent = signal.SIGTERM

    @property
    def served(self) -> Cancelled:
        return self

    def answer(self, exchange: Exchange) -> Answer:
        if exchange.method == "POST" and exchange.path.endswith("/reviews"):
            self.posting.set()
            self.ended.wait(MOST_SECONDS)
        return self.github.answer(exchange)

    def carried_out(self, environment: dict[str, str]) -> int:
        self.posting, self.ended = Event(), Event()
        words = (sys.executable, "-m", "reviewer", "github")
        with subprocess.Popen(words, env=os.environ | environment, cwd=self.workspace) as run:
            try:
                assert self.posting.wait(MOST_SECONDS)
                run.send_signal(self.sent)
                return run.wait(MOST_SECONDS)
            finally:
                run.kill()
                self.ended.set()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_cancelled_tells_what_was_paid_for_and_where_it_is_kept(
    work_tree: WorkTree, tmp_path: Path, sent: signal.Signals
) -> None:
    action = Cancelled(work_tree, tmp_path / "runner", Turn(text=answer(CALLER)))
    action.sent = sent

    assert action.run() == EXIT_INTERRUPTED
    assert action.outputs["outcome"] == "unfinished"
    assert action.outputs["bundle"] == str(action.runner / "reviewer" / "bundle.json")
    assert float(action.outputs["cost-usd"]) > 0
    assert "One caller still passes" in action.job_summary
    assert "interrupted" in action.job_summary


class CancelledOrder(Cancelled, Ordered):
    """The same of a run on a comment."""


def test_whoever_ordered_a_review_hears_that_it_was_cancelled(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    action = CancelledOrder(work_tree, tmp_path / "runner", Turn(text=answer(CALLER)))
    comment = action.comment("/reviewer review")

    assert action.heard(comment) == EXIT_INTERRUPTED
    assert "The run was cancelled" in action.answers[0]
    assert action.reactions(comment) == ["eyes"]
