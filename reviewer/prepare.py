"""Everything that is decided before money is spent: what is shown, what it costs. Pure.

Pure but for the repository and the model it is handed; `reviewer pack`, `explain` and
`review --dry-run` end here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import choose, gather
from reviewer.ask import bounds, outside, request, untrusted
from reviewer.ask import earlier as told_earlier
from reviewer.errors import CouldNotFinish
from reviewer.flow import Trail
from reviewer.money import plan
from reviewer.terms import settle

if TYPE_CHECKING:
    from reviewer.choose import Shown
    from reviewer.flow import (
        Activity,
        Change,
        ChangedFile,
        Estimate,
        FileDiff,
        KnownFinding,
        ModelFacts,
        Pack,
        Reported,
        Request,
    )
    from reviewer.gather import Material
    from reviewer.index.lookup import Codebase
    from reviewer.money.prices import Tariff
    from reviewer.ports import Model, Occasion, Tools
    from reviewer.settings import Settings
    from reviewer.terms import Terms

MOST_FITS = 4
"""Tries to fit when the API counts more tokens than we estimated; each try shrinks the budget."""

LEAST_ROOM = 0.1
"""Of the budget: an estimate that is ten times off is a fault that no fitting mends."""

CREDIBLE = 0.6
"""Of our estimate: who counts less than that leaves something out of the count."""

CREDIBLE_AT_GATEWAYS = 0.85
"""The same of a model of Claude's at a gateway that may count by a tokenizer of its own. The
estimate is off by 13 % at worst (benchmarks/README.md)."""

FIT_MARGIN = 0.98
"""Shrink a little more than the count asks for, so that one more try is the usual case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request with its price, and what it shows."""

    shown: Shown
    codebase: Codebase
    """The tree at head: claims of absence are held against it."""
    diffs: tuple[FileDiff, ...]
    request: Request
    cache: str
    """How the prompt cache is used, and why."""
    tariff: Tariff
    estimate: Estimate
    lenses: tuple[str, ...] = ()
    """What the passes look for; empty where one pass looks for everything."""
    warning: str
    """What the user should know about the model; empty when there is nothing."""
    budget_tokens: int
    """What the whole prompt may cost."""
    baseline: tuple[KnownFinding, ...] = ()
    """What the project does not want to hear again."""
    reported: tuple[Reported, ...] = ()
    """What other tools say of the code."""

    @property
    def pack(self) -> Pack:
        """The codebase as it is shown."""
        return self.shown.pack

    @property
    def changed(self) -> tuple[ChangedFile, ...]:
        """The changed files as they are shown."""
        return self.shown.changed

    @property
    def shows_change(self) -> bool:
        """Whether the model would see anything of what was changed, or of what is audited."""
        if self.shown.change.audit:
            return bool(self.pack.texts or self.pack.outlines)
        return any(file.shows_change for file in self.changed)


def prepare(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    facts: ModelFacts,
    activity: Activity,
    batch: bool = False,
) -> Prepared:
    """Fit the codebase and the change into the budget by estimate; nothing is sent anywhere."""
    terms = settle(settings, facts, activity, cap_usd=settings.max_usd_per_review, batch=batch)
    material, terms = _material(change, terms, tools=tools)
    return _fit(material, terms, room_tokens=terms.budget_tokens)


def counted(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    model: Model,
    occasion: Occasion,
) -> Prepared:
    """Fit, and let the API count before a paid call: its word is the last.

    A gateway that cannot count leaves the estimate, with `Estimate.counted` false; an estimate
    cannot hold a cap, so there every byte may be a token. Raises `CouldNotFinish` when the
    prompt stays over the budget however much is left out.
    """
    facts = model.facts(settings.model)
    terms = settle(
        settings,
        facts,
        occasion.activity,
        cap_usd=plan.cap_usd(settings, occasion.history),
        earlier=told_earlier.written(occasion.history),
        batch=occasion.batch,
    )
    material, terms = _material(change, terms, tools=tools)
    material = replace(material, reported=occasion.reported)
    room_tokens = terms.budget_tokens
    for _ in range(MOST_FITS):
        prepared = _fit(material, terms, room_tokens=room_tokens)
        count = _count(prepared, model, facts)
        priced, over = (
            _bounded(prepared, terms) if count is None else _exact(prepared, terms, count)
        )
        if over <= 1:
            return priced
        room_tokens = int(room_tokens / over * FIT_MARGIN)
        if room_tokens < terms.budget_tokens * LEAST_ROOM:
            break
    raise CouldNotFinish(
        f"the prompt stays over the budget of {terms.budget_tokens:,} tokens by the API's count",
        way_out="lower max_prompt_tokens, or exclude files",
    )


def _exact(prepared: Prepared, terms: Terms, count: int) -> tuple[Prepared, float]:
    """Return it with its exact price, and how many times over the budget it is."""
    estimate = _estimate(terms, prepared.shown, prompt_tokens=count, counted=True)
    return replace(prepared, estimate=estimate), count / terms.budget_tokens


def _bounded(prepared: Prepared, terms: Terms) -> tuple[Prepared, float]:
    """Return it with the most that it can cost, and how many times over the cap that is."""
    bound_tokens = bounds.bound_tokens(prepared.request)
    estimate = _estimate(
        terms,
        prepared.shown,
        prompt_tokens=prepared.estimate.prompt_tokens,
        counted=False,
        bound_tokens=bound_tokens,
    )
    return replace(prepared, estimate=estimate), bound_tokens / terms.affordable_tokens


def _count(prepared: Prepared, model: Model, facts: ModelFacts) -> int | None:
    """Return the count of the prompt; None where nobody counts, or so low that no cap holds."""
    try:
        count = model.count_tokens(prepared.request)
    except CouldNotFinish:
        return None
    is_claude = facts.source != "settings"
    least = CREDIBLE_AT_GATEWAYS if facts.at_gateway and is_claude else CREDIBLE
    return count if count >= prepared.estimate.prompt_tokens * least else None


def _material(change: Change, terms: Terms, *, tools: Tools) -> tuple[Material, Terms]:
    """Return what there is to be shown, and the terms: nothing is hidden for the cache's sake."""
    material = gather.look(
        change,
        terms.settings,
        tools=tools,
        family=terms.family,
        budget_tokens=terms.budget_tokens,
        since=None if change.audit else terms.since,
    )
    uncached = terms.rather_than_hiding(material.whole_tokens)
    if uncached is None:
        return material, terms
    return replace(material, trail=Trail()), uncached


def _fit(material: Material, terms: Terms, *, room_tokens: int) -> Prepared:
    paths = {*(file.path for file in material.ground.diffs), *material.asked}
    aside = untrusted.Aside(
        hints=material.hints,
        earlier=terms.earlier,
        tools=outside.written(material.reported, paths),
    )
    overhead_tokens = request.overhead_tokens(
        material.ground.change,
        aside,
        terms.family,
        rules=material.project_rules,
        lenses=terms.lenses,
    )
    shown = choose.fit(material, room_tokens=room_tokens, overhead_tokens=overhead_tokens)
    if terms.since is not None and shown.snapshot is None:
        terms = terms.alone(material.trail.missing)
    return Prepared(
        shown=shown,
        codebase=material.ground.codebase,
        diffs=tuple(file.diff for file in shown.changed),
        request=request.build(
            shown,
            aside=aside,
            facts=terms.facts,
            max_output_tokens=terms.max_output_tokens,
            effort=terms.settings.effort,
            cache_ttl=terms.cache.ttl,
            inference_geo=terms.settings.inference_geo,
            previous_message=terms.previous_message,
            lens=terms.lenses[0] if terms.lenses else "",
        ),
        cache=_in_words(terms, material),
        tariff=terms.tariff,
        estimate=_estimate(
            terms, shown, prompt_tokens=shown.tokens + overhead_tokens, counted=False
        ),
        lenses=terms.lenses,
        warning=terms.facts.warning,
        budget_tokens=room_tokens,
        baseline=material.ground.baseline,
        reported=material.reported,
    )


def _in_words(terms: Terms, material: Material) -> str:
    """Return the policy with its reason; and why the snapshot is not shown that others show."""
    said = f"{terms.cache.ttl or 'off'}, because {terms.cache.reason}"
    if terms.source:
        said += f"; {terms.source}"
    if material.trail.missing and terms.cache.ttl:
        said += (
            "; the codebase is the tip of the base, which only reviews of the same tip share: "
            f"{material.trail.missing}"
        )
    return said


def _estimate(
    terms: Terms,
    shown: Shown,
    *,
    prompt_tokens: int,
    counted: bool,
    bound_tokens: int | None = None,
) -> Estimate:
    # all but the last block is the same in every pass
    cached_tokens = prompt_tokens - plan.LENS_TOKENS if terms.lenses else shown.cached_tokens
    return plan.estimate(
        terms.tariff,
        prompt_tokens=prompt_tokens,
        cached_tokens=min(cached_tokens, prompt_tokens),
        max_output_tokens=terms.max_output_tokens,
        cache_ttl=terms.cache.ttl,
        cap_usd=terms.cap_usd,
        counted=counted,
        bound_tokens=bound_tokens,
        passes=max(1, len(terms.lenses)),
        parts=shown.parts(prompt_tokens),
    )
