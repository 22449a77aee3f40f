"""Which files the rest of the codebase leans on. Pure.

A file is used by another when that one holds a word that the file defines for others and few
files define. No names are resolved: a word that several files define counts for each of them by
its share, and one that many define tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.index.facts import Facts

MOST_OWNERS = 4
"""A name that more files define (`main`, `setUp`, `toString`) connects nobody."""


def centrality(files: Mapping[str, Facts]) -> dict[str, float]:
    """Return how many files use each file, by path; shared names count by their share.

    The order of `files` makes no difference.
    """
    scores = dict.fromkeys(files, 0.0)
    links: dict[tuple[str, str], float] = {}
    for user, owner, share in _uses(files):
        links[user, owner] = max(links.get((user, owner), 0.0), share)
    for (_, owner), share in links.items():
        scores[owner] += share
    return {path: round(score, 6) for path, score in scores.items()}


def references(files: Mapping[str, Facts]) -> dict[tuple[str, str], float]:
    """Return how many names of one file another uses, by user and owner, in order of the paths.

    A name that several files define counts for each of them by its share.
    """
    found: dict[tuple[str, str], float] = {}
    for user, owner, share in _uses(files):
        found[user, owner] = found.get((user, owner), 0.0) + share
    return {between: round(found[between], 6) for between in sorted(found)}


def _uses(files: Mapping[str, Facts]) -> Iterator[tuple[str, str, float]]:
    """Give user, owner and share for each name that a file uses and does not define itself."""
    owners = _owners(files)
    for path in sorted(files):
        for name in sorted(files[path].words & owners.keys()):
            found = owners[name]
            if path not in found:
                for owner in found:
                    yield path, owner, 1 / len(found)


def _owners(files: Mapping[str, Facts]) -> dict[int, list[str]]:
    """Return the files that define a name, for the names that few files define."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for path in sorted(files):
        for name in files[path].defined:
            found[name].append(path)
    return {name: paths for name, paths in found.items() if len(paths) <= MOST_OWNERS}
