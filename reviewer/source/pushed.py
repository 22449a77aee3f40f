"""When a repository was pushed to lately, by what is here already. Does I/O through git.

No network: the tips of remote branches tell of pushes that were fetched, and the commits that
landed pull requests on a branch tell of those. Both are about when something was reviewed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.source.git_process import GitProcess

MOST_LANDED = 2_000
"""Of a branch's commits: four weeks of the busiest public repositories are about as many."""

APART_SECONDS = 60.0
"""Tips closer together were pushed at once."""

_LANDED = re.compile(rb"(\d+)\t(?:\w+ \w+[^\t]*\t.*|\w*\t.*\(#\d{1,9}\))")
"""A date, parents and a title: of a merge, or of a squash as GitHub writes it."""


def times(git: GitProcess, tip: str, *, since: float) -> tuple[float, ...]:
    """Return when was pushed from `since` (UNIX seconds) on, oldest first.

    `tip` is the end of the branch that changes go into. Raises `CouldNotFinish`.
    """
    tips = git.run("for-each-ref", "--format=%(committerdate:unix)", "refs/remotes")
    commits = git.run(
        "log", "--first-parent", "--no-show-signature", "--format=%ct%x09%P%x09%s",
        f"--max-count={MOST_LANDED}", tip,
    )  # fmt: skip
    landed = (found[1] for line in commits.split(b"\n") if (found := _LANDED.fullmatch(line)))
    dates = {float(date) for date in (*tips.split(), *landed)}
    kept: list[float] = []
    for at in sorted(date for date in dates if date >= since):
        if not kept or at - kept[-1] >= APART_SECONDS:
            kept.append(at)
    return tuple(kept)
