"""Options that several commands take, and how their values are read. Pure."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

ENGINES = ("auto", "claude", "local")
SEVERITIES = ("critical", "high", "medium", "low", "never")
DEPTHS = ("quick", "standard", "deep")
FORKS = ("target", "workflow-run")
FORMATS = ("terminal", "json", "markdown", "sarif", "html")

LAST = "reviewer/last.json in the git directory"

KEYS = (
    ("ANTHROPIC_API_KEY", "the key for Claude; without one, the local engine reviews"),
    ("ANTHROPIC_BASE_URL", "a gateway in the place of the Claude API"),
)
SETTINGS = (("REVIEWER_*", "any setting, such as REVIEWER_MODEL; options come before it"),)
COLOURS = (("NO_COLOR", "if not empty, no colours"),)

SETTINGS_FILES = ((".reviewer.toml", "the settings, or [tool.reviewer] in pyproject.toml"),)
KEPT_FILES = ((".git/reviewer/last.json", "the last run; `reviewer report` shows it again"),)


# --- values -------------------------------------------------------------------------------------


def names(text: str) -> tuple[str, ...]:
    """Return the names, which commas separate."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def files(text: str) -> tuple[Path, ...]:
    """Return the paths, one a line: as an input of the action holds several."""
    return tuple(Path(line.strip()) for line in text.splitlines() if line.strip())


def count(text: str) -> int:
    """Return a number of things, of which there must be one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def dollars(text: str) -> float:
    """Return an amount of money, which is more than nothing."""
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError("it must be an amount of money")
    return number


# --- options ------------------------------------------------------------------------------------


def in_folder(added: argparse.ArgumentParser) -> None:
    """Take the folder to run in."""
    added.add_argument(
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="run as if in FOLDER",
    )


def of_change(added: argparse.ArgumentParser) -> None:
    """Take what is reviewed, and by which model."""
    in_folder(added)
    added.add_argument(
        "--base", metavar="REV", help="what it goes into (default: upstream, or default branch)"
    )
    added.add_argument("--head", metavar="REV", help="the change itself (default: HEAD)")
    added.add_argument(
        "--worktree", action="store_true", help="review uncommitted work, untracked files included"
    )
    added.add_argument("--model", metavar="ID", help="the Claude model that reviews")


def of_audit(added: argparse.ArgumentParser) -> None:
    """Take what is audited, and by which model."""
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


def of_output(added: argparse.ArgumentParser) -> None:
    """Take the format of a review, and where it goes."""
    added.add_argument(
        "--format",
        dest="output_format",
        choices=FORMATS,
        default="terminal",
        help="how to show it (default: terminal)",
    )
    to_file(added)


def to_file(added: argparse.ArgumentParser) -> None:
    """Take the file that the result goes to."""
    added.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write there, not to standard output"
    )


def as_json(added: argparse.ArgumentParser) -> None:
    """Take that the result is to be JSON."""
    added.add_argument("--json", dest="as_json", action="store_true", help="print it as JSON")


def of_tools(added: argparse.ArgumentParser) -> None:
    """Take what other tools report."""
    added.add_argument(
        "--sarif",
        metavar="FILE",
        type=files,
        action="extend",
        default=[],
        help="what another tool reports (SARIF 2.1.0): evidence, not told again (may be repeated)",
    )


def of_lenses(added: argparse.ArgumentParser, what: str) -> None:
    """Take what the passes look for."""
    added.add_argument("--lenses", metavar="NAMES", type=names, help=what)


def of_run(added: argparse.ArgumentParser) -> None:
    """Take how deep it looks, what it may cost, and how much is said."""
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
        "--bundle", metavar="FILE", type=Path, help=f"keep the paid run there (default: {LAST})"
    )
    said = added.add_mutually_exclusive_group()
    said.add_argument(
        "-v", "--verbose", action="store_true", help="say where the tokens went and what is hidden"
    )
    quiet(said)


def quiet(added: argparse._ActionsContainer) -> None:
    """Take that nothing is to be said but results, warnings and errors."""
    added.add_argument(
        "-q", "--quiet", action="store_true", help="say only results, warnings and errors"
    )


def kept_run(added: argparse.ArgumentParser) -> None:
    """Take the bundle of a run, by default that of the last one here."""
    added.add_argument(
        "bundle",
        metavar="BUNDLE",
        nargs="?",
        type=Path,
        help=f"the file that was kept (default: {LAST})",
    )
