"""The Action is killed between any two writes to GitHub, and its job is run again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from answers import answer, claim
from dying import Dying
from test_github_run import CALLER, NUMBER, Action

from reviewer.errors import ReviewerError
from reviewer.publish.comments import read_fingerprint, read_marker
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree


FINDINGS = answer(
    CALLER,
    claim("limits.py", "HIGH = 9", title="On a deleted line"),
    claim("new_name.py", "line_19 = 19", title="On a line outside of the hunks"),
    claim("report.py", "from area import area", title="In a file outside of the change"),
)
WRITES = 3  # the review, the comment on a file, the summary


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("reviewer.publish.github.attempts._PAUSES_SECONDS", (0.0, 0.0, 0.0))


@pytest.mark.parametrize("carried_out", [True, False], ids=["carried out", "not carried out"])
@pytest.mark.parametrize("after", range(1, WRITES + 1))
def test_a_killed_run_is_completed_by_the_next_and_posts_nothing_twice(
    work_tree: WorkTree, tmp_path: Path, after: int, carried_out: bool
) -> None:
    action = Action(work_tree, tmp_path / "runner", Turn(text=FINDINGS), Turn(text=FINDINGS))
    whole = action.github
    action.github = Dying(whole, after=after, carried_out=carried_out)  # type: ignore[assignment]
    with suppress(ReviewerError):
        action.run()
    action.github = whole

    assert action.run() == 0

    pull = whole.pull_request(NUMBER)
    prints = [read_fingerprint(one.body) for one in pull.review_comments if not one.deleted]
    assert len(prints) == len(set(prints)) == 3
    notes = [read_marker(one.body) for one in pull.issue_comments]
    assert notes == ["summary"]
    assert not [one for one in pull.reviews if one.pending and not one.deleted]
