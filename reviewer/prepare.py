"""Everything that is decided before money is spent: what is shown, what it costs. Pure.

Pure but for the repository and the model it is handed; `reviewer pack`, `explain` and
`review --dry-run` end here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask import request
from reviewer.errors import CouldNotFinish
from reviewer.money import plan
from reviewer.pack import changed, ladder, rules_of, survey

if TYPE_CHECKING:
    from reviewer.flow import Change, ChangedFile, Estimate, FileDiff, ModelFacts, Pack, Request
    from reviewer.money.plan import CacheChoice
    from reviewer.ports import Model, Repository
    from reviewer.settings import Settings

CODEBASE_SHARES = (0.85, 0.7, 0.5, 0.3, 0.05)
"""The codebase's part of the budget: the first that leaves room for the whole change. The usual
change fits beside the largest share, so that what is shown of the codebase does not depend on it
and every change of the same base shares one prefix; a large one is still shown in full, because
a changed file matters more than an unchanged one."""

MOST_FITS = 4
"""Tries to fit when the API counts more tokens than we estimated; each try shrinks the budget."""

LEAST_ROOM = 0.1
"""Of the budget: an estimate that is ten times off is a fault that no fitting mends."""

FIT_MARGIN = 0.98
"""Shrink a little more than the count asks for, so that one more try is the usual case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request with its price, and what it shows."""

    change: Change
    diffs: tuple[FileDiff, ...]
    pack: Pack
    changed: tuple[ChangedFile, ...]
    request: Request
    cache_reason: str
    estimate: Estimate
    warning: str
    """What the user should know about the model; empty when there is nothing."""

    @property
    def shows_change(self) -> bool:
        """Whether the model would see anything of what was changed."""
        return any(
            (file.shows_diff and file.diff.hunks)
            or (file.text is not None and file.diff.old_oid != file.diff.new_oid)
            for file in self.changed
        )


def prepare(
    change: Change, settings: Settings, *, repository: Repository, facts: ModelFacts
) -> Prepared:
    """Fit the codebase and the change into the budget by estimate; nothing is sent anywhere."""
    terms = _terms(settings, facts)
    return _fit(change, terms, repository=repository, room_tokens=terms.budget_tokens)


def counted(
    change: Change, settings: Settings, *, repository: Repository, model: Model
) -> Prepared:
    """Fit, and let the API count before a paid call: its word is the last.

    A gateway that cannot count leaves the estimate, with `Estimate.counted` false; an estimate
    cannot hold a cap, so there every byte may be a token. Raises `CouldNotFinish` when the
    prompt stays over the budget however much is left out.
    """
    terms = _terms(settings, model.facts(settings.model))
    room_tokens = terms.budget_tokens
    for _ in range(MOST_FITS):
        prepared = _fit(change, terms, repository=repository, room_tokens=room_tokens)
        count = _count(prepared, model)
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


def _exact(prepared: Prepared, terms: _Terms, count: int) -> tuple[Prepared, float]:
    """Return it with its exact price, and how many times over the budget it is."""
    estimate = _estimate(
        terms, prompt_tokens=count, cached_tokens=min(prepared.pack.tokens, count), counted=True
    )
    return replace(prepared, estimate=estimate), count / terms.budget_tokens


def _bounded(prepared: Prepared, terms: _Terms) -> tuple[Prepared, float]:
    """Return it with the most that it can cost, and how many times over the cap that is."""
    bound_tokens = request.bound_tokens(prepared.request)
    estimate = _estimate(
        terms,
        prompt_tokens=prepared.estimate.prompt_tokens,
        cached_tokens=prepared.pack.tokens,
        counted=False,
        bound_tokens=bound_tokens,
    )
    return replace(prepared, estimate=estimate), bound_tokens / terms.affordable_tokens


def _count(prepared: Prepared, model: Model) -> int | None:
    try:
        return model.count_tokens(prepared.request)
    except CouldNotFinish:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """What is settled before a file is read."""

    settings: Settings
    facts: ModelFacts
    cache: CacheChoice
    max_output_tokens: int
    budget_tokens: int
    affordable_tokens: int
    """What the cap allows, whatever the window."""


def _terms(settings: Settings, facts: ModelFacts) -> _Terms:
    cache = plan.cache_policy(
        settings.cache,
        requests_to_follow=0,
        expected_reviews_per_hour=settings.reviews_per_hour,
        model=facts.id,
    )
    max_output_tokens = min(settings.max_output_tokens, facts.max_output_tokens)
    allowed = plan.budget_tokens(
        facts,
        max_output_tokens=max_output_tokens,
        cap_usd=settings.max_usd_per_review,
        cache_ttl=cache.ttl,
    )
    affordable = plan.affordable_tokens(
        facts.id,
        max_output_tokens=max_output_tokens,
        cap_usd=settings.max_usd_per_review,
        cache_ttl=cache.ttl,
    )
    budget = min(allowed, settings.max_prompt_tokens or allowed)
    return _Terms(
        settings=settings,
        facts=facts,
        cache=cache,
        max_output_tokens=max_output_tokens,
        budget_tokens=budget,
        affordable_tokens=affordable,
    )


def _fit(change: Change, terms: _Terms, *, repository: Repository, room_tokens: int) -> Prepared:
    settings = terms.settings
    own_tokens = room_tokens - request.overhead_tokens(change)
    entries = repository.entries(change.base)
    rules = rules_of(entries, repository.read, include=settings.include, exclude=settings.exclude)
    diffs = diff.parse(repository.patch(change))
    shown = changed.show(
        diffs,
        repository.read,
        rules,
        max_file_bytes=settings.max_file_bytes,
        budget_tokens=int(own_tokens * (1 - CODEBASE_SHARES[-1])),
    )
    left_tokens = own_tokens - sum(file.tokens for file in shown)
    pack = ladder.fit(
        survey(entries, rules, max_file_bytes=settings.max_file_bytes),
        repository.read,
        budget_tokens=_codebase_tokens(room_tokens, left_tokens),
    )
    return _built(change, terms, diffs, pack, shown)


def _codebase_tokens(room_tokens: int, left_tokens: int) -> int:
    """Return the codebase's budget: a fixed share of the room, so that changes agree on it."""
    shares = (int(room_tokens * share) for share in CODEBASE_SHARES)
    return next((tokens for tokens in shares if tokens <= left_tokens), left_tokens)


def _built(
    change: Change,
    terms: _Terms,
    diffs: tuple[FileDiff, ...],
    pack: Pack,
    shown: tuple[ChangedFile, ...],
) -> Prepared:
    shown_tokens = sum(file.tokens for file in shown)
    return Prepared(
        change=change,
        diffs=diffs,
        pack=pack,
        changed=shown,
        request=request.build(
            change,
            pack,
            shown,
            facts=terms.facts,
            max_output_tokens=terms.max_output_tokens,
            effort=terms.settings.effort,
            cache_ttl=terms.cache.ttl,
        ),
        cache_reason=terms.cache.reason,
        estimate=_estimate(
            terms,
            prompt_tokens=pack.tokens + shown_tokens + request.overhead_tokens(change),
            cached_tokens=pack.tokens,
            counted=False,
        ),
        warning=terms.facts.warning,
    )


def _estimate(
    terms: _Terms,
    *,
    prompt_tokens: int,
    cached_tokens: int,
    counted: bool,
    bound_tokens: int | None = None,
) -> Estimate:
    return plan.estimate(
        terms.facts.id,
        prompt_tokens=prompt_tokens,
        cached_tokens=cached_tokens,
        max_output_tokens=terms.max_output_tokens,
        cache_ttl=terms.cache.ttl,
        cap_usd=terms.settings.max_usd_per_review,
        counted=counted,
        bound_tokens=bound_tokens,
    )
