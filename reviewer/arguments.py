"""The command line, as argparse sees it. Pure; imports no command.

The options of a subcommand are the keyword parameters of the function it names:
`reviewer.commands.<command>.<verb>`. A test holds the two equal.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.version import VERSION

if TYPE_CHECKING:
    # argparse names no public type for what `add_subparsers` returns
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - see above

ENGINES = ("auto", "claude", "local")
SEVERITIES = ("critical", "high", "medium", "low", "never")
DEPTHS = ("quick", "standard", "deep")
FORKS = ("target", "workflow-run")
FORMATS = ("terminal", "json", "markdown", "sarif", "html")

EXIT_CODES = """\
exit codes:
  0    reviewed; nothing at or above --fail-on
  1    reviewed; something new at or above --fail-on
  2    the user must change something: arguments, settings, missing key, cap too small
  3    the review could not be finished: API, git, GitHub, reply malformed or cut off
  130  interrupted
"""


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or as much of it as reads one command.

    Where `command` is the name of none, that is the whole.
    """
    top = argparse.ArgumentParser(
        prog="reviewer",
        description="Reviews a change with the whole codebase in view.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"reviewer {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    adding = {
        "review": _review,
        "audit": _audit,
        "github": _github,
        "hook": _hook,
        "pack": _pack,
        "map": _map,
        "explain": _explain,
        "cost": _cost,
        "publish": _publish,
        "report": _report,
        "baseline": _baseline,
        "learn": _learn,
        "init": _init,
        "config": _config,
        "cache": _cache,
        "demo": _demo,
    }
    for add in (adding[command],) if command in adding else adding.values():
        add(commands)
    return top


def _command(
    commands: _Commands, name: str, what: str, *, verb: str = "run"
) -> argparse.ArgumentParser:
    module, _, _ = name.partition(" ")
    added = commands.add_parser(name.rpartition(" ")[2], help=what, description=what)
    added.set_defaults(command=module, verb=verb)
    return added


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _files(text: str) -> tuple[Path, ...]:
    """Return the paths, one a line: as an input of the action holds several."""
    return tuple(Path(line.strip()) for line in text.splitlines() if line.strip())


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _in_folder(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="run as if in FOLDER",
    )


def _of_change(added: argparse.ArgumentParser) -> None:
    _in_folder(added)
    added.add_argument(
        "--base", metavar="REV", help="what it goes into (default: upstream, or default branch)"
    )
    added.add_argument("--head", metavar="REV", help="the change itself (default: HEAD)")
    added.add_argument(
        "--worktree", action="store_true", help="review uncommitted work, untracked files included"
    )
    added.add_argument("--model", metavar="ID", help="the Claude model that reviews")


def _of_output(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "--format",
        dest="output_format",
        choices=FORMATS,
        default="terminal",
        help="how to show it (default: terminal)",
    )
    _to_file(added)


def _to_file(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write there, not to standard output"
    )


def _of_tools(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "--sarif",
        metavar="FILE",
        type=_files,
        action="extend",
        default=[],
        help="what another tool reports (SARIF 2.1.0): evidence, not told again (may be repeated)",
    )


def _of_run(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "--depth", choices=DEPTHS, help="how often it is looked at (default: standard)"
    )
    added.add_argument(
        "--fail-on", choices=SEVERITIES, help="exit with 1 from this severity on (default: never)"
    )
    added.add_argument(
        "--max-usd",
        dest="max_usd_per_review",
        metavar="USD",
        type=float,
        help="hard cap in dollars, for this run",
    )
    added.add_argument(
        "--dry-run", action="store_true", help="say what would be sent and its price; send nothing"
    )
    added.add_argument(
        "--bundle",
        metavar="FILE",
        type=Path,
        help="keep the paid run there (default: reviewer/last.json in the git directory)",
    )
    added.add_argument(
        "-v", "--verbose", action="store_true", help="say where the tokens went and what is hidden"
    )


def _review(commands: _Commands) -> None:
    added = _command(commands, "review", "Review a local change before it is pushed.")
    _of_change(added)
    _of_output(added)
    added.add_argument(
        "--engine", choices=ENGINES, help="who reviews (default: Claude where a key is set)"
    )
    added.add_argument(
        "--lenses",
        metavar="NAMES",
        type=_names,
        help="what the passes of a deep review look for, separated by commas",
    )
    _of_tools(added)
    added.add_argument(
        "--max-inline", metavar="N", type=int, help="show at most N, collapse the rest"
    )
    _of_run(added)


def _audit(commands: _Commands) -> None:
    added = _command(commands, "audit", "Ask Claude about the codebase as it is, not a change.")
    _in_folder(added)
    added.add_argument("--head", metavar="REV", help="the commit to audit (default: HEAD)")
    added.add_argument(
        "--path",
        dest="paths",
        metavar="PATTERN",
        action="append",
        default=[],
        help="findings about matching files only (gitignore pattern, may be repeated); the rest "
        "is shown for context",
    )
    added.add_argument("--model", metavar="ID", help="the Claude model that audits")
    added.add_argument(
        "--lenses",
        metavar="NAMES",
        type=_names,
        help="what the passes look for, separated by commas; without --depth, it is a deep audit",
    )
    _of_output(added)
    _of_run(added)


def _github(commands: _Commands) -> None:
    added = _command(commands, "github", "Review the pull request of a GitHub workflow run.")
    _of_tools(added)
    added.add_argument("--bundle", metavar="FILE", type=Path, help="keep the paid run there")


def _hook(commands: _Commands) -> None:
    what = "Manage and run the pre-push hook."
    verbs = commands.add_parser("hook", help=what, description=what).add_subparsers(
        metavar="VERB", required=True
    )
    install = _command(verbs, "hook install", "Install the pre-push hook.", verb="install")
    _in_folder(install)
    install.add_argument(
        "--chain", action="store_true", help="keep a hook that is already there and run it first"
    )
    uninstall = _command(verbs, "hook uninstall", "Remove the hook.", verb="uninstall")
    _in_folder(uninstall)
    run = _command(verbs, "hook run", "Review what git is about to push (called by the hook).")
    run.add_argument("remote", nargs="?", default="", help="the remote's name")
    run.add_argument("url", nargs="?", default="", help="the remote's URL")


def _pack(commands: _Commands) -> None:
    added = _command(commands, "pack", "Write the exact prompt, without sending it.")
    _of_change(added)
    _to_file(added)
    added.add_argument(
        "--stats", action="store_true", help="a table of files, bytes and tokens instead"
    )


def _map(commands: _Commands) -> None:
    added = _command(commands, "map", "Show where the tokens go and what is left out, and why.")
    _of_change(added)
    added.add_argument(
        "--html", metavar="FILE", type=Path, help="write it as a page there, instead of a table"
    )


def _explain(commands: _Commands) -> None:
    added = _command(
        commands, "explain", "Say how a file is classed and shown, and by which rule."
    )
    _of_change(added)
    added.add_argument(
        "path", metavar="PATH", help="a tracked path, from the repository's root or from here"
    )


def _cost(commands: _Commands) -> None:
    added = _command(
        commands, "cost", "Say what the next review costs, or what past ones would have cost."
    )
    _of_change(added)
    added.add_argument(
        "--replay",
        metavar="N",
        type=_count,
        help="what the last N merged pull requests would have cost under each cache policy; "
        "--base is the branch they went into",
    )
    added.add_argument(
        "--html", metavar="FILE", type=Path, help="write the replay there, as a page with a chart"
    )
    added.add_argument("--json", dest="as_json", action="store_true", help="print it as JSON")


def _publish(commands: _Commands) -> None:
    added = _command(commands, "publish", "Post a kept run to its pull request; costs nothing.")
    added.add_argument("bundle", metavar="BUNDLE", type=Path, help="the file that was kept")


def _report(commands: _Commands) -> None:
    added = _command(commands, "report", "Render a kept run again; costs nothing.")
    added.add_argument("bundle", metavar="BUNDLE", type=Path, help="the file that was kept")
    _of_output(added)


def _baseline(commands: _Commands) -> None:
    what = "Keep the findings that are known, so that they are not told again."
    verbs = commands.add_parser("baseline", help=what, description=what).add_subparsers(
        metavar="VERB", required=True
    )
    write = _command(
        verbs, "baseline write", "Add the findings of a kept run to the baseline.", verb="write"
    )
    _in_folder(write)
    write.add_argument(
        "bundle",
        metavar="BUNDLE",
        nargs="?",
        type=Path,
        help="the file that was kept (default: reviewer/last.json in the git directory)",
    )
    write.add_argument(
        "--reason",
        metavar="TEXT",
        default="there when the baseline was written",
        help="why the new ones are not to be told (default: %(default)s)",
    )
    check = _command(
        verbs,
        "baseline check",
        "List what is not needed any more; exit with 1 if there is something.",
        verb="check",
    )
    _in_folder(check)


def _learn(commands: _Commands) -> None:
    added = _command(
        commands, "learn", "Print dismissed findings as rules: a patch for the settings file."
    )
    _in_folder(added)
    added.add_argument(
        "bundle",
        metavar="BUNDLE",
        nargs="?",
        type=Path,
        help="the file that was kept (default: reviewer/last.json in the git directory)",
    )


def _init(commands: _Commands) -> None:
    added = _command(commands, "init", "Write a commented .reviewer.toml and the workflow.")
    _in_folder(added)
    added.add_argument("--hook", action="store_true", help="install the pre-push hook too")
    added.add_argument(
        "--warm",
        action="store_true",
        help="write the workflow too that keeps the code in the prompt cache between reviews",
    )
    added.add_argument(
        "--forks",
        choices=FORKS,
        help="write what reviews pull requests from forks, in one of two ways (docs/forks.md)",
    )
    added.add_argument("--force", action="store_true", help="overwrite what is already there")


def _config(commands: _Commands) -> None:
    what = "Show, describe or check the settings."
    verbs = commands.add_parser("config", help=what, description=what).add_subparsers(
        metavar="VERB", required=True
    )
    for verb, says in (
        ("show", "Print every setting as it is in force here."),
        ("check", "Check the settings file and say every mistake at once."),
    ):
        _in_folder(_command(verbs, f"config {verb}", says, verb=verb))
    schema = _command(verbs, "config schema", "Print a JSON Schema.", verb="schema")
    schema.add_argument(
        "--of",
        choices=("settings", "review"),
        default="settings",
        help="of the settings file, or of what --format json writes (default: settings)",
    )


def _cache(commands: _Commands) -> None:
    what = "Show or remove what is kept about files between runs."
    verbs = commands.add_parser("cache", help=what, description=what).add_subparsers(
        metavar="VERB", required=True
    )
    _command(verbs, "cache info", "Say where it is, its size, and what it holds.", verb="info")
    _command(verbs, "cache clear", "Remove it; the next run makes it anew.", verb="clear")


def _demo(commands: _Commands) -> None:
    added = _command(commands, "demo", "Review a made-up pull request at loopback stand-ins.")
    asked = added.add_mutually_exclusive_group()
    asked.add_argument("--live", action="store_true", help="ask Claude; needs ANTHROPIC_API_KEY")
    asked.add_argument(
        "--scripted", action="store_true", help="show Claude's path, with a scripted reply"
    )
    added.add_argument(
        "--bundle", metavar="FILE", type=Path, help="keep the run there, for `reviewer report`"
    )
