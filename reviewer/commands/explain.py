"""`reviewer explain PATH`: how a file is classed and shown, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.local import local_change, local_settings, opened
from reviewer.commands.pack import prepared_offline
from reviewer.errors import EXIT_CLEAN, UserMustAct

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import ChangedFile, PackedFile


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
    with opened(folder) as repository:
        settings = local_settings(repository, flags)
        change = local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        prepared = prepared_offline(repository, change, settings)
    packed = [file for file in prepared.pack.files if file.path == path]
    changed = [file for file in prepared.changed if path in (file.diff.path, file.diff.old_path)]
    if not packed and not changed:
        raise UserMustAct(
            f"{path!r} is neither in the base nor in the change",
            way_out="give a tracked path from the repository's root, as `git ls-files` prints it",
        )
    for lines in (*map(_of_codebase, packed), *map(_of_change, changed)):
        print("\n".join(lines))
    return EXIT_CLEAN


def _of_codebase(file: PackedFile) -> list[str]:
    lossy = ", some bytes cannot be shown" if file.lossy else ""
    return [
        f"{file.path}",
        f"  in the codebase  {file.level}, {file.tokens:,} of the prompt's tokens",
        f"  class            {file.file_class} (rule: {file.rule})",
        f"  size             {file.size_bytes:,} bytes, {file.encoding}{lossy}",
        *([f"  why not in full  {file.why}"] if file.why else []),
    ]


def _of_change(file: ChangedFile) -> list[str]:
    shown = "at head, numbered" if file.text is not None else "not in full"
    diff = "with its diff" if file.shows_diff else "without its diff"
    return [
        f"{file.diff.path}",
        f"  in the change    {file.diff.status}, {shown}, {diff}, {file.tokens:,} tokens",
        f"  class            {file.verdict.file_class} (rule: {file.verdict.rule})",
        *([f"  why not in full  {file.why}"] if file.why else []),
    ]
