"""What there is to be shown of the codebase and the change, before a budget is known. Pure.

Pure but for the ports it is handed. What is shown of it is up to `choose`: the budget may have to
shrink when the API counts more tokens than were estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import SENDABLE, FileClass, Trail
from reviewer.ground import Ground, ground
from reviewer.layout import CODEBASE_SHARES
from reviewer.pack import project_rules, relevance, shelf
from reviewer.pack.ignore import Patterns
from reviewer.pack.sheets import Opener
from reviewer.pack.snapshot import OVERLAY_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.flow import Change, FileDiff, Neighbour, ProjectRules, Reported
    from reviewer.index.lookup import Codebase
    from reviewer.pack.tokens import Family
    from reviewer.ports import Tools
    from reviewer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What there is to be shown, before a budget is known."""

    ground: Ground
    opener: Opener
    neighbours: tuple[Neighbour, ...]
    hints: str
    """What the local engine has to say about the change, for the model; may be empty."""
    asked: tuple[str, ...]
    """Of an audit: the files that may be sent and that findings may be about."""
    project_rules: ProjectRules
    reported: tuple[Reported, ...] = ()
    """What other tools say of the code."""
    trail: Trail
    """Of the base since the beginning of the day; without steps its tip is shown."""

    @property
    def whole_tokens(self) -> int:
        """About what the prompt must have room for, that all of the codebase is shown in it."""
        tokens = sum(
            shelf.by_size(entry, self.opener.family)
            for entry, verdict in self.ground.candidates
            if verdict.file_class in SENDABLE
        )
        return int(tokens * (1 + OVERLAY_SHARE) / CODEBASE_SHARES[0])


def look(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    family: Family,
    budget_tokens: int,
    since: float | None,
) -> Material:
    """Find out what there is to be shown; raises `CouldNotFinish` and `UserMustAct`.

    `budget_tokens` are those of the whole prompt, of which the project's rules get a share.
    `since` is when the day began whose reviews share a snapshot (UNIX seconds), or None.
    """
    found = ground(change, settings, tools=tools)
    classes = {entry.path: verdict.file_class for entry, verdict in found.candidates}
    readable = [file for file in found.diffs if classes.get(file.path) in {None, *SENDABLE}]
    neighbours, hints = _around(
        readable, found.codebase, is_test=lambda path: classes.get(path) is FileClass.TEST
    )
    asked = _asked(found)
    changed_paths = {path for file in found.diffs for path in (file.path, file.old_path) if path}
    return Material(
        ground=found,
        opener=Opener(tools.repository.read, memory=tools.memory, pool=tools.pool, family=family),
        neighbours=neighbours,
        hints=hints,
        asked=asked,
        project_rules=project_rules.choose(
            found.candidates,
            settings.rules,
            {*changed_paths, *asked},
            read=tools.repository.read,
            budget_tokens=budget_tokens,
            family=family,
        ),
        trail=Trail() if since is None else tools.repository.trail(change.base, since=since),
    )


def _asked(found: Ground) -> tuple[str, ...]:
    """Return the files that an audit is about; raises `UserMustAct` when there is none."""
    audit = found.change.audit
    if audit is None:
        return ()
    patterns, files = Patterns.build("--path", audit.paths), frozenset(audit.files)
    asked = tuple(
        entry.path
        for entry, verdict in found.candidates
        if verdict.file_class in SENDABLE
        and (not audit.paths or patterns.rule(entry.path))
        and (not files or entry.path in files)
    )
    if not asked:
        raise UserMustAct(
            "no file that could be sent is asked about",
            way_out="give --path a gitignore pattern; `reviewer explain PATH` tells of one file",
        )
    return asked


def _around(
    files: Sequence[FileDiff], codebase: Codebase, *, is_test: Callable[[str], bool]
) -> tuple[tuple[Neighbour, ...], str]:
    """Return what the change has to do with, and what the local engine has to say of it.

    Both look for names, so they are looked for together: a search reads the whole tree.
    """
    if not files:
        return (), ""
    from reviewer.ask import local

    codebase.find([*relevance.names(files, codebase), *local.names(files, codebase)])
    hints = local.hints(local.review_locally(files, codebase).findings)
    return relevance.neighbours(files, codebase, is_test=is_test), hints
