"""`reviewer explain PATH`: how a file is classed and shown, and by which rule."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewer.diff.names import decode_path
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.publish.documents import inspected
from reviewer.publish.statistics import one_line
from reviewer.wiring.local import hired, local_change, local_settings, opened, prepared_offline

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.prepare import Prepared
    from reviewer.publish.documents.inspected import Explained, File, FileOfChange


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    path: str,
    as_json: bool,
    **flags: object,
) -> int:
    """Say what happens to one tracked path, in the codebase and in the change."""
    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        change = local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        prepared = prepared_offline(repository, change, settings, pool=pool)
        names = _names(path, folder=folder, top=repository.top)
    found = next((found for name in names if (found := _explained(name, prepared))), None)
    if found is None:
        raise UserMustAct(
            f"{path!r} is neither in the base nor in the change",
            way_out="give a tracked path, from the repository's root or from here",
        )
    print(inspected.as_json(found) if as_json else "\n".join(_lines(found)))
    return EXIT_CLEAN


def _names(path: str, *, folder: Path, top: Path | None) -> tuple[str, ...]:
    """Return what `path` can stand for: as git spells it, else from the folder one is in."""
    plain = decode_path(os.fsencode(path))[0]
    if top is None:
        return (plain,)
    here = os.path.relpath(folder.resolve() / path, top.resolve())
    return plain, decode_path(os.fsencode(here.replace(os.sep, "/")))[0]


def _explained(name: str, prepared: Prepared) -> Explained | None:
    """Return what happens to the path, or None where it is neither in the base nor changed."""
    rules = prepared.shown.project_rules
    packed = [inspected.File.of(file) for file in prepared.pack.files if file.path == name]
    changes = [
        inspected.FileOfChange.of(file, rules)
        for file in prepared.changed
        if name in (file.diff.path, file.diff.old_path)
    ]
    if not packed and not changes:
        return None
    return inspected.Explained(
        path=name,
        codebase=packed[0] if packed else None,
        as_rule=tuple(use for use in rules.uses if packed and use.source == name),
        changes=tuple(changes),
    )


def _lines(found: Explained) -> list[str]:
    packed = _of_codebase(found.codebase) if found.codebase else []
    as_rule = (
        f"  as a rule        {f'{use.tokens:,} tokens' if use.tokens else use.why}"
        for use in found.as_rule
    )
    changes = (line for file in found.changes for line in _of_change(file))
    return [*packed, *as_rule, *changes]


def _of_codebase(file: File) -> list[str]:
    lossy = ", some bytes cannot be shown" if file.lossy else ""
    return [
        one_line(file.path),
        f"  in the codebase  {file.level}, {file.tokens:,} of the prompt's tokens",
        f"  class            {file.file_class} (rule: {file.rule})",
        f"  size             {file.size_bytes:,} bytes, {file.encoding}{lossy}",
        *([f"  why not in full  {file.why}"] if file.why else []),
    ]


def _of_change(file: FileOfChange) -> list[str]:
    shown = "at head, numbered" if file.in_full else "not in full"
    diff = "with its diff" if file.shows_diff else "without its diff"
    rules = ", ".join(map(one_line, file.project_rules))
    return [
        one_line(file.path),
        f"  in the change    {file.status}, {shown}, {diff}, {file.tokens:,} tokens",
        f"  class            {file.file_class} (rule: {file.rule})",
        *([f"  why not in full  {file.why}"] if file.why else []),
        *([f"  project rules    {rules}"] if rules else []),
    ]
