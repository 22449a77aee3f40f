"""Who is reviewed by itself where a run has the key, as far as the event and the settings tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import RUN, payload

from reviewer.settings import Settings
from reviewer.source import event as events
from reviewer.source import gate
from reviewer.source.event import PullRequestEvent

if TYPE_CHECKING:
    from reviewer.flow import NotReviewed

FORK = {"pull_request__head__repo__full_name": "eve/engine"}
USUAL = Settings().fork_authors
LABEL = Settings().fork_label
CALLED = ("MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER",
          "MANNEQUIN", "NONE", "OWNER")  # fmt: skip


def of_fork(association: str = "NONE", **changes: object) -> PullRequestEvent:
    told = payload(**FORK | {"pull_request__author_association": association} | changes)
    found = events.read(told, RUN | {"GITHUB_EVENT_NAME": events.TARGET})
    assert isinstance(found, PullRequestEvent)
    return found


def closed(
    event: PullRequestEvent, authors: tuple[str, ...] = USUAL, label: str = LABEL
) -> NotReviewed | None:
    return gate.closed(event, authors=authors, label=label)


@pytest.mark.parametrize("association", ["OWNER", "MEMBER", "COLLABORATOR"])
def test_people_of_the_repository_come_through(association: str) -> None:
    assert closed(of_fork(association)) is None


@pytest.mark.parametrize("association", [each for each in CALLED if each.lower() not in USUAL])
def test_nobody_else_does_and_is_told_what_github_calls_them(association: str) -> None:
    found = closed(of_fork(association))

    assert found
    assert association in found.why
    assert "the label of the setting" in found.way_out
    assert "/reviewer review" in found.way_out


def test_contributors_come_through_where_the_setting_says_so() -> None:
    authors = (*USUAL, "contributor")

    assert closed(of_fork("CONTRIBUTOR"), authors) is None
    assert closed(of_fork("FIRST_TIME_CONTRIBUTOR"), authors)


@pytest.mark.parametrize("association", CALLED)
def test_anyone_is_anyone(association: str) -> None:
    assert closed(of_fork(association), ("anyone",)) is None


def test_an_author_of_whom_nothing_is_said_is_a_stranger() -> None:
    event = events.read(payload(**FORK), RUN | {"GITHUB_EVENT_NAME": events.TARGET})

    assert isinstance(event, PullRequestEvent)
    assert closed(event)


def labelled(name: str, **changes: object) -> PullRequestEvent:
    return of_fork(action="labeled", label={"name": name}, **changes)


@pytest.mark.parametrize("name", [LABEL, LABEL.upper()])
def test_the_label_of_the_setting_lets_anybody_in_when_it_is_given(name: str) -> None:
    assert closed(labelled(name)) is None


@pytest.mark.parametrize("name", ["bug", f"{LABEL}-later", f" {LABEL}"])
def test_no_other_label_does(name: str) -> None:
    assert closed(labelled(name))


def test_an_empty_setting_means_that_no_label_does() -> None:
    told = closed(of_fork(), label="")

    assert told
    assert "label" not in told.way_out
    assert closed(labelled(LABEL), label="")
    assert closed(labelled("bug"), label="")


def test_a_label_on_ones_own_branch_is_no_push_and_starts_no_review() -> None:
    own = labelled(LABEL, pull_request__head__repo__full_name="octo/engine")

    assert closed(own)


@given(association=st.sampled_from(CALLED), held=st.lists(st.text(min_size=1), max_size=3))
def test_labels_that_are_there_already_change_nothing(association: str, held: list[str]) -> None:
    names = [{"name": name} for name in (*held, LABEL)]
    with_labels = of_fork(association, action="synchronize", pull_request__labels=names)

    assert closed(with_labels) == closed(of_fork(association, action="synchronize"))


def test_a_run_without_secrets_has_no_gate() -> None:
    event = events.read(payload(**FORK), RUN)

    assert isinstance(event, PullRequestEvent)
    assert closed(event) is None
