"""A base branch over a day, and two changes on top of it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from conftest import WorkTree

from reviewer.flow import Activity, Change
from reviewer.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-02"
BUSY = Settings(cache="1h", max_prompt_tokens=60_000)
FILES: dict[str, str | bytes | None] = {
    **{f"part{n:02}.py": f"def part_{n}(x):\n    return x + {n}\n" * 90 for n in range(30)},
    "AGENTS.md": "Mind the units.\n",
    "größe/ÄÖ.py": "größe = 'ß'\n",
    "latin.txt": "caf\xe9\n".encode("latin-1"),
    "crlf.txt": "a\r\nb\r\n",
    "key.py": 'token = "ghp_9aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA"\n',
}


class Days:
    """A base branch with a day before and a day of two merges, and two changes on top of it."""

    def __init__(self, folder: Path) -> None:
        self.tree = WorkTree(folder)
        self._on(f"{DAY[:-1]}1T15:00:00Z")
        self.tree.commit(FILES)
        self._on(f"{DAY}T07:00:00Z")
        self.early = self.tree.commit({"part03.py": "def part_3(x):\n    return x\n"}, "one")
        self._on(f"{DAY}T11:00:00Z")
        self.late = self.tree.commit({"new.py": "NEW = 1\n", "part07.py": None}, "two")
        self.heads = {base: self._head(base) for base in (self.early, self.late)}

    def _head(self, base: str) -> str:
        self.tree.git("checkout", "--quiet", "--detach", base)
        return self.tree.commit({"part01.py": "def part_1(x):\n    return 1 + x\n"}, f"on {base}")

    def _on(self, when: str) -> None:
        os.environ["GIT_COMMITTER_DATE"] = os.environ["GIT_AUTHOR_DATE"] = when

    def large(self, *, files: int = 10) -> Change:
        """A change of so many of the files of some 1,400 tokens."""
        self.tree.git("checkout", "--quiet", "--detach", self.late)
        changed = {
            f"part{n:02}.py": f"{FILES[f'part{n:02}.py']}# {n}\n" for n in range(8, 8 + files)
        }
        head = self.tree.commit(dict(changed), "large")
        return Change(base=self.late, merge_base=self.late, head=head)

    def change(self, base: str, **others: object) -> Change:
        made = Change(base=base, merge_base=base, head=self.heads[base])
        return replace(made, **others)  # type: ignore[arg-type]


def at(hour: str) -> Activity:
    now = datetime.fromisoformat(f"{DAY}T{hour}:00Z").timestamp()
    return Activity(now=now, since=now)
