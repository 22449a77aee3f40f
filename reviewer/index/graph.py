"""Which files the rest of the codebase leans on. Pure.

A file is used by another when that one holds a word that the file defines for others and few
files define. No names are resolved: a word that several files define counts for each of them by
its share, and one that many define tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.index.facts import Facts

MOST_OWNERS = 4
"""A name that more files define (`main`, `setUp`, `toString`) connects nobody."""


def centrality(files: Mapping[str, Facts]) -> dict[str, float]:
    """Return how many files use each file, by path; shared names count by their share.

    The order of `files` makes no difference.
    """
    owners = _owners(files)
    scores = dict.fromkeys(files, 0.0)
    for path in sorted(files):
        links: dict[str, float] = {}
        for name in files[path].words & owners.keys():
            found = owners[name]
            if path not in found:
                for owner in found:
                    links[owner] = max(links.get(owner, 0.0), 1 / len(found))
        for owner, share in links.items():
            scores[owner] += share
    return {path: round(score, 6) for path, score in scores.items()}


def _owners(files: Mapping[str, Facts]) -> dict[int, list[str]]:
    """Return the files that define a name, for the names that few files define."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for path in sorted(files):
        for name in files[path].defined:
            found[name].append(path)
    return {name: paths for name, paths in found.items() if len(paths) <= MOST_OWNERS}
