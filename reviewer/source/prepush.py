"""What git tells its pre-push hook -> what each pushed ref is compared with. Pure.

git writes one line a ref to the hook's standard input: `<local ref> <local id> <remote ref>
<remote id>` (githooks(5)). The pre-commit framework keeps that input to itself and sets
variables instead (pre-commit.com, pre-push). Nothing heavy may be imported here: the hook runs
on every push, also on the one that has nothing to push.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_REMOTE = "origin"

_OID = "[0-9a-f]{40}|[0-9a-f]{64}"
"""SHA-1 and SHA-256 repositories."""

_LINE = re.compile(
    rf"(?P<local_ref>.+) (?P<local_oid>{_OID}) (?P<remote_ref>[^ ]+) (?P<remote_oid>{_OID})"
)
"""Only the name that the user typed can hold spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedRef:
    """One ref of a push: what the remote has under `remote_ref` now, and what it is to have.

    `local_ref` is what the user typed (`HEAD~1`, even `main@{1 day ago}`), so it is only good
    for messages. The ids are full; all zeros is git's "there is none".
    """

    local_ref: str
    local_oid: str
    remote_ref: str
    remote_oid: str

    @property
    def deleted(self) -> bool:
        """Whether the push takes the ref away."""
        return not self.local_oid.strip("0")

    @property
    def created(self) -> bool:
        """Whether the remote does not have the ref yet."""
        return not self.remote_oid.strip("0")

    @property
    def tag(self) -> bool:
        """Whether the ref is a tag: a name for commits that are reviewed on their branch."""
        return self.remote_ref.startswith("refs/tags/")

    @property
    def branch(self) -> str:
        """The remote's name for it, as people say it; fit to be printed."""
        name = self.remote_ref.removeprefix("refs/heads/")
        return name.encode("utf-8", "backslashreplace").decode()

    @property
    def carries_code(self) -> bool:
        """Whether there may be something to review in it."""
        return not (self.deleted or self.tag or self.local_oid == self.remote_oid)


def read(stdin: str) -> tuple[PushedRef, ...]:
    """Read the hook's standard input; none at all when everything is up to date.

    Raises `UserMustAct` for anything but git's lines.
    """
    # Not `splitlines`: a ref may hold U+2028, which that would take for the end of a line.
    return tuple(_line(line) for line in stdin.split("\n") if line)


def read_pre_commit(environment: Mapping[str, str]) -> tuple[PushedRef, ...]:
    """Read the variables that pre-commit sets in the place of standard input.

    It hands on the first pushed ref only, with the commit where the new work begins as
    PRE_COMMIT_FROM_REF, and sets no ids at all for the very first push of a repository, where
    there is nothing to compare with. Raises `UserMustAct` for ids that are none.
    """
    local_oid = environment.get("PRE_COMMIT_TO_REF", "")
    remote_oid = environment.get("PRE_COMMIT_FROM_REF", "")
    if not (local_oid and remote_oid):
        return ()
    local_ref = environment.get("PRE_COMMIT_LOCAL_BRANCH", "HEAD")
    remote_ref = environment.get("PRE_COMMIT_REMOTE_BRANCH", local_ref)
    return (_line(f"{local_ref} {local_oid} {remote_ref} {remote_oid}"),)


def _line(line: str) -> PushedRef:
    if found := _LINE.fullmatch(line):
        return PushedRef(**found.groupdict())
    raise UserMustAct(
        f"this is not what git tells a pre-push hook: {line[:200]!r}",
        way_out="let `git push` call the hook; to review by hand, use `reviewer review`",
    )


# --- what a ref is compared with ---------------------------------------------------------------


class Refs(Protocol):
    """What choosing a range needs to know of the repository; ids are full."""

    def exists(self, oid: str) -> bool:
        """Whether a commit is in the object store."""
        ...

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor, or None."""
        ...

    def default_branch(self, remote: str) -> str | None:
        """Return the commit of a remote's default branch as last fetched, or None."""
        ...


def base_of(ref: PushedRef, *, remote: str, refs: Refs) -> str | None:
    """Return the commit that a pushed ref is compared with, or None when there is none.

    What the remote has of this ref already, as long as that stands on the same commit of the
    default branch as before. Once the default branch was merged in, or the branch rebased, its
    work would look like this push's: then the whole branch, as a pull request would show it.
    """
    known = not ref.created and refs.exists(ref.remote_oid)
    already = refs.merge_base(ref.remote_oid, ref.local_oid) if known else None
    tip = refs.default_branch(remote) or refs.default_branch(DEFAULT_REMOTE)
    fork = refs.merge_base(tip, ref.local_oid) if tip else None
    if already and (fork is None or refs.merge_base(fork, already) == fork):
        return already
    return fork
