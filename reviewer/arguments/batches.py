"""The command for audits by Message Batches: batch. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options
from reviewer.arguments.page import command, group, page

if TYPE_CHECKING:
    import argparse

    from reviewer.arguments.page import Commands

STATE_FILES = ((".git/reviewer/batch/", "the batch: what is asked, sent and answered"),)
ENVIRONMENT = (
    ("ANTHROPIC_API_KEY", "the key for Claude: its workspace holds the batches"),
    *options.KEYS[1:],
    *options.SETTINGS,
)


def batch(commands: Commands) -> None:
    """Add `reviewer batch submit|status|collect`."""
    verbs = group(
        commands,
        "batch",
        "Audit many repositories, or one in several packs, at half the price, within a day.",
        examples=(
            ("reviewer batch submit", "the repository here"),
            ("reviewer batch submit ~/src/* --state ~/audits", "many repositories"),
            ("reviewer batch collect --state ~/audits", "what is answered, as reports"),
        ),
    )
    _submit(verbs)
    _status(verbs)
    _collect(verbs)


def _submit(verbs: Commands) -> None:
    added = command(
        verbs,
        "batch submit",
        "Pack, say the price, and send what was not sent yet.",
        verb="submit",
    )
    _what_is_asked(added)
    added.add_argument(
        "--max-usd",
        metavar="USD",
        type=options.dollars,
        help="hard cap in dollars, for the whole batch",
    )
    added.add_argument(
        "--dry-run", action="store_true", help="say what would be sent and its price; send nothing"
    )
    added.add_argument(
        "--again",
        action="store_true",
        help="send anew what is in doubt or came back unreadable: it can be paid for twice",
    )
    _in_state(added)
    options.quiet(added)
    page(
        added,
        exit_codes=(
            ("0", "all of it is sent"),
            (
                "2",
                "the user must change something: arguments, settings, missing key, cap too small",
            ),
            ("3", "not all of it is known to be sent: run it again"),
        ),
        environment=ENVIRONMENT,
        files=(*options.SETTINGS_FILES, *STATE_FILES),
        examples=(
            ("reviewer batch submit --dry-run", "what it would cost"),
            ("reviewer batch submit ~/src/* --state ~/audits --max-usd 40", "many repositories"),
            (
                "reviewer batch submit --packs 4 --lenses security",
                "one in four packs, for security",
            ),
        ),
    )


def _what_is_asked(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "repositories",
        metavar="REPOSITORY",
        nargs="*",
        type=Path,
        help="a folder in a git repository (default: the one around, or what is not finished)",
    )
    options.of_audit(added)
    added.add_argument(
        "--depth", choices=options.DEPTHS, help="how often it is looked at (default: standard)"
    )
    options.of_lenses(
        added, "what the requests of a deep audit look for; without --depth, it is a deep audit"
    )
    added.add_argument(
        "--packs",
        metavar="N",
        type=options.count,
        help="in how many packs (default: as few as fit)",
    )


def _status(verbs: Commands) -> None:
    added = command(verbs, "batch status", "Say where a batch stands.", verb="status")
    _in_state(added)
    options.as_json(added)
    said = added.add_mutually_exclusive_group()
    said.add_argument("-v", "--verbose", action="store_true", help="name every request")
    options.quiet(said)
    page(
        added,
        environment=ENVIRONMENT,
        files=STATE_FILES,
        examples=(("reviewer batch status -v", "every request, and why one failed"),),
    )


def _collect(verbs: Commands) -> None:
    added = command(
        verbs, "batch collect", "Take the answers, judge them and write reports.", verb="collect"
    )
    _in_state(added)
    added.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=Path,
        help="write the reports there (default: reports in the folder of the batch)",
    )
    added.add_argument(
        "--format",
        dest="output_format",
        choices=options.FORMATS[1:],
        default="markdown",
        help="how to write the reports (default: markdown)",
    )
    added.add_argument(
        "--fail-on",
        choices=options.SEVERITIES,
        help="exit with 1 from this severity on (default: never)",
    )
    options.quiet(added)
    page(
        added,
        exit_codes=(
            ("0", "every repository is audited; nothing at or above --fail-on"),
            ("1", "every repository is audited; something at or above --fail-on"),
            ("2", "the user must change something: arguments, missing key, a commit is gone"),
            ("3", "an answer is missing yet, or is not whole"),
        ),
        environment=ENVIRONMENT,
        files=STATE_FILES,
        examples=(
            ("reviewer batch collect", "reports, and an index of them"),
            ("reviewer batch collect --format html -o reports --fail-on high", "as pages"),
        ),
    )


def _in_state(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "--state",
        metavar="FOLDER",
        type=Path,
        help="where the batch is kept (default: reviewer/batch in the git directory)",
    )
