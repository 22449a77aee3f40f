"""What is shown to the model of the codebase and the change, within a budget. Pure.

Pure but for the ports it is handed. Two steps, because the budget may have to shrink when the API
counts more tokens than were estimated: `look` finds out what there is, `fit` chooses.

The codebase depends on the base and the settings alone; the change, and the unchanged files that
it has to do with, come beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer import layout as layouts
from reviewer.errors import UserMustAct
from reviewer.flow import SENDABLE, FileClass, Level, RelatedFile, Trail
from reviewer.index.lookup import Codebase
from reviewer.index.recalled import recalling
from reviewer.index.searched import searching
from reviewer.judge import baseline
from reviewer.layout import CODEBASE_SHARES
from reviewer.pack import (
    changed,
    document,
    project_rules,
    redact,
    relevance,
    rules_of,
    shelf,
    survey,
)
from reviewer.pack.ignore import Patterns
from reviewer.pack.sheets import Opener, Sheet
from reviewer.pack.snapshot import OVERLAY_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reviewer.flow import (
        Audit,
        Change,
        ChangedFile,
        FileDiff,
        KnownFinding,
        Neighbour,
        Pack,
        PackedFile,
        ProjectRules,
        Reported,
        Snapshot,
        TreeEntry,
        Verdict,
    )
    from reviewer.layout import Layout
    from reviewer.pack import PathRules
    from reviewer.pack.placeholders import Placeholders
    from reviewer.pack.tokens import Family
    from reviewer.ports import Repository, Tools
    from reviewer.settings import Settings

RELATED_SHARE = 0.12
"""Of the budget, at most, for unchanged files beside the change: it is never cached."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown, without its secrets; `secrets` counts what was replaced, by kind."""

    change: Change
    pack: Pack
    changed: tuple[ChangedFile, ...]
    related: tuple[RelatedFile, ...]
    neighbours: tuple[Neighbour, ...]
    secrets: tuple[tuple[str, int], ...]
    project_rules: ProjectRules
    asked: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    """How the codebase is shown: as it was, and what changed; None where it is shown as it is."""

    @property
    def tokens(self) -> int:
        """What it costs, but for the words of the change and of the instructions."""
        beside = [file.tokens for file in self.changed] + [file.tokens for file in self.related]
        return self.pack.tokens + sum(beside)

    @property
    def cached_tokens(self) -> int:
        """What of the codebase stands before the last breakpoint that others share."""
        if self.snapshot is None or self.snapshot.shared:
            return self.pack.tokens
        return self.snapshot.core.tokens

    def parts(self, prompt_tokens: int) -> tuple[tuple[str, int], ...]:
        """Return what a prompt of that size consists of, by estimate: the rest is words."""
        overlay_tokens = self.snapshot.tokens if self.snapshot else 0
        known = {
            "codebase": self.pack.tokens - overlay_tokens,
            "overlay": overlay_tokens,
            "related files": sum(file.tokens for file in self.related),
            "change": sum(file.tokens for file in self.changed),
        }
        words = {"instructions and words": max(0, prompt_tokens - self.tokens)}
        return tuple((name, tokens) for name, tokens in (known | words).items() if tokens)

    @property
    def unseen(self) -> tuple[PackedFile, ...]:
        """The files that an audit is about and that are not shown in full."""
        asked, beside = set(self.asked), {file.path for file in self.related}
        return tuple(
            file
            for file in self.pack.files
            if file.path in asked and file.level is not Level.FULL and file.path not in beside
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
        baseline=baseline.of_tree(entries, repository.read),
    )


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


def fit(material: Material, *, room_tokens: int, overhead_tokens: int) -> Shown:
    """Choose what is shown within `room_tokens`, `overhead_tokens` of which go to the words."""
    change = material.ground.change
    own_tokens = room_tokens - overhead_tokens
    read = material.ground.repository.read
    files = material.ground.changed(
        budget_tokens=int(own_tokens * (1 - CODEBASE_SHARES[-1])), family=material.opener.family
    )
    left_tokens = own_tokens - sum(file.tokens for file in files)
    layout = _layout(material, room_tokens, left_tokens)
    placeholders = layout.placeholders
    # Right after the codebase, so that their placeholders do not depend on the change either.
    everywhere = project_rules.redacted(material.project_rules.everywhere, placeholders)
    here = project_rules.redacted(material.project_rules.here, placeholders)
    pack, snapshot = layouts.overlaid(layout, material.ground, material.opener)
    related = _related(
        material,
        pack,
        room_tokens=left_tokens - pack.tokens
        if change.audit
        else min(left_tokens - pack.tokens, int(room_tokens * RELATED_SHARE)),
        placeholders=placeholders,
    )
    in_full = {file.path for file in pack.files if file.level is Level.FULL}
    in_full |= {file.path for file in related}
    return Shown(
        change=redact.words(change, placeholders),
        pack=pack,
        snapshot=snapshot,
        changed=redact.files(files, read, placeholders),
        related=related,
        neighbours=tuple(
            replace(each, shown=each.path in in_full) for each in material.neighbours
        ),
        secrets=tuple(placeholders.receipt().items()),
        project_rules=replace(material.project_rules, everywhere=everywhere, here=here),
        asked=material.asked,
    )


def _layout(material: Material, room_tokens: int, left_tokens: int) -> Layout:
    """Return how the codebase is shown: as the snapshot of the day, if there is room to share."""
    found, opener = material.ground, material.opener
    if material.trail.steps:
        shared = layouts.of_the_day(
            found, opener, material.trail, room_tokens=room_tokens, left_tokens=left_tokens
        )
        if shared is not None:
            return shared
    budget_tokens = _codebase_tokens(room_tokens, left_tokens, audit=found.change.audit)
    return layouts.as_it_is(found, opener, budget_tokens=budget_tokens)


def _codebase_tokens(room_tokens: int, left_tokens: int, *, audit: Audit | None) -> int:
    """Return the codebase's budget: a fixed share of the room, so that changes agree on it.

    An audit of everything has nothing to show beside it, and a pack has its files in it.
    """
    if audit and (audit.files or not audit.paths):
        return left_tokens
    shares = (int(room_tokens * share) for share in CODEBASE_SHARES)
    return next((tokens for tokens in shares if tokens <= left_tokens), left_tokens)


def _related(
    material: Material, pack: Pack, *, room_tokens: int, placeholders: Placeholders
) -> tuple[RelatedFile, ...]:
    """Return the nearest unchanged files that the codebase does not show in full.

    In an audit those are the files that are asked about.
    """
    levels = {file.path: file.level for file in pack.files}
    entries = {entry.path: (entry, verdict) for entry, verdict in material.ground.candidates}
    chosen: list[RelatedFile] = []
    for path in material.asked or [neighbour.path for neighbour in material.neighbours]:
        if path not in entries:  # the base has moved on, and it is not there any more
            continue
        entry, verdict = entries[path]
        if levels[path] is Level.FULL or verdict.file_class not in SENDABLE:
            continue
        opened = material.opener.open(entry, verdict)
        if not isinstance(opened, Sheet):
            continue
        cost = material.opener.tokens(opened)
        if cost <= room_tokens:
            room_tokens -= cost
            chosen.append(_file(opened, cost, placeholders))
    return tuple(chosen)


def _file(opened: Sheet, cost_tokens: int, placeholders: Placeholders) -> RelatedFile:
    entry = opened.entry
    text = placeholders.replace(opened.text.text, opened.secrets)
    return RelatedFile(
        path=entry.path,
        text=text,
        written=document.write(
            entry.path,
            text,
            percent_encoded=entry.percent_encoded,
            encoding=opened.text.encoding,
            lossy=opened.text.lossy,
        ),
        tokens=cost_tokens,
    )
