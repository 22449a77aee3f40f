"""Commits that are not here yet, from `origin`. Does network I/O, through `git_process`.

The token travels in git's environment, never on the command line.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.source.git_process import GitProcess


def fetch(
    git: GitProcess, oids: Sequence[str], *, login: dict[str, str] | None, depth: int | None
) -> None:
    """Bring commits from `origin`, with so much of their history; None for all of it.

    Raises `CouldNotFinish`.
    """
    so_deep = (f"--depth={depth}",) if depth else ()
    try:
        git.run(
            "fetch", "--no-tags", "--quiet", "--no-recurse-submodules", *so_deep, "origin",
            *oids, env=login,
        )  # fmt: skip
    except CouldNotFinish as error:
        raise CouldNotFinish(
            f"git could not fetch {', '.join(oids)}: {error}",
            way_out="check that the checkout step ran and that the token may read contents",
        ) from error


def login(token: str, server_url: str) -> dict[str, str]:
    """Return git's environment for one authenticated command, on top of what is configured."""
    if not token or not server_url:
        return {}
    import base64

    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    return {
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": f"http.{server_url}/.extraheader",
        f"GIT_CONFIG_VALUE_{count}": f"AUTHORIZATION: basic {basic}",
    }
