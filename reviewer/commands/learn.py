"""`reviewer learn`: dismissed findings, with their reasons, as a patch for the settings file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reviewer.commands.local import local_settings, opened, settings_file
from reviewer.commands.report import kept_review
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.judge import learnt
from reviewer.layers import FILE_NAMES

if TYPE_CHECKING:
    from pathlib import Path


def run(*, folder: Path, bundle: Path | None) -> int:
    """Print the patch on standard output, and nothing else there; write nothing."""
    with opened(folder) as repository:
        review = kept_review(bundle or repository.git_dir / "reviewer" / "last.json")
        settings, path = local_settings(repository, {}), settings_file(repository)
    if review.ledger is None:
        raise UserMustAct(
            "that run is of no pull request, so nobody dismissed anything in it",
            way_out="give the bundle of a run of `reviewer github`",
        )
    new = learnt.rules(review.ledger.known, settings.rules)
    if not new:
        print("Nothing to learn: no finding was dismissed with a new reason.", file=sys.stderr)
        return EXIT_CLEAN
    before = path.read_bytes().decode() if path else None
    name = path.name if path else FILE_NAMES[0]
    print(learnt.patch(new, name=name, before=before), end="")
    print(f"{len(new)} to learn. To take it over: reviewer learn | git apply", file=sys.stderr)
    return EXIT_CLEAN
