"""`reviewer review`: a local change, before it is pushed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.commands.shown import written
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.source.repo import EMPTY_TREE
from reviewer.wiring.local import (
    hired,
    local_change,
    local_settings,
    opened,
    outside_reports,
    prepared_offline,
)
from reviewer.wiring.run import review_here
from reviewer.wiring.showing import publisher_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from reviewer.flow import Change
    from reviewer.ports import Pool
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    sarif: Sequence[Path],
    output_format: str,
    output: Path | None,
    dry_run: bool,
    bundle: Path | None,
    verbose: bool,
    quiet: bool,
    **flags: object,
) -> int:
    """Review what HEAD (or the work tree) has over its base, and show it.

    `verbose` adds where the tokens went and every file that was not shown, on standard error;
    `quiet` leaves out what is no result and no warning.
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
        change = local_change(repository, base=base, head=head, worktree=worktree)
        return change, _what_is_compared(change, worktree=worktree)

    return carried_out(folder, flags, manner, subject, ahead=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a run goes, how and where it is shown, and where it is kept.

    `sarif` are reports of other tools. Raises `UserMustAct` for a dry run in a format that it does
    not know.
    """

    output_format: str
    output: Path | None
    sarif: Sequence[Path]
    dry_run: bool
    bundle: Path | None
    verbose: bool
    quiet: bool

    def __post_init__(self) -> None:
        if self.dry_run and self.output_format != "terminal":
            raise UserMustAct(
                "--dry-run says its piece as text only", way_out="leave out --format"
            )


def carried_out(
    folder: Path,
    flags: Mapping[str, object],
    manner: Manner,
    subject: Callable[[GitRepository], tuple[Change, str]],
    *,
    ahead: bool = False,
) -> int:
    """Review, or say what would be sent; show it, and return the exit code.

    `subject` gives what is reviewed, and what the progress begins with; `ahead` as in `hired`.
    """
    from reviewer.publish import statistics
    from reviewer.publish.terminal import TerminalProgress

    with hired(ahead=ahead) as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        reported = outside_reports(manner.sarif, repository)
        change, begins = subject(repository)
        with (
            written(manner.output) as stream,
            TerminalProgress(sys.stderr, quiet=manner.quiet) as progress,
        ):
            progress.phase(begins)
            if manner.dry_run:
                progress.done()
                return _say_what_would_be_sent(repository, change, settings, stream, pool=pool)
            reviewed = review_here(
                repository,
                change,
                settings,
                pool=pool,
                publisher=publisher_for(manner.output_format, stream),
                progress=progress,
                bundle=manner.bundle,
                reported=reported,
            )
    if manner.verbose:
        print("\n".join(statistics.more(reviewed.coverage)), file=sys.stderr)
    return reviewed.exit_code(settings.fail_on)


def _what_is_compared(change: Change, *, worktree: bool) -> str:
    base = "nothing" if change.merge_base == EMPTY_TREE else change.merge_base[:12]
    head = "the work tree" if worktree or change.base == EMPTY_TREE else change.head[:12]
    return f"Reviewing {base}..{head}"


def _say_what_would_be_sent(
    repository: GitRepository, change: Change, settings: Settings, stream: TextIO, *, pool: Pool
) -> int:
    """Print what would be sent and its price; send nothing."""
    from reviewer.publish import statistics
    from reviewer.skips import LOCALLY, too_large

    prepared = prepared_offline(repository, change, settings, pool=pool)
    print("\n".join(statistics.dry_run(prepared, settings)), file=stream)
    if large := too_large(prepared.changed, settings):
        print(f"It would not be reviewed, because {large.why}.\n  -> {LOCALLY}", file=stream)
    return EXIT_CLEAN
