"""A codebase that does not fit into one prompt -> packs of files that belong together. Pure.

1.  Each folder whose files take less than `UNIT_SHARE` of a pack is one unit; of a larger one,
    each file is. So folders stay whole, but where a pack is too small for them.
2.  The two units that use each other most, for the size of the smaller one, become one, as long
    as they fit into a pack together. This goes on until no two that know each other fit.
3.  What is left is put into the first pack it fits in, the largest first: where it is used most,
    else where the nearest folder is.

`benchmarks/cohesion.py` measures how many references stay within a pack.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

UNIT_SHARE = 0.1
"""Of a pack. Twice that keeps more folders whole, and a little less together that belongs so."""

MOST_DEPTH = 20
"""Folders deeper than that count as the one at that depth: a hostile tree has thousands."""

TOO_LARGE = "the file alone is larger than a pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The files of one pack, in path order, and what they cost; `why` it is over the budget."""

    files: tuple[str, ...]
    tokens: int
    why: str = ""


def split(
    costs: Mapping[str, int], uses: Mapping[tuple[str, str], float], *, budget_tokens: int
) -> tuple[Part, ...]:
    """Return every file in exactly one part, each part within the budget.

    `costs` are tokens by path, `uses` tell how much one file uses another (`index.graph`). A file
    that is over the budget is alone in its part. The order of either makes no difference.
    """
    fitting = {path: costs[path] for path in sorted(costs) if costs[path] <= budget_tokens}
    joined = _Joined(_units(fitting, int(budget_tokens * UNIT_SHARE)), fitting, budget_tokens)
    joined.join(uses)
    parts = [
        Part(files=tuple(sorted(files)), tokens=sum(costs[path] for path in files))
        for files in joined.packed()
    ]
    parts += [
        Part(files=(path,), tokens=cost, why=TOO_LARGE)
        for path, cost in costs.items()
        if cost > budget_tokens
    ]
    return tuple(sorted(parts, key=lambda part: part.files))


def cohesion(parts: Sequence[Part], uses: Mapping[tuple[str, str], float]) -> float:
    """Return the share of the uses that stay within a part; 1 where there are none."""
    at = {path: number for number, part in enumerate(parts) for path in part.files}
    inside = sum(share for (user, used), share in uses.items() if at[user] == at[used])
    total = sum(uses.values())
    return inside / total if total else 1.0


def areas(files: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return names for the files of a pack, as few as can be, in path order.

    A folder, with a slash at its end, stands for all files below it: none of `others` is there.
    """
    taken = {folder for path in others for folder in _folders(path)}
    named = {next((each for each in _folders(path) if each not in taken), path) for path in files}
    return tuple(sorted(named))


def _folders(path: str) -> Iterator[str]:
    """Give the folders around a file, the outermost first, each with a slash at its end."""
    at = -1
    for _ in range(MOST_DEPTH):
        at = path.find("/", at + 1)
        if at < 0:
            return
        yield path[: at + 1]


def _units(costs: Mapping[str, int], most_tokens: int) -> dict[str, str]:
    """Return the unit of each file: the largest folder around it that is small enough, or it."""
    sizes: Counter[str] = Counter()
    for path, cost in costs.items():
        for folder in _folders(path):
            sizes[folder] += cost
    return {
        path: next((each for each in _folders(path) if sizes[each] <= most_tokens), path)
        for path in costs
    }


@dataclass(slots=True)
class _Joined:
    """Units that become larger and fewer; each is named after the first of those in it."""

    unit_of: Mapping[str, str]
    costs: Mapping[str, int]
    budget_tokens: int
    sizes: Counter[str] = field(default_factory=Counter)
    files: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ties: defaultdict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def join(self, uses: Mapping[tuple[str, str], float]) -> None:
        """Join units that use each other, the closest first, while they fit into a pack."""
        for path, unit in self.unit_of.items():
            self.sizes[unit] += self.costs[path]
            self.files[unit].append(path)
        for (user, used), share in sorted(uses.items()):
            if user in self.unit_of and used in self.unit_of:
                self._tie(self.unit_of[user], self.unit_of[used], share)
        heap = [
            self._pair(one, other) for one in self.ties for other in self.ties[one] if one < other
        ]
        heapq.heapify(heap)
        while heap:
            _, one, other, sizes = heapq.heappop(heap)
            # an entry from before one of the two grew, or went into another
            now = self.sizes.get(one), self.sizes.get(other)
            if sizes != now or sum(sizes) > self.budget_tokens:
                continue
            self._merge(one, other)
            for third in self.ties[one]:
                heapq.heappush(heap, self._pair(*sorted((one, third))))

    def _tie(self, one: str, other: str, share: float) -> None:
        if one != other:
            self.ties[one][other] = self.ties[one].get(other, 0.0) + share
            self.ties[other][one] = self.ties[other].get(one, 0.0) + share

    def _pair(self, one: str, other: str) -> tuple[float, str, str, tuple[int, int]]:
        sizes = self.sizes[one], self.sizes[other]
        return -self.ties[one][other] / max(1, min(sizes)), one, other, sizes

    def _merge(self, one: str, other: str) -> None:
        self.sizes[one] += self.sizes.pop(other)
        self.files[one] += self.files.pop(other)
        for third, share in self.ties.pop(other).items():
            del self.ties[third][other]
            if third != one:
                self._tie(one, third, share)

    def packed(self) -> list[list[str]]:
        """Return the files of each pack: what did not become one by its ties is put together."""
        packs: list[_Pack] = []
        for unit in sorted(self.sizes, key=lambda each: (-self.sizes[each], each)):
            size = self.sizes[unit]
            fitting = [pack for pack in packs if pack.tokens + size <= self.budget_tokens]
            if fitting:
                pack = max(fitting, key=lambda pack: pack.nearness(unit, self.ties[unit]))
            else:
                pack = _Pack()
                packs.append(pack)
            pack.add(unit, size)
        return [[path for unit in pack.units for path in self.files[unit]] for pack in packs]


@dataclass(slots=True)
class _Pack:
    """Units that go together, and the folders around them."""

    tokens: int = 0
    units: dict[str, None] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def add(self, unit: str, tokens: int) -> None:
        self.tokens += tokens
        self.units[unit] = None
        self.folders.update(_folders(unit))

    def nearness(self, unit: str, ties: Mapping[str, float]) -> tuple[float, int]:
        """Return how much of what a unit uses is here, and how many of its folders."""
        used = sum(share for each, share in ties.items() if each in self.units)
        return used, sum(folder in self.folders for folder in _folders(unit))
