"""Where git looks for the pre-push hook, whose file is there, and ours. Does I/O.

git is asked for the place: it knows linked worktrees, core.hooksPath, `~` and relative paths.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from reviewer.errors import UserMustAct

MARKER = "# reviewer's pre-push hook: `reviewer hook install` may replace it."
MARKER_WITHIN_BYTES = 512
OWN_SCOPES = ("local", "worktree")


def place(folder: Path, *, alone: bool) -> Path:
    """Return the path of the pre-push hook for the repository around `folder`.

    `alone` refuses a place that other repositories share. Raises `UserMustAct`.
    """
    if _git(folder, "rev-parse", "--is-bare-repository") == "true":
        raise UserMustAct(
            f"{folder} is a bare repository, and nobody pushes from one",
            way_out="run it in the checkout that you push from",
        )
    top = Path(_git(folder, "rev-parse", "--show-toplevel"))
    if alone:
        _refuse_shared(top)
    return top / _git(top, "rev-parse", "--git-path", "hooks") / "pre-push"


def write(hook: Path, *, python: str, chain: bool, quiet: bool = False) -> None:
    """Write our hook, which starts the interpreter `python`. Raises `UserMustAct`."""
    _check_interpreter(python)
    try:
        _make_way(hook, chain=chain)
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.unlink(missing_ok=True)  # a link of ours is replaced, never written through
        hook.write_bytes(script(python, quiet=quiet))
        hook.chmod(0o755)
    except OSError as error:
        raise _cannot_change(hook, error) from error


def remove(hook: Path) -> bool:
    """Delete our hook and put the chained one in its place; False when there is no hook."""
    if not _present(hook):
        return False
    if not _ours(hook):
        raise UserMustAct(f"{hook} is not ours", way_out="delete it by hand if you mean it")
    try:
        hook.unlink()
        if _present(chained(hook)):
            chained(hook).rename(hook)
    except OSError as error:
        raise _cannot_change(hook, error) from error
    return True


def chained(hook: Path) -> Path:
    """Return where somebody else's hook is kept; ours runs it first."""
    return hook.with_name(f"{hook.name}.local")


def script(python: str, *, quiet: bool = False) -> bytes:
    """Return the hook, a POSIX shell script."""
    from reviewer.render import render

    # Forward slashes, because git for Windows runs hooks in a POSIX shell too.
    quoted = shlex.quote(Path(python).as_posix())
    options = " --quiet" if quiet else ""
    text = render("init/hook.sh.j2", marker=MARKER, python=quoted, options=options)
    return os.fsencode(text + "\n")


def _refuse_shared(top: Path) -> None:
    asked = _git(top, "config", "--show-scope", "--get", "core.hooksPath")
    scope, _, shared = asked.partition("\t")
    if shared and scope not in OWN_SCOPES:
        own = top / _git(top, "rev-parse", "--git-common-dir") / "hooks"
        raise UserMustAct(
            f"core.hooksPath of your {scope} configuration is {shared}, so a hook there would "
            "review the pushes of every repository",
            way_out="give this repository a place of its own: "
            f"git config --local core.hooksPath {shlex.quote(str(own))}",
        )


def _check_interpreter(python: str) -> None:
    """`-I` keeps the pushed checkout off the import path, and a `pip install --user` as well."""
    asked = subprocess.run(
        (python, "-I", "-c", "import reviewer"), check=False, capture_output=True
    )
    if asked.returncode:
        raise UserMustAct(
            f"`{python} -I` does not find reviewer, so a hook could not start it",
            way_out="install reviewer in a virtual environment, or with pipx or `uv tool`",
        )


def _git(folder: Path, *words: str) -> str:
    """Return git's answer, empty for a key that is not set. Raises `UserMustAct`."""
    try:
        asked = subprocess.run(("git", *words), cwd=folder, check=False, capture_output=True)
    except OSError as error:
        raise UserMustAct(
            f"git cannot be run in {folder}: {error.strerror}",
            way_out="install git, and name a folder that exists",
        ) from error
    if asked.returncode and asked.stderr:
        raise UserMustAct(
            f"git says of {folder}: {asked.stderr.decode(errors='replace').strip()}",
            way_out="run it inside the checkout that you push from",
        )
    return os.fsdecode(asked.stdout).removesuffix("\n")


def _make_way(hook: Path, *, chain: bool) -> None:
    if not _present(hook) or _ours(hook):
        return
    kept = chained(hook)
    if not chain:
        raise UserMustAct(
            f"{hook} is there already and not ours",
            way_out=f"`--chain` keeps it as {kept.name} and runs it first",
        )
    if _present(kept) or hook.is_dir():
        raise UserMustAct(
            f"{hook} cannot be kept as {kept.name}: that is taken, or it is no file",
            way_out="move one of the two away",
        )
    hook.rename(kept)


def _present(path: Path) -> bool:
    return path.exists() or path.is_symlink()  # a dangling link is somebody's too


def _ours(hook: Path) -> bool:
    if not hook.is_file():
        return False
    with hook.open("rb") as file:
        return MARKER.encode() in file.read(MARKER_WITHIN_BYTES)


def _cannot_change(hook: Path, error: OSError) -> UserMustAct:
    return UserMustAct(
        f"{hook} cannot be changed: {error.strerror}",
        way_out="check who may write to that folder",
    )
