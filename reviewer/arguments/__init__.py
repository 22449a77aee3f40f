"""The command line, as argparse sees it. Pure; imports no command.

page         the help of a command: options, exit codes, environment, files, examples
options      what several commands take
reviewing    review, audit, github, hook
batches      batch
sending      what is sent and its price: pack, map, explain, cost
kept         what is kept and known: publish, report, baseline, learn
setting_up   init, config, doctor, cache, demo, completion, help

The options of a subcommand are the keyword parameters of the function it names:
`reviewer.commands.<command>.<verb>`. A test holds the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.arguments import batches, kept, reviewing, sending, setting_up
from reviewer.arguments.page import Parser, page
from reviewer.version import VERSION

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from reviewer.arguments.page import Commands

EXIT_CODES = (
    ("0", "reviewed; nothing at or above --fail-on"),
    ("1", "reviewed; something new at or above --fail-on"),
    ("2", "the user must change something: arguments, settings, missing key, cap too small"),
    ("3", "the review could not be finished: API, git, GitHub, reply malformed or cut off"),
    ("130", "interrupted"),
)

EXAMPLES = (
    ("reviewer demo", "a made-up pull request, reviewed without a key"),
    ("reviewer review", "what HEAD has over its upstream, before it is pushed"),
    ("reviewer help review", "everything about one command"),
)

ADDING: dict[str, Callable[[Commands], None]] = {
    "review": reviewing.review,
    "audit": reviewing.audit,
    "batch": batches.batch,
    "github": reviewing.github,
    "hook": reviewing.hook,
    "pack": sending.pack,
    "map": sending.map_,
    "explain": sending.explain,
    "cost": sending.cost,
    "publish": kept.publish,
    "report": kept.report,
    "baseline": kept.baseline,
    "learn": kept.learn,
    "init": setting_up.init,
    "config": setting_up.config,
    "doctor": setting_up.doctor,
    "cache": setting_up.cache,
    "demo": setting_up.demo,
    "completion": setting_up.completion,
    "help": setting_up.help_,
}
"""What adds each command, in the order of the help."""


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or as much of it as reads one command.

    Where `command` is the name of none, that is the whole. What cannot be read is a `UserMustAct`.
    """
    top = Parser(prog="reviewer", description="Reviews a change with the whole codebase in view.")
    top.add_argument("--version", action="version", version=f"reviewer {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for add in (ADDING[command],) if command in ADDING else ADDING.values():
        add(commands)
    page(top, examples=EXAMPLES, exit_codes=EXIT_CODES)
    return top
