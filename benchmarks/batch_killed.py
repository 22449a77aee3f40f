"""Kill a batch of real repositories at random moments, run it again, and count what the API got.

    python benchmarks/batch_killed.py REPOSITORY... [--kills 10] [--seed 1]

The real command line in processes of its own, ended by SIGKILL; Claude is the stand-in. A first
batch that nobody kills tells how long each step takes, and what the reports are to say.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.pack import document
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.standin.messages import Received
    from reviewer.standin.server import Answer, Exchange

SLOW_SECONDS = 1.0
"""Of a call that creates a batch, before and after it is carried out."""

LOOKS = 2
"""How often a batch is asked about before it ends."""

MOST_CLAIMS = 3
USUALLY = 0.9
"""Of the time that a command took: the next may be faster."""

LEAST_CHARACTERS = 20


class Slow:
    """The stand-in, with time to be killed in while a batch is created."""

    def __init__(self, api: Messages) -> None:
        self._api = api

    def answer(self, exchange: Exchange) -> Answer:
        creates = exchange.method == "POST" and exchange.path.endswith("/batches")
        if creates:
            time.sleep(SLOW_SECONDS)
        answer = self._api.answer(exchange)
        if creates:
            time.sleep(SLOW_SECONDS)
        return answer


def replied(received: Received) -> str:
    """Claim something about the first files of a prompt, and confirm every claim."""
    text = json.dumps(received.body["messages"])
    if "rulings" in received.body["output_config"]["format"]["schema"]["properties"]:
        ids = dict.fromkeys(re.findall(r'\\"id\\": \\"(C\d+)\\"', text))
        rulings = [
            {"id": one, "why": "seen", "path": "", "quote": "", "ruling": "confirmed"}
            for one in ids
        ]
        return json.dumps({"rulings": rulings})
    blocks = received.body["messages"][0]["content"]
    files = document.read("".join(block["text"] for block in blocks))
    read = ((file.path.decode(), file.content.decode("utf-8", "replace")) for file in files)
    claims = [claim for path, text in read if (claim := _claim(path, text))]
    return json.dumps({"overview": "Code.", "findings": claims[:MOST_CLAIMS]})


def _claim(path: str, text: str) -> dict[str, Any] | None:
    line = next((line for line in text.splitlines() if len(line.strip()) > LEAST_CHARACTERS), None)
    if line is None:
        return None
    return {
        "path": path, "quote": line, "first_line": 1, "last_line": 1, "evidence": [],
        "title": f"Problem in {path}", "explanation": "It goes wrong.", "severity": "high",
        "confidence": "high", "category": "correctness", "origin": "pre_existing",
        "claim": "none", "symbol": "", "replacement": None,
    }  # fmt: skip


@dataclass
class Batch:
    """One batch on disk and at a stand-in of its own.

    It is submitted until that is done, and then collected until there is nothing left to wait for.
    """

    folder: Path
    repositories: list[str]
    api: Messages = field(default_factory=lambda: Messages(otherwise=Turn(text=replied)))
    url: str = ""
    submitted: bool = False
    done: bool = False
    commands: int = 0

    def step(self, seconds: float | None = None) -> bool:
        """Run the next command; whether it ended by itself, and was not killed after a time."""
        code = self._ran(self._words(), seconds)
        if code is not None and self.submitted:
            self.done = code == 0
        elif code is not None:
            self.submitted = code == 0
        return code is not None

    def _words(self) -> list[str]:
        state = ["--state", str(self.folder / "state")]
        if not self.submitted:
            return ["submit", *self.repositories, *state]
        return ["collect", "-o", str(self.folder / "reports"), *state]

    def _ran(self, words: list[str], seconds: float | None) -> int | None:
        self.commands += 1
        keys = {"ANTHROPIC_BASE_URL": self.url, "ANTHROPIC_API_KEY": "stand-in"}
        process = subprocess.Popen(
            (sys.executable, "-m", "reviewer", "batch", *words),
            env={**os.environ, **keys},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()  # SIGKILL
            process.communicate()
            return None
        if process.returncode not in (0, 3):
            raise SystemExit(said)
        return process.returncode

    @property
    def reports(self) -> dict[str, str]:
        """Every report, by the name of its file."""
        folder = self.folder / "reports"
        return {path.name: path.read_text() for path in sorted(folder.iterdir())}

    @property
    def asked(self) -> set[str]:
        """The ids of everything that is to be asked."""
        state = json.loads((self.folder / "state" / "batch.json").read_text())
        return set(state["questions"])


def whole(batch: Batch) -> tuple[float, float]:
    """Run a batch that nobody kills; return the longest seconds of a submit and of a collect."""
    took = [0.0, 0.0]
    while not batch.done:
        step, began = batch.submitted, time.monotonic()
        batch.step()
        took[step] = max(took[step], time.monotonic() - began)
    return took[0], took[1]


def killed(batch: Batch, took: tuple[float, float], kills: int, chance: random.Random) -> int:
    """Kill a batch so often, each time in a step and at a moment drawn by lot; then let it end.

    Returns how often it was: one that ends before its moment comes is not killed any more.
    """
    count = 0
    for step in sorted(chance.choice((0, 1)) for _ in range(kills)):
        while step and not batch.submitted:
            batch.step()
        until = time.monotonic() + chance.uniform(0, took[batch.submitted] * USUALLY)
        while not batch.done:
            now = "collect" if batch.submitted else "submit"
            if not batch.step(max(0.0, until - time.monotonic())):
                count += 1
                at_api = len(batch.api.batches.all)
                print(f"{count:3} killed in {now}, {at_api} batches at the API", flush=True)
                break
    while not batch.done:
        batch.step()
    return count


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repositories", nargs="+")
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    repositories = [str(Path(each).resolve()) for each in asked.repositories]
    with tempfile.TemporaryDirectory(prefix="batch-killed-") as scratch:
        _compare(Path(scratch), repositories, asked.kills, random.Random(asked.seed))


def _compare(scratch: Path, repositories: list[str], kills: int, chance: random.Random) -> None:
    calm = Batch(folder=scratch / "calm", repositories=repositories)
    began = time.monotonic()
    with _served(calm):
        took = whole(calm)
    calm_seconds = time.monotonic() - began
    harried = Batch(folder=scratch / "harried", repositories=repositories)
    began = time.monotonic()
    with _served(harried):
        count = killed(harried, took, kills, chance)
    seconds = time.monotonic() - began
    counts = harried.api.batches.counts()
    rows = {
        "repositories": len(repositories),
        "requests": len(harried.asked),
        "kills": count,
        "commands": harried.commands,
        "batches at the API": len(harried.api.batches.all),
        "requests at the API": sum(counts.values()),
        "of them double": sum(counts.values()) - len(counts),
        "lost": len(harried.asked - counts.keys()) + len(calm.asked - harried.asked),
        "reports": len(harried.reports) - 1,
        "reports like those of the unkilled": sum(
            calm.reports.get(name) == text for name, text in harried.reports.items()
        )
        - 1,
        "seconds": f"{seconds:.0f} (unkilled {calm_seconds:.0f})",
    }
    for name, value in rows.items():
        print(f"| {name} | {value} |")


@contextmanager
def _served(batch: Batch) -> Iterator[None]:
    batch.folder.mkdir()
    batch.api.batches.looks = LOOKS
    with Server(Slow(batch.api)) as server:
        batch.url = server.url
        yield


if __name__ == "__main__":
    main()
