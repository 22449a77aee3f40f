"""`reviewer explain PATH`: how a file is classed and shown, and by which rule."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewer.diff.names import decode_path
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.publish.statistics import one_line
from reviewer.wiring.local import hired, local_change, local_settings, opened, prepared_offline

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import ChangedFile, PackedFile, ProjectRules
    from reviewer.prepare import Prepared


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    path: str,
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
    found = next((lines for name in names if (lines := _lines(name, prepared))), None)
    if found is None:
        raise UserMustAct(
            f"{path!r} is neither in the base nor in the change",
            way_out="give a tracked path, from the repository's root or from here",
        )
    print("\n".join(found))
    return EXIT_CLEAN


def _names(path: str, *, folder: Path, top: Path | None) -> tuple[str, ...]:
    """Return what `path` can stand for: as git spells it, else from the folder one is in."""
    plain = decode_path(os.fsencode(path))[0]
    if top is None:
        return (plain,)
    here = os.path.relpath(folder.resolve() / path, top.resolve())
    return plain, decode_path(os.fsencode(here.replace(os.sep, "/")))[0]


def _lines(name: str, prepared: Prepared) -> list[str]:
    rules = prepared.shown.project_rules
    packed = (
        [*_of_codebase(file), *_as_a_rule(name, rules)]
        for file in prepared.pack.files
        if file.path == name
    )
    changed = (
        [*_of_change(file), *_rules_for(file.diff.path, rules)]
        for file in prepared.changed
        if name in (file.diff.path, file.diff.old_path)
    )
    return [line for lines in (*packed, *changed) for line in lines]


def _of_codebase(file: PackedFile) -> list[str]:
    lossy = ", some bytes cannot be shown" if file.lossy else ""
    return [
        one_line(file.path),
        f"  in the codebase  {file.level}, {file.tokens:,} of the prompt's tokens",
        f"  class            {file.file_class} (rule: {file.rule})",
        f"  size             {file.size_bytes:,} bytes, {file.encoding}{lossy}",
        *([f"  why not in full  {file.why}"] if file.why else []),
    ]


def _of_change(file: ChangedFile) -> list[str]:
    shown = "at head, numbered" if file.text is not None else "not in full"
    diff = "with its diff" if file.shows_diff else "without its diff"
    return [
        one_line(file.diff.path),
        f"  in the change    {file.diff.status}, {shown}, {diff}, {file.tokens:,} tokens",
        f"  class            {file.verdict.file_class} (rule: {file.verdict.rule})",
        *([f"  why not in full  {file.why}"] if file.why else []),
    ]


def _as_a_rule(path: str, rules: ProjectRules) -> list[str]:
    """Say what became of a file among the project's rules, if it was looked at as one."""
    return [
        f"  as a rule        {f'{use.tokens:,} tokens' if use.tokens else use.why}"
        for use in rules.uses
        if use.source == path
    ]


def _rules_for(path: str, rules: ProjectRules) -> list[str]:
    """Name the project's rules that hold for a changed file."""
    holding = [*rules.everywhere, *(rule for rule in rules.here if path in rule.paths)]
    names = ", ".join(one_line(rule.use.source) for rule in holding)
    return [f"  project rules    {names}"] if names else []
