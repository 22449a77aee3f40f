"""The two trees of a change, by name, and what it does to them. Pure but for the ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.index.lookup import Codebase
from reviewer.index.recalled import recalling
from reviewer.index.searched import searching
from reviewer.judge import baseline_file
from reviewer.pack import changed, rules_of, survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import Change, ChangedFile, FileDiff, KnownFinding, TreeEntry, Verdict
    from reviewer.pack import PathRules
    from reviewer.pack.tokens import Family
    from reviewer.ports import Repository, Tools
    from reviewer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The two trees of a change, by name, and what it does to them."""

    change: Change
    settings: Settings
    repository: Repository
    rules: PathRules
    candidates: Sequence[tuple[TreeEntry, Verdict]]
    """The files of the base."""
    diffs: tuple[FileDiff, ...]
    codebase: Codebase
    """The tree at head."""
    baseline: tuple[KnownFinding, ...]
    """The known findings of the base: a change must not add to them what it brings in."""

    def classed(self, entries: Iterable[TreeEntry]) -> list[tuple[TreeEntry, Verdict]]:
        """Return files with their classes by name, by the rules of the base."""
        return survey(entries, self.rules, max_file_bytes=self.settings.max_file_bytes)

    def changed(self, *, budget_tokens: int, family: Family) -> tuple[ChangedFile, ...]:
        """Return the changed files as they are shown within a budget."""
        return changed.show(
            self.diffs,
            self.repository.read,
            self.rules,
            max_file_bytes=self.settings.max_file_bytes,
            budget_tokens=budget_tokens,
            family=family,
        )


def ground(change: Change, settings: Settings, *, tools: Tools) -> Ground:
    """Read what is there, by name; raises `CouldNotFinish` and `UserMustAct`."""
    repository = tools.repository
    entries = repository.entries(change.base)
    tree = entries if change.head == change.base else repository.entries(change.head)
    rules = rules_of(entries, repository.read, include=settings.include, exclude=settings.exclude)
    return Ground(
        change=change,
        settings=settings,
        repository=repository,
        rules=rules,
        candidates=survey(entries, rules, max_file_bytes=settings.max_file_bytes),
        diffs=diff.parse(repository.patch(change)),
        codebase=Codebase(
            tree,
            read=repository.read,
            search=searching(tools.memory, repository.search, change.head),
            parse=recalling(tools.memory, tools.pool),
        ),
        baseline=baseline_file.of_tree(entries, repository.read),
    )
