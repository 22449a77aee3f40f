"""When a repository was reviewed lately, asked of GitHub's stand-in with PyGithub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from reviewer.publish.github.recent import DAYS, MOST_PAGES, PER_PAGE, Asked
from reviewer.publish.github.repository import recent_activity
from reviewer.standin.github import GitHub
from reviewer.standin.github_faults import instead
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from conftest import WorkTree

    from reviewer.flow import Activity

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REVIEWER = "reviewer.yml"


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def hours(found: Activity) -> list[float]:
    return [round((at - found.now) / 3600, 2) for at in found.reviews_at]


@pytest.fixture
def github(project: WorkTree) -> GitHub:
    github = GitHub(project.folder / ".git")
    github.be_at(ago(hours=9))
    github.open_pull_request(1, "main", "units", "One", "")
    github.be_at(ago(hours=5))
    github.open_pull_request(2, "main", "units", "Two", "")
    github.be_at(ago(hours=2))
    github.push(1, "units")
    return github


def ask(github: GitHub, *, number: int = 3, run_id: int = 0) -> Activity:
    with Server(github) as server:
        return recent_activity(
            "stand-in",
            api_url=server.url,
            repository="octo/demo",
            asked=Asked(now=NOW.timestamp(), workflow=REVIEWER, number=number, run_id=run_id),
        )


def test_the_runs_of_the_workflow_tell_when_was_reviewed(github: GitHub) -> None:
    for hour in (1, 3, 7):
        github.add_run(REVIEWER, ago(hours=hour))

    found = ask(github)

    assert hours(found) == [-7, -3, -1]
    assert found.since == (NOW - timedelta(days=DAYS)).timestamp()
    assert found.source == "other reviews are counted by the runs of reviewer.yml"
    assert len(github.requests) == 1


def test_runs_that_reviewed_nothing_do_not_count(github: GitHub) -> None:
    github.add_run(REVIEWER, ago(hours=1), conclusion="skipped")
    github.add_run(REVIEWER, ago(hours=2), event="issue_comment")
    github.add_run(REVIEWER, ago(hours=3), conclusion="failure")
    github.add_run(REVIEWER, ago(minutes=1), run_id=77)
    github.add_run("tests.yml", ago(hours=4))
    github.add_run(REVIEWER, ago(days=DAYS + 1))

    assert hours(ask(github, run_id=77)) == [-3]


def test_a_busy_repository_is_known_as_far_back_as_two_pages_reach(github: GitHub) -> None:
    for minute in range(500):
        github.add_run(REVIEWER, ago(minutes=10 * minute + 1))

    found = ask(github)

    assert len(found.reviews_at) == MOST_PAGES * PER_PAGE
    assert found.since == found.reviews_at[0]
    assert len(github.requests) == MOST_PAGES


@pytest.mark.parametrize("readable", [True, False], ids=["another name", "no permission"])
def test_where_no_runs_can_be_read_pull_requests_tell(github: GitHub, *, readable: bool) -> None:
    if not readable:
        github.add_run(REVIEWER, ago(hours=1))
        github.hide_actions()

    found = ask(github)

    assert hours(found) == [-9, -5, -2]
    assert found.source == "other reviews are counted by the pull requests"


def test_the_pull_request_that_is_reviewed_is_not_among_what_was_before_it(
    github: GitHub,
) -> None:
    assert hours(ask(github, number=1)) == [-5]


def test_where_nothing_can_be_read_the_reason_is_kept_and_nothing_fails(github: GitHub) -> None:
    github.fail_next("GET", ".*", instead(Answer.of_json({"message": "no"}, 502)), times=9)

    found = ask(github)

    assert (found.reviews_at, found.since) == ((), found.now)
    assert "cannot be read" in found.source
    assert len(github.requests) == 2
