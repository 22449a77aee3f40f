"""What GitHub computes from a repository: merge base, diff, commits. Runs git.

Work trees are not looked at and nobody's settings apply, so that neither a `.gitattributes`
beside the repository nor a `diff.*` setting changes an answer.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reviewer.standin.github_patch import FileDiff, hunks, sections

if TYPE_CHECKING:
    from pathlib import Path

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed"}
"""Git's letters -> GitHub's words (OpenAPI description, diff-entry)."""

_DIFF = (
    "diff", "-U3", "--find-renames", "--diff-algorithm=myers", "--inter-hunk-context=0",
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--full-index",
    "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_FIELDS = ("%H", "%T", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")
_LOG = (
    "log", "-z", "--no-show-signature", "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
    f"--format={'%x00'.join(_FIELDS)}",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wrote or committed, and when (UTC)."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


class Git:
    """A repository on this machine: a bare one, a `.git` folder or a work tree."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / ".git" if (folder / ".git").is_dir() else folder
        clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "TZ": "UTC"}
        self._environment = {**clean, **quiet, "LC_ALL": "C.UTF-8"}
        # Objects never change, so an answer about ids stays true.
        self.diff = cache(self._diff)
        self.merge_base = cache(self._merge_base)

    def resolve(self, name: str) -> str | None:
        """Return the id of the commit that a branch, tag or id names."""
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            words = ("rev-parse", "--quiet", "--verify", "--end-of-options", f"{ref}^{{commit}}")
            if found := self._run(*words, may_fail=True).decode().strip():
                return found
        return None

    def commits(self, *revisions: str) -> tuple[Commit, ...]:
        """Return the commits that `git log` names, oldest first."""
        texts = self._run(*_LOG, "--reverse", *revisions, "--").decode("utf-8", "replace")
        fields = texts.removesuffix("\0").split("\0") if texts else []
        return tuple(
            _commit(fields[start : start + len(_FIELDS)])
            for start in range(0, len(fields), len(_FIELDS))
        )

    def commit(self, sha: str) -> Commit:
        """Return one commit by its id."""
        return self.commits("--max-count=1", sha)[0]

    def diff_text(self, before: str, after: str) -> bytes:
        """Return the whole diff of two commits as text."""
        return self._run(*_DIFF, before, after, "--")

    def _merge_base(self, one: str, other: str) -> str | None:
        return self._run("merge-base", one, other, may_fail=True).decode().strip() or None

    def _diff(self, before: str, after: str) -> tuple[FileDiff, ...]:
        raw, _, patch = self._run(*_DIFF, "--raw", "--patch", "-z", before, after, "--").partition(
            b"\0\0"
        )
        fields = iter(raw.split(b"\0") if raw else ())
        pieces = iter(sections(patch))
        found = []
        for meta in fields:
            _, _, old_blob, blob, letter = meta.decode().split(" ")
            old_path = path = next(fields).decode("utf-8", "replace")
            if letter.startswith("R"):
                path = next(fields).decode("utf-8", "replace")
            # A file that becomes a link is shown as a deletion and an addition.
            own = [next(pieces) for _ in range(2 if letter == "T" else 1)]
            found.append(
                FileDiff(
                    path=path,
                    old_path=old_path,
                    status=_STATUS[letter[0]],
                    blob=old_blob if letter == "D" else blob,
                    hunks=tuple(hunk for piece in own for hunk in hunks(piece)),
                )
            )
        return tuple(found)

    def _run(self, *words: str, may_fail: bool = False) -> bytes:
        return subprocess.run(
            ("git", "-c", "diff.suppressBlankEmpty=false", *words),
            cwd=self._folder,
            env={**self._environment, "GIT_DIR": str(self._folder.resolve())},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if may_fail else None,
            check=not may_fail,
        ).stdout


def _commit(fields: list[str]) -> Commit:
    sha, tree, parents, name, email, date, committer, mail, committed, message = fields
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Person(name=name, email=email, date=date),
        committer=Person(name=committer, email=mail, date=committed),
        message=message.rstrip("\n"),
    )
