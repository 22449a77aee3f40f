"""What is shown to the model of what there is, within a budget. Pure.

The codebase depends on the base and the settings alone; the change, and the unchanged files that
it has to do with, come beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import layout as layouts
from reviewer.flow import SENDABLE, Level, RelatedFile
from reviewer.layout import CODEBASE_SHARES
from reviewer.pack import document, project_rules, redact
from reviewer.pack.sheets import Sheet

if TYPE_CHECKING:
    from reviewer.flow import (
        Audit,
        Change,
        ChangedFile,
        Neighbour,
        Pack,
        PackedFile,
        ProjectRules,
        Snapshot,
    )
    from reviewer.gather import Material
    from reviewer.layout import Layout
    from reviewer.pack.placeholders import Placeholders

RELATED_SHARE = 0.12
"""Of the budget, at most, for unchanged files beside the change: it is never cached."""


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
