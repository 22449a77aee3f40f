"""What was seen of a codebase and its change, and what was not. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, Coverage, FileClass, Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.check import Checked
    from reviewer.flow import ChangedFile, Snapshot
    from reviewer.prepare import Prepared

_MAY_BE_CODE = (FileClass.GENERATED, FileClass.VENDORED, FileClass.MINIFIED)
"""Whoever names a file chooses these; nobody calls pictures and lock files code."""


def shown(prepared: Prepared, passes: Sequence[tuple[str, str]] = ()) -> Coverage:
    """Return what a model saw; `passes` are those that did not come to an end, with the reason."""
    changed = prepared.changed
    return Coverage(
        files=prepared.pack.files,
        changed=tuple(file.diff.path for file in changed),
        unseen_changes=tuple((file.diff.path, file.why) for file in changed if file.why),
        incomplete=(
            *gaps(changed),
            *_unaudited(prepared),
            *(f"the pass for {lens}: {why}" for lens, why in passes),
        ),
        snapshot=_snapshot(prepared.shown.snapshot),
        related=tuple(file.path for file in prepared.shown.related),
        secrets=prepared.shown.secrets,
        rules=prepared.shown.project_rules.uses,
        asked=len(prepared.shown.asked),
    )


def searched(checked: Checked) -> Coverage:
    """Return what the local engine looked at."""
    return Coverage(
        files=(),
        changed=tuple(file.diff.path for file in checked.changed),
        unseen_changes=checked.unread,
        incomplete=(*([checked.undone] if checked.undone else []), *_unparsed(checked)),
        searched=True,
    )


def _snapshot(shown: Snapshot | None) -> str:
    """Say as of when the codebase is shown: reviews of a day share it in the prompt cache."""
    if shown is None:
        return ""
    said = f"the base branch at {shown.commit[:12]}, the snapshot of the day"
    if shown.changed:
        said += f", with an overlay of {shown.changed:,} files that have changed since"
    if shown.stale:
        said += f"; of {shown.stale:,} of them only the names fitted"
    return said


def gaps(changed: Sequence[ChangedFile]) -> Iterator[str]:
    """Give what a reader must not overlook: a change must not be able to hide in silence."""
    total = len(changed)
    if cut := sum(map(_cut, changed)):
        yield f"{cut} of {total} changed files did not fit in full"
    if concealed := sum(file.concealed for file in changed):
        yield f"{concealed} of {total} changed files could not be shown, but are named like code"
    elif any(file.verdict.file_class in _MAY_BE_CODE for file in changed) and not any(
        file.shows_diff or file.text is not None for file in changed
    ):
        yield "nothing of the change was shown, by the rules for names of files"


def _unaudited(prepared: Prepared) -> Iterator[str]:
    """Say how much of what an audit is about the budget kept from being shown in full."""
    cut = [file for file in prepared.shown.unseen if file.file_class in SENDABLE]
    if cut:
        outlined = sum(file.level is Level.OUTLINE for file in cut)
        total = len(prepared.shown.asked)
        yield (
            f"{len(cut):,} of {total:,} files asked about did not fit in full "
            f"({outlined:,} were shown as outlines)"
        )


def _cut(file: ChangedFile) -> bool:
    """Whether the budget, not a rule, kept a changed file from being shown in full."""
    return bool(file.why) and file.text is None and file.verdict.file_class in SENDABLE


def _unparsed(checked: Checked) -> Iterator[str]:
    """Give the reasons for which files were not parsed: what is in them was not looked at."""
    reasons = Counter(why for _, why in checked.unparsed)
    yield from (f"files that were not parsed: {n:,} ({why})" for why, n in reasons.items())
