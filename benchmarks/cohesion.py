"""How many references between files stay within a pack, against cutting in path order.

    python benchmarks/cohesion.py GIT_DIR... [--packs 3 6]

A reference is a word of one file that another defines for others (`index.graph`). Both ways of
cutting get the same budget: an Nth of the files' tokens and a twentieth more.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import gather
from reviewer.flow import SENDABLE, Audit, Change, FileClass
from reviewer.index import graph
from reviewer.pack.sheets import Sheet
from reviewer.pack.split import Part, cohesion, split
from reviewer.pack.tokens import family_of
from reviewer.settings import Settings
from reviewer.wiring.local import equipped, hired, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.ports import Pool

ROOM = 1.05
CODE = (FileClass.SOURCE, FileClass.TEST)


def measured(folder: Path, pool: Pool) -> tuple[dict[str, int], dict[tuple[str, str], float]]:
    """Return what each file costs, and how much each uses of another."""
    with opened(folder) as repository, equipped(repository, pool) as tools:
        tip = repository.resolve("HEAD")
        material = gather.look(
            Change(base=tip, merge_base=tip, head=tip, audit=Audit()),
            Settings(),
            tools=tools,
            family=family_of("claude-opus-5-5"),
            budget_tokens=1_000_000,
            since=None,
        )
        opener = material.opener
        files = [one for one in material.ground.candidates if one[1].file_class in SENDABLE]
        sheets = {entry: opener.open(entry, verdict) for entry, verdict in files}
        costs = {
            entry.path: opener.tokens(sheet)
            for entry, sheet in sheets.items()
            if isinstance(sheet, Sheet)
        }
        code = [entry for entry, kind in files if entry.path in costs and kind.file_class in CODE]
        return costs, graph.references(opener.facts(code))


def in_path_order(costs: Mapping[str, int], budget_tokens: int) -> tuple[Part, ...]:
    """Return packs that are filled one after the other."""
    packs: list[list[str]] = [[]]
    left = budget_tokens
    for path in sorted(costs):
        if costs[path] > left and packs[-1]:
            packs.append([])
            left = budget_tokens
        packs[-1].append(path)
        left -= costs[path]
    return tuple(Part(files=tuple(each), tokens=0) for each in packs)


def main() -> None:
    """Print a row for each repository and number of packs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--packs", nargs="+", type=int, default=[3, 6])
    asked = arguments.parse_args()
    shares: list[tuple[float, float]] = []
    print("| repository | files | tokens | packs | path order | split | seconds |")
    print("|---|---|---|---|---|---|---|")
    with hired() as pool:
        for folder in asked.folders:
            costs, uses = measured(folder, pool)
            for packs in asked.packs:
                budget_tokens = math.ceil(sum(costs.values()) / packs * ROOM)
                budget_tokens = max(budget_tokens, *costs.values())
                plain = in_path_order(costs, budget_tokens)
                began = time.perf_counter()
                parts = split(costs, uses, budget_tokens=budget_tokens)
                seconds = time.perf_counter() - began
                shares.append((cohesion(plain, uses), cohesion(parts, uses)))
                before, after = shares[-1]
                name = folder.parent.name if folder.name == "repo" else folder.stem
                print(
                    f"| {name} | {len(costs):,} | {sum(costs.values()):,} "
                    f"| {len(plain)}, {len(parts)} | {before:.0%} | {after:.0%} | {seconds:.2f} |",
                    flush=True,
                )
    before, after = (sum(each) / len(shares) for each in zip(*shares, strict=True))
    print(f"| mean | | | | {before:.0%} | {after:.0%} | |")


if __name__ == "__main__":
    main()
