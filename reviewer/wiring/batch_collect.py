"""What was collected -> reviews, and what is asked once more. Does I/O; prints nothing."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.ask.digest import digest
from reviewer.batch import sending
from reviewer.batch.answers import Answers, Awaited
from reviewer.batch.judging import reviewed
from reviewer.batch.reports import Row
from reviewer.batch.state import Standing
from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, EXIT_UNFINISHED, ReviewerError, UserMustAct
from reviewer.publish.documents.bundle import BundleFile
from reviewer.wiring.batch_plan import CLOCK, batches_of, claude_of
from reviewer.wiring.local import equipped, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.state import Batch, Member
    from reviewer.flow import Request, Run
    from reviewer.ports import Pool, Progress

_SETTLED = (Standing.COLLECTED, Standing.FAILED)
SECOND_BATCH = "waiting for a second batch: `reviewer batch collect` again when it has ended"


def judged(
    batch: Batch, folder: BatchFolder, pool: Pool, progress: Progress
) -> tuple[Batch, list[Row]]:
    """Judge every repository whose answers are all there; each review is kept as a bundle.

    Returns a row for each, and the batch with what is to be asked once more (`followed_up`).
    """
    rows: list[Row] = []
    for member in batch.members:
        usd = batch.spent_usd(member.ids)
        row = Row(member=member, usd=usd)
        if waiting := _waiting(batch, member.first):
            rows.append(replace(row, waiting=waiting, is_early=True))
            continue
        progress.phase("Judging", member.name)
        try:
            run = _run(batch, member, folder, pool)
        except Awaited as awaited:
            answers = Answers(batch, member, folder)
            more = [answers.question(request) for request in awaited.requests]
            batch = batch.with_questions(member, more)
            rows.append(replace(row, waiting=SECOND_BATCH, awaited=awaited.requests))
        except ReviewerError as error:
            rows.append(replace(row, waiting=f"not judged: {error}; {error.way_out}"))
        else:
            BundleFile(folder.bundle(member.name)).keep(run)
            rows.append(replace(row, review=run.review))
    return batch, rows


def _waiting(batch: Batch, names: Sequence[str]) -> str:
    """Return what a repository waits for, or an empty text."""
    now = batch.standings()
    missing = [now[name] for name in names if now[name] not in _SETTLED]
    if not missing:
        return ""
    counts = ", ".join(f"{missing.count(one)} {one}" for one in Standing if one in missing)
    return f"waiting for {len(missing)} of {len(names)} answers: {counts}"


def _run(batch: Batch, member: Member, folder: BatchFolder, pool: Pool) -> Run:
    target = member.target
    with opened(Path(target.folder)) as repository, equipped(repository, pool) as tools:
        if not repository.exists(target.commit):
            raise UserMustAct(
                f"{target.folder} does not hold the commit {target.commit[:12]} any more, which "
                "was packed",
                way_out="fetch it again, then collect again: it costs nothing",
            )
        return reviewed(member, folder.packs(member.name), Answers(batch, member, folder), tools)


def followed_up(
    batch: Batch, grown: Batch, folder: BatchFolder, rows: Sequence[Row], progress: Progress
) -> Batch:
    """Send what is asked once more, if every first answer is there; return the batch.

    `grown` is the batch with those requests. They are kept before they are sent, and a run that
    is killed in between is made up for by the next.
    """
    if not any(row.awaited for row in rows) or any(row.is_early for row in rows):
        return batch
    new = {digest(request): request for row in rows for request in row.awaited}
    new = {name: request for name, request in new.items() if name not in batch.questions}
    if new:
        grown = _kept(grown, new, folder)
    with closing(batches_of(grown)) as batches:
        return sending.send(
            grown,
            folder,
            batches,
            names=sending.due(grown, failed=False),
            clock=CLOCK,
            progress=progress,
        )


def _kept(grown: Batch, new: Mapping[str, Request], folder: BatchFolder) -> Batch:
    questions = dict(grown.questions)
    with closing(claude_of(grown)) as model:
        for name, request in new.items():
            size_bytes = folder.keep_request(name, model.written(request))
            questions[name] = replace(questions[name], size_bytes=size_bytes)
    kept = replace(grown, questions=questions)
    folder.save(kept)
    return kept


def exit_code(rows: Sequence[Row], fail_on: str | None) -> int:
    """Return 3 when a repository has no whole review, 1 when one has something severe, else 0."""
    codes = [
        row.review.exit_code(fail_on or row.member.target.settings.fail_on)
        if row.review
        else EXIT_UNFINISHED
        for row in rows
    ]
    return next((code for code in (EXIT_UNFINISHED, EXIT_FOUND) if code in codes), EXIT_CLEAN)
