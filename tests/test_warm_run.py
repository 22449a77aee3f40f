"""Keeping the day's code in the cache, at both stand-ins over real HTTP."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from answers import answer

from reviewer.commands.github import review_event
from reviewer.errors import CouldNotFinish
from reviewer.money.prices import Tariff
from reviewer.standin.github import GitHub
from reviewer.standin.messages import Break, Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)
HOURS = (9.2, 9.6, 10.1, 11.3, 13.7, 15.5, 16.1)
NUMBER = 7
FILES: dict[str, str | bytes | None] = {
    f"part{n:02}.py": f"def part_{n}(x):\n    return x + {n}\n" * 60 for n in range(20)
}
ONE_TOKEN = Turn.truncated("{", keep_characters=1)
CLEAN = Turn(text=answer())


class Day:
    """A repository with reviews at the same hours of every day, and a pull request."""

    def __init__(
        self, tree: WorkTree, folder: Path, monkeypatch: pytest.MonkeyPatch, *turns: Turn
    ) -> None:
        self._patch, self._folder = monkeypatch, folder
        self.be_at(9)
        self._commit_at("2026-11-23T15:00:00Z")
        tree.commit(FILES)
        self._commit_at("2026-11-24T07:00:00Z")
        self.main = tree.commit({"part03.py": "def part_3(x):\n    return x\n"}, "today")
        tree.git("switch", "--quiet", "--create", "topic")
        tree.commit({"part05.py": "def part_5(x):\n    return 5 - x\n"}, "Subtract")
        tree.git("switch", "--quiet", "main")
        self.tree = tree
        self.github = GitHub(tree.folder / ".git")
        self.github.open_pull_request(NUMBER, "main", "topic", "Subtract", "")
        for back in range(1, 29):
            for hour in HOURS:
                self.github.add_run("reviewer.yml", TUESDAY + timedelta(days=-back, hours=hour))
        self.api = Messages(turns, clock=self._clock)
        self.settings: dict[str, str] = {}
        folder.mkdir(mode=0o700)

    def be_at(self, hour: float) -> None:
        self.now = TUESDAY + timedelta(hours=hour)
        self._patch.setattr("time.time", self._clock)

    def _clock(self) -> float:
        return self.now.timestamp()

    def _commit_at(self, when: str) -> None:
        self._patch.setenv("GIT_COMMITTER_DATE", when)

    def keep(self) -> str:
        """Run on the schedule, and return what the job summary says."""
        (self._folder / "summary.md").unlink(missing_ok=True)
        self._run("schedule", {})
        return self.said

    def review(self) -> None:
        self._run("pull_request", self.github.event(NUMBER, "synchronize"))

    def _run(self, event: str, payload: dict[str, object]) -> None:
        path = self._folder / "event.json"
        path.write_text(json.dumps(payload))
        with Server(self.github) as github, Server(self.api) as claude:
            environment = {
                "GITHUB_EVENT_NAME": event,
                "GITHUB_EVENT_PATH": str(path),
                "GITHUB_API_URL": github.url,
                "GITHUB_SERVER_URL": github.url,
                "GITHUB_REPOSITORY": "octo/demo",
                "GITHUB_SHA": self.main,
                "GITHUB_WORKSPACE": str(self.tree.folder),
                "GITHUB_RUN_ID": "1",
                "GITHUB_TOKEN": "ghs_token",
                "GITHUB_STEP_SUMMARY": str(self._folder / "summary.md"),
                "GITHUB_OUTPUT": str(self._folder / "output"),
                "RUNNER_TEMP": str(self._folder),
                "ANTHROPIC_BASE_URL": claude.url,
                "ANTHROPIC_API_KEY": "k",
                "REVIEWER_CACHE_DIR": str(self.cache),
                "REVIEWER_DEPTH": "quick",
                "REVIEWER_COMMENT_WHEN_CLEAN": "true",
                **self.settings,
            }
            self._patch.setenv("REVIEWER_CACHE_DIR", str(self.cache))
            assert review_event(environment, bundle=None) == 0

    @property
    def cache(self) -> Path:
        return self._folder / "cache"

    @property
    def said(self) -> str:
        return (self._folder / "summary.md").read_text()

    @property
    def billed_usd(self) -> float:
        return sum(Tariff(model=bill.model).usd(bill.usage) for bill in self.api.ledger)

    def record(self) -> Path:
        return self.cache / "warm-2026-11-24.json"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def made(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *turns: Turn
) -> Day:
    return Day(work_tree, tmp_path / "runner", monkeypatch, *turns)


def test_a_review_reads_from_the_cache_what_the_schedule_wrote_to_the_token(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch, ONE_TOKEN, CLEAN, ONE_TOKEN)
    said = day.keep()
    day.be_at(9.4)
    day.review()
    day.be_at(9.7)
    again = day.keep()

    first, review, second = (bill.usage for bill in day.api.ledger)
    assert first.cache_write_1h_tokens > 10_000
    assert first.output_tokens == 1
    assert review.cache_read_tokens == first.cache_write_1h_tokens
    assert review.cache_write_1h_tokens == 0
    assert second.cache_read_tokens == first.cache_write_1h_tokens
    assert "nothing is in the cache; a million tokens cost" in said
    assert f"Read {second.cache_read_tokens:,} of {second.prompt_tokens:,} tokens" in again


def test_the_review_tells_what_the_cache_saved(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch, ONE_TOKEN, CLEAN)
    day.keep()
    day.be_at(9.4)
    day.review()

    (summary,) = day.github.pull_request(NUMBER).issue_comments
    usage = day.api.ledger[1].usage
    assert (
        f"read {usage.cache_read_tokens:,} of {usage.prompt_tokens:,} tokens from the cache"
        in summary.body
    )
    assert "1h, because the codebase should be in the cache for 36 more minutes" in summary.body


def test_the_cap_of_a_day_is_not_passed_and_the_run_says_so(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch, *[ONE_TOKEN] * 20)
    day.settings = {"REVIEWER_MAX_USD_WARM_PER_DAY": "0.2"}
    said = ""
    for half in range(18, 28):
        day.be_at(half / 2)
        said += day.keep()

    assert 0 < day.billed_usd <= 0.2
    assert day.api.turns_left
    assert "the cap of a day is $0.20: raise `max_usd_warm_per_day`" in said.replace("\\", "")


def test_a_request_that_breaks_off_counts_as_what_it_can_have_cost(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Turn(text="{", breaks=Break(how="cut", after=2))
    day = made(work_tree, tmp_path, monkeypatch, broken)

    said = day.keep()

    (spending,) = json.loads(day.record().read_text())["spendings"]
    assert not spending["settled"]
    assert spending["usd"] >= day.billed_usd
    assert "It broke off" in said


def test_an_error_before_an_answer_leaves_the_reservation_and_fails_the_run(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch, Turn.overloaded())

    with pytest.raises(CouldNotFinish):
        day.keep()

    assert json.loads(day.record().read_text())["spendings"]
    assert "could not be finished" in day.said


def test_a_damaged_record_of_today_stops_today_and_not_tomorrow(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch, ONE_TOKEN)
    day.cache.mkdir(mode=0o700)
    day.record().write_text("{")
    day.record().chmod(0o600)

    said = day.keep()

    assert "nothing will be today" in said
    assert not day.api.ledger
    day.be_at(24 + 9)
    day.keep()
    assert len(day.api.ledger) == 1


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"REVIEWER_CACHE": "off"}, "so no review reads it"),
        ({"REVIEWER_ENGINE": "local"}, "asks no model"),
        ({"REVIEWER_MAX_USD_WARM_PER_DAY": "0"}, "is 0"),
    ],
)
def test_where_nothing_can_be_kept_the_run_says_why(
    work_tree: WorkTree,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    why: str,
) -> None:
    day = made(work_tree, tmp_path, monkeypatch)
    day.settings = settings

    assert why in day.keep()
    assert not day.api.requests


def test_nothing_is_sent_at_night(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = made(work_tree, tmp_path, monkeypatch)
    day.be_at(3)

    assert "Nothing was sent: nothing is in the cache" in day.keep()
    assert not day.api.requests
    assert not os.path.lexists(day.record())
