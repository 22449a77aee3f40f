"""What `independent_servers.py` has reviewed, and what is answered: two findings that hold.

The made-up repository is that of `reviewer demo`, whose answer has a third finding with an
invented quote.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from depth_prices import findings
from server_ways import ASKS_AGAIN, SCRIPTED

from reviewer.flow import Change
from reviewer.source.repo import GitRepository
from reviewer.standin import story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server_ways import Answers

    from reviewer.standin.messages import Received

GIT_SECONDS = 120.0
SETTLED = (
    "-c", "user.name=shop", "-c", "user.email=shop@example.invalid",
    "-c", "commit.gpgSign=false", "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A change to review, and what is said about it: two findings that hold."""

    name: str
    folder: Path
    base: str
    head: str
    says: str


def made_up(folder: Path) -> Subject:
    """Make the repository of `reviewer demo`, whose change breaks a caller elsewhere."""
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for files, message in ((story.BASE, "Add the shop"), (story.HEAD, story.TITLE)):
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        _git(folder, "add", "--all")
        _git(folder, *SETTLED, "commit", "--quiet", "--message", message)
    says = story.answer()
    return Subject(name="made-up shop", folder=folder, base="HEAD~1", head="HEAD", says=says)


def real(folder: Path, clone: str, base: str, head: str) -> Subject:
    """Borrow the objects of a clone; its answer quotes two lines that the change adds."""
    _git(Path(clone), "clone", "--quiet", "--shared", "--no-checkout", ".", str(folder))
    with closing(GitRepository(Path(clone))) as repository:
        first, last = repository.resolve(base), repository.resolve(head)
        merge_base = repository.merge_base(first, last) or first
        change = Change(base=first, merge_base=merge_base, head=last)
        says = findings(repository, change, SCRIPTED)
    return Subject(name=Path(clone).name, folder=folder, base=first, head=last, says=says)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True, timeout=GIT_SECONDS)


def answers(subjects: Sequence[Subject]) -> Answers:
    """Return what to say to a prompt that holds a text: the first that fits.

    A mock server can tell prompts apart by such a text alone.
    """
    shop, *others = subjects
    return (
        (ASKS_AGAIN, story.rulings()),
        (next(iter(story.HEAD)), shop.says),
        *(("", each.says) for each in others),
    )


def reply(said: Answers, received: Received) -> str:
    """Return what the stand-in says to a prompt."""
    asked = "".join(part["text"] for part in received.body["messages"][-1]["content"])
    return next(says for holds, says in said if holds in asked)
