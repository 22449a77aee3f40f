"""A pull request from a fork, the checkout of a run that has the key, and what is handed over."""

from __future__ import annotations

import os
import subprocess
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from ruamel.yaml import YAML
from test_github_run import NUMBER, Action

from reviewer.commands.init import files

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

    from reviewer.standin.messages import Turn

FORK = "stranger/demo"
HANDOVER = ".github/workflows/reviewer-handover.yml"


class Forked(Action):
    """A stranger's pull request; the checkout is the default branch, as the workflows have it.

    `origin` is where that checkout fetches from: GitHub's copy, which has the fork's commits too.
    """

    def __init__(self, work_tree: WorkTree, runner: Path, *turns: Turn, **options: Any) -> None:
        told = {"head_repository": FORK, "author": "stranger", **options}
        super().__init__(work_tree, runner, *turns, **told)
        work_tree.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.workspace = runner / "checkout"
        self._git("clone", "--quiet", "--single-branch", "--branch=main",
                  work_tree.folder.as_uri(), str(self.workspace), folder=runner)  # fmt: skip

    def target(self, action: str = "opened", label: str = "") -> int:
        """Run on `pull_request_target`."""
        return self.hear(
            "pull_request_target",
            lambda url: self.github.event(NUMBER, action, label=label, api_url=url),
        )

    def after(self, *artifacts: bytes, **told: str) -> int:
        """Run on `workflow_run`, after a run of the fork that uploaded this."""
        run = self.github.finish_run(NUMBER, *artifacts, **told)
        return self.hear("workflow_run", lambda url: self.github.run_event(run, api_url=url))

    def cut_off(self) -> None:
        """Let the checkout fetch from where nothing of the fork is."""
        bare = self.runner / "origin.git"
        self._git("clone", "--quiet", "--bare", "--single-branch", "--branch=main",
                  self.tree.folder.as_uri(), str(bare), folder=self.runner)  # fmt: skip
        self._git("remote", "set-url", "origin", bare.as_uri())

    def artifact(self) -> bytes:
        """Return what the workflow of `reviewer init --forks workflow-run` uploads."""
        return zipped({"number": f"{NUMBER}\n".encode(), "objects.pack": self.pack()})

    def pack(self) -> bytes:
        """Run the script of that workflow in a checkout of the head, and return its pack."""
        temp = self.runner / "temp"
        temp.mkdir()
        self.script({"HEAD": self.head, "BASE": self.base, "NUMBER": str(NUMBER)}, temp)
        assert (temp / "handover" / "number").read_text() == f"{NUMBER}\n"
        return (temp / "handover" / "objects.pack").read_bytes()

    def script(self, values: dict[str, str], temp: Path) -> None:
        """Run the one script of the untrusted workflow as a runner does."""
        workflow = YAML(typ="safe").load(dict(files(forks="workflow-run"))[HANDOVER])
        (step,) = (step for step in workflow["jobs"]["pack"]["steps"] if "run" in step)
        assert set(step["env"]) == set(values)
        subprocess.run(
            ("bash", "--noprofile", "--norc", "-e", "-c", step["run"]),
            cwd=self.tree.folder,
            env=os.environ | values | {"RUNNER_TEMP": str(temp)},
            check=True,
        )

    def untouched(self) -> tuple[object, ...]:
        """Everything of the checkout that nobody may change: files, refs, HEAD, settings."""
        kept = (
            path
            for path in self.workspace.rglob("*")
            if path.relative_to(self.workspace).parts[0] != ".git"
        )
        return (
            {path.name: path.read_bytes() for path in kept if path.is_file()},
            self._git("for-each-ref"),
            self._git("rev-parse", "HEAD"),
            (self.workspace / ".git" / "config").read_bytes(),
            sorted(path.name for path in (self.workspace / ".git" / "hooks").iterdir()),
        )

    def _git(self, *words: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ("git", *words),
            cwd=folder or self.workspace,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def zipped(entries: dict[str, bytes], compression: int = 0) -> bytes:
    """Return a zip file; `compression` is one of `zipfile`'s numbers."""
    data = BytesIO()
    with ZipFile(data, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()
