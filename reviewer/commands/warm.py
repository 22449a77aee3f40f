"""`reviewer github` on a schedule: keeps the day's codebase in the prompt cache while that pays.

It sends what every review of the day begins with, and reads one token of answer. What it did, why
and what that cost is said in the log and the job summary of every run. Does I/O.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.ask import request
from reviewer.ask.bounds import bound_tokens
from reviewer.errors import EXIT_CLEAN, CouldNotFinish
from reviewer.flow import Activity, Change
from reviewer.money import keeping, plan, prices, spend, warmth
from reviewer.money.expected import AT_ONCE_SECONDS
from reviewer.pack.snapshot import DAY_SECONDS, boundary
from reviewer.ports import Occasion
from reviewer.prepare import counted
from reviewer.publish.github import actions
from reviewer.publish.neutralise import neutralise, workflow_message
from reviewer.source.cache_place import cache_folder
from reviewer.source.payload import Run, Scheduled, parse
from reviewer.source.warm_record import DamagedRecord, RecordFile
from reviewer.terms import SHARED
from reviewer.wiring import activity
from reviewer.wiring.engine import model_of
from reviewer.wiring.local import base_settings, equipped, hired, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.flow import Attempt, Request, WarmRecord
    from reviewer.ports import Model, Tools
    from reviewer.settings import Settings

EVENT = "schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a run did and why, in one sentence, and what that cost or can have cost."""

    says: str
    usd: float = 0.0


def keep(environment: Mapping[str, str], *, token: str) -> int:
    """Keep the prefix warm if that pays, and say what was done; the exit code is 0.

    Raises `UserMustAct` and `CouldNotFinish`, with the reason in the job summary.
    """
    runner = parse(Run, environment).runner()
    with actions.reason_left(runner.step_summary, runner.output):
        kept = _kept(environment, token=token)
        print(f"::notice title=reviewer::{workflow_message(f'Warm-keeping: {kept.says}')}")
        actions.append_summary(
            runner.step_summary, f"### Keeping the code in the cache\n\n{neutralise(kept.says)}\n"
        )
        actions.append_outputs(
            runner.output, actions.Outputs(outcome=actions.Outcome.SKIPPED, cost_usd=kept.usd)
        )
    return EXIT_CLEAN


def _kept(environment: Mapping[str, str], *, token: str) -> Kept:
    runner, of = parse(Run, environment).runner(), parse(Scheduled, environment)
    with hired() as pool, opened(runner.workspace) as repository:
        repository.fetch((of.GITHUB_SHA,), token=token, server_url=runner.server_url)
        settings = base_settings(repository, of.GITHUB_SHA, environment=environment, flags={})
        folder = cache_folder(environment)
        if why := _pointless(settings, folder):
            return Kept(says=f"Nothing was sent: {why}.")
        now = activity.unknown().now
        file = RecordFile(folder or Path(), boundary(now, hour=settings.snapshot_hour))
        try:
            record = file.read()
        except DamagedRecord as damaged:
            return Kept(says=f"Nothing was sent, and nothing will be today: {damaged}.")
        known = activity.of_repository(
            of.GITHUB_REPOSITORY, settings, token=token, api_url=runner.api_url, record=record
        )
        why_not, why = _decided(settings, known)
        if why_not:
            return Kept(says=f"Nothing was sent: {why_not}.")
        change = Change(base=of.GITHUB_SHA, merge_base=of.GITHUB_SHA, head=of.GITHUB_SHA)
        asked = closing(model_of(settings, environment))
        with asked as model, equipped(repository, pool) as tools:
            return _sent(change, settings, now, record, file, tools=tools, model=model, why=why)


def _pointless(settings: Settings, folder: Path | None) -> str:
    """Return why nothing can be kept by these settings, or an empty text."""
    if settings.engine == "local":
        return "the local engine reviews, and asks no model"
    if settings.cache in ("off", "5m"):
        return f"the setting `cache` is {settings.cache}, so no review reads it"
    if not settings.max_usd_warm_per_day:
        return "the setting `max_usd_warm_per_day` is 0"
    return "" if folder else "there is no folder to keep the record of the day in"


def _decided(settings: Settings, known: Activity) -> tuple[str, str]:
    """Return why not, or an empty text and why."""
    tariff = prices.tariff(settings)
    day = boundary(known.now, hour=settings.snapshot_hour)
    passes = len(settings.lenses) if settings.depth == "deep" else 0
    # What the reviews decide has to be believed for `auto` alone: with 1h each of them writes.
    known, _ = warmth.chosen(settings, known, day, tariff=tariff, passes=passes)
    choice = keeping.decide(known, until=day + DAY_SECONDS, tariff=tariff)
    known_by = f"; {known.source}" if known.source else ""
    reason = choice.reason + known_by
    return ("", reason) if choice.keep else (reason, "")


def _sent(
    change: Change,
    settings: Settings,
    now: float,
    record: WarmRecord,
    file: RecordFile,
    *,
    tools: Tools,
    model: Model,
    why: str,
) -> Kept:
    """Send the prefix, below the cap of the day: what it can cost is on the disk before."""
    # What reviews show of the code that find it in the cache.
    warm = Activity(now=now, since=now, kept_at=(now - AT_ONCE_SECONDS,))
    prepared = counted(
        change, settings, tools=tools, model=model, occasion=Occasion(activity=warm)
    )
    if prepared.request.cache_ttl != SHARED:
        return Kept(says=f"Nothing was sent: reviews do not use it: {prepared.cache}.")
    asking = request.keeping(prepared.shown, prepared.request)
    most_usd = plan.most_usd(
        prepared.tariff,
        _most_tokens(asking, model),
        max_output_tokens=asking.max_output_tokens,
        cache_ttl=asking.cache_ttl,
    )
    if over := keeping.over(record, most_usd=most_usd, cap_usd=settings.max_usd_warm_per_day):
        return Kept(says=f"Nothing was sent: {over}.")
    record = record.reserved(now, most_usd)
    file.write(record)
    reply = model.ask(asking, received=lambda _tokens: None, may_repeat=lambda _tries: False)
    attempt = reply.attempts[-1]
    if not attempt.unsure:
        record = record.settled(spend.spent_usd(prepared.tariff, reply.attempts))
        file.write(record)
    return Kept(says=f"{_told(attempt, record, settings, why)}.", usd=record.spendings[-1].usd)


def _most_tokens(asking: Request, model: Model) -> int:
    try:
        return model.count_tokens(asking)
    except CouldNotFinish:  # a gateway that does not count
        return bound_tokens(asking)


def _told(attempt: Attempt, record: WarmRecord, settings: Settings, why: str) -> str:
    usage, last = attempt.usage, record.spendings[-1]
    spent = f"${record.spent_usd:.2f} of ${settings.max_usd_warm_per_day:.2f} of today"
    if not last.settled:
        return f"It broke off ({attempt.problem}); it counts as ${last.usd:.2f}, {spent}"
    return (
        f"Read {usage.cache_read_tokens:,} of {usage.prompt_tokens:,} tokens from the cache and "
        f"wrote {usage.cache_write_1h_tokens:,} to it for ${last.usd:.4f}, {spent}, because {why}"
    )
