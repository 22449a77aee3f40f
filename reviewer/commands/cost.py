"""`reviewer cost`: what the next review costs, and what past ones would have. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.shown import said, written
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.flow import Replayed
from reviewer.layout import CODEBASE_SHARES, CORE_SHARE
from reviewer.money import plan, prices
from reviewer.wiring.local import (
    equipped,
    facts_offline,
    hired,
    local_change,
    local_settings,
    opened,
)
from reviewer.wiring.quotes import MODELS, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Past, Quote
    from reviewer.money.past_prompts import PastReview, Terms
    from reviewer.ports import Tools
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    replay: int | None,
    html: Path | None,
    as_json: bool,
    quiet: bool,
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
    return _show(replayed, html, name=name, as_json=as_json, quiet=quiet)


def _say(quotes: list[Quote], reason: str, *, as_json: bool) -> int:
    from reviewer.publish.documents import cost

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


def _terms(settings: Settings, shares: tuple[float, ...]) -> Terms:
    """Return what holds for all reviews: what is shown without a cache, whatever a write costs."""
    from reviewer.ask import request, untrusted
    from reviewer.flow import Change
    from reviewer.money.past_prompts import Terms
    from reviewer.pack.tokens import family_of

    lenses = tuple(dict.fromkeys(settings.lenses)) if settings.depth == "deep" else ()
    facts, tariff = facts_offline(settings), prices.tariff(settings)
    room = plan.budget_tokens(
        facts,
        tariff,
        max_output_tokens=min(settings.max_output_tokens, facts.max_output_tokens),
        cap_usd=settings.max_usd_per_review,
        at_once=plan.at_once(settings),
    )
    nothing = Change(base="0" * 40, merge_base="0" * 40, head="0" * 40)
    return Terms(
        tariff=tariff,
        room_tokens=min(room, settings.max_prompt_tokens or room),
        shares=shares,
        core_share=CORE_SHARE,
        system_tokens=request.overhead_tokens(nothing, untrusted.Aside(), family_of(facts.id)),
        passes=max(1, len(lenses)),
        snapshot_hour=settings.snapshot_hour,
        reviews_per_hour=settings.reviews_per_hour,
    )


def _needed_usd(settings: Settings, terms: Terms) -> float:
    """Return the cap below which a write for an hour would leave room for less code."""
    most_usd = plan.most_usd(
        terms.tariff,
        terms.room_tokens,
        max_output_tokens=settings.max_output_tokens,
        cache_ttl="1h",
    )
    return plan.at_once(settings) * most_usd


def _reviews(past: Past, settings: Settings, terms: Terms, tools: Tools) -> list[PastReview]:
    """Return the reviews, oldest first, each with the codebase of its time and its change."""
    from reviewer.money import sizes
    from reviewer.money.past_prompts import PastReview
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


def _show(replayed: Replayed, html: Path | None, *, name: str, as_json: bool, quiet: bool) -> int:
    from reviewer.publish.documents import cost

    if html:
        with written(html, option="--html") as stream:
            stream.write(cost.page(replayed, name=name))
        said(f"Written: {html}", quiet=quiet)
    if as_json:
        print(cost.replay_json(replayed))
    elif not html:
        print("\n".join(cost.replay_lines(replayed)))
    return EXIT_CLEAN
