"""Guards and builders for every test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rounds.story import Story

# What a script starts with `&` ignores Ctrl-C, and so would every process that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class YouForgotToFakeTheNetwork(BaseException):
    """A test tried to leave this machine.

    Not an `Exception`: the SDK would turn one into its own connection error, and a test that
    expects that error would pass.
    """


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="rewrite the golden files")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-cases"))


@pytest.fixture(autouse=True)
def _no_network_beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            self.close()
            raise YouForgotToFakeTheNetwork(address)
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _same_environment_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No keys, no proxies, no user's git settings, one identity, one time zone."""
    for name in os.environ:
        if name.startswith(
            (
                "ANTHROPIC_",
                "OPENAI_",
                "AWS_",
                "GOOGLE_",
                "CLOUD_ML_",
                "ACTIONS_",
                "GITHUB_",
                "GIT_",
                "REVIEWER_",
                "RUNNER_",
                "INPUT_",
                "PRE_COMMIT",
                "OTEL_",
                "FORCE_COLOR",
            )
        ) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.invalid",
        "GIT_AUTHOR_DATE": "2026-11-01T12:00:00Z",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.invalid",
        "GIT_COMMITTER_DATE": "2026-11-01T12:00:00Z",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


class WorkTree:
    """A real git repository in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            ("git", *words), cwd=self.folder, input=stdin, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; None deletes."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Write files, commit everything, and return the commit's id."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def work_tree(tmp_path: Path) -> WorkTree:
    """An empty repository with a branch `main` and no commit."""
    return WorkTree(tmp_path / "repository")


@pytest.fixture
def project(work_tree: WorkTree) -> WorkTree:
    """A branch that changes a function and forgets one of its callers."""
    work_tree.commit(
        {
            "area.py": "def area(width, height):\n    return width * height\n",
            "report.py": "from area import area\n\nprint(area(2, 3))\n",
        }
    )
    work_tree.git("switch", "--quiet", "--create", "units")
    work_tree.commit(
        {"area.py": "def area(width, height, unit):\n    return f'{width * height} {unit}'\n"},
        "Give areas a unit",
    )
    return work_tree


@pytest.fixture
def buggy(work_tree: WorkTree) -> Path:
    """A repository with a wrong area in it, which is printed."""
    work_tree.commit(
        {
            "area.py": "def area(width, height):\n    return width // height\n",
            "report.py": "from area import area\n\nprint(area(2, 3))\n",
        }
    )
    return work_tree.folder


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A pull request with three bugs, not reviewed yet; nobody waits in it."""
    from story import Story

    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("reviewer.publish.github.attempts._PAUSES_SECONDS", (0.0, 0.0, 0.0))
    return Story(tmp_path)
