from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import BASE, HEAD, RUN, payload

from reviewer.errors import UserMustAct
from reviewer.flow import NotReviewed
from reviewer.source.event import PullRequestEvent, read, unwanted


def event(**changes: object) -> PullRequestEvent:
    found = read(payload(**changes), RUN)
    assert isinstance(found, PullRequestEvent)
    return found


def test_an_opened_pull_request_is_read_whole() -> None:
    assert event() == PullRequestEvent(
        event="pull_request",
        action="opened",
        repository="octo/engine",
        number=7,
        url="https://git.example/octo/engine/pull/7",
        title="Faster",
        body="Much.",
        draft=False,
        labels=(),
        author="ada",
        association="NONE",
        label_given="",
        base_ref="main",
        base_sha=BASE,
        head_sha=HEAD,
        head_repository="octo/engine",
        dependabot=False,
        private=True,
        api_url="https://git.example/api/v3",
        server_url="https://git.example",
        workspace=Path("/checkout"),
        run_url="https://git.example/octo/engine/actions/runs/77",
        step_summary=Path("/run/summary"),
        output=Path("/run/output"),
    )


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_what_brings_new_code_to_a_reviewer_is_reviewed(action: str) -> None:
    assert event(action=action).action == action


@pytest.mark.parametrize("action", ["closed", "labeled", "edited", "converted_to_draft"])
def test_any_other_action_is_not_reviewed_and_named(action: str) -> None:
    found = read(payload(action=action), RUN)

    assert isinstance(found, NotReviewed)
    assert repr(action) in found.why


def test_another_event_is_not_reviewed_even_when_its_payload_is_not_json() -> None:
    found = read("not json", RUN | {"GITHUB_EVENT_NAME": "workflow_dispatch"})

    assert isinstance(found, NotReviewed)
    assert "'workflow_dispatch'" in found.why


def test_outside_a_workflow_it_is_an_error_so_that_no_other_ci_stays_green_for_ever() -> None:
    with pytest.raises(UserMustAct, match="GITHUB_EVENT_NAME is not set"):
        read("", {})


def test_a_base_repository_that_is_itself_a_fork_does_not_make_its_own_branch_one() -> None:
    found = event(repository__fork=True, pull_request__head__repo__fork=True)

    assert not found.from_fork


def test_a_head_in_another_repository_is_a_fork() -> None:
    found = event(pull_request__head__repo__full_name="eve/engine")

    assert found.from_fork
    assert found.head_repository == "eve/engine"


def test_a_deleted_head_repository_is_a_fork_that_is_gone() -> None:
    found = event(pull_request__head__repo=None)

    assert found.from_fork
    assert found.head_repository is None


def test_a_deleted_author_is_the_ghost_that_github_shows() -> None:
    assert event(pull_request__user=None).author == "ghost"


@pytest.mark.parametrize("field", ["pull_request__user__login", "sender__login"])
def test_dependabot_is_known_by_its_account(field: str) -> None:
    assert event(**{field: "dependabot[bot]"}).dependabot


def test_an_empty_description_comes_as_null() -> None:
    assert event(pull_request__body=None).body == ""


def test_without_the_runners_files_there_is_no_path_to_write_to() -> None:
    found = read(payload(), RUN | {"GITHUB_STEP_SUMMARY": "", "GITHUB_OUTPUT": ""})

    assert isinstance(found, PullRequestEvent)
    assert (found.step_summary, found.output) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pull_request__head__sha", "--upload-pack=touch"),
        ("pull_request__base__sha", "abc"),
        ("repository__full_name", "octo/engine/../../etc"),
        ("pull_request__number", 0),
        ("pull_request__title", None),
    ],
)
def test_a_field_that_is_not_githubs_is_named(field: str, value: object) -> None:
    with pytest.raises(UserMustAct, match=field.replace("__", r"\.")):
        read(payload(**{field: value}), RUN)


def test_an_outsiders_text_is_not_repeated_in_the_error() -> None:
    with pytest.raises(UserMustAct) as caught:
        read(payload(pull_request__head__sha="::set-env name=A::b"), RUN)

    assert "::" not in str(caught.value)


def test_a_missing_variable_of_the_runner_is_named() -> None:
    with pytest.raises(UserMustAct, match="GITHUB_API_URL"):
        read(payload(), {name: text for name, text in RUN.items() if name != "GITHUB_API_URL"})


def test_a_strange_payload_gives_a_short_error() -> None:
    with pytest.raises(UserMustAct) as caught:
        read('{"action": "opened"}', RUN)

    assert len(str(caught.value).splitlines()) <= 7


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_any_payload_is_read_or_refused_with_a_way_out(payload: bytes | str) -> None:
    with pytest.raises(UserMustAct, match="GitHub sends") as caught:
        read(payload, RUN)

    assert "GITHUB_EVENT_PATH" in caught.value.way_out


@given(cut=st.integers(min_value=0, max_value=len(payload()) - 1))
def test_a_cut_payload_is_never_taken_for_a_whole_one(cut: int) -> None:
    with pytest.raises(UserMustAct):
        read(payload()[:cut], RUN)


def not_wanted(event: PullRequestEvent, **given: Any) -> str:
    """Why it is not reviewed by itself; empty if it is."""
    told = {"review_drafts": False, "skip_labels": ("skip-review",), "has_key": True, **given}
    why = unwanted(event, **told)
    assert why is None or why.way_out
    return why.why if why else ""


def test_a_draft_waits_unless_the_setting_says_otherwise() -> None:
    draft = event(pull_request__draft=True)

    assert "draft" in not_wanted(draft)
    assert not not_wanted(draft, review_drafts=True)


def labelled(*names: str) -> PullRequestEvent:
    return event(pull_request__labels=[{"id": 1, "name": name} for name in names])


@pytest.mark.parametrize("label", ["skip-review", "Skip-Review"])
def test_a_label_of_the_setting_keeps_a_pull_request_from_being_reviewed(label: str) -> None:
    found = labelled("bug", label)

    assert found.labels == ("bug", label)
    assert repr(label) in not_wanted(found)
    assert not not_wanted(found, skip_labels=())


def test_a_label_that_only_resembles_one_of_the_setting_changes_nothing() -> None:
    assert not not_wanted(labelled("skip-review-later", "no skip-review", "*"))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"pull_request__head__repo__full_name": "eve/engine"}, "a fork"),
        ({"pull_request__user__login": "dependabot[bot]"}, "Dependabot"),
    ],
)
def test_a_run_that_github_gives_no_secrets_is_not_reviewed(
    change: dict[str, object], word: str
) -> None:
    assert word in not_wanted(event(**change), has_key=False)


def test_a_fork_with_a_key_is_reviewed() -> None:
    assert not not_wanted(event(pull_request__head__repo__full_name="eve/engine"))


def test_a_missing_key_of_an_own_branch_is_left_to_be_an_error() -> None:
    assert not not_wanted(event(), has_key=False)
