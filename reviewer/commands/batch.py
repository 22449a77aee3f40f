"""`reviewer batch`: audits by Message Batches, which are submitted, left alone and collected."""

from __future__ import annotations

import shlex
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.batch import planning, reading, reports, sending, telling
from reviewer.batch.folder import BatchFolder
from reviewer.batch.state import Standing
from reviewer.commands.shown import said
from reviewer.errors import EXIT_CLEAN, EXIT_UNFINISHED, ReviewerError, UserMustAct
from reviewer.publish.documents.json_text import json_text
from reviewer.publish.neutralise import for_terminal
from reviewer.publish.terminal import TerminalProgress
from reviewer.wiring import batch_collect, batch_plan
from reviewer.wiring.batch_plan import CLOCK, batches_of
from reviewer.wiring.local import hired, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.batch.planning import Planned
    from reviewer.batch.state import Batch
    from reviewer.ports import Progress

PLACE = Path("reviewer", "batch")
"""In the git directory of the repository, where there is one."""

_OPEN = (Standing.DOUBTFUL, Standing.IN_PROGRESS, Standing.ENDED)


def submit(
    *,
    repositories: list[Path],
    head: str | None,
    paths: list[str],
    packs: int | None,
    state: Path | None,
    max_usd: float | None,
    dry_run: bool,
    again: bool,
    quiet: bool,
    **flags: object,
) -> int:
    """Pack the repositories, say the price, and send what was not sent before.

    A batch that is not finished is gone on with. `again` sends anew what is in doubt, and what
    came back unreadable: it can be paid for twice.
    """
    asked = batch_plan.Asked(
        repositories=tuple(repositories),
        elsewhere=state is not None,
        head=head,
        paths=tuple(paths),
        packs=packs,
        max_usd=max_usd,
        flags=flags,
    )
    if dry_run:
        return _say_price(asked, quiet=quiet)
    folder = BatchFolder(_place(state, repositories))
    with folder.locked(), TerminalProgress(sys.stderr, quiet=quiet) as progress:
        batch = batch_plan.ready(asked, folder, progress, hear=_say)
        batch = _sent(batch, folder, progress, again=again)
    print("\n".join(telling.status(batch)))
    if batch.of(Standing.DOUBTFUL):
        print(telling.IN_DOUBT, file=sys.stderr)
        return EXIT_UNFINISHED
    words = f" --state {shlex.quote(str(state))}" if state else ""
    said(f"`reviewer batch collect{words}` takes the answers.", quiet=quiet)
    return EXIT_CLEAN


def _say(plans: Sequence[Planned]) -> None:
    print("\n".join(telling.prices(plans)))


def _say_price(asked: batch_plan.Asked, *, quiet: bool) -> int:
    with hired() as pool, TerminalProgress(sys.stderr, quiet=quiet) as progress:
        plans = batch_plan.offline(asked, pool, progress)
    _say(plans)
    print("Nothing was sent.")
    planning.check_cap(plans, asked.max_usd)
    return EXIT_CLEAN


def _sent(batch: Batch, folder: BatchFolder, progress: Progress, *, again: bool) -> Batch:
    doubtful = batch.of(Standing.DOUBTFUL)
    if not doubtful and not sending.due(batch, failed=True, unreadable=again):
        return batch
    with closing(batches_of(batch)) as batches:
        if again:
            batch = sending.given_up(batch, folder)
        batch = sending.settled(batch, folder, batches, clock=CLOCK, progress=progress)
        names = sending.due(batch, failed=True, unreadable=again)
        return sending.send(batch, folder, batches, names=names, clock=CLOCK, progress=progress)


def status(*, state: Path | None, as_json: bool, verbose: bool, quiet: bool) -> int:
    """Say where every repository and every request stands, and what it has cost so far.

    What the server cannot be asked now is told as it was known last.
    """
    folder = BatchFolder(_place(state, ()))
    batch = _loaded(folder)
    try:
        if batch.of(*_OPEN):
            with folder.locked(), TerminalProgress(sys.stderr, quiet=quiet) as progress:
                batch = _asked(_loaded(folder), folder, progress)
    except ReviewerError as error:
        print(f"The server was not asked now: {for_terminal(str(error))}", file=sys.stderr)
        batch = _loaded(folder)
    if as_json:
        print(json_text(telling.as_json(batch), indent=1))
    else:
        print("\n".join(telling.status(batch, verbose=verbose)))
    return EXIT_CLEAN


def _asked(batch: Batch, folder: BatchFolder, progress: Progress) -> Batch:
    with closing(batches_of(batch)) as batches:
        batch = sending.settled(batch, folder, batches, clock=CLOCK, progress=progress)
        return reading.asked(batch, folder, batches, clock=CLOCK)


def collect(
    *,
    state: Path | None,
    output: Path | None,
    output_format: str,
    fail_on: str | None,
    quiet: bool,
) -> int:
    """Take the answers that are there, judge them, and write a report for each repository.

    What is to be looked at once more is sent as another batch, which a later run collects.
    """
    folder = BatchFolder(_place(state, ()))
    heard = TerminalProgress(sys.stderr, quiet=quiet)
    with folder.locked(), hired() as pool, heard as progress:
        batch = _loaded(folder)
        if batch.of(*_OPEN):
            batch = _asked(batch, folder, progress)
            with closing(batches_of(batch)) as batches:
                batch = reading.taken(batch, folder, batches, progress=progress)
        _recover(batch, folder, progress)
        grown, rows = batch_collect.judged(batch, folder, pool, progress)
        batch = batch_collect.followed_up(batch, grown, folder, rows, progress)
        where = output or folder.path / "reports"
        reports.write(rows, where, output_format=output_format, usd=batch.spent_usd())
        told = tuple(row.member.name for row in rows if row.review)
        folder.save(replace(batch, reported=told))
    print("\n".join(telling.outcome(rows, batch)))
    said(f"Reports: {where / reports.INDEX}", quiet=quiet)
    return batch_collect.exit_code(rows, fail_on)


def _recover(batch: Batch, folder: BatchFolder, progress: Progress) -> None:
    """Have again what the disk lost; where that fails it is told, and the rest is collected."""
    lost = reading.lost(batch, folder)
    if not lost:
        return
    try:
        with closing(batches_of(batch)) as batches:
            reading.take_again(batch, lost, folder, batches, progress=progress)
    except ReviewerError as error:
        progress.warning(f"{telling.requests(len(lost))}: the answer is lost here, and {error}")


def _loaded(folder: BatchFolder) -> Batch:
    batch = folder.load()
    if batch is None:
        raise UserMustAct(
            f"there is no batch in {folder.path}",
            way_out="submit one (`reviewer batch submit`), or name its folder with --state",
        )
    return batch


def _place(state: Path | None, repositories: Sequence[Path]) -> Path:
    """Return the folder of the batch; raises `UserMustAct` where it has to be named."""
    if state is not None:
        return state
    if len({each.resolve() for each in repositories}) > 1:
        raise UserMustAct(
            "a batch of several repositories needs a folder to be kept in",
            way_out="name one with --state, and the same for status and collect",
        )
    with opened(repositories[0] if repositories else Path()) as repository:
        return repository.git_dir / PLACE
