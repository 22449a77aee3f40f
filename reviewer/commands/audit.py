"""`reviewer audit`: the codebase as it is, without a change."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from reviewer.commands.local import hired, local_settings, opened
from reviewer.commands.review import is_local, review_to, say_what_would_be_sent, written
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

    Lenses without a depth mean a deep audit. Raises `UserMustAct` where no model can be asked.
    """
    if dry_run and output_format != "terminal":
        raise UserMustAct("--dry-run says its piece as text only", way_out="leave out --format")
    if flags["lenses"] and not flags["depth"]:
        flags["depth"] = "deep"
    with hired(ahead=True) as pool, opened(folder) as repository:
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
            if dry_run:
                return say_what_would_be_sent(repository, change, settings, stream, pool=pool)
            return review_to(
                stream,
                repository,
                change,
                settings,
                pool=pool,
                output_format=output_format,
                bundle=bundle,
                verbose=verbose,
            )
