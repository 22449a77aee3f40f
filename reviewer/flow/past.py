"""What a repository has merged, and when it was pushed: what a replay begins with. Pure.

Times are UNIX seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.flow.source import Step, TreeEntry
from reviewer.flow.texts import ObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A step of the base branch, and from when on it was what the branch ended in."""

    at_seconds: float
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A pull request: the commit that landed it, and when it was pushed to, oldest first.

    `guessed` tells that its own commits are not here, so that one push is assumed.
    """

    title: str
    commit: ObjectId
    pushed_at_seconds: tuple[float, ...]
    guessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The last merged pull requests of a repository.

    `tips` are the base branch, oldest first; `tree` are the files of the first of them.
    `earlier_at_seconds` are pushes from before `since_seconds`: known when the first review of
    the replay begins, and not replayed.
    """

    tips: tuple[Tip, ...]
    tree: tuple[TreeEntry, ...]
    merged: tuple[Merged, ...]
    since_seconds: float
    earlier_at_seconds: tuple[float, ...]
