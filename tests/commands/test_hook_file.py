from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reviewer.commands import hook, hook_file
from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import WorkTree

FOREIGN = "#!/bin/sh\necho theirs\n"
RUN = "-I -m reviewer hook run"


def place_of(work_tree: WorkTree) -> Path:
    return work_tree.folder / ".git" / "hooks" / "pre-push"


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def install(work_tree: WorkTree, *, chain: bool = False) -> int:
    return hook.install(folder=work_tree.folder, chain=chain)


# --- where it goes ---------------------------------------------------------------------------


def test_the_hook_is_written_where_git_looks_for_it(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(work_tree) == 0

    assert os.access(place_of(work_tree), os.X_OK)
    assert f"Installed {place_of(work_tree)}" in capsys.readouterr().out


def test_a_folder_inside_the_checkout_will_do(work_tree: WorkTree) -> None:
    inside = work_tree.folder / "deep" / "inside"
    inside.mkdir(parents=True)
    hook.install(folder=inside, chain=False)

    assert place_of(work_tree).is_file()


def test_a_linked_worktree_shares_the_hook_of_its_repository(
    work_tree: WorkTree, tmp_path: Path
) -> None:
    work_tree.commit({"a": "1"})
    work_tree.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    hook.install(folder=tmp_path / "linked", chain=False)

    assert place_of(work_tree).is_file()


def test_the_repositorys_own_hooks_folder_is_respected(work_tree: WorkTree) -> None:
    work_tree.git("config", "core.hooksPath", "my hooks")
    install(work_tree)

    assert (work_tree.folder / "my hooks" / "pre-push").is_file()


def test_a_hooks_folder_of_all_repositories_is_not_touched(
    work_tree: WorkTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    (tmp_path / "config").write_text(f"[core]\nhooksPath = {shared}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))

    with pytest.raises(UserMustAct, match="every repository") as refused:
        install(work_tree)

    assert not shared.exists()
    command = refused.value.way_out.partition(": ")[2]
    subprocess.run(command, shell=True, check=True, cwd=work_tree.folder)
    install(work_tree)
    assert place_of(work_tree).is_file()


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--bare", str(tmp_path / "bare")), check=True)

    with pytest.raises(UserMustAct, match="bare"):
        hook.install(folder=tmp_path / "bare", chain=False)


def test_a_folder_without_a_repository_is_refused_in_gits_words(tmp_path: Path) -> None:
    with pytest.raises(UserMustAct, match="not a git repository"):
        hook.install(folder=tmp_path, chain=False)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserMustAct, match="No such file"):
        hook.install(folder=tmp_path / "gone", chain=False)


def test_an_interpreter_that_cannot_start_the_hook_is_not_recorded(work_tree: WorkTree) -> None:
    place = place_of(work_tree)
    with pytest.raises(UserMustAct, match="does not find reviewer"):
        hook_file.write(place, python=shutil.which("false") or "", chain=False)

    assert not place.exists()


def test_a_folder_that_cannot_be_made_is_an_error_with_a_way_out(work_tree: WorkTree) -> None:
    (work_tree.folder / "file").touch()
    work_tree.git("config", "core.hooksPath", "file/hooks")

    with pytest.raises(UserMustAct, match="cannot be changed"):
        install(work_tree)


# --- whose it is -----------------------------------------------------------------------------


def test_a_hook_of_ours_is_brought_up_to_date(work_tree: WorkTree) -> None:
    executable(place_of(work_tree), f"#!/bin/sh\n{hook_file.MARKER}\nold\n")
    install(work_tree)

    assert place_of(work_tree).read_bytes() == hook_file.script(sys.executable)


def test_installing_twice_changes_nothing(work_tree: WorkTree) -> None:
    install(work_tree)
    once = place_of(work_tree).read_bytes()
    install(work_tree)

    assert place_of(work_tree).read_bytes() == once
    assert not hook_file.chained(place_of(work_tree)).exists()


def test_somebody_elses_hook_is_left_alone(work_tree: WorkTree) -> None:
    executable(place_of(work_tree), FOREIGN)

    with pytest.raises(UserMustAct, match="not ours") as refused:
        install(work_tree)

    assert "--chain" in refused.value.way_out
    assert place_of(work_tree).read_text() == FOREIGN


def test_chaining_keeps_somebody_elses_hook(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    executable(place_of(work_tree), FOREIGN)
    install(work_tree, chain=True)

    kept = hook_file.chained(place_of(work_tree))
    assert kept.read_text() == FOREIGN
    assert os.access(kept, os.X_OK)
    assert "runs pre-push.local first" in capsys.readouterr().out


def test_a_link_that_leads_nowhere_is_somebodys(work_tree: WorkTree) -> None:
    place_of(work_tree).parent.mkdir(exist_ok=True)
    place_of(work_tree).symlink_to("gone")

    with pytest.raises(UserMustAct, match="not ours"):
        install(work_tree)


def test_a_chained_hook_is_never_overwritten(work_tree: WorkTree) -> None:
    executable(place_of(work_tree), FOREIGN)
    kept = executable(hook_file.chained(place_of(work_tree)), "older")

    with pytest.raises(UserMustAct, match="taken"):
        install(work_tree, chain=True)

    assert kept.read_text() == "older"
    assert place_of(work_tree).read_text() == FOREIGN


def test_uninstalling_removes_our_hook(work_tree: WorkTree) -> None:
    install(work_tree)

    assert hook.uninstall(folder=work_tree.folder) == 0
    assert not place_of(work_tree).exists()


def test_uninstalling_puts_a_chained_hook_back(work_tree: WorkTree) -> None:
    executable(place_of(work_tree), FOREIGN)
    install(work_tree, chain=True)
    hook.uninstall(folder=work_tree.folder)

    assert place_of(work_tree).read_text() == FOREIGN
    assert not hook_file.chained(place_of(work_tree)).exists()


def test_uninstalling_leaves_somebody_elses_hook(work_tree: WorkTree) -> None:
    executable(place_of(work_tree), FOREIGN)

    with pytest.raises(UserMustAct, match="not ours"):
        hook.uninstall(folder=work_tree.folder)

    assert place_of(work_tree).read_text() == FOREIGN


def test_uninstalling_nothing_says_so(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hook.uninstall(folder=work_tree.folder) == 0
    assert "Nothing to do" in capsys.readouterr().out


# --- what it does when git runs it -----------------------------------------------------------


class Pushed:
    """A checkout with a remote and our hook, in which a recorder stands for Python."""

    def __init__(self, work_tree: WorkTree, scratch: Path) -> None:
        self.work_tree = work_tree
        self.log = scratch / "log"
        self.remote = scratch / "remote.git"
        subprocess.run(("git", "init", "--quiet", "--bare", str(self.remote)), check=True)
        work_tree.commit({"a": "1"})
        work_tree.git("remote", "add", "origin", str(self.remote))
        self.python = executable(scratch / "it's a $(touch trap) python", self.recorder())
        self.place = executable(place_of(work_tree), "")
        self.place.write_bytes(hook_file.script(str(self.python)))

    def recorder(self, code: int = 0) -> str:
        return (
            f'#!/bin/sh\n[ "$2" = -c ] && exit 0\n'
            f'printf "%s\\n" "$*" >>{self.log}\ncat >>{self.log}\nexit {code}\n'
        )

    def push(self, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = os.environ | ({"PATH": path} if path else {})
        return subprocess.run(
            (shutil.which("git") or "git", "push", "origin", *words),
            cwd=self.work_tree.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def arrived(self) -> bool:
        heads = subprocess.run(
            ("git", "for-each-ref"), cwd=self.remote, capture_output=True, check=True
        )
        return bool(heads.stdout)


@pytest.fixture
def pushed(work_tree: WorkTree, tmp_path: Path) -> Pushed:
    return Pushed(work_tree, tmp_path)


def test_git_hands_the_remote_and_every_ref_through(pushed: Pushed) -> None:
    head = pushed.work_tree.git("rev-parse", "HEAD")
    pushed.push("main", "HEAD:refs/heads/b-c", "HEAD:refs/tags/v1")

    assert pushed.log.read_text().splitlines() == [
        f"{RUN} origin {pushed.remote}",
        f"refs/heads/main {head} refs/heads/main {'0' * 40}",
        f"HEAD {head} refs/heads/b-c {'0' * 40}",
        f"HEAD {head} refs/tags/v1 {'0' * 40}",
    ]


def test_an_interpreters_path_is_a_path_and_never_a_command(pushed: Pushed) -> None:
    assert pushed.push("main").returncode == 0
    assert pushed.log.exists()
    assert not (pushed.work_tree.folder / "trap").exists()


@pytest.mark.parametrize(("code", "arrives"), [(0, True), (1, False), (130, False)])
def test_a_decision_is_obeyed(pushed: Pushed, code: int, arrives: bool) -> None:
    executable(pushed.python, pushed.recorder(code))

    assert pushed.push("main").returncode == (0 if arrives else 1)
    assert pushed.arrived is arrives


@pytest.mark.parametrize("code", [2, 3, 137])
def test_an_accident_lets_the_push_through_and_says_so(pushed: Pushed, code: int) -> None:
    executable(pushed.python, pushed.recorder(code))
    done = pushed.push("main")

    assert f"ended with {code}, so this push is NOT reviewed" in done.stderr
    assert pushed.arrived


def test_a_push_without_the_hook_is_not_reviewed(pushed: Pushed) -> None:
    executable(pushed.python, pushed.recorder(1))
    pushed.push("--no-verify", "main")

    assert pushed.arrived
    assert not pushed.log.exists()


def test_a_chained_hook_sees_what_git_sent_and_so_do_we(pushed: Pushed, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    executable(
        hook_file.chained(pushed.place),
        f'#!/bin/sh\nprintf "%s\\n" "{RUN} $*" >{seen}\ncat >>{seen}\n',
    )
    pushed.push("main")

    assert seen.read_text() == pushed.log.read_text()
    assert pushed.arrived


def test_a_chained_hook_that_stops_the_push_is_obeyed_before_we_run(pushed: Pushed) -> None:
    executable(hook_file.chained(pushed.place), "#!/bin/sh\nexit 7\n")
    pushed.push("main")

    assert not pushed.arrived
    assert not pushed.log.exists()


def test_a_chained_hook_need_not_read_its_input(pushed: Pushed) -> None:
    executable(hook_file.chained(pushed.place), "#!/bin/sh\nexec </dev/null\n")
    done = pushed.push("main")

    assert pushed.arrived
    assert "pipe" not in done.stderr.lower()


def test_a_chained_hook_that_may_not_be_executed_is_ignored_as_git_would(pushed: Pushed) -> None:
    hook_file.chained(pushed.place).write_text("#!/bin/sh\nexit 1\n")
    pushed.push("main")

    assert pushed.arrived


def test_an_interpreter_that_is_gone_is_replaced_by_the_one_on_the_path(
    pushed: Pushed, tmp_path: Path
) -> None:
    executable(tmp_path / "bin" / "reviewer", pushed.recorder())
    pushed.python.unlink()
    done = pushed.push("main", path=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    assert "the one on PATH is used" in done.stderr
    assert pushed.log.read_text().startswith(f"hook run origin {pushed.remote}\n")


def test_when_reviewer_is_gone_the_push_goes_on_and_says_so(
    pushed: Pushed, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "cat", "git"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    pushed.python.unlink()
    done = pushed.push("main", path=str(tools))

    assert "this push is NOT reviewed" in done.stderr
    assert pushed.arrived


def test_when_there_is_nothing_to_push_the_hook_hears_of_no_ref(pushed: Pushed) -> None:
    pushed.push("main")
    pushed.log.unlink()
    pushed.push("main")

    assert pushed.log.read_text() == f"{RUN} origin {pushed.remote}\n"
