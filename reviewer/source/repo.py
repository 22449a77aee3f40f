"""Git objects, read-only. Does I/O, through `git_process`.

Only commands that run nothing from the repository are used: `ls-tree`, `cat-file`, `merge-base`,
`rev-parse`, `log` without a patch, and `diff` between trees with external programs switched off.
They run inside the git directory, so that neither the work tree nor its `.gitattributes` can
change a byte of what is read. Names from outside are resolved once to 40-hex ids.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.source import admitted, listing, origin, pushed, trail, work_tree
from reviewer.source.git_process import GitProcess
from reviewer.source.words import MOST_BYTES, Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from reviewer.flow import Change, Trail, TreeEntry

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id that every git knows for a tree without files: the base of a first commit."""

OBJECT_ID = re.compile(r"[0-9a-f]{40}")

DIFF = (
    "--raw",
    "--no-abbrev",
    "--patch",
    "-U3",
    "--find-renames",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--diff-algorithm=default",
    "--indent-heuristic",
    "--inter-hunk-context=0",
    "--submodule=short",
    "--ignore-submodules=none",
    "-O/dev/null",
)
"""What GitHub shows, whatever the user's own diff settings are: line numbers must agree."""

MOST_COMMITS = 250
"""GitHub lists no more commits of a pull request either."""


class GitRepository:
    """One repository. Close it after use: a `cat-file` child keeps running."""

    def __init__(self, folder: Path) -> None:
        self._git = GitProcess(folder)
        self._login: dict[str, str] | None = None
        self.git_dir = self._git.git_dir
        self.top = self._git.top
        """The root of the work tree; None in a bare repository."""
        self._listed: dict[str, tuple[TreeEntry, ...]] = {}
        """What trees and commits hold, by id: a review asks for two of them several times."""

    def close(self) -> None:
        """End the helper processes."""
        self._git.close()

    # --- reading (the port) -------------------------------------------------------------------

    def entries(self, tree: str) -> tuple[TreeEntry, ...]:
        """Return every tracked path of a tree, in byte order."""
        found = self._listed.get(tree)
        if found is None:
            found = listing.of_tree(self._git, tree)
            if OBJECT_ID.fullmatch(tree):
                self._listed[tree] = found
        return found

    def read(self, oid: str) -> bytes:
        """Return a blob's bytes; raises `CouldNotFinish` when the object is not there."""
        return self._git.blob(oid)

    def patch(self, change: Change) -> bytes:
        """Return the diff of merge base and head in git's patch format, as GitHub shows it."""
        return self._git.run(
            "-c",
            "core.quotePath=true",
            "-c",
            "diff.suppressBlankEmpty=false",
            "-c",
            f"core.attributesFile={os.devnull}",
            "diff",
            *DIFF,
            change.merge_base,
            change.head,
        )

    def search(self, tree: str, words: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the text files of a tree in which a word stands as a whole word, with the words.

        Every file is read: a third of the time that `git grep` takes for many words. One over
        `words.MOST_BYTES` counts as a file in which all of them stand. Symbolic links and
        submodules are not looked into.
        """
        sought = Words(words)
        paths: dict[str, list[TreeEntry]] = {}
        for entry in self.entries(tree) if sought.all else ():
            if entry.mode.startswith("100"):
                paths.setdefault(entry.oid, []).append(entry)
        huge = [oid for oid, of in paths.items() if of[0].size_bytes > MOST_BYTES]
        found = dict.fromkeys(huge, sought.all)
        read = [oid for oid in paths if oid not in found]
        found |= zip(read, map(sought.of, self._git.blobs(read)), strict=True)
        hits = ((entry.path, found[oid]) for oid, of in paths.items() for entry in of)
        return dict(sorted((path, words) for path, words in hits if words))

    def pushed_at(self, tip: str, *, since: float) -> tuple[float, ...]:
        """Return when was pushed lately, as far as this clone tells; see `pushed.times`."""
        return pushed.times(self._git, tip, since=since)

    def trail(self, tip: str, *, since: float) -> Trail:
        """Return the way of a branch from the hour `since` (UNIX seconds) up to its tip.

        A shallow clone is deepened as far as that takes, once `fetch` was allowed to.
        Raises `CouldNotFinish`.
        """
        return trail.follow(
            self._git,
            tip,
            since=since,
            deepen=None if self._login is None else partial(self._deepen, tip),
        )

    # --- finding one's way --------------------------------------------------------------------

    def resolve(self, name: str) -> str:
        """Return the commit id that a name stands for; raises `UserMustAct` for no such name."""
        found = self.look_up(name)
        if found is None:
            raise UserMustAct(
                f"{name!r} names no commit here", way_out="check the spelling, or fetch it first"
            )
        return found

    def look_up(self, name: str) -> str | None:
        """Return the commit id that a name stands for, or None."""
        found = self._git.answer(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        return found if found and OBJECT_ID.fullmatch(found) else None

    def exists(self, oid: str) -> bool:
        """Whether a commit is in the object store."""
        return bool(OBJECT_ID.fullmatch(oid)) and self.look_up(oid) is not None

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor, or None: unrelated, or cut off by a shallow clone."""
        return self._git.answer("merge-base", one, other) or None

    def default_branch(self, remote: str) -> str | None:
        """Return the commit of a remote's default branch as last fetched, or None."""
        names = (f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master"))
        return next((found for name in names if (found := self.look_up(name))), None)

    def upstream(self) -> str | None:
        """Return the commit of the current branch's upstream, or None when it has none."""
        return self.look_up("HEAD@{upstream}")

    def local_default(self) -> str | None:
        """Return the commit of a local `main` or `master`, for a repository without a remote."""
        names = ("refs/heads/main", "refs/heads/master")
        return next((found for name in names if (found := self.look_up(name))), None)

    def same_content(self, one: str, other: str) -> bool:
        """Whether two commits or trees hold the same files: then there is nothing to review."""
        trees = {
            self._git.answer("rev-parse", "--verify", f"{each}^{{tree}}") for each in (one, other)
        }
        return len(trees) == 1 and "" not in trees

    def messages(self, merge_base: str, head: str) -> tuple[str, ...]:
        """Return the commit messages of the change, oldest first, at most `MOST_COMMITS`."""
        spread = head if merge_base == EMPTY_TREE else f"{merge_base}..{head}"
        raw = self._git.run(
            "log", "--format=%B%x00", "--no-show-signature", f"--max-count={MOST_COMMITS}", spread
        )
        texts = raw.decode("utf-8", "replace").split("\0")
        return tuple(text.strip() for text in reversed(texts) if text.strip())

    def file_at(self, tree: str, path: str) -> bytes | None:
        """Return one file of a tree, or None when there is no such regular file."""
        entry = listing.at(self._git, tree, path)
        if entry is None or not entry.mode.startswith("100"):
            return None
        return self.read(entry.oid)

    # --- making objects -----------------------------------------------------------------------

    def snapshot(self) -> str:
        """Return the tree of the work tree as it is; see `work_tree.snapshot`."""
        return work_tree.snapshot(self._git)

    def fetch(self, oids: Iterable[str], *, token: str = "", server_url: str = "") -> None:
        """Bring commits that are not here yet from `origin`, without their history if shallow.

        A depth is given only in a shallow clone, because it would truncate a full one
        (anthropics/claude-code-action#1647).
        """
        self._login = origin.login(token, server_url)
        missing = [oid for oid in oids if not self.exists(oid)]
        if missing:
            shallow = self._git.answer("rev-parse", "--is-shallow-repository") == "true"
            origin.fetch(self._git, missing, login=self._login, depth=1 if shallow else None)

    def admit(self, pack: bytes, head: str) -> None:
        """Take in a stranger's objects, among them this commit; see `admitted.admit`."""
        admitted.admit(self._git, pack, head)

    def _deepen(self, tip: str, depth: int) -> None:
        origin.fetch(self._git, [tip], login=self._login, depth=depth)
