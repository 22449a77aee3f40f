"""What the next review costs, for each model and depth. Does I/O: reads git; sends nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from reviewer.errors import UserMustAct
from reviewer.flow import Quote, Usage
from reviewer.money import prices
from reviewer.settings import Depth
from reviewer.wiring.local import prepared_offline

if TYPE_CHECKING:
    from reviewer.flow import Change
    from reviewer.ports import Pool
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings
    from reviewer.source.repo import GitRepository

MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2")
"""The current line; the one that is set is named too."""

DEPTHS: tuple[Depth, ...] = get_args(Depth)

ALIKE: dict[Depth, Depth] = {"standard": "quick"}
"""The first request of the one is that of the other."""


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
    from reviewer.ask.models import otherwise

    facts = otherwise(settings.model, settings.window_tokens)
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
