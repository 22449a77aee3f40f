"""`reviewer pack`: the exact prompt, or where its tokens go. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import library
from reviewer.commands.shown import written
from reviewer.errors import EXIT_CLEAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewer.flow import PackedFile


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    output: Path | None,
    stats: bool,
    **flags: object,
) -> int:
    """Write the prompt of the change, byte for byte as it would be sent, or its statistics."""
    packed = library.pack(folder, base=base, head=head, worktree=worktree, **flags)
    with written(output) as stream:
        stream.write(_statistics(packed.files) if stats else packed.prompt)
    return EXIT_CLEAN


def _statistics(files: Sequence[PackedFile]) -> str:
    from reviewer.publish.statistics import left_out, table

    hidden = left_out(files) or ["nothing"]
    return "\n".join([*table(files), "", "not shown in full:", *hidden, ""])
