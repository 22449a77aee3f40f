from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import changed

from reviewer.errors import UserMustAct
from reviewer.source.comment import CommentEvent, NotHeard, asked_for, read
from reviewer.source.payload import Runner

RUN = {
    "GITHUB_EVENT_NAME": "issue_comment",
    "GITHUB_API_URL": "https://git.example/api/v3/",
    "GITHUB_SERVER_URL": "https://git.example",
    "GITHUB_WORKSPACE": "/checkout",
    "GITHUB_RUN_ID": "77",
    "GITHUB_OUTPUT": "/run/output",
}
PAYLOAD: dict[str, Any] = {
    "action": "created",
    "repository": {"full_name": "octo/engine", "private": True},
    "issue": {
        "number": 7,
        "user": {"login": "eve"},
        "pull_request": {"url": "https://git.example/x"},
    },
    "comment": {
        "id": 4_000_000_001,
        "body": "/reviewer help",
        "author_association": "OWNER",
        "user": {"login": "ada", "id": 12, "type": "User"},
    },
    "sender": {"login": "ada"},
}
PULL: dict[str, Any] = {
    "number": 7,
    "title": "Faster",
    "body": None,
    "draft": True,
    "labels": [],
    "user": {"login": "eve"},
    "base": {"ref": "main", "sha": "b" * 40},
    "head": {"ref": "fast", "sha": "c" * 40, "repo": None},
    "state": "open",
}


def payload(**changes: object) -> str:
    return changed(PAYLOAD, **changes)


def event(**changes: object) -> CommentEvent:
    found = read(payload(**changes), RUN)
    assert isinstance(found, CommentEvent)
    return found


def not_heard(**changes: object) -> str:
    found = read(payload(**changes), RUN)
    assert isinstance(found, NotHeard)
    return found.why


def test_a_comment_is_read_whole() -> None:
    assert event() == CommentEvent(
        repository="octo/engine",
        private=True,
        number=7,
        pull_author="eve",
        comment_id=4_000_000_001,
        author="ada",
        author_id=12,
        author_type="User",
        body="/reviewer help",
        runner=Runner(
            api_url="https://git.example/api/v3",
            server_url="https://git.example",
            workspace=Path("/checkout"),
            run_id="77",
            step_summary=None,
            output=Path("/run/output"),
        ),
    )
    assert event().url == "https://git.example/octo/engine/pull/7"


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_only_a_new_comment_is_heard(action: str) -> None:
    assert action in not_heard(action=action)


@pytest.mark.parametrize(
    "issue", [{"number": 7, "user": None}, {"number": 7, "user": None, "pull_request": None}]
)
def test_a_comment_on_an_issue_is_not_heard(issue: object) -> None:
    assert "an issue" in not_heard(issue=issue)


@pytest.mark.parametrize("user", [None, {"login": "ghost", "id": 10137, "type": "User"}])
def test_a_comment_of_a_deleted_account_is_not_heard(user: object) -> None:
    assert "deleted" in not_heard(comment__user=user)


@pytest.mark.parametrize("kind", ["Bot", "Organization", "Mannequin", "bot"])
def test_whoever_is_no_user_counts_as_a_bot(kind: str) -> None:
    assert event(comment__user={"login": "a[bot]", "id": 1, "type": kind}).by_bot
    assert not event().by_bot


def test_a_comment_without_a_text_has_an_empty_one() -> None:
    assert event(comment__body=None).body == ""


def test_the_association_that_the_payload_claims_plays_no_part() -> None:
    assert event(comment__author_association="NONE") == event()


@pytest.mark.parametrize(
    "broken",
    [
        {"comment": {}},
        {"comment__id": 0},
        {"comment__id": "x"},
        {"issue__number": 0},
        {"repository__full_name": "octo/engine/../x"},
        {"comment__user": {"login": "ada"}},
        {"comment__user": {"login": "", "id": 1, "type": "User"}},
        {"comment__body": ["x"]},
    ],
    ids=str,
)
def test_a_broken_payload_is_an_error_that_does_not_repeat_it(broken: dict[str, Any]) -> None:
    with pytest.raises(UserMustAct) as caught:
        event(**broken)
    assert "../x" not in str(caught.value)


@given(st.binary() | st.text())
def test_any_other_bytes_are_an_error_of_ours(text: bytes | str) -> None:
    with pytest.raises(UserMustAct):
        read(text, RUN)


def test_what_is_asked_for_is_the_pull_request_that_the_api_tells() -> None:
    found = asked_for(event(), PULL)

    assert (found.event, found.repository, found.number) == ("issue_comment", "octo/engine", 7)
    assert (found.base_sha, found.head_sha) == ("b" * 40, "c" * 40)
    assert (found.author, found.draft, found.from_fork, found.body) == ("eve", True, True, "")
    assert found.run_url == "https://git.example/octo/engine/actions/runs/77"


@pytest.mark.parametrize("broken", [{}, {**PULL, "base": {"ref": "main", "sha": "--upload"}}])
def test_an_api_that_answers_something_else_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises(UserMustAct):
        asked_for(event(), broken)
