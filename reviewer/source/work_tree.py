"""The work tree -> a tree of git's. Writes objects, through `git_process`; runs no filter."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from reviewer.source.git_process import GitProcess


def snapshot(git: GitProcess) -> str:
    """Return the tree of the work tree as it is: changed, new and deleted files included.

    git's own ignore rules say which new files count. A temporary index is used, so the
    user's index is untouched, and content filters are off: nothing configured is run.
    """
    if git.top is None:
        raise UserMustAct("a bare repository has no work tree", way_out="leave out --worktree")
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch) / "index"
        if (present := git.git_dir / "index").exists():
            shutil.copyfile(present, index)
        inside = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(git.top)}
        quiet = _quiet(git)
        git.run(*quiet, "add", "--all", "--", ":/", env=inside)
        # quiet here too: write-tree looks again at files as young as the index
        return git.run(*quiet, "write-tree", env=inside).decode().strip()


def _quiet(git: GitProcess) -> tuple[str, ...]:
    """Return options that switch off fsmonitor, hooks and every configured clean filter."""
    names = git.answer("config", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
    drivers = sorted({name.rpartition(".")[0] for name in names.splitlines()})
    words = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    for driver in drivers:
        for rest in (".clean=", ".process=", ".required=false"):
            words += ["-c", driver + rest]
    return tuple(words)
