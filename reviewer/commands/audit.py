"""`reviewer audit`: the codebase as it is, without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.review import Manner, review_to
from reviewer.commands.shown import written
from reviewer.wiring.local import (
    commit_to_audit,
    hired,
    local_settings,
    opened,
    outside_reports,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(
    *,
    folder: Path,
    head: str | None,
    paths: list[str],
    sarif: Sequence[Path],
    output_format: str,
    output: Path | None,
    dry_run: bool,
    bundle: Path | None,
    verbose: bool,
    quiet: bool,
    **flags: object,
) -> int:
    """Ask Claude about a commit as a whole, or about the files of `paths`, and show it.

    Raises `UserMustAct` where no model can be asked.
    """
    manner = Manner(
        output_format=output_format, dry_run=dry_run, bundle=bundle, verbose=verbose, quiet=quiet
    )
    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        reported = outside_reports(sarif, repository)
        change = commit_to_audit(repository, head=head, paths=paths)
        with written(output) as stream:
            return review_to(
                stream,
                repository,
                change,
                settings,
                manner,
                pool=pool,
                begins=f"Auditing {change.head[:12]}",
                reported=reported,
            )
