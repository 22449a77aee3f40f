from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from github import (
    GithubException,
    GithubRetry,
    RateLimitExceededException,
)
from github_world import NUMBER, World, refused, said

from reviewer.standin import github_faults as faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

REVIEWS = r"/pulls/7/reviews$"
COMMENT: Any = {"path": "app.py", "line": 10, "side": "RIGHT", "body": "b"}


@pytest.fixture
def world(work_tree: WorkTree) -> Iterator[World]:
    with World(work_tree) as it:
        yield it


def review(world: World, **options: Any) -> Any:
    return world.pull(**options).create_review(body="s", event="COMMENT", comments=[COMMENT])


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (faults.READ_ONLY_TOKEN, 403, "Resource not accessible by integration"),
        (faults.secondary_limit(), 403, "You have exceeded a secondary rate limit"),
        (faults.secondary_limit(retry_after_seconds=60), 403, "You have exceeded a secondary"),
        (faults.secondary_limit(status=429), 429, "You have exceeded a secondary rate limit"),
        (faults.primary_limit(reset_epoch_seconds=2_000_000_000), 403, "API rate limit exceeded"),
        (faults.SUBMITTED_TOO_QUICKLY, 422, "was submitted too quickly"),
        (faults.SERVER_ERROR, 500, "Server Error"),
        (faults.BAD_GATEWAY, 502, "Bad Gateway"),
    ],
)
def test_a_fault_before_the_commit_changes_nothing(
    world: World, fault: faults.Fault, status: int, text: str
) -> None:
    world.github.fail_next("POST", REVIEWS, fault)
    error = refused(lambda: review(world))

    assert (error.status, text in f"{said(error)} {error.data}") == (status, True)
    assert world.state.reviews == ()
    assert world.github.requests[-1].status == status


def test_a_fault_after_the_commit_leaves_the_review_behind(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY_AFTER_COMMIT)
    error = refused(lambda: review(world))

    assert error.status == 502
    assert len(world.state.reviews) == len(world.state.review_comments) == 1


@pytest.mark.parametrize(
    ("fault", "left"), [(faults.HANG_UP, 0), (faults.HANG_UP_AFTER_COMMIT, 1)]
)
def test_a_connection_can_close_without_an_answer(
    world: World, fault: faults.Fault, left: int
) -> None:
    world.github.fail_next("POST", REVIEWS, fault)
    with pytest.raises(requests.ConnectionError):
        review(world)

    assert len(world.state.reviews) == left
    assert world.github.requests[-1].status == 0


def test_an_answer_can_end_in_the_middle_of_its_json(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.TRUNCATED_JSON)
    with pytest.raises((TypeError, json.JSONDecodeError)):
        review(world)

    assert len(world.state.reviews) == 1


def test_the_head_can_move_while_a_review_is_on_its_way(world: World) -> None:
    world.tree.git("reset", "--quiet", "--hard", world.first)
    other = world.tree.commit({"added.py": "all new\n"})
    moved = faults.head_moved(lambda: world.github.push(NUMBER, other))
    world.github.fail_next("POST", REVIEWS, moved)
    commit = world.commit(world.head)
    error = refused(lambda: world.pull().create_review(commit=commit, body="s", event="COMMENT"))

    assert said(error) == "commit_id is not part of the pull request"
    assert world.state.head_sha == other


def test_a_fault_is_played_as_often_as_asked_and_then_no_more(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY, times=2)
    outcomes = [refused(lambda: review(world)).status for _ in range(2)]
    review(world)

    assert (outcomes, len(world.state.reviews)) == ([502, 502], 1)


def test_faults_are_played_in_the_order_they_were_planned(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY)
    world.github.fail_next("POST", REVIEWS, faults.SERVER_ERROR)

    assert [refused(lambda: review(world)).status for _ in range(2)] == [502, 500]


def test_a_fault_waits_for_its_method_and_path(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY)
    world.pull().create_issue_comment("b")
    list(world.pull().get_reviews())

    assert refused(lambda: review(world)).status == 502


def test_graphql_can_fail_too(world: World) -> None:
    world.github.fail_next("POST", "^/graphql$", faults.BAD_GATEWAY)

    assert refused(lambda: world.graphql("{ viewer { login } }")).status == 502


def test_what_names_the_missing_permission_is_a_header(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.READ_ONLY_TOKEN)
    headers = refused(lambda: review(world)).headers or {}

    assert headers["x-accepted-github-permissions"] == "issues=write; pull_requests=write"


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (7, "7")])
def test_a_secondary_limit_comes_with_and_without_a_time_to_wait(
    world: World, seconds: int | None, header: str | None
) -> None:
    world.github.fail_next("POST", REVIEWS, faults.secondary_limit(retry_after_seconds=seconds))
    error = refused(lambda: review(world))

    assert isinstance(error, RateLimitExceededException)
    assert (error.headers or {}).get("retry-after") == header


def test_a_reading_token_reads_and_writes_nothing(world: World) -> None:
    world.github.add_issue_comment(NUMBER, "someone", "b")
    world.github.read_only = True
    pull = world.pull()
    (comment,) = pull.get_issue_comments()
    attempts = (
        lambda: review(world),
        lambda: pull.create_issue_comment("b"),
        lambda: pull.create_review_comment("b", world.head, "app.py", line=10),
        lambda: comment.edit("mine now"),
        comment.delete,
    )

    assert [refused(attempt).status for attempt in attempts] == [403] * 5
    assert [each.body for each in world.state.issue_comments] == ["b"]


# --- what PyGithub makes of it: facts that the writer of reviews rests on ---------------------


def test_pygithub_by_default_posts_again_after_a_502_that_had_posted(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY_AFTER_COMMIT, times=2)
    review(world, retry=GithubRetry())

    assert len(world.state.reviews) == 3


def test_pygithub_posts_once_when_only_reads_may_be_repeated(world: World) -> None:
    world.github.fail_next("POST", REVIEWS, faults.BAD_GATEWAY_AFTER_COMMIT)
    with pytest.raises(GithubException):
        review(world, retry=GithubRetry(allowed_methods={"GET", "HEAD"}))

    assert len(world.state.reviews) == 1
