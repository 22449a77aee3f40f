"""`reviewer learn`: dismissed findings, with their reasons, as a patch for the settings file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import library
from reviewer.commands.shown import said
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.judge import learnt
from reviewer.layers import FILE_NAMES
from reviewer.wiring.local import local_settings, opened, place_of_last, settings_file

if TYPE_CHECKING:
    from pathlib import Path


def run(*, folder: Path, bundle: Path | None, quiet: bool) -> int:
    """Print the patch on standard output, and nothing else there; write nothing."""
    with opened(folder) as repository:
        review = library.load(bundle or place_of_last(repository))
        settings, path = local_settings(repository, {}), settings_file(repository)
    if review.ledger is None:
        raise UserMustAct(
            "that run is of no pull request, so nobody dismissed anything in it",
            way_out="give the bundle of a run of `reviewer github`",
        )
    new = learnt.rules(review.ledger.known, settings.rules)
    if not new:
        said("Nothing to learn: no finding was dismissed with a new reason.", quiet=quiet)
        return EXIT_CLEAN
    before = path.read_bytes().decode() if path else None
    name = path.name if path else FILE_NAMES[0]
    print(learnt.patch(new, name=name, before=before), end="")
    said(f"{len(new)} to learn. To take it over: reviewer learn | git apply", quiet=quiet)
    return EXIT_CLEAN
