"""Which changes need no model, and the reason that is given."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from piping import QUIET, tools_for

from reviewer.errors import EXIT_CLEAN, EXIT_UNFINISHED, UserMustAct
from reviewer.flow import Audit, Change, History, Review
from reviewer.ports import Occasion
from reviewer.settings import Settings
from reviewer.skips import skipped
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from conftest import WorkTree

PICTURE = b"\x89PNG\0"


def lines(count: int, name: str = "line") -> str:
    return "".join(f"{name}_{n} = {n}\n" for n in range(count))


def decided(
    tree: WorkTree,
    files: dict[str, Any],
    *,
    history: History | None = History(),  # noqa: B008 - frozen
    audit: Audit | None = None,
    **settings: Any,
) -> Review | None:
    """Commit a base and a change of it; return what is made of the change without a model."""
    base = tree.commit({"area.py": lines(10), "old.py": lines(10, "old"), "logo.png": PICTURE})
    head = tree.commit(files)
    change = Change(base=base, merge_base=base, head=head, audit=audit)
    with closing(GitRepository(tree.folder)) as repository:
        return skipped(
            change,
            Settings(**settings),
            Occasion(activity=QUIET, history=history),
            tools=tools_for(repository),
        )


def why(review: Review | None) -> str:
    assert review
    assert review.skipped
    return review.skipped.why


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"go.sum": "a v1 h1:x\n"}, "nothing of it may be shown to a model: 1 file (lock: "),
        (
            {"go.sum": "a\n", "sub/go.sum": "b\n", "new.png": PICTURE},
            "2 files (lock: name go.sum), 1 file (media: ",
        ),
        ({"logo.png": None}, "1 file (media: "),
        ({"area.py": None, "area2.py": lines(10)}, "1 file (no line of it was changed)"),
        ({}, "it changes no file"),
    ],
    ids=["lock", "several rules", "deleted", "renamed", "empty"],
)
def test_a_change_of_which_nothing_is_shown_counts_its_files_by_rule(
    work_tree: WorkTree, files: dict[str, Any], says: str
) -> None:
    found = decided(work_tree, files)

    assert says in why(found)
    assert found
    assert found.cost.usd == 0
    assert found.exit_code("low") == EXIT_CLEAN
    assert len(found.coverage.unseen_changes) == len(found.coverage.changed)


def test_what_the_project_excludes_is_no_reason_to_ask(work_tree: WorkTree) -> None:
    work_tree.commit({".reviewerignore": "notes/\n"})

    assert "2 files (excluded: " in why(
        decided(work_tree, {"notes/a.py": "x\n", "notes/b.py": "y\n"})
    )


def test_many_rules_do_not_make_a_long_reason(work_tree: WorkTree) -> None:
    excluded = [f"{n}.txt" for n in range(9)]
    found = why(decided(work_tree, dict.fromkeys(excluded, "x\n"), exclude=tuple(excluded)))

    assert found.endswith("4 more by other rules")


@pytest.mark.parametrize(
    "files",
    [{"evil.py": b"evil() # \0\n"}, {"vendor/evil.py": "evil()\n"}, {"area.py": b"x\0" * 9}],
    ids=["unreadable", "named so", "changed so"],
)
def test_a_change_that_hides_code_is_incomplete_and_no_skip(
    work_tree: WorkTree, files: dict[str, Any]
) -> None:
    found = decided(work_tree, files)

    assert found
    assert found.skipped is None
    assert found.coverage.incomplete
    assert found.exit_code("low") == EXIT_UNFINISHED


@pytest.mark.parametrize(
    ("files", "is_large"),
    [
        ({"new.py": lines(20)}, False),
        ({"new.py": lines(21)}, True),
        ({"new.py": lines(11), "old.py": None}, True),
        ({"new.py": lines(3), "go.sum": lines(900), "vendor/x.py": lines(900)}, False),
        ({"renamed.py": lines(10, "old"), "old.py": None, "new.py": lines(20)}, False),
    ],
    ids=["at the limit", "over it", "deleted lines count", "what is never sent", "renamed"],
)
def test_lines_that_would_be_sent_are_counted_and_no_others(
    work_tree: WorkTree, files: dict[str, Any], *, is_large: bool
) -> None:
    found = decided(work_tree, files, max_changed_lines=20)

    assert bool(found) is is_large
    if is_large:
        assert "it changes 21 lines, and the setting max_changed_lines is 20" in why(found)


def test_a_gate_does_not_pass_what_was_too_large_to_be_looked_at(work_tree: WorkTree) -> None:
    found = decided(work_tree, {"new.py": lines(21)}, max_changed_lines=20)

    assert found
    assert found.exit_code("never") == EXIT_CLEAN
    assert found.exit_code("critical") == EXIT_UNFINISHED


@pytest.mark.parametrize(
    ("settings", "is_large"), [({}, True), ({"max_changed_lines": None}, False)]
)
def test_a_change_of_thirty_thousand_lines_is_too_large_unless_it_was_ordered(
    work_tree: WorkTree, settings: dict[str, Any], *, is_large: bool
) -> None:
    large = {f"new_{n}.py": lines(10_000) for n in range(3)}

    assert bool(decided(work_tree, large, **settings)) is is_large


def test_who_runs_a_local_review_of_too_much_is_told_what_to_do(work_tree: WorkTree) -> None:
    with pytest.raises(UserMustAct, match="max_changed_lines is 20") as caught:
        decided(work_tree, {"new.py": lines(21)}, history=None, max_changed_lines=20)

    assert "REVIEWER_MAX_CHANGED_LINES" in caught.value.way_out


def test_an_audit_is_about_what_is_there_whatever_changed(work_tree: WorkTree) -> None:
    large = {"new.py": lines(21)}

    assert decided(work_tree, large, audit=Audit(paths=()), max_changed_lines=20) is None
