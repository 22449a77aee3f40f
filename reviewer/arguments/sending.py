"""The commands that tell what is sent and what it costs: pack, map, explain, cost. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options
from reviewer.arguments.page import command, page

if TYPE_CHECKING:
    from reviewer.arguments.page import Commands


def pack(commands: Commands) -> None:
    """Add `reviewer pack`."""
    added = command(commands, "pack", "Write the exact prompt, without sending it.")
    options.of_change(added)
    options.to_file(added)
    added.add_argument(
        "--stats", action="store_true", help="a table of files, bytes and tokens instead"
    )
    options.as_json(added)
    page(
        added,
        environment=options.SETTINGS,
        files=(
            *options.SETTINGS_FILES,
            (".reviewerignore", "what is not to be sent, in gitignore syntax"),
        ),
        examples=(
            ("reviewer pack --stats", "where the tokens go"),
            ("reviewer pack --stats --json", "the same for a program"),
            ("reviewer pack -o prompt.txt", "every byte that would be sent"),
            ("reviewer pack --worktree | grep -c 'secret: '", "how much of it was replaced"),
        ),
    )


def map_(commands: Commands) -> None:
    """Add `reviewer map`."""
    added = command(commands, "map", "Show where the tokens go and what is left out, and why.")
    options.of_change(added)
    added.add_argument(
        "--html", metavar="FILE", type=Path, help="write it as a page there, instead of a table"
    )
    options.as_json(added)
    options.quiet(added)
    page(
        added,
        environment=options.SETTINGS,
        files=options.SETTINGS_FILES,
        examples=(
            ("reviewer map", "as tables"),
            ("reviewer map --html map.html", "as a page with a treemap, which loads nothing"),
            ("reviewer map --json", "for a program, with every file"),
        ),
    )


def explain(commands: Commands) -> None:
    """Add `reviewer explain`."""
    added = command(commands, "explain", "Say how a file is classed and shown, and by which rule.")
    options.of_change(added)
    added.add_argument(
        "path", metavar="PATH", help="a tracked path, from the repository's root or from here"
    )
    options.as_json(added)
    page(
        added,
        environment=options.SETTINGS,
        files=options.SETTINGS_FILES,
        examples=(
            ("reviewer explain README.md", "its class, its size, and why it is not in full"),
            ("reviewer explain README.md --json", "the same for a program"),
        ),
    )


def cost(commands: Commands) -> None:
    """Add `reviewer cost`."""
    added = command(
        commands, "cost", "Say what the next review costs, or what past ones would have cost."
    )
    options.of_change(added)
    added.add_argument(
        "--replay",
        metavar="N",
        type=options.count,
        help="what the last N merged pull requests would have cost under each cache policy; "
        "--base is the branch they went into",
    )
    added.add_argument(
        "--html", metavar="FILE", type=Path, help="write the replay there, as a page with a chart"
    )
    options.as_json(added)
    options.quiet(added)
    page(
        added,
        environment=options.SETTINGS,
        files=options.SETTINGS_FILES,
        examples=(
            ("reviewer cost", "the next review, by model and depth"),
            ("reviewer cost --model claude-haiku-5-5 --json", "one model, for a program"),
            ("reviewer cost --replay 200", "what caching would have saved"),
            ("reviewer cost --replay 200 --html cost.html", "the same with a chart"),
        ),
    )
