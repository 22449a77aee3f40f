"""The real command line in a process of its own, with Claude at the stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from answers import claim, evidence

from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import WorkTree

KEY = "sk-ant-never-to-be-seen"
CALLER = claim(
    "area.py",
    "def area(width, height, unit):",
    title="One caller still passes two arguments",
    evidence=[evidence("report.py", "print(area(2, 3))", "not updated")],
)


class Done:
    """What a process left: its exit code and what it said."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = (process.stdout or b"").decode()
        self.err = (process.stderr or b"").decode()


def run(
    project: WorkTree,
    *words: str,
    url: str = "",
    through: str = "",
    stdout: Any = subprocess.PIPE,
    stderr: Any = subprocess.PIPE,
    **environment: str,
) -> Done:
    """Run one command; `through` is a shell command in which `"$@"` is this one.

    It asks once: the second look has tests of its own (test_verify.py).
    """
    variables = {**os.environ, "REVIEWER_DEPTH": "quick", **environment, "COLUMNS": "100"}
    if url:
        variables |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY}
    shell = ("/bin/sh", "-c", through, "sh") if through else ()
    return Done(
        subprocess.run(
            (*shell, sys.executable, "-m", "reviewer", *words),
            cwd=project.folder,
            env=variables,
            stdout=stdout,
            stderr=stderr,
            check=False,
            timeout=60,
        )
    )


@contextmanager
def claude(*turns: Turn | str) -> Iterator[tuple[Messages, str]]:
    """Serve these turns; give the stand-in and its address."""
    script = [Turn(text=turn) if isinstance(turn, str) else turn for turn in turns]
    messages = Messages(script)
    with Server(messages) as server:
        yield messages, server.url
