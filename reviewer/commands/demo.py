"""`reviewer demo`: a made-up pull request, reviewed on the whole production path.

A real git repository, the real SDK of GitHub and real HTTP; only the server is a stand-in on this
machine. The local engine reviews, so nothing that is said is made up; `scripted` shows Claude's
path instead, at a stand-in that plays a reply, and `live` asks Claude.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.commands.github import review_event
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.standin import story
from reviewer.standin.github import GitHub
from reviewer.standin.messages import Messages
from reviewer.standin.messages_script import Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPOSITORY = "demo/shop"
NUMBER = 1

OF_A_REPOSITORY = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
)  # fmt: skip
"""Variables by which git takes another repository for the one around (`git help git`)."""

LOOPBACK = "127.0.0.1"


def run(*, live: bool, scripted: bool, bundle: Path | None, quiet: bool) -> int:
    """Make the pull request, review it, and print what is on it afterwards.

    `bundle` is where the run is kept, for `reviewer report`.
    """
    if live and not os.environ.get("ANTHROPIC_API_KEY"):
        raise UserMustAct(
            "--live asks Claude, and ANTHROPIC_API_KEY is not set",
            way_out="set the key, or leave out --live: the local engine needs none",
        )
    with _apart(), tempfile.TemporaryDirectory(prefix="reviewer-demo-") as name:
        folder = Path(name)
        _make(folder / "shop")
        github = GitHub(folder / "shop" / ".git", repository=REPOSITORY)
        github.open_pull_request(
            NUMBER, "main", "currency", title=story.TITLE, body=story.DESCRIPTION
        )
        with Server(github) as server, _engine(live=live, scripted=scripted) as engine:
            environment = _environment(folder, github, server.url) | engine
            _introduce(live=live, scripted=scripted)
            # What was paid for outlives the made-up project; a scripted reply need not.
            kept = Path(tempfile.mkdtemp(prefix="reviewer-")) if live else folder
            code = review_event(
                environment, bundle=bundle or kept / "bundle.json", scripted=scripted, quiet=quiet
            )
        _show(github)
    return code


@contextmanager
def _apart() -> Iterator[None]:
    """Keep the demo away from the repository and the proxies that the environment names.

    git sets GIT_DIR for hooks and `rebase --exec`: the made-up project must not land there. A
    proxy elsewhere cannot reach a server on this machine.
    """
    without = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    hosts = ",".join(filter(None, (without, LOOPBACK)))
    before = dict(os.environ)
    for name in OF_A_REPOSITORY:
        os.environ.pop(name, None)
    os.environ.update(no_proxy=hosts, NO_PROXY=hosts)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _make(folder: Path) -> None:
    """Make the repository: `main` as it was, and the branch of the pull request."""
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder, story.BASE, "Add the shop")
    _git(folder, "switch", "--quiet", "--create", "currency")
    _commit(folder, story.HEAD, story.TITLE)


def _commit(folder: Path, files: Mapping[str, str], message: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    _git(folder, "add", "--all")
    _git(
        folder, "-c", "user.name=demo", "-c", "user.email=demo@example.invalid",
        "-c", "commit.gpgSign=false", "commit", "--quiet", "--message", message,
    )  # fmt: skip


def _git(folder: Path, *words: str) -> None:
    # The user's own hooks and templates have no business in the demo.
    settled = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.autocrlf=false")
    try:
        subprocess.run(("git", *settled, *words), cwd=folder, check=True)
    except FileNotFoundError as error:
        raise UserMustAct(
            "the program `git` was not found", way_out="install git, or put it on PATH"
        ) from error
    except subprocess.CalledProcessError as error:
        raise CouldNotFinish(
            f"git could not make the made-up project, and ended with {error.returncode}",
            way_out="see what git said above; it has to be 2.28 or newer",
        ) from error


@contextmanager
def _engine(*, live: bool, scripted: bool) -> Iterator[dict[str, str]]:
    """Give the environment that says who reviews: Claude, its stand-in, or the local engine."""
    if live:
        yield {"ANTHROPIC_API_KEY": os.environ["ANTHROPIC_API_KEY"]}
        return
    if not scripted:
        yield {"REVIEWER_ENGINE": "local"}
        return
    with Server(
        Messages([Turn(text=text) for text in (story.answer(), story.rulings())])
    ) as server:
        yield {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "stand-in"}


def _environment(folder: Path, github: GitHub, url: str) -> dict[str, str]:
    """Return what a GitHub runner would set."""
    event = folder / "event.json"
    event.write_text(json.dumps(github.event(NUMBER, "opened")), encoding="utf-8")
    return {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_API_URL": url,
        "GITHUB_SERVER_URL": url,
        "GITHUB_WORKSPACE": str(folder / "shop"),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "1",
        "GITHUB_TOKEN": "stand-in",
        "REVIEWER_FAIL_ON": "never",
    }


def _introduce(*, live: bool, scripted: bool) -> None:
    reviewer = "the local engine: it asks no model, and what it says is its own"
    if live or scripted:
        reviewer = "Claude" if live else "a stand-in for Claude that plays a scripted reply"
    print(f"Pull request #{NUMBER} of {REPOSITORY}: {story.TITLE}")
    print("  a made-up project in a real git repository; GitHub is a stand-in on this machine")
    print(f"  the reviewer is {reviewer}\n")


def _show(github: GitHub) -> None:
    """Print what is on the pull request now, as GitHub holds it."""
    state = github.pull_request(NUMBER)
    for comment in state.review_comments:
        print(f"\n===== inline comment on {comment.path}, line {comment.line} =====")
        print(comment.body)
    for review in state.reviews:
        print(f"\n===== review by {review.author} =====\n{review.body}")
    for summary in state.issue_comments:
        print(f"\n===== summary by {summary.author} =====\n{summary.body}")
