"""The help of a command, in the order of a manual page: it ends with the examples. Pure."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Sequence

    # argparse names no public type for what `add_subparsers` returns
    Commands = argparse._SubParsersAction["Parser"]  # noqa: SLF001 - see above
    Rows = Sequence[tuple[str, str]]
    """What is told, each with what it means."""

LONGEST_TERM = 24
"""With a longer term, what each means stands on a line of its own, as with examples."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others, and whose options have one spelling.

    An option is not known by its first letters: a script that relies on them would break with
    the next option.
    """

    def __init__(self, *, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        """Raise `UserMustAct`: `cli` prints it, as it does every error."""
        raise UserMustAct(message, way_out=f"`{self.prog} --help` shows how it is called")


def command(commands: Commands, name: str, what: str, *, verb: str = "run") -> Parser:
    """Add a command, or a verb of one (`hook run`), and return its parser."""
    module, _, _ = name.partition(" ")
    added = commands.add_parser(name.rpartition(" ")[2], help=what, description=what)
    added.set_defaults(command=module, verb=verb)
    return added


def group(commands: Commands, name: str, what: str, *, examples: Rows) -> Commands:
    """Add a command that has verbs, and return what takes them."""
    added = commands.add_parser(name, help=what, description=what)
    page(added, examples=examples)
    return added.add_subparsers(metavar="VERB", required=True)


def page(
    added: argparse.ArgumentParser,
    *,
    examples: Rows,
    exit_codes: Rows = (),
    environment: Rows = (),
    files: Rows = (),
) -> None:
    """Put below the options what else is to be known."""
    sections = {"exit codes": exit_codes, "environment": environment, "files": files}
    parts = [f"{title}:\n{_rows(rows)}" for title, rows in sections.items() if rows]
    shown = "\n".join(f"  {words}\n      {does}" for words, does in examples)
    added.epilog = "\n\n".join([*parts, f"examples:\n{shown}\n"])


def _rows(rows: Rows) -> str:
    width = max(len(term) for term, _ in rows)
    if width > LONGEST_TERM:
        return "\n".join(f"  {term}\n      {means}" for term, means in rows)
    return "\n".join(f"  {term:<{width}}  {means}" for term, means in rows)
