"""Running git: the only module that knows GitPython. Does I/O.

Commands run inside the git directory with the variables that could change what they say pinned.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.errors import CouldNotFinish, UserMustAct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

_BYTES = re.compile(r"\bb'([^']*)'")
"""What git said, as GitPython shows it."""


class GitProcess:
    """The git of one repository, found from any folder inside; raises `UserMustAct`."""

    def __init__(self, folder: Path) -> None:
        git = _gitpython()
        self._errors = (git.GitError, ValueError, OSError)  # what GitPython lets through
        git_dir, top = _find(folder)
        self.git_dir = Path(git_dir)
        self.top = Path(top) if top else None
        self._git: Any = git.Git(git_dir)
        self._git.update_environment(
            LC_ALL="C", GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0", GIT_NO_REPLACE_OBJECTS="1"
        )
        self._git.set_persistent_git_options(git_dir=git_dir)

    def close(self) -> None:
        """End the `cat-file` child that GitPython keeps running."""
        self._git.clear_cache()

    def blob(self, oid: str) -> bytes:
        """Return an object's bytes; raises `CouldNotFinish` when it is not there."""
        try:
            data: bytes = self._git.get_object_data(oid)[3]
        except self._errors as error:
            raise _unreadable(oid, error) from error
        return data

    def blobs(self, oids: Sequence[str]) -> Iterator[bytes]:
        """Give many objects, in the order of their ids; raises `CouldNotFinish` as `blob` does.

        One stream: asking for one after the other takes a switch between two processes each time.
        """
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{oid}\n" for oid in oids).encode())
            asked.seek(0)
            child = self._git.execute(
                [*self._program(), "cat-file", "--batch", "--buffer"],
                istream=asked,
                as_process=True,
            )
            for oid in oids:
                head = child.stdout.readline().split()
                if len(head) != len(("id", "type", "size")):
                    raise _unreadable(oid, b" ".join(head).decode("utf-8", "replace"))
                data = child.stdout.read(int(head[2]) + 1)
                if len(data) != int(head[2]) + 1:
                    raise _unreadable(oid, "git stopped in the middle of it")
                yield data[:-1]

    def run(
        self,
        *words: str,
        env: dict[str, str] | None = None,
        feed: bytes = b"",
        most_seconds: float | None = None,
    ) -> bytes:
        """Return what a command prints when it is fed this on standard input.

        It is ended after `most_seconds`, where the system can: not on Windows. Raises
        `CouldNotFinish` with what git complained of.
        """
        try:
            with tempfile.TemporaryFile() as fed:
                fed.write(feed)
                fed.seek(0)
                out: bytes = self._git.execute(
                    [*self._program(), *words],
                    istream=fed,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    env=env,
                    kill_after_timeout=None if os.name == "nt" else most_seconds,
                )
        except self._errors as error:
            verb = next(word for word in words if word[0] != "-" and "=" not in word)
            raise CouldNotFinish(
                f"git {verb} failed: {_complaint(error)}",
                way_out="run the same git command by hand to see more",
            ) from error
        return out

    def shallow(self) -> frozenset[str]:
        """Return the commits at which a shallow clone ends; empty for a full one."""
        name = Path(self.answer("rev-parse", "--git-path", "shallow") or "shallow")
        path = name if name.is_absolute() else self.git_dir / name
        try:
            return frozenset(path.read_text(encoding="ascii").split())
        except OSError:  # no such file: nothing is cut off
            return frozenset()

    def _program(self) -> tuple[str, str]:
        return self._git.GIT_PYTHON_GIT_EXECUTABLE, f"--git-dir={self.git_dir}"

    def answer(self, *words: str) -> str:
        """Return git's answer as text, or an empty text when git says no."""
        try:
            return self.run(*words).decode("utf-8", "replace").strip()
        except CouldNotFinish:
            return ""


def _unreadable(oid: str, why: object) -> CouldNotFinish:
    said = _BYTES.sub(r"\1", str(why))
    return CouldNotFinish(
        f"git object {oid} cannot be read: {said}",
        way_out="fetch the missing history (`git fetch`), or run `git fsck`",
    )


def _gitpython() -> ModuleType:
    try:
        import git
    except ImportError as error:  # GitPython looks for git when it is imported
        raise UserMustAct(
            "the program `git` was not found", way_out="install git, or put it on PATH"
        ) from error
    return git


def _find(folder: Path) -> tuple[str, str]:
    """Return the git directory and the root of the work tree (empty when bare)."""
    git = _gitpython()
    if not folder.is_dir():
        raise UserMustAct(f"{folder} is not a folder", way_out="give the path of a checkout")
    asked = git.Git(folder)
    try:
        git_dir = str(asked.rev_parse("--absolute-git-dir"))
        bare = str(asked.rev_parse("--is-bare-repository")) == "true"
        if str(asked.rev_parse("--show-object-format")) == "sha256":
            raise UserMustAct(
                f"{folder} is a SHA-256 repository, and only SHA-1 is known here",
                way_out="review a clone with SHA-1 ids; GitHub takes no others either",
            )
        return git_dir, "" if bare else str(asked.rev_parse("--show-toplevel"))
    except git.GitCommandError as error:
        raise UserMustAct(
            f"{folder} cannot be used as a git repository: {_complaint(error)}",
            way_out="run it in a checkout that git itself accepts (`git status` works there)",
        ) from error


def _complaint(error: Exception) -> str:
    """Return what git said on standard error, without GitPython's frame around it."""
    said = str(getattr(error, "stderr", "") or error).strip()
    return said.removeprefix("stderr:").strip().removeprefix("'").removesuffix("'").strip()
