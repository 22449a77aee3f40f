from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import MAX_FILE_BYTES, entry, fit, rules

from reviewer.flow import Step
from reviewer.pack import survey
from reviewer.pack.snapshot import boundary, choose
from reviewer.pack.tokens import Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import Pack, TreeEntry, Verdict

TREE = {f"part{n}.py": f"value = {n}\n".encode() * 60 for n in range(12)}
"""Twelve files of some 250 tokens: each is a twelfth of the codebase."""


class Branch:
    """A branch whose steps write and remove files; `tree` is what its tip holds."""

    def __init__(self) -> None:
        self.trees = {"0": dict(TREE)}
        self.steps = [Step(commit="0")]

    def go(self, **changes: bytes | None) -> Branch:
        """One step on; None removes."""
        files = {name.replace("__", "."): text for name, text in changes.items()}
        tree = {**self.trees[self.steps[-1].commit]}
        written = {name: text for name, text in files.items() if text is not None}
        gone = tuple(name for name in files if name not in written and name in tree)
        commit = str(len(self.steps))
        tree = {name: text for name, text in (tree | written).items() if name not in gone}
        self.trees[commit] = tree
        changed = tuple(entry(name, text) for name, text in sorted(written.items()))
        self.steps.append(Step(commit=commit, changed=changed, gone=gone))
        return self

    def chosen(self, *, steps: int | None = None) -> str:
        commit, pack = choose(self.steps[:steps], self._pack_at, _classed, Family.CURRENT)
        assert [file.path for file in pack.files] == sorted(self.trees[commit])
        return commit

    def _pack_at(self, commit: str) -> Pack:
        return fit(self.trees[commit])


def _classed(entries: Iterable[TreeEntry]) -> Sequence[tuple[TreeEntry, Verdict]]:
    return survey(entries, rules(), max_file_bytes=MAX_FILE_BYTES)


def test_the_snapshot_is_the_state_at_the_beginning_of_the_day() -> None:
    assert Branch().chosen() == "0"
    assert Branch().go(part1__py=b"small\n").go(part2__py=b"small\n").chosen() == "0"


def test_where_the_overlay_would_pass_a_tenth_the_snapshot_moves_up() -> None:
    branch = Branch().go(part1__py=b"new = 1\n" * 60).go(part2__py=b"new = 2\n" * 60)

    assert branch.chosen(steps=2) == "0"
    assert branch.chosen() == "2"


def test_a_file_that_changes_again_and_again_counts_once() -> None:
    branch = Branch()
    for n in range(8):
        branch.go(part1__py=f"new = {n}\n".encode() * 60)

    assert branch.chosen() == "0"


@pytest.mark.parametrize("name", ["__reviewerignore", "__gitattributes"])
def test_the_snapshot_moves_with_the_rules_by_which_files_are_chosen(name: str) -> None:
    branch = Branch().go(**{name: b"docs/\n"}).go(part1__py=b"small\n")

    assert branch.chosen() == "1"


def test_what_is_never_sent_makes_no_overlay() -> None:
    branch = Branch().go(picture__png=b"\x89PNG" * 50_000).go(yarn__lock=b"x\n" * 50_000)

    assert branch.chosen() == "0"


NAMES = st.sampled_from([*(f"part{n}__py" for n in range(12)), "new__py", "__gitattributes"])
CHANGES = st.dictionaries(
    NAMES, st.none() | st.sampled_from([b"x\n", b"y = 1\n" * 90]), max_size=3
)


@given(st.lists(CHANGES, max_size=8))
@settings(max_examples=40, deadline=None)
def test_whoever_walks_the_same_branch_agrees_but_for_a_move_to_the_tip(
    days: list[dict[str, bytes | None]],
) -> None:
    branch = Branch()
    for changes in days:
        branch.go(**changes)

    chosen = [branch.chosen(steps=n) for n in range(1, len(branch.steps) + 1)]

    for before, step, after in zip(chosen, branch.steps[1:], chosen[1:], strict=False):
        assert after in {before, step.commit}


# --- when a day begins -------------------------------------------------------------------------


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("now", "hour", "began"),
    [
        ("2026-11-25T00:00:00Z", 0, "2026-11-25T00:00:00Z"),
        ("2026-11-25T23:59:59Z", 0, "2026-11-25T00:00:00Z"),
        ("2026-11-25T08:59:59Z", 9, "2026-11-24T09:00:00Z"),
        ("2026-11-25T09:00:00Z", 9, "2026-11-25T09:00:00Z"),
        ("2026-11-25T01:00:00+02:00", 0, "2026-11-24T00:00:00Z"),
    ],
)
def test_a_day_begins_at_its_hour_in_utc(now: str, hour: int, began: str) -> None:
    assert boundary(at(now), hour=hour) == at(began)
