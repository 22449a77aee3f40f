"""Batches through the command line, in this process, with Claude at the stand-in."""

from __future__ import annotations

import json
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2
from answers import answer, claim

from reviewer import disk
from reviewer.cli import main
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    from reviewer.standin.batches import Batches
    from reviewer.standin.messages import Received

KEY = "sk-ant-never-to-be-seen"

FLOOR = claim(
    "area.py", "    return width // height", title="The area is a quotient", severity="high"
)
RULED = json.dumps(
    {"rulings": [{"id": "C1", "why": "", "path": "", "quote": "", "ruling": "confirmed"}]}
)


class Killed(BaseException):
    """What nobody catches, as SIGKILL."""


@dataclass
class Death:
    """Kills the process before its step number `at`, counted from 1: a write, or a request.

    What was sent before that has arrived, and what was written is on the disk.
    """

    at: int | None = None
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Killed


@dataclass
class World:
    """Repositories, a folder for the state, and the stand-in."""

    api: Messages
    repositories: list[Path]
    folder: Path
    death: Death = field(default_factory=Death)
    waited: list[float] = field(default_factory=list)

    @property
    def batches(self) -> Batches:
        return self.api.batches

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def submit(self, *words: str) -> int:
        return self._run("submit", *map(str, self.repositories), *words)

    def status(self, *words: str) -> int:
        return self._run("status", *words)

    def collect(self, *words: str) -> int:
        return self._run("collect", "-o", str(self.reports), *words)

    def _run(self, verb: str, *words: str) -> int:
        return main(["batch", verb, *words, "--state", str(self.state)])

    def to_the_end(self) -> int:
        """Submit and collect until nothing is missing, as somebody would who was interrupted."""
        for _ in range(10):
            self.submit()
            if (code := self.collect()) == 0:
                return code
        return code

    def told(self) -> dict[str, str]:
        """Return what stands in the reports, by their names."""
        return {path.name: path.read_text() for path in sorted(self.reports.iterdir())}


@contextmanager
def world(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    repositories: list[Path],
    *turns: Turn,
    otherwise: Turn | None = None,
) -> Iterator[World]:
    """Serve the stand-in, and let every write and request of this process be counted."""
    folder.mkdir(parents=True, exist_ok=True)
    api = Messages(turns, otherwise=otherwise or Turn(text=answered))
    with Server(api) as server:
        made = World(api=api, repositories=repositories, folder=folder)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        # what takes longest of a command, and is the same each time
        monkeypatch.setattr("ssl.create_default_context", cache(ssl.create_default_context))
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        monkeypatch.setattr("reviewer.wiring.batch_plan.CLOCK.sleep", made.waited.append)
        _counted(monkeypatch, made)
        yield made


def _counted(monkeypatch: pytest.MonkeyPatch, made: World) -> None:
    write, send = disk.write_whole, httpx2.Client.send

    def counted(of: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **named: Any) -> Any:
            made.death.step()
            return of(*words, **named)

        return call

    for module in ("reviewer.batch.folder", "reviewer.publish.documents.bundle"):
        monkeypatch.setattr(f"{module}.write_whole", counted(write))
    monkeypatch.setattr(httpx2.Client, "send", counted(send))


def answered(received: Received) -> str:
    """Return what the model says to any request: the finding, or that it stands."""
    return RULED if "ruling" in json.dumps(received.body["output_config"]) else answer(FLOOR)
