"""A change in a real repository, and what the engine without a model says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask import local
from reviewer.flow import Change
from reviewer.index.lookup import Codebase
from reviewer.source.repo import GitRepository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import WorkTree

    from reviewer.flow import FileDiff, Finding


def reviewed(
    work_tree: WorkTree,
    before: Mapping[str, str | bytes | None],
    after: Mapping[str, str | bytes | None],
) -> tuple[tuple[Finding, ...], tuple[FileDiff, ...], Codebase]:
    """Commit both, and return the findings on the second commit."""
    base, head = work_tree.commit(before), work_tree.commit(after)
    repository = GitRepository(work_tree.folder)
    diffs = diff.parse(repository.patch(Change(base=base, merge_base=base, head=head)))
    codebase = Codebase(
        repository.entries(head),
        read=repository.read,
        search=lambda words: repository.search(head, words),
    )
    searched = local.review_locally(diffs, codebase)
    assert not searched.undone
    return searched.findings, diffs, codebase


def titles(
    work_tree: WorkTree,
    before: Mapping[str, str | bytes | None],
    after: Mapping[str, str | bytes | None],
) -> list[str]:
    """Return what is said, in short."""
    return [one.title for one in reviewed(work_tree, before, after)[0]]
