"""`reviewer pack`: the exact prompt, or where its tokens go. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.local import hired, local_change, local_settings, opened, prepared_offline
from reviewer.commands.review import written
from reviewer.errors import EXIT_CLEAN

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Pack, Request


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
    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        change = local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        prepared = prepared_offline(repository, change, settings, pool=pool)
    text = _statistics(prepared.pack) if stats else _prompt(prepared.request)
    with written(output) as stream:
        stream.write(text)
    return EXIT_CLEAN


def _prompt(request: Request) -> str:
    from reviewer.ask.request import prompt_text

    return prompt_text(request)


def _statistics(pack: Pack) -> str:
    from reviewer.publish.statistics import left_out, table

    hidden = left_out(pack.files) or ["nothing"]
    return "\n".join([*table(pack.files), "", "not shown in full:", *hidden, ""])
