"""The commands around it: init, config, doctor, cache, demo, completion, help. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options
from reviewer.arguments.page import command, group, page

if TYPE_CHECKING:
    from reviewer.arguments.page import Commands

SHELLS = ("bash", "zsh", "fish")

INSPECTED = ("explain", "map", "pack-stats", "cache-info", "cost")
"""Commands that take --json, whose documents have a schema."""

CACHE_FOLDER = (
    ("REVIEWER_CACHE_DIR", "its folder, or `off` (default: in the user's cache folder)"),
)


def init(commands: Commands) -> None:
    """Add `reviewer init`."""
    added = command(commands, "init", "Write a commented .reviewer.toml and the workflow.")
    options.in_folder(added)
    added.add_argument("--hook", action="store_true", help="install the pre-push hook too")
    added.add_argument(
        "--warm",
        action="store_true",
        help="write the workflow too that keeps the code in the prompt cache between reviews",
    )
    added.add_argument(
        "--forks",
        choices=options.FORKS,
        help="write what reviews pull requests from forks, in one of two ways (docs/forks.md)",
    )
    added.add_argument("--force", action="store_true", help="overwrite what is already there")
    page(
        added,
        files=(
            (".reviewer.toml", "the settings, all commented out"),
            (".github/workflows/reviewer.yml", "the workflow"),
        ),
        examples=(
            ("reviewer init", "what is there already is kept"),
            ("reviewer init --hook", "review pushes from here, too"),
        ),
    )


def config(commands: Commands) -> None:
    """Add `reviewer config show|check|schema`."""
    verbs = group(
        commands,
        "config",
        "Show, describe or check the settings.",
        examples=(
            ("reviewer config show", "every setting in force, as JSON"),
            ("reviewer config check", "every mistake at once"),
        ),
    )
    for verb, says, example in (
        ("show", "Print every setting as it is in force here.", "as JSON"),
        ("check", "Check the settings file and say every mistake at once.", "as a step of CI"),
    ):
        added = command(verbs, f"config {verb}", says, verb=verb)
        options.in_folder(added)
        page(
            added,
            environment=options.SETTINGS,
            files=options.SETTINGS_FILES,
            examples=((f"reviewer config {verb}", example),),
        )
    schema = command(verbs, "config schema", "Print a JSON Schema.", verb="schema")
    schema.add_argument(
        "--of",
        choices=("settings", "review", "error", *INSPECTED),
        default="settings",
        help="of the settings file, of what --format json writes (a review), of what --json "
        "writes, or of the error in the place of either (default: settings)",
    )
    page(
        schema,
        examples=(
            ("reviewer config schema > reviewer.schema.json", "for an editor"),
            ("reviewer config schema --of review", "for a program that reads --format json"),
            ("reviewer config schema --of map", "for one that reads `reviewer map --json`"),
        ),
    )


def doctor(commands: Commands) -> None:
    """Add `reviewer doctor`."""
    added = command(
        commands, "doctor", "Say whether a review could be paid for here; pays for nothing."
    )
    options.in_folder(added)
    added.add_argument("--model", metavar="ID", help="the model to ask about")
    page(
        added,
        environment=(*options.KEYS, *options.SETTINGS),
        files=options.SETTINGS_FILES,
        examples=(
            ("reviewer doctor", "the provider, its key, what it lacks, the price"),
            ("reviewer doctor --model claude-sonnet-5-5", "the same for another model"),
        ),
    )


def cache(commands: Commands) -> None:
    """Add `reviewer cache info|clear`."""
    verbs = group(
        commands,
        "cache",
        "Show or remove what is kept about files between runs.",
        examples=(("reviewer cache info", "where it is"), ("reviewer cache clear", "remove it")),
    )
    info = command(
        verbs, "cache info", "Say where it is, its size, and what it holds.", verb="info"
    )
    options.as_json(info)
    page(
        info,
        environment=CACHE_FOLDER,
        examples=(
            ("reviewer cache info", "where it is"),
            ("reviewer cache info --json", "the same for a program"),
        ),
    )
    clear = command(verbs, "cache clear", "Remove it; the next run makes it anew.", verb="clear")
    page(clear, environment=CACHE_FOLDER, examples=(("reviewer cache clear", "free the disk"),))


def demo(commands: Commands) -> None:
    """Add `reviewer demo`."""
    added = command(commands, "demo", "Review a made-up pull request at loopback stand-ins.")
    asked = added.add_mutually_exclusive_group()
    asked.add_argument("--live", action="store_true", help="ask Claude; needs ANTHROPIC_API_KEY")
    asked.add_argument(
        "--scripted", action="store_true", help="show Claude's path, with a scripted reply"
    )
    added.add_argument(
        "--bundle", metavar="FILE", type=Path, help="keep the run there, for `reviewer report`"
    )
    options.quiet(added)
    page(
        added,
        environment=options.KEYS[:1],
        examples=(
            ("reviewer demo", "without a key, by the local engine"),
            ("reviewer demo --scripted --bundle demo.json", "keep it, for `reviewer report`"),
        ),
    )


def completion(commands: Commands) -> None:
    """Add `reviewer completion`."""
    added = command(
        commands, "completion", "Print a script that completes the command line in a shell."
    )
    added.add_argument("shell", choices=SHELLS, help="the shell that is to complete")
    page(
        added,
        examples=(
            ('eval "$(reviewer completion bash)"', "in ~/.bashrc"),
            (
                "reviewer completion zsh > ~/.zfunc/_reviewer",
                "with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc",
            ),
            (
                "reviewer completion fish > ~/.config/fish/completions/reviewer.fish",
                "fish finds it there",
            ),
        ),
    )


def help_(commands: Commands) -> None:
    """Add `reviewer help`."""
    added = command(commands, "help", "Show the help of a command.")
    added.add_argument("topic", metavar="COMMAND", nargs="*", help="the command, and its verb")
    page(
        added,
        examples=(
            ("reviewer help", "all commands"),
            ("reviewer help hook install", "one of them"),
        ),
    )
