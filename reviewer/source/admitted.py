"""A stranger's objects -> the object store, or a refusal. Does I/O, through git.

What comes in is a pack, as git sends one: objects without a path, a ref or a name. git hashes
each while it reads it, so none can pass for another, and the commit that is reviewed is asked for
by its id: what else a pack holds lies there unread until git tidies up. Nothing is checked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish, UserMustAct

if TYPE_CHECKING:
    from reviewer.source.git_process import GitProcess

_WAY_OUT = "`/reviewer review`, by somebody with write access, reviews it without the artifact"

MOST_SECONDS = 120.0
"""A pack at its cap takes some seconds; one that is made of deltas upon deltas can take days."""

_BOUNDS = {"GIT_ALLOC_LIMIT": "64m"}
"""The most memory that git takes at once (its wrapper.c): a delta of some bytes can ask for any
amount."""

_STREAMED = "core.bigFileThreshold=16m"
"""A larger file is hashed piece by piece, so the bound above need not refuse it."""


def refused(why: str) -> UserMustAct:
    """Return the error for what does not fit together; `why` names the check that failed."""
    return UserMustAct(f"what the fork's run handed over is refused: {why}", way_out=_WAY_OUT)


def admit(git: GitProcess, pack: bytes, head: str) -> None:
    """Take in the objects of a pack that is to hold this commit.

    Objects that it builds upon must be here. `--strict` refuses malformed objects and those that
    link to missing ones (git-index-pack(1)). Raises `UserMustAct`.
    """
    words = ("-c", _STREAMED, "index-pack", "--stdin", "--fix-thin", "--strict")
    try:
        git.run(*words, env=_BOUNDS, feed=pack, most_seconds=MOST_SECONDS)
    except CouldNotFinish as error:
        raise refused(f"git does not take its objects{_hint(git)}: {error}") from error
    if git.answer("cat-file", "-t", head) != "commit":
        raise refused(f"it does not bring commit {head}, which the fork's run was of")


def _hint(git: GitProcess) -> str:
    """Return what is likely where the history is cut off that a pack may build upon."""
    return ", and the checkout lacks history (`fetch-depth: 0`)" if git.shallow() else ""
