"""`reviewer completion SHELL`: a script that completes the command line.

The script holds every command and option, so a key press starts no Python. The only module that
knows shtab.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options, parser
from reviewer.commands.help import commands_of
from reviewer.errors import EXIT_CLEAN

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def run(*, shell: str) -> int:
    """Print the script for bash, zsh or fish."""
    import shtab

    whole = parser()
    for action in _arguments(whole):
        if action.dest == "folder":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # shtab looks there
        elif action.type in (Path, options.files) or action.dest == "path":
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(whole, shell))
    return EXIT_CLEAN


def _arguments(of: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    yield from of._actions  # noqa: SLF001 - argparse has no public way to its options
    for inner in commands_of(of).values():
        yield from _arguments(inner)
