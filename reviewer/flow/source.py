"""What is reviewed: the change, and the tracked files of a tree. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reviewer.flow.texts import ObjectId, Repository, Url


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """Where the findings go. `repository` is `owner/name`; `url` is the page people open."""

    repository: Repository
    number: int
    url: Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The codebase as it is in question; findings may be about the files of `paths` only.

    `paths` are gitignore patterns; without any, everything is in question. `files` are those of
    one of several packs, all of them in question; `areas` name the same in fewer words: a folder,
    with a slash at its end, stands for every file below it that is in question.
    """

    paths: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is reviewed: `merge_base..head`, seen from `base`, the tip of the target branch.

    The three are tree-ish ids; `head` is a tree for uncommitted work. In an audit they are one
    and the same, and nothing is changed. Titles, descriptions and
    commit messages are untrusted. `commits` are whole messages, oldest first.
    """

    base: ObjectId
    merge_base: ObjectId
    head: ObjectId
    title: str = ""
    description: str = ""
    commits: tuple[str, ...] = ()
    pull_request: PullRequest | None = None
    audit: Audit | None = None


class TreeEntry(NamedTuple):
    """One tracked path of a tree, as git stores it. `mode` is git's octal text, as `100644`.

    A tuple, because a tree can hold a hundred thousand, and a frozen dataclass takes four times
    as long to make.

    `percent_encoded` tells that the name is not UTF-8 (or holds control characters), so that
    `path` is its bytes with `%` and what cannot be shown written as `%XX`.
    """

    path: str
    oid: str
    mode: str
    size_bytes: int
    percent_encoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A commit of a branch, and what it did to the tree of the one before it.

    `changed` are the files that it added or wrote anew, `gone` the paths that it took away.
    """

    commit: ObjectId
    changed: tuple[TreeEntry, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A branch from its state at some time up to its tip, along first parents, oldest first.

    The first step is what was the tip at that time. `missing` says why the trail is not known;
    then it has no steps.
    """

    steps: tuple[Step, ...] = ()
    missing: str = ""
