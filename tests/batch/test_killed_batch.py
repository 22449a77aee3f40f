"""A batch is killed between any two steps and run again: nothing is sent twice or lost."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from batching import Death, Killed, world

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 31
"""Writes and requests of a batch with one repository, from submit to the last collect."""

REPORT: dict[str, dict[str, str]] = {}
"""What the batch tells that nobody killed; made by the first test that needs it."""


def whole(
    repository: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, str], int]:
    with monkeypatch.context() as patch, world(folder, patch, [repository]) as made:
        assert made.to_the_end() == 0
        return made.told(), made.death.steps


def test_every_step_is_tried(buggy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, steps = whole(buggy, tmp_path / "whole", monkeypatch)

    assert steps == STEPS
    assert "1 finding (high)" in told["index.md"]
    assert "Not verified" not in told["repository.md"]


@pytest.mark.parametrize("at", range(1, STEPS + 1))
def test_a_batch_that_was_killed_ends_as_one_that_was_not_and_nothing_is_sent_twice(
    buggy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    if not REPORT:
        REPORT["whole"], _ = whole(buggy, tmp_path / "whole", monkeypatch)
    with world(tmp_path / "killed", monkeypatch, [buggy]) as made:
        made.batches.looks = at % 3
        made.death = Death(at=at)
        with suppress(Killed):
            made.to_the_end()
        made.death = Death()

        assert made.to_the_end() == 0
        assert list(made.batches.counts().values()) == [1, 1]
        assert made.told() == REPORT["whole"]
