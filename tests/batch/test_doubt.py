"""A call that was to create a batch, and whose answer never came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from batching import KEY, World, world

from reviewer.batch.sending import QUIET_SECONDS
from reviewer.standin.batches import Batch, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOWS = ["hang up", "status"]


@pytest.fixture
def one(buggy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("REVIEWER_DEPTH", "quick")
    with world(tmp_path / "world", monkeypatch, [buggy]) as made:
        yield made


def unheard(made: World, *, how: str, carried_out: bool) -> None:
    """Let the next batch be created, or not, without an answer that tells."""
    made.batches.faults = [Fault(at="create", how=how, carried_out=carried_out)]  # type: ignore[arg-type]


def stranger(made: World, *, ended: bool, ids: tuple[str, ...] = ("somebody-else",)) -> None:
    """Put a batch of somebody else into the workspace."""
    results = [{"custom_id": name, "result": {"type": "expired"}} for name in ids]
    made.batches.all.append(
        Batch(
            id=f"msgbatch_stranger{len(made.batches.all)}",
            workspace=KEY,
            created_at=0.0,
            requests=tuple({"custom_id": name, "params": {}} for name in ids),
            results=results,
            looks_left=0 if ended else None,
        )
    )


def ours(made: World) -> list[int]:
    """Return how often each request of ours is at the server."""
    return [n for name, n in made.batches.counts().items() if name != "somebody-else"]


@pytest.mark.parametrize("how", HOWS)
def test_a_batch_that_was_created_unheard_is_found_by_its_results(one: World, how: str) -> None:
    unheard(one, how=how, carried_out=True)

    assert one.submit() == 3
    assert one.collect() == 0
    assert ours(one) == [1]


@pytest.mark.parametrize("how", HOWS)
def test_a_batch_that_was_never_created_is_sent_again_after_a_second_look(
    one: World, how: str
) -> None:
    unheard(one, how=how, carried_out=False)

    assert one.submit() == 3
    assert one.waited == []
    assert one.submit() == 0
    assert one.waited == [QUIET_SECONDS]
    assert ours(one) == [1]


def test_one_that_may_be_ours_and_is_in_progress_is_waited_for(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.batches.looks = None
    unheard(one, how="hang up", carried_out=True)
    one.submit()

    assert one.submit() == 3
    said = capsys.readouterr()
    assert "it may be msgbatch_000000000000000000000001, which is in progress" in said.out
    assert "--again" in said.err
    assert one.collect() == 3
    assert ours(one) == [1]

    one.batches.all[0].looks_left = 0
    assert one.collect() == 0
    assert ours(one) == [1]


def test_a_server_that_lists_a_batch_late_is_given_time(
    one: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard(one, how="hang up", carried_out=True)
    one.submit()
    late = one.batches.all.pop()

    def wait(_seconds: float) -> None:
        one.batches.all.append(late)

    monkeypatch.setattr("reviewer.wiring.batch_plan.CLOCK.sleep", wait)
    assert one.submit() == 0
    assert ours(one) == [1]


def test_again_sends_what_is_in_doubt_and_says_that_it_may_be_paid_twice(
    one: World, capsys: pytest.CaptureFixture[str]
) -> None:
    one.batches.looks = None
    unheard(one, how="hang up", carried_out=True)
    one.submit()
    assert "it may be paid for twice" in capsys.readouterr().err

    assert one.submit("--again") == 0
    assert ours(one) == [2]
    assert "it was sent again without waiting for it" in capsys.readouterr().out


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "in progress"])
def test_a_batch_of_somebody_else_is_not_taken_for_ours(one: World, *, ended: bool) -> None:
    unheard(one, how="hang up", carried_out=False)
    one.submit()
    stranger(one, ended=ended)

    assert one.submit() == (0 if ended else 3)
    assert ours(one) == ([1] if ended else [])


def test_one_of_another_size_or_an_older_one_does_not_come_into_question(one: World) -> None:
    stranger(one, ended=False)
    unheard(one, how="hang up", carried_out=False)
    one.submit()
    stranger(one, ended=False, ids=("one", "two"))

    assert one.submit() == 0


def test_a_key_of_another_workspace_sends_nothing_again(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger(one, ended=True)
    unheard(one, how="hang up", carried_out=True)
    one.submit()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-another")

    assert one.submit() == 3
    assert "is this the key of another workspace?" in capsys.readouterr().out
    assert ours(one) == [1]


def test_a_key_that_does_not_know_the_batch_is_told_so(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-another")

    assert one.collect() == 2
    assert "does not know the batch msgbatch_" in capsys.readouterr().err


def test_another_address_is_refused_before_it_hears_anything(
    one: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one.submit()
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")

    assert one.collect() == 2
    assert "and 127.0.0.1:9 would be asked" in capsys.readouterr().err


@pytest.mark.parametrize("status", [400, 401, 413, 429])
def test_a_call_that_was_refused_created_nothing_and_is_made_anew(
    one: World, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    one.batches.faults = [Fault(at="create", status=status)]

    assert one.submit() in (2, 3)
    assert f"HTTP {status}" in capsys.readouterr().err
    assert one.submit() == 0
    assert (ours(one), one.waited) == ([1], [])


def test_what_costs_nothing_is_asked_again_when_it_fails(one: World) -> None:
    one.batches.faults = [Fault(at="list", status=500), Fault(at="look"), Fault(at="results")]

    assert (one.submit(), one.collect()) == (0, 3)
    assert one.collect() == 0


def test_an_archived_batch_has_expired_and_is_sent_again(one: World) -> None:
    one.submit()
    one.batches.all[0].archived = True

    assert one.collect() == 3
    assert "its batch was archived" in one.told()["repository.md"]
    assert (one.submit(), one.collect()) == (0, 0)


@pytest.mark.parametrize("step", ["doubtful", "created"])
def test_status_tells_of_each_call(
    one: World, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    one.batches.looks = None
    if step == "doubtful":
        unheard(one, how="hang up", carried_out=True)
    one.submit()
    capsys.readouterr()
    one.status("--json")

    [batch] = json.loads(capsys.readouterr().out)["batches"]
    assert (batch["state"], batch["requests"]) == (step, 1)
