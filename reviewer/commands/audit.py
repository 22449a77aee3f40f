"""`reviewer audit`: the codebase as it is, without a change."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from reviewer.commands.local import hired, local_settings, opened
from reviewer.commands.review import check_format, is_local, review_to, written
from reviewer.errors import UserMustAct
from reviewer.flow import Audit, Change

if TYPE_CHECKING:
    from pathlib import Path


def run(
    *,
    folder: Path,
    head: str | None,
    paths: list[str],
    output_format: str,
    output: Path | None,
    dry_run: bool,
    bundle: Path | None,
    verbose: bool,
    **flags: object,
) -> int:
    """Ask Claude about a commit as a whole, or about the files of `paths`, and show it.

    Raises `UserMustAct` where no model can be asked.
    """
    check_format(output_format, dry_run=dry_run)
    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        if not dry_run and is_local(settings, os.environ):
            raise UserMustAct(
                "an audit needs a model: the local engine compares a change with the codebase",
                way_out="set ANTHROPIC_API_KEY, and the setting `engine` to auto or claude",
            )
        tip = repository.resolve(head or "HEAD")
        audit = Audit(paths=tuple(paths))
        change = Change(base=tip, merge_base=tip, head=tip, audit=audit)
        print(f"Auditing {tip[:12]}", file=sys.stderr)
        with written(output) as stream:
            return review_to(
                stream,
                repository,
                change,
                settings,
                pool=pool,
                output_format=output_format,
                dry_run=dry_run,
                bundle=bundle,
                verbose=verbose,
            )
