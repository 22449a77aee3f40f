"""What reviews cost, as text, as JSON and as a page. Pure.

The page is one file of HTML that needs nothing else; its words are in `cost.html.j2`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from reviewer.publish.documents import inspected
from reviewer.publish.documents.json_text import json_text
from reviewer.publish.statistics import one_line
from reviewer.render import render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Outcome, Quote, Replayed

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 12, 44

MOST_POINTS = 240
"""Of one line of the chart."""

TICKS = 4

NAMES = {"off": "no cache", "5m": "5 minutes", "1h": "1 hour", "auto": "auto"}


REPLAY_FORMAT = "reviewer-cost-replay/1"
"""Of the replay as JSON; goes up when a key changes its meaning or goes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One policy on the chart: its number picks colour and dashes; `path` is an SVG path."""

    number: int
    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis, in the units of the chart."""

    at: float
    text: str


# --- the next review ---------------------------------------------------------------------------


def quote_lines(quotes: Sequence[Quote], reason: str) -> list[str]:
    """Return what the next review would cost as a table; `reason` is that of the cache policy."""
    head = (
        f"{'model':<20} {'window':>9} {'depth':<9} {'passes':>6} {'tokens':>9} "
        f"{'cache':<5} {'cold':>8} {'warm':>8} {'batch':>8} {'at most':>8} {'cap':>7}"
    )
    why = [f"cache  {one_line(reason)}"] if reason else []
    return [head, *(_quote_line(each) for each in quotes), "", *why, *NOTE]


NOTE = (
    "cold   the prompts of all passes, nothing of them in the cache yet",
    "warm   the same with the codebase in the cache, from an earlier review of the hour",
    "batch  the same without a cache in a Message Batch, which costs half and may take a day",
    "at most is one pass with the longest answer; cap is what the whole review may cost",
)


def _quote_line(each: Quote) -> str:
    start = f"{each.model:<20} {each.window_tokens:>9,} {each.depth:<9}"
    if each.problem:
        return f"{start} {one_line(each.problem)}"
    return (
        f"{start} {each.passes:>6} {each.prompt_tokens:>9,} {each.cache:<5} "
        f"{_usd(each.cold_usd):>8} {_usd(each.warm_usd):>8} {_usd(each.batch_usd):>8} "
        f"{_usd(each.most_usd):>8} {_usd(each.cap_usd):>7}"
    )


def quotes_json(quotes: Sequence[Quote], reason: str) -> str:
    """Return the same as JSON."""
    return inspected.as_json(inspected.Quotes(quotes=tuple(quotes), cache_reason=reason))


# --- past reviews ------------------------------------------------------------------------------


def replay_lines(replayed: Replayed) -> list[str]:
    """Return what past reviews would have cost, as a table with its assumptions."""
    head = (
        f"{'cache':<20} {'layout':<9} {'prompts':>7} {'total':>10} {'a review':>9} "
        f"{'hits':>6} {'writes':>6} {'kept':>5}"
    )
    return [
        _summary(replayed),
        "",
        head,
        *(_outcome_line(replayed, each) for each in replayed.outcomes),
        "",
        "prompts  what they cost in relation to no cache; total and a review have the answers too",
        "kept     reads that keep the prefix alive; they are in the price",
        "",
        *(f"- {each}" for each in replayed.assumed),
    ]


def _summary(replayed: Replayed) -> str:
    return (
        f"{replayed.pull_requests:,} merged pull requests, {len(replayed.at_seconds):,} reviews "
        f"from {_date(replayed.at_seconds[0])} to {_date(replayed.at_seconds[-1])} "
        f"({replayed.reviews_a_day:.1f} a day), {replayed.model}, codebase of "
        f"{replayed.codebase_tokens:,} tokens; for {replayed.guessed:,} of the pull requests one "
        "push is assumed"
    )


def _outcome_line(replayed: Replayed, each: Outcome) -> str:
    count = len(replayed.at_seconds)
    return (
        f"{named(each):<20} {each.layout:<9} {replayed.relative(each):>7.2f} "
        f"{_usd(each.usd):>10} {_usd(each.usd / count):>9} {each.hits / count:>6.0%} "
        f"{each.writes:>6,} {each.keeps:>5,}"
    )


def named(outcome: Outcome) -> str:
    """Return the policy in words."""
    return NAMES.get(outcome.policy, outcome.policy)


def replay_json(replayed: Replayed) -> str:
    """Return the same as JSON, every review's price included."""
    told = (
        {"format": REPLAY_FORMAT}
        | asdict(replayed)
        | {
            "reviews_a_day": replayed.reviews_a_day,
            "outcomes": [
                asdict(each) | {"usd": each.usd, "relative": replayed.relative(each)}
                for each in replayed.outcomes
            ],
        }
    )
    return json_text(told, indent=1)


def page(replayed: Replayed, *, name: str) -> str:
    """Return the replay of the repository `name` as HTML."""
    count = len(replayed.at_seconds)
    most_usd = max(each.usd for each in replayed.outcomes)
    cheapest = min(replayed.outcomes, key=lambda each: each.usd)
    rows = [
        {
            "number": number,
            "name": named(each),
            "layout": each.layout,
            "relative": f"{replayed.relative(each):.2f}",
            "total": _usd(each.usd),
            "each": _usd(each.usd / count),
            "hits": f"{each.hits / count:.0%}",
            "writes": f"{each.writes:,}",
            "keeps": f"{each.keeps:,}",
            "best": each is cheapest,
        }
        for number, each in enumerate(replayed.outcomes)
    ]
    return (
        render_page(
            "cost.html.j2",
            style="cost.css",
            name=one_line(name),
            summary=_summary(replayed),
            rows=rows,
            cheapest=f"{named(cheapest)}, {cheapest.layout}",
            saved=f"{_saved(cheapest, replayed.outcomes[0]):.0%}",
            lines=[_line(replayed, number) for number in range(len(replayed.outcomes))],
            dollars=_dollars(most_usd),
            dates=_dates(replayed.at_seconds),
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=WIDTH - RIGHT,
            bottom=HEIGHT - BOTTOM,
            assumed=replayed.assumed,
        )
        + "\n"
    )


def _saved(cheapest: Outcome, without: Outcome) -> float:
    return 1 - cheapest.usd / without.usd if without.usd else 0.0


# --- the chart ---------------------------------------------------------------------------------


def _line(replayed: Replayed, number: int) -> Line:
    outcome = replayed.outcomes[number]
    most_usd = max(each.usd for each in replayed.outcomes)
    sums = [*accumulate(outcome.spent_usd)]
    step = max(1, -(-len(sums) // MOST_POINTS))
    chosen = sorted({*range(0, len(sums), step), len(sums) - 1})
    points = (
        f"{_x(replayed.at_seconds, replayed.at_seconds[at]):.1f} {_y(sums[at], most_usd):.1f}"
        for at in chosen
    )
    return Line(
        number=number, name=f"{named(outcome)}, {outcome.layout}", path="M" + "L".join(points)
    )


def _x(at_seconds: Sequence[float], at: float) -> float:
    first, last = at_seconds[0], at_seconds[-1]
    return LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / max(1.0, last - first)


def _y(usd: float, most_usd: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * usd / max(most_usd, 1e-9)


def _dollars(most_usd: float) -> list[Tick]:
    """Return the marks of the dollars: 1, 2 or 5 times a power of ten apart."""
    power = 1e-6
    while power * 10 <= most_usd / TICKS:
        power *= 10
    step = max(power * each for each in (1, 2, 5) if each == 1 or power * each <= most_usd / TICKS)
    count = int(most_usd / step)
    return [Tick(at=_y(step * at, most_usd), text=_round(step * at)) for at in range(count + 1)]


def _round(usd: float) -> str:
    return f"${usd:,.0f}" if usd == int(usd) else f"${usd:,.2f}"


def _dates(at_seconds: Sequence[float]) -> list[Tick]:
    first, last = at_seconds[0], at_seconds[-1]
    marks = (first + (last - first) * at / TICKS for at in range(TICKS))
    return [Tick(at=_x(at_seconds, at), text=_date(at)) for at in marks]


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _usd(usd: float) -> str:
    return f"${usd:,.2f}"
