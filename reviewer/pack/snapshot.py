"""Which state of the base branch the codebase of the prompt shows. Pure.

The prompt cache keeps a prefix: a codebase that moves with every merge is written anew every
time. So the codebase is the state of the base branch at the last boundary between two days, and
an overlay tells what has changed since. Nothing is agreed upon between runs: whoever walks the
same branch on the same day finds the same commit.

From the boundary on, the walk goes along the branch, oldest first. Wherever the overlay would take
more than `OVERLAY_SHARE` of what the codebase takes, or the files of rules changed, by which files
are chosen, the snapshot moves up to that commit, and the overlay begins anew. (Issue 5; measured
on 22 repositories, the tip in path order keeps 30 % of a prefix from one merge to the next.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, Level
from reviewer.pack.ignore import ATTRIBUTES_FILE, IGNORE_FILE
from reviewer.pack.shelf import OUTLINE_RATIO, by_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reviewer.flow import Pack, Step, TreeEntry, Verdict
    from reviewer.pack.tokens import Family

OVERLAY_SHARE = 0.1
"""Of what the codebase takes."""

NAME_TOKENS = 10
"""What it costs about to say that a file has gone."""

DAY_SECONDS = 86_400
_HOUR_SECONDS = 3_600


def boundary(now: float, *, hour: int) -> float:
    """Return the last time that it was `hour` o'clock UTC; both times are UNIX seconds."""
    offset = hour * _HOUR_SECONDS
    return (now - offset) // DAY_SECONDS * DAY_SECONDS + offset


def choose(
    steps: Sequence[Step],
    pack_at: Callable[[str], Pack],
    classed: Callable[[Iterable[TreeEntry]], Sequence[tuple[TreeEntry, Verdict]]],
    family: Family,
) -> tuple[str, Pack]:
    """Return the commit to be shown, and the codebase there; there is at least one step.

    `pack_at` packs the tree of a commit, `classed` tells the class of files by their names.
    """
    commit, first = steps[0].commit, pack_at(steps[0].commit)
    pack, size = first, _Size(first, family)
    for step in steps[1:]:
        size.take(classed(step.changed), step.gone)
        if _moves_rules(step) or size.tokens > OVERLAY_SHARE * pack.tokens:
            commit, pack = step.commit, pack_at(step.commit)
            size = _Size(pack, family)
    return commit, pack


class _Size:
    """What the overlay over a codebase costs about, while it grows."""

    def __init__(self, pack: Pack, family: Family) -> None:
        self._levels = {file.path: file.level for file in pack.files}
        self._family = family
        self._costs: dict[str, float] = {}
        self.tokens = 0.0

    def take(self, changed: Iterable[tuple[TreeEntry, Verdict]], gone: Iterable[str]) -> None:
        """Take in one more step."""
        for path in gone:
            self._set(path, NAME_TOKENS if path in self._levels else 0)
        for entry, verdict in changed:
            self._set(entry.path, self._cost(entry, verdict))

    def _cost(self, entry: TreeEntry, verdict: Verdict) -> float:
        if verdict.file_class not in SENDABLE:
            return NAME_TOKENS
        match self._levels.get(entry.path, Level.FULL):
            case Level.FULL:
                return by_size(entry, self._family)
            case Level.OUTLINE:
                return by_size(entry, self._family) * OUTLINE_RATIO
            case Level.LISTED:
                return 0

    def _set(self, path: str, cost: float) -> None:
        self.tokens += cost - self._costs.get(path, 0)
        self._costs[path] = cost


def _moves_rules(step: Step) -> bool:
    names = (*(entry.path for entry in step.changed), *step.gone)
    return any(name == IGNORE_FILE or name.rpartition("/")[2] == ATTRIBUTES_FILE for name in names)
