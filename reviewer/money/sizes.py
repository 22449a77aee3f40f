"""How large the codebase was at past reviews, in either layout. Pure.

Pure but for the blobs that the opener reads. Two layouts:

    tip        the codebase is the tip of the base: another prompt after each merge
    snapshot   the codebase as it was at the boundary of the day, then an overlay of what has
               changed since (`pack.snapshot` chooses, here as in a review)

What is shown of a tree is worked out by sizes, in the order of the ladder but for centrality: a
replay cannot afford to parse each day's tree. What is printed with the result says so.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reviewer.flow import SENDABLE, FileClass, Level, Pack, PackedFile
from reviewer.index.languages import language_of
from reviewer.pack import ladder, shelf, snapshot, survey
from reviewer.pack.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import Past, Step, TreeEntry, Verdict
    from reviewer.pack import PathRules
    from reviewer.pack.sheets import Opener

NEARLY = 1.3
"""Of the budget: files that are more than that by their sizes fill it, and are not opened."""

LISTED_SHARE = 0.01
"""Of the budget: what the listing takes about of its share."""


class Size(NamedTuple):
    """The codebase at a review: the tip's commit and tokens, and those of the snapshot."""

    tip: str
    tip_tokens: int
    snapshot: str
    snapshot_tokens: int
    overlay_tokens: int


@dataclass(slots=True, kw_only=True)
class Measure:
    """What files cost, each worked out once."""

    opener: Opener
    rules: PathRules
    max_file_bytes: int
    _known: dict[tuple[str, str], int] = field(default_factory=dict)
    _rough: dict[tuple[str, int], int] = field(default_factory=dict)
    _verdicts: dict[tuple[str, str, int], Verdict] = field(default_factory=dict)

    def classed(self, entries: Iterable[TreeEntry]) -> list[tuple[TreeEntry, Verdict]]:
        """Return files with their classes by name."""
        return [(entry, self._verdict(entry)) for entry in entries]

    def _verdict(self, entry: TreeEntry) -> Verdict:
        key = (entry.path, entry.mode, entry.size_bytes // (self.max_file_bytes + 1))
        if key not in self._verdicts:
            [(_, verdict)] = survey([entry], self.rules, max_file_bytes=self.max_file_bytes)
            self._verdicts[key] = verdict
        return self._verdicts[key]

    def by_size(self, entry: TreeEntry) -> int:
        """Return about what a file costs in full by its size; 0 where it is not sent."""
        key = (entry.path, entry.size_bytes)
        if key not in self._rough:
            sent = self._verdict(entry).file_class in SENDABLE
            self._rough[key] = shelf.by_size(entry, self.opener.family) if sent else 0
        return self._rough[key]

    def tokens(self, entry: TreeEntry) -> int:
        """Return what a file costs in full; 0 where it is not sent."""
        key = (entry.path, entry.oid)
        if key not in self._known:
            self._known[key] = self._opened(entry)
        return self._known[key]

    def _opened(self, entry: TreeEntry) -> int:
        verdict = self._verdict(entry)
        if verdict.file_class not in SENDABLE:
            return 0
        opened = self.opener.open(entry, verdict)
        return self.opener.tokens(opened) if isinstance(opened, Sheet) else 0


def at_reviews(
    past: Past, at_seconds: Sequence[float], measure: Measure, *, budget_tokens: int, hour: int
) -> Iterator[Size]:
    """Yield the codebase at each review, oldest first; the reviews are sorted by time."""
    days = _Days(past, measure, budget_tokens)
    for at in at_seconds:
        yield days.size(at, since=snapshot.boundary(at, hour=hour))


class _Days:
    """The trees of the base branch, day by day."""

    def __init__(self, past: Past, measure: Measure, budget_tokens: int) -> None:
        self._past = past
        self._measure = measure
        self._budget_tokens = budget_tokens
        self._dates = [tip.at_seconds for tip in past.tips]
        self._trees: dict[str, Mapping[str, TreeEntry]] = {
            past.tips[0].step.commit: {entry.path: entry for entry in past.tree}
        }
        first = past.tips[0].step.commit
        self._rough = {first: sum(map(measure.by_size, past.tree))}
        self._packs: dict[str, Pack] = {}
        self._sizes: dict[tuple[int, int], Size] = {}
        self._number = 0

    def size(self, at: float, *, since: float) -> Size:
        """Return the codebase at a review of a day that began at `since`."""
        first, last = (max(0, bisect_right(self._dates, when) - 1) for when in (since, at))
        if (first, last) not in self._sizes:
            self._advance(first, last)
            self._sizes[first, last] = self._size(first, last)
        return self._sizes[first, last]

    def _advance(self, first: int, last: int) -> None:
        """Work out the trees up to a tip, and forget those from before the day."""
        for tip in self._past.tips[self._number + 1 : last + 1]:
            before = self._past.tips[self._number].step.commit
            self._take(before, tip.step)
            self._number += 1
        kept = {tip.step.commit for tip in self._past.tips[first : self._number + 1]}
        self._trees = {commit: tree for commit, tree in self._trees.items() if commit in kept}
        self._packs = {commit: pack for commit, pack in self._packs.items() if commit in kept}

    def _take(self, before: str, step: Step) -> None:
        tree = dict(self._trees[before])
        rough = self._rough[before]
        for path in (*step.gone, *(entry.path for entry in step.changed)):
            if path in tree:
                rough -= self._measure.by_size(tree.pop(path))
        tree |= {entry.path: entry for entry in step.changed}
        self._trees[step.commit] = tree
        self._rough[step.commit] = rough + sum(map(self._measure.by_size, step.changed))

    def _size(self, first: int, last: int) -> Size:
        steps = [tip.step for tip in self._past.tips[first : last + 1]]
        commit, pack = snapshot.choose(
            steps, self._pack, self._measure.classed, self._measure.opener.family
        )
        tip = steps[-1].commit
        numbers = [step.commit for step in steps]
        return Size(
            tip=tip,
            tip_tokens=self._tip_tokens(tip),
            snapshot=commit,
            snapshot_tokens=pack.tokens,
            overlay_tokens=self._overlay(pack, steps[numbers.index(commit) + 1 :]),
        )

    def _tip_tokens(self, tip: str) -> int:
        """Return what the tip costs; a tree that is too large fills the budget."""
        room = _room(self._budget_tokens)
        taken = self._rough[tip]
        if taken <= room * NEARLY:
            taken = sum(map(self._measure.tokens, self._trees[tip].values()))
        return min(taken, room) + _listed(self._budget_tokens)

    def _pack(self, commit: str) -> Pack:
        """Return what is shown of a tree as a snapshot, which leaves room for an overlay."""
        if commit not in self._packs:
            room = int(self._budget_tokens / (1 + snapshot.OVERLAY_SHARE))
            self._packs[commit] = self._shown(commit, room)
        return self._packs[commit]

    def _shown(self, commit: str, budget_tokens: int) -> Pack:
        return shown(self._trees[commit].values(), self._measure, budget_tokens=budget_tokens)

    def _overlay(self, below: Pack, steps: Sequence[Step]) -> int:
        """Return what the overlay costs: what the steps made other, at the level it is shown at.

        It has the room that the snapshot has left; what does not fit is named only.
        """
        before = {file.path: file for file in below.files}
        now: dict[str, TreeEntry | None] = {}
        for step in steps:
            now |= dict.fromkeys(step.gone)
            now |= {entry.path: entry for entry in step.changed}
        cost = 0.0
        for path, entry in now.items():
            old = before.get(path)
            if entry is None:
                cost += snapshot.NAME_TOKENS if old else 0
            elif old is None or (old.oid != entry.oid and old.level is not Level.LISTED):
                ratio = shelf.OUTLINE_RATIO if old and old.level is Level.OUTLINE else 1
                cost += self._measure.tokens(entry) * ratio
        return int(min(cost, max(0, self._budget_tokens - below.tokens)))


def shown(entries: Collection[TreeEntry], measure: Measure, *, budget_tokens: int) -> Pack:
    """Return the levels of files within a budget, and what they cost; texts are left out.

    Where they do not fit by far, the order is the ladder's but for centrality.
    """
    classed = measure.classed(entries)
    room = _room(budget_tokens)
    costs = _costs(entries, measure, room)
    levels, left = _levels(classed, costs, room)
    return Pack(
        files=tuple(
            PackedFile(
                path=entry.path,
                oid=entry.oid,
                size_bytes=entry.size_bytes,
                file_class=verdict.file_class,
                rule=verdict.rule,
                level=levels.get(entry.path, Level.LISTED),
                tokens=0,
                why="",
            )
            for entry, verdict in classed
        ),
        texts={},
        outlines={},
        listing="",
        tokens=room - left + _listed(budget_tokens),
    )


def _room(budget_tokens: int) -> int:
    """Return what is left for files, beside the listing."""
    return int(budget_tokens * (1 - ladder.LISTING_SHARE)) - ladder.ENVELOPE_TOKENS


def _listed(budget_tokens: int) -> int:
    return int(budget_tokens * LISTED_SHARE) + ladder.ENVELOPE_TOKENS


def _costs(entries: Collection[TreeEntry], measure: Measure, room: int) -> dict[str, int]:
    """Return what files cost in full: by their sizes, where those say that they fill the room."""
    rough = {entry.path: measure.by_size(entry) for entry in entries}
    costs = {path: cost for path, cost in rough.items() if cost}
    if sum(costs.values()) > room * NEARLY:
        return costs
    return {entry.path: measure.tokens(entry) for entry in entries if rough[entry.path]}


def _levels(
    classed: Sequence[tuple[TreeEntry, Verdict]], costs: Mapping[str, int], left: int
) -> tuple[dict[str, Level], int]:
    """Return how much is shown of each file, and the tokens that are left."""
    if sum(costs.values()) <= left:
        return dict.fromkeys(costs, Level.FULL), left - sum(costs.values())
    ranked = sorted((one for one in classed if one[0].path in costs), key=_rank)
    source = [entry for entry, verdict in ranked if verdict.file_class is FileClass.SOURCE]
    levels: dict[str, Level] = {}
    for_outlines = int(left * shelf.OUTLINE_SHARE)
    if sum(costs[entry.path] for entry in source) > left:
        for entry in source:
            cost = int(costs[entry.path] * shelf.OUTLINE_RATIO)
            if language_of(entry.path) and cost <= for_outlines:
                levels[entry.path] = Level.OUTLINE
                for_outlines -= cost
                left -= cost
    for entry, _ in ranked:
        path, cost = entry.path, costs[entry.path]
        outline = int(cost * shelf.OUTLINE_RATIO) if path in levels else 0
        if cost <= left + outline:
            levels[path] = Level.FULL
            left -= cost - outline
    return levels, left


def _rank(candidate: tuple[TreeEntry, Verdict]) -> tuple[int, int, int, str]:
    entry, verdict = candidate
    depth = entry.path.count("/")
    first = verdict.file_class is FileClass.CONFIG and not depth
    of_class = -1 if first else shelf.ORDER.index(verdict.file_class)
    return of_class, depth, entry.size_bytes, entry.path
