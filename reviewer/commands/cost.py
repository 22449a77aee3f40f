"""`reviewer cost`: what the next review costs, and what past ones would have. Sends nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from reviewer.commands.local import (
    equipped,
    hired,
    local_change,
    local_settings,
    opened,
    prepared_offline,
)
from reviewer.commands.review import written
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.flow import Quote, Replayed, Usage
from reviewer.layout import CODEBASE_SHARES, CORE_SHARE
from reviewer.money import plan, prices
from reviewer.settings import Depth

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Change, ModelFacts, Past
    from reviewer.money import replayed
    from reviewer.ports import Pool, Tools
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository

MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2")
"""The current line; the one that is set is named too."""

DEPTHS: tuple[Depth, ...] = get_args(Depth)

ALIKE: dict[Depth, Depth] = {"standard": "quick"}
"""The first request of the one is that of the other."""


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    replay: int | None,
    html: Path | None,
    as_json: bool,
    model: str | None,
) -> int:
    """Print the price of the next review, or what the last `replay` pull requests would cost."""
    if replay is None:
        if html:
            raise UserMustAct("--html draws a replay", way_out="add --replay N")
        with hired() as pool, opened(folder) as repository:
            settings = local_settings(repository, {"model": model})
            change = local_change(
                repository, base=base, head=head, worktree=worktree, may_be_empty=True
            )
            models = (model,) if model else tuple(dict.fromkeys((settings.model, *MODELS)))
            return _say(*quoted(repository, change, settings, models, pool), as_json=as_json)
    if head or worktree:
        raise UserMustAct(
            "--replay is about what was merged", way_out="leave out --head and --worktree"
        )
    with hired() as pool, opened(folder) as repository:
        settings = local_settings(repository, {"model": model})
        branch = _branch(repository, base)
        with equipped(repository, pool) as tools:
            replayed = replayed_past(repository, branch, settings, count=replay, tools=tools)
        name = (repository.top or repository.git_dir).resolve().name
    return _show(replayed, html, name=name, as_json=as_json)


# --- the next review ---------------------------------------------------------------------------


def quoted(
    repository: GitRepository,
    change: Change,
    settings: Settings,
    models: tuple[str, ...],
    pool: Pool,
) -> tuple[list[Quote], str]:
    """Return a price for each model and depth, and why the cache is used as it is."""
    quotes: list[Quote] = []
    reason = ""
    for model in models:
        known: dict[Depth, Quote] = {}
        for depth in DEPTHS:
            if depth in ALIKE:
                known[depth] = replace(known[ALIKE[depth]], depth=depth)
                continue
            asked = replace(settings, model=model, depth=depth)
            known[depth], because = _quote(repository, change, asked, pool)
            if (
                model == settings.model
                and because
                and ALIKE.get(settings.depth, "") in {"", depth}
            ):
                reason = reason or because
        quotes += (known[depth] for depth in DEPTHS)
    return quotes, reason


def _quote(
    repository: GitRepository, change: Change, settings: Settings, pool: Pool
) -> tuple[Quote, str]:
    from reviewer.ask.models import bundled

    facts = bundled(settings.model)
    quote = Quote(
        model=settings.model,
        depth=settings.depth,
        window_tokens=facts.max_input_tokens if facts else 0,
        cap_usd=settings.max_usd_per_review,
    )
    try:
        prepared = prepared_offline(repository, change, settings, pool=pool)
    except UserMustAct as error:
        return replace(quote, problem=str(error)), ""
    estimate = prepared.estimate
    return replace(
        quote,
        cache=prepared.request.cache_ttl or "off",
        passes=estimate.passes,
        prompt_tokens=estimate.prompt_tokens,
        cold_usd=estimate.prompts_usd,
        warm_usd=_warm_usd(prepared),
        batch_usd=estimate.passes
        * prices.tariff(settings, batch=True).usd(Usage(input_tokens=estimate.prompt_tokens)),
        most_usd=estimate.most_usd,
    ), prepared.cache


def _warm_usd(prepared: Prepared) -> float:
    """Return what all prompts cost where the codebase is in the cache, written or not."""
    estimate = prepared.estimate
    if prepared.request.cache_ttl:
        return estimate.warm_prompts_usd
    cached = min(prepared.pack.tokens, estimate.prompt_tokens)
    usage = Usage(input_tokens=estimate.prompt_tokens - cached, cache_read_tokens=cached)
    return estimate.passes * prepared.tariff.usd(usage)


def _say(quotes: list[Quote], reason: str, *, as_json: bool) -> int:
    from reviewer.publish import cost

    if as_json:
        print(cost.quotes_json(quotes, reason))
    else:
        print("\n".join(cost.quote_lines(quotes, reason)))
    return EXIT_CLEAN


# --- past reviews ------------------------------------------------------------------------------


def _branch(repository: GitRepository, base: str | None) -> str:
    """Return the tip of the branch that pull requests go into."""
    if base:
        return repository.resolve(base)
    own = repository.look_up("HEAD") if repository.top is None else None
    found = repository.default_branch("origin") or own or repository.local_default()
    return found or repository.resolve("HEAD")


def replayed_past(
    repository: GitRepository,
    head: str,
    settings: Settings,
    *,
    count: int,
    tools: Tools,
    shares: tuple[float, ...] = CODEBASE_SHARES,
) -> Replayed:
    """Return what the last `count` pull requests of a branch would have cost.

    `shares` are those of the codebase in the prompt, the first that leaves room for the change.
    Raises `UserMustAct` when there is none, or the cap is too small for any review.
    """
    from reviewer.money import replayed
    from reviewer.source import past as of_git

    past = of_git.read(repository, head, count=count)
    terms = _terms(settings, shares)
    reviews = _reviews(past, settings, terms, tools)
    if not reviews:
        raise UserMustAct("nothing was pushed in that time", way_out="raise --replay")
    return Replayed(
        model=settings.model,
        pull_requests=len(past.merged),
        guessed=sum(one.guessed for one in past.merged),
        at_seconds=tuple(one.at_seconds for one in reviews),
        codebase_tokens=reviews[-1].size.tip_tokens,
        room_tokens=terms.room_tokens,
        outcomes=replayed.outcomes(
            reviews,
            terms,
            earlier_at=past.earlier_at_seconds,
            since=past.since_seconds - of_git.EARLIER_SECONDS,
        ),
        assumed=replayed.assumed(
            terms, one_push_seconds=of_git.ONE_PUSH_SECONDS, cap_usd=_needed_usd(settings, terms)
        ),
    )


def _terms(settings: Settings, shares: tuple[float, ...]) -> replayed.Terms:
    """Return what holds for all reviews: what is shown without a cache, whatever a write costs."""
    from reviewer.ask import request
    from reviewer.flow import Change
    from reviewer.money import replayed
    from reviewer.pack.tokens import family_of

    lenses = tuple(dict.fromkeys(settings.lenses)) if settings.depth == "deep" else ()
    facts, tariff = _facts(settings), prices.tariff(settings)
    room = plan.budget_tokens(
        facts,
        tariff,
        max_output_tokens=min(settings.max_output_tokens, facts.max_output_tokens),
        cap_usd=settings.max_usd_per_review,
        at_once=plan.at_once(settings),
    )
    nothing = Change(base="0" * 40, merge_base="0" * 40, head="0" * 40)
    return replayed.Terms(
        tariff=tariff,
        room_tokens=min(room, settings.max_prompt_tokens or room),
        shares=shares,
        core_share=CORE_SHARE,
        system_tokens=request.overhead_tokens(nothing, request.Aside(), family_of(facts.id)),
        passes=max(1, len(lenses)),
        snapshot_hour=settings.snapshot_hour,
        reviews_per_hour=settings.reviews_per_hour,
    )


def _needed_usd(settings: Settings, terms: replayed.Terms) -> float:
    """Return the cap below which a write for an hour would leave room for less code."""
    most_usd = plan.most_usd(
        terms.tariff,
        terms.room_tokens,
        max_output_tokens=settings.max_output_tokens,
        cache_ttl="1h",
    )
    return plan.at_once(settings) * most_usd


def _facts(settings: Settings) -> ModelFacts:
    from reviewer.ask.models import bundled, known

    facts = bundled(settings.model)
    if facts is None:
        raise UserMustAct(
            f"{settings.model} is not among the bundled models, and nothing is asked here",
            way_out=f"set `model` to one of {', '.join(known())}",
        )
    return facts


def _reviews(
    past: Past, settings: Settings, terms: replayed.Terms, tools: Tools
) -> list[replayed.PastReview]:
    """Return the reviews, oldest first, each with the codebase of its time and its change."""
    from reviewer.money import sizes
    from reviewer.money.replayed import PastReview
    from reviewer.pack import rules_of
    from reviewer.pack.sheets import Opener
    from reviewer.pack.tokens import family_of

    repository = tools.repository
    tree = repository.entries(past.tips[-1].step.commit)
    opener = Opener(
        repository.read, memory=tools.memory, pool=tools.pool, family=family_of(settings.model)
    )
    measure = sizes.Measure(
        opener=opener,
        rules=rules_of(tree, repository.read, include=settings.include, exclude=settings.exclude),
        max_file_bytes=settings.max_file_bytes,
    )
    steps = {tip.step.commit: tip.step for tip in past.tips}
    pushed = sorted((at, one.commit) for one in past.merged for at in one.pushed_at_seconds)
    found = sizes.at_reviews(
        past,
        [at for at, _ in pushed],
        measure,
        budget_tokens=int(terms.room_tokens * terms.shares[0]),
        hour=terms.snapshot_hour,
    )
    return [
        PastReview(
            at_seconds=at,
            size=size,
            changed_tokens=sum(map(measure.tokens, steps[commit].changed)),
        )
        for (at, commit), size in zip(pushed, found, strict=True)
    ]


def _show(replayed: Replayed, html: Path | None, *, name: str, as_json: bool) -> int:
    from reviewer.publish import cost

    if html:
        with written(html, option="--html") as stream:
            stream.write(cost.page(replayed, name=name))
        print(f"Written: {html}", file=sys.stderr)
    if as_json:
        print(cost.replay_json(replayed))
    elif not html:
        print("\n".join(cost.replay_lines(replayed)))
    return EXIT_CLEAN
