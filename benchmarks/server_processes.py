"""Install a server from PyPI or npm into a folder, start it on loopback, and stop it again.

Everything has a limit of time, and what was started is stopped whatever happens. Used by
`independent_servers.py`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

INSTALL_SECONDS = 900.0
START_SECONDS = 180.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.2
MOST_TOLD_CHARACTERS = 600

_LOOPBACK = build_opener(ProxyHandler({}))
"""Asks without a proxy, whatever the environment says."""


class ServerFailed(Exception):
    """A server that could not be installed or did not start; the text is the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is installed; `name` may have extras or a version, as the registry's client takes."""

    registry: Literal["pypi", "npm"]
    name: str
    besides: tuple[str, ...] = ()


def clean(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without anything of the user's: no key of theirs can go anywhere."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **more}


def install(package: Package, folder: Path) -> str:
    """Install a package into a new folder and return its version; raises `ServerFailed`."""
    folder.mkdir()
    if package.registry == "npm":
        # No package's own script is run.
        npm = ("npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts")
        _done((*npm, "--prefix", ".", package.name, *package.besides), folder)
        found = folder / "node_modules" / _plain(package.name) / "package.json"
        return str(json.loads(found.read_text())["version"])
    _done((sys.executable, "-m", "venv", "."), folder)
    _done(("bin/pip", "install", "--quiet", package.name, *package.besides), folder)
    asking = f"from importlib.metadata import version; print(version({_plain(package.name)!r}))"
    return _done(("bin/python", "-c", asking), folder).strip()


def _plain(name: str) -> str:
    """Return a package's name without its extras and version; a scope on npm begins with `@`."""
    return name[:1] + name[1:].partition("[")[0].partition("@")[0]


def _done(words: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerFailed(f"{words[0]}: {error}") from error
    if done.returncode:
        raise ServerFailed(f"{' '.join(words)}: {_end(done.stderr or done.stdout)}")
    return done.stdout


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def running(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], *, alive_url: str
) -> Iterator[None]:
    """Start a server in a process group of its own, wait until it answers, and stop it after.

    Raises `ServerFailed` where it ends or does not answer in time.
    """
    log = folder / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(process, alive_url, log)
            yield
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise ServerFailed(f"it did not start: {_end(log.read_text(errors='replace'))}")
        time.sleep(POLL_SECONDS)


def _answers(url: str) -> bool:
    """Whether anything but "not yet" is said at an address."""
    try:
        with _LOOPBACK.open(url, timeout=STOP_SECONDS):
            return True
    except HTTPError as error:
        return error.code != HTTPStatus.SERVICE_UNAVAILABLE
    except (URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: some servers have workers of their own."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def _end(text: str) -> str:
    return " ".join(text.split())[-MOST_TOLD_CHARACTERS:]
