"""Repositories on disk -> what a batch is to ask about them. Does I/O; prints nothing."""

from __future__ import annotations

import os
import re
import time
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.ask.batches import check_provider
from reviewer.batch import planning, sending
from reviewer.batch.divide import divided
from reviewer.batch.state import Batch, Target
from reviewer.errors import UserMustAct
from reviewer.ports import Occasion
from reviewer.prepare import counted, prepare
from reviewer.wiring import activity
from reviewer.wiring.engine import batches_at, claude_at
from reviewer.wiring.local import (
    commit_to_audit,
    equipped,
    facts_offline,
    hired,
    local_settings,
    opened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from reviewer.ask.batches import MessageBatches
    from reviewer.ask.claude import Claude
    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.planning import Planned
    from reviewer.flow import Change
    from reviewer.ports import Pool, Progress, Tools
    from reviewer.prepare import Prepared

MOST_NAME = 60
INDEX = "index"
"""The name of what lists the reports beside them."""

CLOCK = sending.Clock(time.time, time.sleep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user asks to be audited. Without `repositories`, it is the one around.

    `elsewhere` tells that the folder of the batch was named: then what is around says nothing.
    """

    repositories: tuple[Path, ...]
    elsewhere: bool
    head: str | None
    paths: tuple[str, ...]
    packs: int | None
    max_usd: float | None
    flags: Mapping[str, object]


def ready(
    asked: Asked,
    folder: BatchFolder,
    progress: Progress,
    *,
    hear: Callable[[Sequence[Planned]], None],
) -> Batch:
    """Return the batch of a folder that is to be sent: the one that is there, or a new one.

    `hear` is told what a new one can cost, before anything of it is sent. Raises `UserMustAct`
    where the folder holds another one that is not finished.
    """
    batch = folder.load()
    if batch is None or not _goes_on(batch, asked):
        targets = _targets(asked)
        if batch is None or not _is_same(batch, asked, targets):
            if batch is not None:
                _check_finished(batch, folder)
            return _planned(asked, targets, batch, folder, progress, hear)
    if asked.max_usd is not None:
        batch = replace(batch, max_usd=asked.max_usd)
        folder.save(batch)
    if batch.max_usd is not None and batch.at_most_usd() > batch.max_usd:
        raise planning.over_the_cap(batch.at_most_usd(), batch.max_usd, len(batch.members))
    return batch


def _goes_on(batch: Batch, asked: Asked) -> bool:
    """Whether nothing else is asked for than to go on with what is there."""
    if asked.repositories:
        return False
    return asked.elsewhere or bool(batch.unanswered) or not batch.is_finished


def _is_same(batch: Batch, asked: Asked, targets: tuple[Target, ...]) -> bool:
    return (tuple(one.target for one in batch.members), batch.paths, batch.packs) == (
        targets,
        asked.paths,
        asked.packs,
    )


def _check_finished(batch: Batch, folder: BatchFolder) -> None:
    if not batch.is_finished:
        raise UserMustAct(
            f"{folder.path} holds a batch of other commits, settings or paths that is not "
            f"finished: {len(batch.unanswered)} of {len(batch.questions)} requests are not "
            "answered",
            way_out="go on with it (`reviewer batch submit` without repositories, then collect), "
            "or name another folder with --state",
        )


def _planned(
    asked: Asked,
    targets: tuple[Target, ...],
    before: Batch | None,
    folder: BatchFolder,
    progress: Progress,
    hear: Callable[[Sequence[Planned]], None],
) -> Batch:
    """Pack the repositories, tell the price, and keep what is to be sent.

    What an earlier batch of the folder was answered is not asked again.
    """
    settings = targets[0].settings
    with (
        closing(batches_at(settings, os.environ)) as batches,
        closing(claude_at(settings, os.environ)) as model,
    ):
        batches.newest()
        with hired() as pool:
            plans = tuple(_plans(asked, targets, model, pool, progress))
        progress.done()
        hear(plans)
        planning.check_cap(plans, asked.max_usd)
        new = Batch(
            host=batches.host,
            in_words=model.in_words,
            members=(),
            questions={},
            paths=asked.paths,
            packs=asked.packs,
            max_usd=asked.max_usd,
        )
        return planning.kept(plans, new, before, folder, model.written)


def offline(asked: Asked, pool: Pool, progress: Progress) -> tuple[Planned, ...]:
    """Return what would be asked, by estimate: no key, no network, nothing is written."""
    return tuple(_plans(asked, _targets(asked), None, pool, progress))


def batches_of(batch: Batch) -> MessageBatches:
    """Return the Batches API that a batch was sent to; raises `UserMustAct` if it is another."""
    batches = batches_at(batch.members[0].target.settings, os.environ)
    if batches.host != batch.host:
        batches.close()
        raise UserMustAct(
            f"the batch is at {batch.host}, and {batches.host} would be asked",
            way_out="set the address in the environment to what it was when it was submitted",
        )
    return batches


def claude_of(batch: Batch) -> Claude:
    """Return who writes requests as the host of a batch takes them."""
    member = batch.members[0]
    model = claude_at(member.target.settings, os.environ)
    model.facts(member.model)
    return model


def _targets(asked: Asked) -> tuple[Target, ...]:
    """Return the commits to be audited, each by the settings of its own repository.

    Raises `UserMustAct` for what is no repository, and where one cannot be asked about in a
    batch, or not in the same as the others.
    """
    found: list[Target] = []
    for path in asked.repositories or [Path()]:
        with opened(path) as repository:
            folder = (repository.top or repository.git_dir).resolve()
            if str(folder) in {each.folder for each in found}:
                continue
            found.append(
                Target(
                    name=_name(folder, {INDEX, *(each.name for each in found)}),
                    folder=str(folder),
                    commit=repository.resolve(asked.head or "HEAD"),
                    settings=local_settings(repository, asked.flags),
                )
            )
    _check(found)
    return tuple(found)


def _check(found: Sequence[Target]) -> None:
    for each in found:
        check_provider(each.settings.provider)
        if each.settings.engine == "local":
            raise UserMustAct(
                f"{each.name} is set to be looked at by the local engine, which knows no batches",
                way_out="set REVIEWER_ENGINE to claude",
            )
    doors = {(each.settings.provider, each.settings.window_tokens) for each in found}
    if len(doors) > 1:
        raise UserMustAct(
            "the repositories of a batch are set to be asked of different providers",
            way_out="set REVIEWER_PROVIDER for all of them, or make a batch of each",
        )


def _name(folder: Path, taken: set[str]) -> str:
    """Return what a repository is called in the batch and in the names of its files."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.name.removesuffix(".git")).strip("-.")
    plain = plain[:MOST_NAME] or "repository"
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.lower() not in {each.lower() for each in taken})


def _plans(
    asked: Asked,
    targets: Sequence[Target],
    model: Claude | None,
    pool: Pool,
    progress: Progress,
) -> Iterator[Planned]:
    """Give what each repository is to be asked; without a model, by estimate and offline."""
    for target in targets:
        progress.phase("Packing", target.name)
        with opened(Path(target.folder)) as repository, equipped(repository, pool) as tools:
            change = commit_to_audit(repository, head=target.commit, paths=asked.paths)
            facts = model.facts(target.settings.model) if model else None
            changes = divided(
                change,
                target.settings,
                tools=tools,
                facts=facts or facts_offline(target.settings),
                activity=activity.unknown(),
                packs=asked.packs,
            )
            prepare = partial(_prepared, target=target, model=model, tools=tools)
            yield planning.planned(target, changes, prepare)


def _prepared(change: Change, *, target: Target, model: Claude | None, tools: Tools) -> Prepared:
    settings, now = target.settings, activity.unknown()
    if model is None:
        facts = facts_offline(settings)
        return prepare(change, settings, tools=tools, facts=facts, activity=now, batch=True)
    occasion = Occasion(activity=now, batch=True)
    return counted(change, settings, tools=tools, model=model, occasion=occasion)
