"""`reviewer audit`: the codebase as it is, without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.review import Manner, carried_out
from reviewer.wiring.local import commit_to_audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewer.flow import Change
    from reviewer.source.repo import GitRepository


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
        output_format=output_format,
        output=output,
        sarif=sarif,
        dry_run=dry_run,
        bundle=bundle,
        verbose=verbose,
        quiet=quiet,
    )

    def subject(repository: GitRepository) -> tuple[Change, str]:
        change = commit_to_audit(repository, head=head, paths=paths)
        return change, f"Auditing {change.head[:12]}"

    return carried_out(folder, flags, manner, subject)
