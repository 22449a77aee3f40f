"""The commands about what was kept, told or dismissed: publish, report, baseline, learn. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.arguments import options
from reviewer.arguments.page import command, group, page

if TYPE_CHECKING:
    from reviewer.arguments.page import Commands

BASELINE_FILES = ((".reviewer-baseline.toml", "the known findings, to be committed"),)
UNFINISHED = (("0", "it is shown"), ("3", "it is shown, and is of a review that broke off"))


def publish(commands: Commands) -> None:
    """Add `reviewer publish`."""
    added = command(commands, "publish", "Post a kept run to its pull request; costs nothing.")
    added.add_argument("bundle", metavar="BUNDLE", type=Path, help="the file that was kept")
    page(
        added,
        environment=(
            ("GITHUB_TOKEN", "the token that posts, or GH_TOKEN"),
            ("GITHUB_API_URL", "another server than api.github.com"),
        ),
        examples=(("reviewer publish bundle.json", "what is there already is not posted again"),),
    )


def report(commands: Commands) -> None:
    """Add `reviewer report`."""
    added = command(commands, "report", "Render a kept run again; costs nothing.")
    added.add_argument("bundle", metavar="BUNDLE", type=Path, help="the file that was kept")
    options.of_output(added)
    page(
        added,
        exit_codes=UNFINISHED,
        environment=options.COLOURS,
        examples=(
            ("reviewer report .git/reviewer/last.json", "the last run here"),
            ("reviewer report .git/reviewer/last.json --format html -o review.html", "as a page"),
        ),
    )


def baseline(commands: Commands) -> None:
    """Add `reviewer baseline write|check`."""
    verbs = group(
        commands,
        "baseline",
        "Keep the findings that are known, so that they are not told again.",
        examples=(
            ("reviewer baseline write --reason 'before the release'", "know the last run's"),
            ("reviewer baseline check", "what is not needed any more"),
        ),
    )
    write = command(
        verbs, "baseline write", "Add the findings of a kept run to the baseline.", verb="write"
    )
    options.in_folder(write)
    options.kept_run(write)
    write.add_argument(
        "--reason",
        metavar="TEXT",
        default="there when the baseline was written",
        help="why the new ones are not to be told (default: %(default)s)",
    )
    page(
        write,
        files=(*BASELINE_FILES, *options.KEPT_FILES),
        examples=(("reviewer baseline write --reason 'before the release'", "of the last run"),),
    )
    check = command(
        verbs,
        "baseline check",
        "List what is not needed any more; exit with 1 if there is something.",
        verb="check",
    )
    options.in_folder(check)
    page(
        check,
        exit_codes=(("0", "every known finding is still there"), ("1", "the code of one is gone")),
        files=BASELINE_FILES,
        examples=(("reviewer baseline check", "as a step of CI"),),
    )


def learn(commands: Commands) -> None:
    """Add `reviewer learn`."""
    added = command(
        commands, "learn", "Print dismissed findings as rules: a patch for the settings file."
    )
    options.in_folder(added)
    options.kept_run(added)
    options.quiet(added)
    page(
        added,
        files=options.SETTINGS_FILES,
        examples=(
            ("reviewer learn bundle.json", "of a run of `reviewer github`"),
            ("reviewer learn bundle.json | git apply", "take it over"),
        ),
    )
