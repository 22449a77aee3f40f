"""Pull requests from forks in a run that has the key, over real HTTP and real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import answer
from forked import Forked, zipped
from test_github_run import CALLER, NUMBER

from reviewer.errors import ReviewerError, UserMustAct
from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

LABEL = "review-fork"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def fork(work_tree: WorkTree, tmp_path: Path) -> Forked:
    return Forked(work_tree, tmp_path / "runner", Turn(text=answer(CALLER)))


def is_reviewed(fork: Forked) -> bool:
    assert fork.paid == len(fork.github.pull_request(NUMBER).reviews)
    return fork.paid == 1


def is_skipped(fork: Forked, why: str) -> bool:
    """Nothing was paid, asked of Claude or posted, and the reason stands where people look."""
    pull = fork.github.pull_request(NUMBER)
    assert why in fork.job_summary
    assert fork.outputs["outcome"] == "skipped"
    return (fork.messages.requests, pull.reviews, pull.issue_comments) == ([], (), ())


# --- pull_request_target ---------------------------------------------------------------------


def test_a_collaborators_fork_is_reviewed_and_nothing_of_it_is_checked_out(fork: Forked) -> None:
    fork.github.give_role("stranger", "write")
    before = fork.untouched()

    assert fork.target() == 0
    assert is_reviewed(fork)
    assert [path for path, *_ in fork.inline] == ["area.py"]
    assert fork.untouched() == before


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_a_strangers_fork_costs_nothing_and_says_why(fork: Forked, action: str) -> None:
    assert fork.target(action) == 0
    assert is_skipped(fork, "GitHub calls its author NONE here")


def test_a_label_has_the_head_reviewed_that_it_was_given_to(fork: Forked) -> None:
    assert fork.target("labeled", LABEL) == 0
    assert is_reviewed(fork)


def test_another_label_does_not(fork: Forked) -> None:
    fork.github.give_role("stranger", "write")

    assert fork.target("labeled", "bug") == 0
    assert is_skipped(fork, "the label 'bug' was given")


def test_a_label_that_is_there_already_does_not_cover_a_later_push(fork: Forked) -> None:
    fork.github.set_labels(NUMBER, LABEL)

    assert fork.target("synchronize") == 0
    assert is_skipped(fork, "GitHub calls its author NONE")


def test_neither_head_is_paid_for_when_a_push_overtakes_the_label(
    fork: Forked, work_tree: WorkTree
) -> None:
    labelled = fork.github.event(NUMBER, "labeled", label=LABEL)
    newer = work_tree.commit({"evil.py": "import os\n"}, "Evil")
    fork.github.push(NUMBER, newer)

    assert fork.hear("pull_request_target", lambda _url: labelled) == 0
    assert is_skipped(fork, newer[:12])


def test_a_pull_request_of_ones_own_is_reviewed_as_ever(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    own = Forked(
        work_tree, tmp_path / "runner", Turn(text=answer(CALLER)), head_repository="octo/demo"
    )

    assert own.target() == 0
    assert is_reviewed(own)


def test_a_missing_key_is_an_error_here_because_such_a_run_has_secrets(fork: Forked) -> None:
    fork.extra["ANTHROPIC_API_KEY"] = ""

    with pytest.raises(UserMustAct, match="no key for Claude"):
        fork.target("labeled", LABEL)


def test_without_a_gate_of_its_own_the_base_decides_who_is_reviewed(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    work_tree.commit({".reviewer.toml": 'fork_authors = ["anyone"]\n'}, "Settings")
    fork = Forked(work_tree, tmp_path / "runner", Turn(text=answer(CALLER)))

    assert fork.target() == 0
    assert is_reviewed(fork)
    fork.extra["REVIEWER_FORK_AUTHORS"] = "owner, member"
    assert fork.target("synchronize") == 0
    assert "has owner, member" in fork.job_summary
    assert fork.paid == 1


def test_the_head_cannot_let_itself_in_or_raise_the_cap(
    fork: Forked, work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    sneaked = 'fork_authors = ["anyone"]\nmax_usd_per_review = 100.0\nmax_inline = 0\n'
    fork.github.push(NUMBER, work_tree.commit({".reviewer.toml": sneaked}, "Sneak"))

    assert fork.target("synchronize") == 0
    assert is_skipped(fork, "has owner, member, collaborator")
    fork.target("labeled", LABEL)
    assert "Cap: $5.00 for this review" in capsys.readouterr().err
    assert len(fork.inline) == 1


# --- workflow_run ----------------------------------------------------------------------------


@pytest.fixture
def known(fork: Forked) -> Forked:
    """A collaborator's fork, of which the checkout gets nothing but what is handed over."""
    fork.github.give_role("stranger", "write")
    fork.cut_off()
    return fork


def test_what_a_forks_run_hands_over_is_reviewed_and_nothing_is_checked_out(
    known: Forked,
) -> None:
    before = known.untouched()

    assert known.after(known.artifact()) == 0
    assert is_reviewed(known)
    assert [path for path, *_ in known.inline] == ["area.py"]
    assert known.untouched() == before


def test_the_token_is_not_sent_to_where_the_artifact_lies(known: Forked) -> None:
    known.after(known.artifact())  # the stand-in's storage refuses whoever shows one

    assert [each.status for each in known.github.requests if "/artifact" in each.path] == [
        200,
        302,
        200,
    ]


def test_a_strangers_objects_are_not_even_looked_at(fork: Forked) -> None:
    artifact = zipped({"number": b"7", "objects.pack": b"no pack at all"})

    assert fork.after(artifact) == 0
    assert is_skipped(fork, "GitHub calls its author NONE")


def test_a_label_opens_nothing_after_a_run_because_it_could_be_of_another_head(
    fork: Forked,
) -> None:
    fork.github.set_labels(NUMBER, LABEL)

    assert fork.after(zipped({"number": b"7", "objects.pack": b""})) == 0
    assert is_skipped(fork, "GitHub calls its author NONE")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"conclusion": "failure"}, "ended with 'failure'"),
        ({"conclusion": "skipped"}, "ended with 'skipped'"),
        ({"event": "push"}, "was on 'push'"),
    ],
)
def test_a_run_that_hands_nothing_over_has_nothing_reviewed(
    fork: Forked, told: dict[str, str], why: str
) -> None:
    assert fork.after(**told) == 0
    assert is_skipped(fork, why)


def test_a_head_that_moved_on_is_left_to_its_own_run(known: Forked, work_tree: WorkTree) -> None:
    artifact, old = known.artifact(), known.head
    known.github.push(NUMBER, work_tree.commit({"newer.py": "n = 1\n"}, "Newer"))

    assert known.after(artifact, head_sha=old) == 0
    assert is_skipped(known, "has moved from")


def test_a_closed_pull_request_is_not_reviewed(known: Forked) -> None:
    known.github.close_pull_request(NUMBER)

    assert known.after(zipped({"number": b"7", "objects.pack": b""})) == 0
    assert is_skipped(known, "is closed by now")


def test_an_artifact_that_names_anothers_pull_request_is_refused(
    known: Forked, work_tree: WorkTree
) -> None:
    known.github.open_pull_request(
        8, "main", "topic", "Victim", "", head_repository="victim/demo", author="victim"
    )
    artifact = zipped({"number": b"8", "objects.pack": known.pack()})

    with pytest.raises(UserMustAct, match="pull request 8, which it names, is not of the fork"):
        known.after(artifact)
    assert known.messages.requests == []
    assert "could not be finished" in known.job_summary


def test_an_artifact_that_names_no_pull_request_is_refused(known: Forked) -> None:
    with pytest.raises(UserMustAct, match="does not show pull request 99"):
        known.after(zipped({"number": b"99", "objects.pack": b""}))


def test_objects_of_another_commit_are_refused(known: Forked, work_tree: WorkTree) -> None:
    artifact = known.artifact()
    known.github.push(NUMBER, work_tree.commit({"other.py": "n = 1\n"}, "Other"))

    with pytest.raises(UserMustAct, match="does not bring commit"):
        known.after(artifact)
    assert known.messages.requests == []


def test_a_deleted_fork_is_still_reviewed(known: Forked) -> None:
    artifact = known.artifact()
    known.github.delete_head_repository(NUMBER)

    assert known.after(artifact) == 0
    assert is_reviewed(known)


@pytest.mark.parametrize("count", [0, 2])
def test_not_one_artifact_is_an_error(known: Forked, count: int) -> None:
    with pytest.raises(UserMustAct, match=f"has {count} artifacts named 'reviewer-handover'"):
        known.after(*[b"PK"] * count)


def test_an_artifact_that_expired_or_is_too_large_is_not_downloaded(
    known: Forked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.source.handover.MOST_ARTIFACT_BYTES", 10)
    with pytest.raises(UserMustAct, match="more than 10 bytes"):
        known.after(b"x" * 11)
    run = known.github.finish_run(NUMBER, b"x")
    known.github.let_artifacts_expire()
    with pytest.raises(UserMustAct, match="has expired"):
        known.hear("workflow_run", lambda url: known.github.run_event(run, api_url=url))

    assert not [each for each in known.github.requests if "storage" in each.path]


def test_a_token_that_may_not_read_actions_is_told_what_it_lacks(known: Forked) -> None:
    artifact = known.artifact()
    known.github.hide_actions()

    with pytest.raises(ReviewerError, match="GitHub answered 403"):
        known.after(artifact)


def test_a_run_without_the_key_on_pull_request_names_the_ways_out(
    fork: Forked, capsys: pytest.CaptureFixture[str]
) -> None:
    fork.extra["ANTHROPIC_API_KEY"] = ""

    assert fork.run() == 0
    said = capsys.readouterr().out
    assert "/reviewer review" in said
    assert "reviewer init --forks" in said


def test_a_run_after_ones_own_branch_has_nothing_to_do(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    own = Forked(work_tree, tmp_path / "runner", head_repository="octo/demo")

    assert own.after() == 0
    assert is_skipped(own, "of no fork")


def test_damaged_objects_cost_nothing_and_leave_the_checkout_as_it_was(known: Forked) -> None:
    before = known.untouched()
    damaged = zipped({"number": b"7", "objects.pack": known.pack()[:-9]})

    with pytest.raises(UserMustAct, match="git does not take its objects"):
        known.after(damaged)
    assert (known.messages.requests, known.untouched()) == ([], before)
