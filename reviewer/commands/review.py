"""`reviewer review`: a local change, before it is pushed."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from reviewer.ask import providers
from reviewer.commands import activity
from reviewer.commands.local import (
    equipped,
    hired,
    local_change,
    local_settings,
    opened,
    prepared_offline,
)
from reviewer.errors import EXIT_CLEAN, CouldNotFinish, UserMustAct
from reviewer.ports import Occasion
from reviewer.source.repo import EMPTY_TREE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from reviewer.flow import Change, Receipt, Reported, Review, Run
    from reviewer.ports import Pool, Publisher
    from reviewer.publish.bundle import BundleFile
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository

NOTHING = """\
Nothing to review: the change is empty.
  -> --worktree adds uncommitted work; --base names what to compare with"""


LOCALLY = "reviewed by the local engine: no model is asked, nothing is sent, nothing is paid"


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
    **flags: object,
) -> int:
    """Review what HEAD (or the work tree) has over its base, and show it.

    `verbose` adds where the tokens went and every file that was not shown, on standard error.
    """
    check_format(output_format, dry_run=dry_run)
    with hired(ahead=True) as pool, opened(folder) as repository:
        settings = local_settings(repository, flags)
        reported = outside_reports(sarif, repository)
        change = local_change(repository, base=base, head=head, worktree=worktree)
        with written(output) as stream:
            if repository.same_content(change.merge_base, change.head):
                print(NOTHING, file=sys.stderr)
                return EXIT_CLEAN
            _say_what_is_compared(change, worktree=worktree)
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
                reported=reported,
            )


def outside_reports(sarif: Sequence[Path], repository: GitRepository) -> tuple[Reported, ...]:
    """Return what other tools report of the repository; raises `UserMustAct`."""
    if not sarif:
        return ()
    from reviewer.source.sarif import read

    return read(sarif, root=repository.top and repository.top.resolve())


def check_format(output_format: str, *, dry_run: bool) -> None:
    """Refuse a dry run in a format that it does not know; raises `UserMustAct`."""
    if dry_run and output_format != "terminal":
        raise UserMustAct("--dry-run says its piece as text only", way_out="leave out --format")


def review_to(
    stream: TextIO,
    repository: GitRepository,
    change: Change,
    settings: Settings,
    *,
    pool: Pool,
    output_format: str,
    dry_run: bool,
    bundle: Path | None,
    verbose: bool,
    reported: tuple[Reported, ...] = (),
) -> int:
    """Review, or say what would be sent; show it, and return the exit code."""
    if dry_run:
        return _say_what_would_be_sent(repository, change, settings, stream, pool=pool)
    kept = bundle or repository.git_dir / "reviewer" / "last.json"
    reviewed, _ = run_pipeline(
        repository,
        change,
        settings,
        pool=pool,
        publisher=publisher_for(output_format, stream),
        bundle=kept,
        environment=os.environ,
        occasion=Occasion(
            activity=activity.local(repository, change.base, settings, kept), reported=reported
        ),
    )
    if verbose:
        from reviewer.publish import statistics

        print("\n".join(statistics.more(reviewed.coverage)), file=sys.stderr)
    return reviewed.exit_code(settings.fail_on)


def run_pipeline(
    repository: GitRepository,
    change: Change,
    settings: Settings,
    *,
    pool: Pool,
    publisher: Publisher,
    bundle: Path,
    environment: Mapping[str, str],
    occasion: Occasion,
) -> tuple[Review, Receipt]:
    """Run the pipeline with the real adapters, by Claude or by the local engine."""
    from reviewer.commands.engine import model_of
    from reviewer.pipeline import review, review_locally
    from reviewer.publish.bundle import BundleFile
    from reviewer.publish.terminal import TerminalProgress

    locally = is_local(settings, environment)
    kept = _Kept(BundleFile(bundle), quiet=occasion.scripted or locally)
    if locally:
        with kept, equipped(repository, pool) as tools, TerminalProgress(sys.stderr) as progress:
            progress.phase("Note", LOCALLY)
            return review_locally(
                change,
                settings,
                tools=tools,
                publisher=publisher,
                keeper=kept,
                progress=progress,
                occasion=occasion,
            )
    with (
        kept,
        closing(model_of(settings, environment)) as model,
        equipped(repository, pool) as tools,
        TerminalProgress(sys.stderr) as progress,
    ):
        return review(
            change,
            settings,
            tools=tools,
            model=model,
            publisher=publisher,
            keeper=kept,
            progress=progress,
            occasion=occasion,
        )


def is_local(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether the local engine reviews: it was asked for, or there is no key to ask Claude."""
    may_ask = providers.may_ask(settings.provider, environment)
    return settings.engine == "local" or (settings.engine == "auto" and not may_ask)


class _Kept:
    """Keeps the run and says where, also when posting or printing it fails afterwards.

    A disk that is full by then must not cost the review too: it is told, and the run goes on.
    """

    def __init__(self, file: BundleFile, *, quiet: bool) -> None:
        self._file = file
        self._quiet = quiet
        self._says = ""

    def keep(self, run: Run) -> None:
        """Keep the run, or remember why it could not be kept."""
        try:
            self._file.keep(run)
        except CouldNotFinish as error:
            self._says = f"NOT kept: {error}"
        else:
            again = f"reviewer report {shlex.quote(str(self._file.path))}"
            self._says = "" if self._quiet else f"Kept. To see it again, for nothing: {again}"

    def __enter__(self) -> None:
        self._file.check()

    def __exit__(self, *_error: object) -> None:
        if self._says:
            print(self._says, file=sys.stderr)


@contextmanager
def written(output: Path | None, *, option: str = "-o") -> Iterator[TextIO]:
    """Give standard output, or the file that is to be written: opened before money is spent.

    `option` is where the user named the file.
    """
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as stream:
            yield stream
    except OSError as error:
        raise UserMustAct(
            f"{output} cannot be written: {error.strerror}",
            way_out=f"name another file with {option}",
        ) from error


def publisher_for(output_format: str, stream: TextIO) -> Publisher:
    """Return what writes a review in the asked-for format."""
    if output_format == "terminal":
        from reviewer.publish.terminal import TerminalPublisher

        return TerminalPublisher(stream)
    from reviewer.publish.document import DocumentPublisher

    return DocumentPublisher(stream, output_format=output_format)


def _say_what_is_compared(change: Change, *, worktree: bool) -> None:
    base = "nothing" if change.merge_base == EMPTY_TREE else change.merge_base[:12]
    head = "the work tree" if worktree or change.base == EMPTY_TREE else change.head[:12]
    print(f"Reviewing {base}..{head}", file=sys.stderr)


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
