"""The pull requests that were merged, read from local git alone. Does I/O, through `git_process`.

What is a pull request, in the first-parent history of the base branch:

- a merge commit, unless its title says that one branch was merged into another; its commits are
  those of the second parent;
- a commit whose title ends in `(#123)`, as GitHub writes it for a squash; its commits are those
  of `refs/pull/123/head` where that is here, else one push is assumed, at the author's date.

When it was pushed to is not kept by git. Commits of a pull request whose committer dates lie
within `ONE_PUSH_SECONDS` of each other are taken for one push, at the last of these dates.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import Merged, Past, Tip
from reviewer.source import trail
from reviewer.source.git_process import GitProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewer.source.repo import GitRepository

ONE_PUSH_SECONDS = 600.0
"""Commits closer together are one push: a person pushes what they have just committed."""

EARLIER_SECONDS = 28 * 86_400.0
"""How far back the pushes before the first review are read: what the cache policy looks at."""

MOST_COMMITS = 250
"""GitHub lists no more of a pull request either; what has more is a branch."""

MOST_PULLS = 2_000

_SQUASHED = re.compile(r"\(#(\d{1,9})\)$")
_BRANCH = re.compile(r"Merge (?:remote-tracking )?(?:branch|tag|commit) .* into ")
_PULLS = "refs/pull/*/head"
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    oid: str
    parents: tuple[str, ...]
    at_seconds: float
    authored_at_seconds: float
    title: str

    @property
    def number(self) -> str:
        """The number of a squashed pull request, or an empty text."""
        found = _SQUASHED.search(self.title)
        return found[1] if found else ""

    @property
    def is_pull(self) -> bool:
        """Whether a pull request was landed by it."""
        if len(self.parents) > 1:
            return not _BRANCH.match(self.title)
        return bool(self.number and self.parents)


def read(repository: GitRepository, head: str, *, count: int) -> Past:
    """Return the last `count` merged pull requests of the branch that ends in `head`.

    Raises `UserMustAct` when none is found, and `CouldNotFinish`.
    """
    git = GitProcess(repository.top or repository.git_dir)
    count = min(count, MOST_PULLS)
    chain = _chain(git, head, most=count * 20 + 2_000)
    landed = [commit for commit in chain if commit.is_pull]
    if not landed:
        raise UserMustAct(
            f"no merged pull request is found in the history of {head[:12]}",
            way_out="fetch more history, or name the branch that pull requests go into",
        )
    since_seconds = landed[:count][-1].at_seconds
    known = [one for one in landed if one.at_seconds >= since_seconds - EARLIER_SECONDS]
    merged = _merged(git, known, chain)
    pushed = sorted(at for one in merged for at in one.pushed_at_seconds)
    tips = _tips(git, chain, since_seconds)
    return Past(
        tips=tips,
        tree=repository.entries(tips[0].step.commit),
        merged=tuple(_from(one, since_seconds) for one in merged[:count]),
        since_seconds=since_seconds,
        earlier_at_seconds=tuple(pushed[: bisect_left(pushed, since_seconds)]),
    )


def _from(one: Merged, since_seconds: float) -> Merged:
    later = tuple(at for at in one.pushed_at_seconds if at >= since_seconds)
    return Merged(title=one.title, commit=one.commit, pushed_at_seconds=later, guessed=one.guessed)


def _chain(git: GitProcess, head: str, *, most: int) -> list[_Commit]:
    return [*_log(git, "--first-parent", f"--max-count={most}", head)]


def _log(git: GitProcess, *words: str) -> Iterator[_Commit]:
    raw = git.run("log", "--no-show-signature", "--format=%H %P%x09%ct %at%x09%s", *words)
    for line in raw.decode("utf-8", "replace").split("\n")[:-1]:
        ids, _, rest = line.partition("\t")
        times, _, title = rest.partition("\t")
        oid, *parents = ids.split()
        at, authored_at = times.split()
        yield _Commit(
            oid=oid,
            parents=tuple(parents),
            at_seconds=float(at),
            authored_at_seconds=float(authored_at),
            title=title,
        )


# --- pushes ------------------------------------------------------------------------------------


def _merged(git: GitProcess, landed: Sequence[_Commit], chain: Sequence[_Commit]) -> list[Merged]:
    heads = _heads(git, landed)
    trunk = {commit.oid for commit in chain}
    past = f"^{chain[-1].oid}"
    found = _log(git, *sorted(set(heads.values())), past) if heads else iter(())
    commits = {commit.oid: commit for commit in found}
    return [_pull(one, heads.get(one.oid, ""), commits, trunk) for one in landed]


def _heads(git: GitProcess, landed: Sequence[_Commit]) -> dict[str, str]:
    """Return the last commit of each pull request that has one here, by what landed it."""
    raw = git.run("for-each-ref", "--format=%(objectname) %(refname)", _PULLS).decode()
    rows = (line.split(" ") for line in raw.splitlines())
    refs = {name.split("/")[2]: oid for oid, name in rows}
    heads = {one.oid: one.parents[1] for one in landed if len(one.parents) > 1}
    squashed = (one for one in landed if one.oid not in heads)
    return heads | {one.oid: refs[one.number] for one in squashed if one.number in refs}


def _pull(one: _Commit, head: str, commits: Mapping[str, _Commit], trunk: set[str]) -> Merged:
    own = _own(head, commits, trunk)
    dates = sorted({min(each.at_seconds, one.at_seconds) for each in own})
    assumed = min(one.authored_at_seconds, one.at_seconds)
    return Merged(
        title=one.title,
        commit=one.oid,
        pushed_at_seconds=tuple(pushes(dates)) or (assumed,),
        guessed=not dates,
    )


def _own(head: str, commits: Mapping[str, _Commit], trunk: set[str]) -> list[_Commit]:
    """Return the commits that only the pull request has, or none where there are too many."""
    own: dict[str, _Commit] = {}
    waiting = [head]
    while waiting:
        oid = waiting.pop()
        if oid in own or oid in trunk or oid not in commits:
            continue
        own[oid] = commits[oid]
        if len(own) > MOST_COMMITS:
            return []
        waiting += commits[oid].parents
    return [*own.values()]


def pushes(dates: Sequence[float]) -> Iterator[float]:
    """Yield when was pushed, by the sorted dates of the commits."""
    for date, following in pairwise([*dates, float("inf")]):
        if following - date > ONE_PUSH_SECONDS:
            yield date


# --- the base branch ---------------------------------------------------------------------------


def _tips(git: GitProcess, chain: Sequence[_Commit], since_seconds: float) -> tuple[Tip, ...]:
    """Return the base from a day before the replay on, oldest first, dates never falling."""
    wanted = [one for one in chain if one.at_seconds >= since_seconds - DAY_SECONDS]
    wanted = [*chain[: len(wanted) + 1]]
    wanted.reverse()
    dates = accumulate((one.at_seconds for one in wanted), max)
    steps = trail.steps(git, [one.oid for one in wanted])
    return tuple(Tip(at_seconds=at, step=step) for at, step in zip(dates, steps, strict=True))
