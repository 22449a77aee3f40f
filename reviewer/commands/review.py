"""`reviewer review`: a local change, before it is pushed."""

from __future__ import annotations

import os
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from reviewer.commands.local import local_change, local_settings, opened
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.publish.statistics import dry_run, left_out, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

    from reviewer.flow import Change, Receipt, Review
    from reviewer.ports import Publisher
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
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
    with opened(folder) as repository:
        settings = local_settings(repository, flags)
        change = local_change(repository, base=base, head=head, worktree=worktree)
        if repository.same_content(change.merge_base, change.head):
            print("Nothing to review: the change is empty.", file=sys.stderr)
            return EXIT_CLEAN
        if dry_run:
            return _say_what_would_be_sent(repository, change, settings)
        with written(output) as stream:
            reviewed, _ = run_pipeline(
                repository,
                change,
                settings,
                publisher=publisher_for(output_format, stream),
                bundle=bundle or repository.git_dir / "reviewer" / "last.json",
                environment=os.environ,
            )
    if verbose:
        files = reviewed.coverage.files
        print("\n".join([*table(files), "", *left_out(files)]), file=sys.stderr)
    return reviewed.exit_code(settings.fail_on)


def run_pipeline(
    repository: GitRepository,
    change: Change,
    settings: Settings,
    *,
    publisher: Publisher,
    bundle: Path,
    environment: Mapping[str, str],
    scripted: bool = False,
) -> tuple[Review, Receipt]:
    """Run the pipeline with the real adapters."""
    from reviewer.ask.claude import Claude
    from reviewer.pipeline import review
    from reviewer.publish.bundle import BundleFile
    from reviewer.publish.terminal import TerminalProgress

    claude = Claude(
        api_key=environment.get("ANTHROPIC_API_KEY") or None,
        base_url=environment.get("ANTHROPIC_BASE_URL") or None,
    )
    with closing(claude) as model, TerminalProgress(sys.stderr) as progress:
        result = review(
            change,
            settings,
            repository=repository,
            model=model,
            publisher=publisher,
            keeper=BundleFile(bundle),
            progress=progress,
            scripted=scripted,
        )
    if not scripted:
        print(f"Kept in {bundle}: `reviewer report` shows it again for nothing.", file=sys.stderr)
    return result


@contextmanager
def written(output: Path | None) -> Iterator[TextIO]:
    """Give standard output, or the file that is to be written: opened before money is spent."""
    if output is None:
        yield sys.stdout
        return
    try:
        stream = output.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserMustAct(
            f"{output} cannot be written: {error.strerror}", way_out="name another file with -o"
        ) from error
    with stream:
        yield stream


def publisher_for(output_format: str, stream: TextIO) -> Publisher:
    """Return what writes a review in the asked-for format."""
    if output_format == "terminal":
        from reviewer.publish.terminal import TerminalPublisher

        return TerminalPublisher(stream)
    from reviewer.publish.document import DocumentPublisher

    return DocumentPublisher(stream, output_format=output_format)


def _say_what_would_be_sent(repository: GitRepository, change: Change, settings: Settings) -> int:
    from reviewer.commands.pack import prepared_offline

    prepared = prepared_offline(repository, change, settings)
    print("\n".join(dry_run(prepared)))
    return EXIT_CLEAN
