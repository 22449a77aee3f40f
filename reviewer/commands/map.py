"""`reviewer map`: where the tokens go and what is left out: table, page, JSON. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.shown import said, written
from reviewer.errors import EXIT_CLEAN
from reviewer.wiring.local import hired, local_change, local_settings, opened, prepared_offline

if TYPE_CHECKING:
    from pathlib import Path


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    html: Path | None,
    as_json: bool,
    quiet: bool,
    **flags: object,
) -> int:
    """Print the map of the prompt, and write it to `html` as one page that needs nothing else."""
    from reviewer.publish.documents import inspected
    from reviewer.publish.documents import map as map_of

    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        change = local_change(
            repository, base=base, head=head, worktree=worktree, may_be_empty=True
        )
        prepared = prepared_offline(repository, change, settings, pool=pool)
        name = (repository.top or repository.git_dir).resolve().name
    if html:
        with written(html, option="--html") as stream:
            stream.write(map_of.page(prepared, name=name))
        said(f"Written: {html}", quiet=quiet)
    if as_json:
        print(inspected.as_json(map_of.document(prepared)))
    elif not html:
        print("\n".join(map_of.lines(prepared)))
    return EXIT_CLEAN
