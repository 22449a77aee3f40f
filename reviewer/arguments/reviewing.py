"""The commands that review: review, audit, github, hook. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options
from reviewer.arguments.page import command, group, page

if TYPE_CHECKING:
    from reviewer.arguments.page import Commands

EXIT_CODES = (
    ("0", "reviewed; nothing at or above --fail-on"),
    ("1", "reviewed; something new at or above --fail-on"),
    ("2", "something must be changed first: arguments, settings, key, cap"),
    ("3", "not finished: API or git failed, the reply broke off; or, with --fail-on, incomplete"),
    ("130", "interrupted"),
)


def review(commands: Commands) -> None:
    """Add `reviewer review`."""
    added = command(commands, "review", "Review a local change before it is pushed.")
    options.of_change(added)
    options.of_output(added)
    added.add_argument(
        "--engine",
        choices=options.ENGINES,
        help="who reviews (default: Claude where a key is set)",
    )
    options.of_lenses(added, "what the passes of a deep review look for, separated by commas")
    options.of_tools(added)
    added.add_argument(
        "--max-inline", metavar="N", type=int, help="show at most N, collapse the rest"
    )
    options.of_run(added)
    page(
        added,
        exit_codes=EXIT_CODES,
        environment=(*options.KEYS, *options.SETTINGS, *options.COLOURS),
        files=(*options.SETTINGS_FILES, *options.KEPT_FILES),
        examples=(
            ("reviewer review", "what HEAD has over its upstream, or over the default branch"),
            ("reviewer review --worktree", "uncommitted work too"),
            ("reviewer review --base main --dry-run", "what would be sent, and its price"),
            ("reviewer review --engine local --fail-on high", "for nothing, as a gate"),
            ("reviewer review --depth deep --lenses security,tests", "one pass for each of these"),
            ("reviewer review -q --format json > review.json", "for a program"),
        ),
    )


def audit(commands: Commands) -> None:
    """Add `reviewer audit`."""
    added = command(commands, "audit", "Ask Claude about the codebase as it is, not a change.")
    options.in_folder(added)
    options.of_audit(added)
    options.of_lenses(
        added,
        "what the passes look for, separated by commas; without --depth, it is a deep audit",
    )
    options.of_output(added)
    options.of_tools(added)
    options.of_run(added)
    page(
        added,
        exit_codes=EXIT_CODES,
        environment=(
            ("ANTHROPIC_API_KEY", "the key for Claude: the local engine cannot audit"),
            *options.KEYS[1:],
            *options.SETTINGS,
            *options.COLOURS,
        ),
        files=(*options.SETTINGS_FILES, *options.KEPT_FILES),
        examples=(
            ("reviewer audit --dry-run", "what would be sent, and its price"),
            ("reviewer audit --path '*.py' --max-usd 2", "Python files, for two dollars at most"),
            ("reviewer audit --lenses security", "one pass, for security"),
            ("reviewer audit --format sarif -o audit.sarif", "for code scanning"),
        ),
    )


def github(commands: Commands) -> None:
    """Add `reviewer github`."""
    added = command(commands, "github", "Review the pull request of a GitHub workflow run.")
    options.of_tools(added)
    added.add_argument("--bundle", metavar="FILE", type=Path, help="keep the paid run there")
    options.quiet(added)
    page(
        added,
        exit_codes=EXIT_CODES,
        environment=(
            ("GITHUB_TOKEN", "the token that posts; the action sets it"),
            ("GITHUB_EVENT_PATH", "the event, as GitHub's runner sets it, with GITHUB_*"),
            *options.KEYS[:1],
            *options.SETTINGS,
        ),
        examples=(
            ("reviewer github", "what the action of `reviewer init` runs"),
            ("reviewer github --sarif lint.sarif", "with what a linter found as evidence"),
        ),
    )


def hook(commands: Commands) -> None:
    """Add `reviewer hook install|uninstall|run`."""
    verbs = group(
        commands,
        "hook",
        "Manage and run the pre-push hook.",
        examples=(
            ("reviewer hook install", "review every push from here on"),
            ("reviewer hook uninstall", "review none any more"),
        ),
    )
    install = command(verbs, "hook install", "Install the pre-push hook.", verb="install")
    options.in_folder(install)
    install.add_argument(
        "--chain", action="store_true", help="keep a hook that is already there and run it first"
    )
    install.add_argument(
        "-q", "--quiet", action="store_true", help="install one that says only what it finds"
    )
    page(
        install,
        files=((".git/hooks/pre-push", "the hook, or where core.hooksPath says"),),
        examples=(
            ("reviewer hook install", "review every push from here on"),
            ("reviewer hook install --chain", "after the hook that is there"),
        ),
    )
    uninstall = command(verbs, "hook uninstall", "Remove the hook.", verb="uninstall")
    options.in_folder(uninstall)
    page(uninstall, examples=(("reviewer hook uninstall", "put a chained one back in its place"),))
    run = command(verbs, "hook run", "Review what git is about to push (called by the hook).")
    run.add_argument("remote", nargs="?", default="", help="the remote's name")
    run.add_argument("url", nargs="?", default="", help="the remote's URL")
    options.quiet(run)
    page(
        run,
        exit_codes=(
            ("0", "the push goes on, also where a review failed and block_on_error is unset"),
            ("1", "it is stopped: something at or above fail_on, or block_on_error"),
            ("130", "interrupted, and stopped"),
        ),
        environment=(*options.KEYS[:1], *options.SETTINGS),
        examples=(
            ("reviewer hook run origin < /dev/null", "as git calls it when nothing is pushed"),
        ),
    )
