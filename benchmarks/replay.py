"""What each cache policy would have cost in real repositories, relative to no cache.

    python benchmarks/replay.py REPOSITORY... [--count 400] [--shares 0.6 0.05]

Each line is one repository: its last merged pull requests, replayed as `reviewer cost --replay`
does. It says what holds of the targets of the project: `auto` never above no cache, nor above
the best fixed policy by more than 5 %; in repositories with more than 15 reviews a day at most
0.8, and with warm-keeping at most 0.5. Where it does not hold, there is a cross.

--shares are those of the codebase in the prompt, instead of those in use: the first that leaves
room for the change.

With --packs, it prepares so many of the reviews in full instead, and says how far the sizes of the
replay are off.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import median

from reviewer.commands.cost import _reviews, _terms, replayed_past
from reviewer.errors import ReviewerError
from reviewer.flow import Activity, Change
from reviewer.layout import CODEBASE_SHARES
from reviewer.prepare import prepare
from reviewer.settings import Settings
from reviewer.source import past as of_git
from reviewer.wiring.local import equipped, hired, opened

BUSY = 15.0
AUTO, KEPT, ABOVE = 0.8, 0.5, 1.05
FIXED = (("off", "tip"), ("5m", "tip"), ("1h", "tip"), ("1h", "snapshot"))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("repositories", nargs="+", type=Path)
    asked.add_argument("--count", type=int, default=400)
    asked.add_argument("--shares", type=float, nargs="+", default=CODEBASE_SHARES)
    asked.add_argument("--packs", type=int, default=0)
    given = asked.parse_args()
    settings = Settings()
    if given.packs:
        for folder in given.repositories:
            hold_against_packs(folder, settings, count=given.count, packs=given.packs)
        return
    print(
        "| repository | pull requests | reviews a day | 5m | 1h, tip | 1h, snapshot | auto | "
        "auto + warm | a review: no cache | auto | auto + warm | seconds |\n" + "|---" * 12 + "|"
    )
    for folder in given.repositories:
        print(row(folder, settings, count=given.count, shares=(*given.shares,)), flush=True)


def name_of(folder: Path) -> str:
    folder = folder.resolve()
    parts = folder.parts[-2:] if folder.name in {"repo", ".git"} else folder.parts[-1:]
    return parts[0].replace("+", "/")


def row(folder: Path, settings: Settings, *, count: int, shares: tuple[float, ...]) -> str:
    start = time.perf_counter()
    try:
        with hired() as pool, opened(folder) as repository, equipped(repository, pool) as tools:
            head = repository.resolve("HEAD")
            told = replayed_past(
                repository, head, settings, count=count, tools=tools, shares=shares
            )
    except ReviewerError as error:
        return f"| {name_of(folder)} | {error} |"
    seconds = time.perf_counter() - start
    by = {(each.policy, each.layout): each for each in told.outcomes}
    price = {key: told.relative(each) for key, each in by.items()}
    auto, kept = price["auto", "snapshot"], price["auto + warm-keeping", "snapshot"]
    busy = told.reviews_a_day > BUSY
    best = min(price[key] for key in FIXED)
    holds = round(auto, 2) <= 1 and auto <= best * ABOVE and (not busy or round(auto, 2) <= AUTO)
    count_reviews = len(told.at_seconds)
    dollars = (
        by[key].usd / count_reviews
        for key in (("off", "tip"), ("auto", "snapshot"), ("auto + warm-keeping", "snapshot"))
    )
    cells = [
        name_of(folder),
        f"{told.pull_requests}",
        f"{told.reviews_a_day:.1f}",
        *(f"{price[key]:.2f}" for key in FIXED[1:]),
        f"{auto:.2f}{'' if holds else ' ✗'}",
        f"{kept:.2f}{'' if not busy or round(kept, 2) <= KEPT else ' ✗'}",
        *(f"${each:.2f}" for each in dollars),
        f"{seconds:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def hold_against_packs(folder: Path, settings: Settings, *, count: int, packs: int) -> None:
    """Prepare some of the reviews, and say how far the replay's sizes are off."""
    from reviewer.ask.models import bundled

    facts = bundled(settings.model)
    assert facts
    with hired() as pool, opened(folder) as repository, equipped(repository, pool) as tools:
        past = of_git.read(repository, repository.resolve("HEAD"), count=count)
        terms = _terms(settings, CODEBASE_SHARES)
        reviews = _reviews(past, settings, terms, tools)
        commits = [
            (at, one.commit)
            for at, one in sorted(
                ((at, one) for one in past.merged for at in one.pushed_at_seconds),
                key=lambda each: (each[0], each[1].commit),
            )
        ]
        off: dict[str, list[float]] = {"snapshot": [], "overlay": [], "beside": []}
        same = 0
        for number in range(0, len(reviews), max(1, len(reviews) // packs)):
            review, (at, commit) = reviews[number], commits[number]
            landed = repository.resolve(f"{commit}^1")
            change = Change(base=review.size.tip, merge_base=landed, head=commit)
            try:
                prepared = prepare(
                    change,
                    Settings(cache="1h", max_usd_per_review=20),
                    tools=tools,
                    facts=facts,
                    activity=Activity(now=at, since=at),
                )
            except ReviewerError as error:
                print(f"{name_of(folder)}: {error}", file=sys.stderr)
                continue
            snapshot = prepared.shown.snapshot
            parts = (snapshot.core, snapshot.rest) if snapshot else (prepared.pack,)
            below = sum(part.tokens for part in parts)
            over = snapshot.tokens if snapshot else 0
            same += not snapshot or snapshot.commit == review.size.snapshot
            beside = prepared.estimate.prompt_tokens - prepared.pack.tokens
            off["snapshot"].append(review.size.snapshot_tokens / below - 1)
            off["overlay"].append((review.size.overlay_tokens - over) / below)
            modelled = review.changed_tokens * 1.2 + terms.system_tokens
            off["beside"].append((modelled - beside) / prepared.estimate.prompt_tokens)
        told = ", ".join(
            f"{name} {median(values):+.1%} (from {min(values):+.1%} to {max(values):+.1%})"
            for name, values in off.items()
        )
        total = len(off["overlay"])
        print(f"{name_of(folder)}: {total} packs, the same snapshot in {same}; {told}", flush=True)


if __name__ == "__main__":
    main()
