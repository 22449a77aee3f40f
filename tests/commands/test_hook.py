from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from reviewer.commands import hook
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.source import prepush
from reviewer.source.repo import GitRepository
from reviewer.standin import story
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import WorkTree

NONE = "0" * 40


class Desk:
    """Stands where the pipeline stands: hears the ranges, answers with the codes in turn."""

    def __init__(self, work_tree: WorkTree, *codes: int, block_on_error: bool = False) -> None:
        self.folder = work_tree.folder
        self.codes = list(codes)
        self.block_on_error = block_on_error
        self.heard: list[tuple[str, str]] = []

    @contextmanager
    def opened(self) -> Iterator[hook.LocalReview]:
        repository = GitRepository(self.folder)
        yield hook.LocalReview(
            refs=repository, block_on_error=self.block_on_error, review_range=self.review_range
        )
        repository.close()

    def review_range(self, base: str, head: str) -> int:
        self.heard.append((base, head))
        return self.codes.pop(0) if self.codes else 0

    def push(self, stdin: str) -> int:
        return hook.review_push(prepush.read(stdin), remote="origin", opened=self.opened)


@pytest.fixture
def branches(work_tree: WorkTree) -> dict[str, str]:
    """The remote has `main`; here are two new branches off it."""
    ids = {"main": work_tree.commit({"a": "1"})}
    work_tree.git("update-ref", "refs/remotes/origin/main", ids["main"])
    for name in ("fast", "slow"):
        work_tree.git("switch", "--quiet", "--create", name, ids["main"])
        ids[name] = work_tree.commit({name: "1"}, name)
    return ids


def line(name: str, local_oid: str, remote_oid: str = NONE) -> str:
    return f"refs/heads/{name} {local_oid} refs/heads/{name} {remote_oid}\n"


def test_every_branch_is_reviewed_over_what_the_remote_has(
    work_tree: WorkTree, branches: dict[str, str]
) -> None:
    desk = Desk(work_tree)
    code = desk.push(line("fast", branches["fast"]) + line("slow", branches["slow"]))

    assert code == 0
    assert desk.heard == [
        (branches["main"], branches["fast"]),
        (branches["main"], branches["slow"]),
    ]


def test_the_same_range_is_paid_for_once(work_tree: WorkTree, branches: dict[str, str]) -> None:
    desk = Desk(work_tree)
    desk.push(line("fast", branches["fast"]) + line("fast-too", branches["fast"]))

    assert len(desk.heard) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"(delete) {NONE} refs/heads/main {'a' * 40}\n",
        f"refs/tags/v1 {'a' * 40} refs/tags/v1 {NONE}\n",
    ],
)
def test_nothing_is_opened_when_there_is_nothing_to_review(text: str) -> None:
    def opened() -> Iterator[hook.LocalReview]:
        raise AssertionError("opened for nothing")

    assert (
        hook.review_push(prepush.read(text), remote="origin", opened=contextmanager(opened)) == 0
    )


def test_a_branch_that_brings_no_commit_is_not_reviewed(
    work_tree: WorkTree, branches: dict[str, str]
) -> None:
    desk = Desk(work_tree)

    assert desk.push(line("same", branches["main"])) == 0
    assert desk.heard == []


def test_a_branch_that_cannot_be_compared_is_named(
    work_tree: WorkTree, branches: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.git("update-ref", "-d", "refs/remotes/origin/main")
    desk = Desk(work_tree)

    assert desk.push(line("fast", branches["fast"])) == 0
    assert desk.heard == []
    assert "fast is not reviewed: origin has nothing" in capsys.readouterr().err


def test_findings_stop_the_push_after_every_branch_was_reviewed(
    work_tree: WorkTree, branches: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(work_tree, 1, 0)

    assert desk.push(line("fast", branches["fast"]) + line("slow", branches["slow"])) == 1
    assert len(desk.heard) == 2
    assert "git push --no-verify" in capsys.readouterr().err


@pytest.mark.parametrize("code", [2, 3])
def test_a_review_that_failed_lets_the_push_through_with_a_warning(
    work_tree: WorkTree, branches: dict[str, str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Desk(work_tree, code).push(line("fast", branches["fast"])) == 0
    assert "NOT (wholly) reviewed" in capsys.readouterr().err


@pytest.mark.parametrize("code", [2, 3])
def test_a_review_that_failed_stops_the_push_when_that_is_asked_for(
    work_tree: WorkTree, branches: dict[str, str], code: int
) -> None:
    desk = Desk(work_tree, code, block_on_error=True)

    assert desk.push(line("fast", branches["fast"])) == 1


def test_findings_on_one_branch_outweigh_a_failure_on_another(
    work_tree: WorkTree, branches: dict[str, str]
) -> None:
    desk = Desk(work_tree, 3, 1)

    assert desk.push(line("fast", branches["fast"]) + line("slow", branches["slow"])) == 1


def test_an_interruption_stops_the_push_and_the_rest_of_the_review(
    work_tree: WorkTree, branches: dict[str, str]
) -> None:
    desk = Desk(work_tree, 130, 0)

    assert desk.push(line("fast", branches["fast"]) + line("slow", branches["slow"])) == 130
    assert len(desk.heard) == 1


def test_an_error_of_the_review_is_told_with_its_way_out(
    work_tree: WorkTree, branches: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(Desk):
        def review_range(self, base: str, head: str) -> int:
            raise CouldNotFinish("the line is dead", way_out="try again later")

    assert Failing(work_tree).push(line("fast", branches["fast"])) == 0
    said = capsys.readouterr().err
    assert "the line is dead\n  -> try again later" in said
    assert "NOT (wholly) reviewed" in said


def test_settings_that_cannot_be_read_stop_nobody(
    work_tree: WorkTree, branches: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def opened() -> Iterator[hook.LocalReview]:
        raise UserMustAct("no such setting", way_out="mend the file")
        yield

    pushed = prepush.read(line("fast", branches["fast"]))

    assert hook.review_push(pushed, remote="origin", opened=opened) == 0
    assert "no such setting\n  -> mend the file" in capsys.readouterr().err


# --- the whole of it: git push, the installed hook, this Python ------------------------------


class Checkout:
    """A checkout with our hook installed, and a remote that has its `main`."""

    def __init__(self, work_tree: WorkTree, remote: Path) -> None:
        self.work_tree = work_tree
        self.remote = remote
        subprocess.run(
            ("git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)), check=True
        )
        work_tree.git("remote", "add", "origin", str(remote))
        work_tree.commit({"a": "1"})
        work_tree.commit({"a": "2"})
        work_tree.git("push", "--quiet", "origin", "HEAD~1:refs/heads/main")
        hook.install(folder=work_tree.folder, chain=False)

    def push(self, *words: str, folder: Path | None = None) -> str:
        """Push, and return what was said."""
        done = subprocess.run(
            ("git", "push", "origin", *words),
            cwd=folder or self.work_tree.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    def tip(self, branch: str) -> str:
        """Return the commit that the remote has; empty when it has no such branch."""
        found = subprocess.run(
            ("git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"),
            cwd=self.remote,
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.strip()


@pytest.fixture
def checkout(work_tree: WorkTree, tmp_path: Path) -> Checkout:
    return Checkout(work_tree, tmp_path / "remote.git")


@pytest.mark.parametrize(
    "words",
    [
        ("HEAD~1:refs/heads/main",),
        ("HEAD:refs/tags/v1",),
        (":refs/heads/gone",),
        ("HEAD~1:refs/heads/copy", "HEAD:refs/tags/v2"),
    ],
    ids=["up to date", "a tag", "a deletion", "a branch without a new commit, and a tag"],
)
def test_a_push_without_new_code_passes_in_silence(
    checkout: Checkout, words: tuple[str, ...]
) -> None:
    checkout.push("--no-verify", "HEAD~1:refs/heads/gone")

    assert "reviewer" not in checkout.push(*words)


def test_an_idle_hook_imports_nothing_heavy(checkout: Checkout) -> None:
    asked = subprocess.run(
        (sys.executable, "-I", "-X", "importtime", "-m", "reviewer", "hook", "run", "origin", "u"),
        cwd=checkout.work_tree.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in asked.stderr.splitlines()}

    assert "reviewer.source.prepush" in imported
    assert not imported & {"anthropic", "github", "jinja2", "pydantic", "re2", "rich", "sqlite3"}
    assert not imported & {"reviewer.flow", "reviewer.settings", "subprocess"}


def reviewed(said: str) -> list[str]:
    """What the hook says it reviews: `branch, base..head`."""
    start = "reviewer: reviewing "
    return [line.removeprefix(start) for line in said.splitlines() if line.startswith(start)]


def span(work_tree: WorkTree, base: str, head: str) -> str:
    ids = (work_tree.git("rev-parse", "--short=12", name) for name in (base, head))
    return "..".join(ids)


def test_a_branch_that_grew_is_reviewed_from_what_the_remote_has(checkout: Checkout) -> None:
    said = checkout.push("main")

    assert reviewed(said) == [f"main, {span(checkout.work_tree, 'HEAD~1', 'HEAD')}"]


def test_a_new_branch_is_reviewed_from_the_default_branch(checkout: Checkout) -> None:
    said = checkout.push("HEAD:refs/heads/fast")

    assert reviewed(said) == [f"fast, {span(checkout.work_tree, 'HEAD~1', 'HEAD')}"]


def test_a_quiet_hook_says_what_the_review_comes_to_and_nothing_before(
    checkout: Checkout,
) -> None:
    hook.install(folder=checkout.work_tree.folder, chain=False, quiet=True)
    said = checkout.push("main")

    assert reviewed(said) == []
    assert "Searching" not in said
    assert "No model was asked" in said
    assert checkout.tip("main")


def test_an_expression_is_reviewed_as_the_commit_it_names(checkout: Checkout) -> None:
    checkout.work_tree.commit({"a": "3"})
    said = checkout.push("HEAD~1:main")

    assert reviewed(said) == [f"main, {span(checkout.work_tree, 'HEAD~2', 'HEAD~1')}"]


def test_several_refs_are_each_reviewed(checkout: Checkout) -> None:
    checkout.work_tree.git("branch", "slow")
    checkout.work_tree.commit({"a": "3"})
    checkout.push("--no-verify", "HEAD:refs/heads/gone")
    said = checkout.push("main", "slow", "HEAD:refs/tags/v1", ":gone")

    assert reviewed(said) == [
        f"main, {span(checkout.work_tree, 'HEAD~2', 'HEAD')}",
        f"slow, {span(checkout.work_tree, 'HEAD~2', 'slow')}",
    ]


def test_a_forced_push_is_reviewed_from_the_last_commit_that_both_have(checkout: Checkout) -> None:
    checkout.push("--no-verify", "HEAD:refs/heads/fast")
    checkout.work_tree.git("commit", "--quiet", "--amend", "--message", "better")
    said = checkout.push("--force", "HEAD:refs/heads/fast")

    assert reviewed(said) == [f"fast, {span(checkout.work_tree, 'HEAD~1', 'HEAD')}"]


def test_a_forced_push_over_a_commit_that_is_not_here_is_reviewed_from_the_default_branch(
    checkout: Checkout, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for words in (
        ("clone", "--quiet", str(checkout.remote), str(other)),
        ("-C", str(other), "commit", "--quiet", "--allow-empty", "--message", "theirs"),
        ("-C", str(other), "push", "--quiet", "origin", "HEAD:refs/heads/fast"),
    ):
        subprocess.run(("git", *words), check=True)
    said = checkout.push("--force", "HEAD:refs/heads/fast")

    assert reviewed(said) == [f"fast, {span(checkout.work_tree, 'HEAD~1', 'HEAD')}"]


def test_a_push_from_a_linked_worktree_is_reviewed(checkout: Checkout, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    checkout.work_tree.git("worktree", "add", "--quiet", "-b", "fast", str(linked))
    said = checkout.push("fast", folder=linked)

    assert reviewed(said) == [f"fast, {span(checkout.work_tree, 'HEAD~1', 'fast')}"]


def test_without_a_key_the_local_engine_reviews_the_push(checkout: Checkout) -> None:
    said = checkout.push("main")

    assert "no model is asked" in said
    assert "NOT (wholly) reviewed" not in said
    assert checkout.tip("main") == checkout.work_tree.git("rev-parse", "HEAD")


def test_claude_without_a_key_lets_the_push_go_on_and_says_what_is_missing(
    checkout: Checkout,
) -> None:
    checkout.work_tree.write({".reviewer.toml": 'engine = "claude"\n'})
    said = checkout.push("main")

    assert "ANTHROPIC_API_KEY" in said
    assert "NOT (wholly) reviewed" in said
    assert "Traceback" not in said
    assert checkout.tip("main") == checkout.work_tree.git("rev-parse", "HEAD")


def test_claude_without_a_key_keeps_the_push_of_a_strict_checkout_back(
    checkout: Checkout,
) -> None:
    checkout.work_tree.write({".reviewer.toml": 'engine = "claude"\nblock_on_error = true\n'})
    said = checkout.push("HEAD:refs/heads/fast")

    assert "git push --no-verify" in said
    assert checkout.tip("fast") == ""


def under_pre_commit(folder: Path, **variables: str) -> str:
    """Run the hook as the pre-commit framework does, and return what was said."""
    return subprocess.run(
        (sys.executable, "-I", "-m", "reviewer", "hook", "run"),
        cwd=folder,
        env=os.environ
        | {
            "PRE_COMMIT_REMOTE_NAME": "origin",
            "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
            "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main",
        }
        | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    ).stderr


def test_pre_commits_variables_are_read_when_it_keeps_gits_lines(checkout: Checkout) -> None:
    head, base = (checkout.work_tree.git("rev-parse", name) for name in ("HEAD", "HEAD~1"))
    said = under_pre_commit(
        checkout.work_tree.folder, PRE_COMMIT_FROM_REF=base, PRE_COMMIT_TO_REF=head
    )

    assert reviewed(said) == [f"main, {span(checkout.work_tree, base, head)}"]


def test_pre_commits_first_push_is_not_reviewed_and_says_so(checkout: Checkout) -> None:
    said = under_pre_commit(checkout.work_tree.folder)

    assert said.startswith("reviewer: refs/heads/main is not reviewed: pre-commit names nothing")


def test_what_the_model_finds_stops_the_push(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.work_tree.commit(story.BASE)
    checkout.push("--no-verify", "main")
    checkout.work_tree.commit(story.HEAD)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "stand-in")
    monkeypatch.setenv("REVIEWER_FAIL_ON", "high")
    said = (story.answer(), story.rulings())
    with Server(Messages([Turn(text=text) for text in said * 2])) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        stopped = checkout.push("main")
        monkeypatch.setenv("REVIEWER_FAIL_ON", "critical")
        passed = checkout.push("HEAD:refs/heads/bold")

    assert "turnover() still calls total()" in stopped
    assert "the push is stopped" in stopped
    assert "turnover() still calls total()" in passed
    assert "the push is stopped" not in passed
    head = checkout.work_tree.git("rev-parse", "HEAD")
    assert checkout.tip("main") != head == checkout.tip("bold")
