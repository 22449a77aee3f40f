"""The way of a branch from some hour up to its tip, along first parents. Does I/O through git.

That is the way that the branch itself went: what came in by a merge is one step. Which commit was
the tip at an hour is told by committer dates, which every clone agrees on.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from reviewer.diff.names import decode_path
from reviewer.flow import Step, Trail, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reviewer.source.git_process import GitProcess

MOST_STEPS = 2_000
"""Commits on a branch since the hour; the busiest public repositories have a few hundred a day."""

DEPTHS = (50, 400, MOST_STEPS)
"""How much history a shallow clone is given, one after the other, until the hour is reached."""

_NOTHING = "0" * 40


def follow(
    git: GitProcess, tip: str, *, since: float, deepen: Callable[[int], None] | None
) -> Trail:
    """Return the trail from the newest commit that is no younger than `since` (UNIX seconds).

    `deepen` brings as many commits of a shallow clone's history, None where nothing is fetched;
    it raises `CouldNotFinish`. A branch that is younger than `since` is followed from its root.
    """
    commits = _back_to(git, tip, since)
    for depth in DEPTHS:
        if deepen is None or not _is_cut_off(git, commits, since):
            break
        deepen(depth)
        commits = _back_to(git, tip, since)
    if _is_cut_off(git, commits, since):
        return Trail(missing="the clone is shallow and does not reach back to it")
    if len(commits) > MOST_STEPS:
        return Trail(missing=f"the base branch has had more than {MOST_STEPS:,} commits since")
    return Trail(steps=tuple(steps(git, [oid for oid, _ in reversed(commits)])))


def _back_to(git: GitProcess, tip: str, since: float) -> list[tuple[str, int]]:
    """Return commits with their committer dates from the tip back to the hour, or to the end."""
    raw = git.run(
        "rev-list", "--first-parent", "--timestamp", f"--max-count={MOST_STEPS + 1}", tip
    )
    found = []
    for line in raw.decode().splitlines():
        seconds, _, oid = line.partition(" ")
        found.append((oid, int(seconds)))
        if int(seconds) <= since:
            break
    return found


def _is_cut_off(git: GitProcess, commits: Sequence[tuple[str, int]], since: float) -> bool:
    """Whether the history ends before the hour because the clone is shallow."""
    oldest, seconds = commits[-1]
    return seconds > since and oldest in git.shallow()


def steps(git: GitProcess, commits: Sequence[str]) -> Iterator[Step]:
    """Yield what each commit did to the one before it; of the first nothing is told."""
    yield Step(commit=commits[0])
    pairs = "".join(f"{commit} {before}\n" for before, commit in pairwise(commits))
    raw = git.run(
        "diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev",
        "--ignore-submodules=none", feed=pairs.encode(),
    )  # fmt: skip
    changes = _changes(raw.split(b"\0")[:-1])
    sizes = _sizes(git, {oid for found in changes.values() for _, _, oid in found})
    for commit in commits[1:]:
        found = changes.get(commit, [])
        yield Step(
            commit=commit,
            changed=tuple(
                TreeEntry(*_named(name, oid, mode, sizes.get(oid, 0)))
                for name, mode, oid in found
                if oid != _NOTHING
            ),
            gone=tuple(decode_path(name)[0] for name, _, oid in found if oid == _NOTHING),
        )


def _named(name: bytes, oid: str, mode: str, size_bytes: int) -> tuple[str, str, str, int, bool]:
    path, encoded = decode_path(name)
    return path, oid, mode, size_bytes, encoded


def _changes(words: Sequence[bytes]) -> dict[str, list[tuple[bytes, str, str]]]:
    """Parse `<commit>NUL(:<mode> <mode> <oid> <oid> <status>NUL<path>NUL)*`: path, mode, oid."""
    found: dict[str, list[tuple[bytes, str, str]]] = {}
    here: list[tuple[bytes, str, str]] = []
    rest = iter(words)
    for word in rest:
        if word.startswith(b":"):
            _, mode, _, oid, _ = word.decode().split()
            here.append((next(rest), mode, oid))
        else:
            here = found.setdefault(word.decode().strip(), [])
    return found


def _sizes(git: GitProcess, oids: set[str]) -> dict[str, int]:
    """Return the sizes of blobs in bytes; a submodule's commit is none."""
    raw = git.run(
        "cat-file",
        "--batch-check=%(objectname) %(objectsize)",
        feed="".join(f"{oid}\n" for oid in sorted(oids - {_NOTHING})).encode(),
    )
    rows = (line.split() for line in raw.decode().splitlines())
    return {oid: int(size) for oid, size in rows if size.isdigit()}
