"""`reviewer help [COMMAND [VERB]]`: the same as `--help` there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from reviewer.arguments import parser
from reviewer.errors import EXIT_CLEAN, UserMustAct

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(*, topic: Sequence[str]) -> int:
    """Print the help of a command, or of all; raises `UserMustAct` for one that there is not."""
    shown = parser()
    for word in topic:
        inner = commands_of(shown)
        if word not in inner:
            way_out = f"name one of {', '.join(inner)}" if inner else f"`{shown.prog} --help`"
            raise UserMustAct(f"`{shown.prog}` has no command {word!r}", way_out=way_out)
        shown = inner[word]
    print(shown.format_help(), end="")
    return EXIT_CLEAN


def commands_of(shown: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands or verbs of a parser, by name."""
    for action in shown._actions:  # noqa: SLF001 - argparse has no public way to its commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - see above
            return dict(action.choices)
    return {}
