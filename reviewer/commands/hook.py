"""`reviewer hook install|uninstall|run`: put the pre-push hook in place, take it away, be it.

What reads the repository and reviews is imported only when there is code to review: the hook
runs on every push, and most of what an idle one costs is the start of Python.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import (
    EXIT_CLEAN,
    EXIT_FOUND,
    EXIT_INTERRUPTED,
    EXIT_UNFINISHED,
    EXIT_USER,
    ReviewerError,
)
from reviewer.source import prepush

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from reviewer.source.prepush import PushedRef, Refs

# --- putting it in place ---------------------------------------------------------------------


def install(*, folder: Path, chain: bool, quiet: bool = False) -> int:
    """Write the hook of the repository around `folder`; one of ours is replaced.

    `chain` keeps somebody else's hook and runs it first; `quiet` makes one that says only what it
    finds and what is wrong. Raises `UserMustAct`.
    """
    from reviewer.commands import hook_file

    hook = hook_file.place(folder, alone=True)
    hook_file.write(hook, python=sys.executable, chain=chain, quiet=quiet)
    print(f"Installed {hook}")
    if (kept := hook_file.chained(hook)).exists():
        print(f"It runs {kept.name} first")
    return EXIT_CLEAN


def uninstall(*, folder: Path) -> int:
    """Take our hook away and put a chained one back. Raises `UserMustAct`."""
    from reviewer.commands import hook_file

    hook = hook_file.place(folder, alone=False)
    if not hook_file.remove(hook):
        print(f"Nothing to do: there is no {hook}")
        return EXIT_CLEAN
    print(f"Removed {hook}")
    if hook.exists():
        print(f"{hook_file.chained(hook).name} is {hook.name} again")
    return EXIT_CLEAN


# --- being the hook --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalReview:
    """Everything that is worth opening only when there is something to review.

    `review_range` takes an ancestor and its descendant and returns the review's exit code.
    `quiet` says nothing of what is going well.
    """

    refs: Refs
    block_on_error: bool
    review_range: Callable[[str, str], int]
    quiet: bool = False


def run(*, remote: str, url: str, quiet: bool) -> int:
    """Review what is being pushed; 0 lets the push through, 1 and 130 stop it.

    git gives the remote's name and URL, the URL twice when it has no name, and the refs on
    standard input; pre-commit gives nothing of it but variables. Raises `UserMustAct` for input
    that is not git's; the script takes that, like a crash, for no reason to stop anyone.
    """
    name = remote if remote != url else os.environ.get("PRE_COMMIT_REMOTE_NAME", "")
    return review_push(
        _pushed(),
        remote=name or prepush.DEFAULT_REMOTE,
        opened=lambda: _opened(quiet=quiet),
    )


def _pushed() -> tuple[PushedRef, ...]:
    text = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    if text.strip():
        return prepush.read(text.decode("utf-8", "surrogateescape"))
    pushed = prepush.read_pre_commit(os.environ)
    if not pushed and (branch := os.environ.get("PRE_COMMIT_REMOTE_BRANCH")):
        _say(f"{branch} is not reviewed: pre-commit names nothing to compare a first push with")
    return pushed


def review_push(
    pushed: Iterable[PushedRef],
    *,
    remote: str,
    opened: Callable[[], AbstractContextManager[LocalReview]],
) -> int:
    """Review every ref that carries code, the same range once.

    A review that fails lets the push through with a warning, unless `block_on_error`.
    """
    with_code = [ref for ref in pushed if ref.carries_code]
    if not with_code:
        return EXIT_CLEAN
    try:
        with opened() as local:
            codes = _review_each(with_code, remote=remote, local=local)
            return _decide(codes, block_on_error=local.block_on_error)
    except ReviewerError as error:
        # The setting that could ask for a stop is among the things that could not be read.
        return _decide([_told(error)], block_on_error=False)


def _review_each(pushed: Iterable[PushedRef], *, remote: str, local: LocalReview) -> list[int]:
    codes: list[int] = []
    done: set[tuple[str, str]] = set()
    for ref in pushed:
        base, head = prepush.base_of(ref, remote=remote, refs=local.refs), ref.local_oid
        if base is None:
            _say(f"{ref.branch} is not reviewed: {remote} has nothing to compare it with")
        elif base != head and (base, head) not in done:
            done.add((base, head))
            if not local.quiet:
                _say(f"reviewing {ref.branch}, {base[:12]}..{head[:12]}")
            codes.append(_review(base, head, local))
        if EXIT_INTERRUPTED in codes:
            break
    return codes


def _review(base: str, head: str, local: LocalReview) -> int:
    try:
        return local.review_range(base, head)
    except ReviewerError as error:
        return _told(error)


def _decide(codes: Iterable[int], *, block_on_error: bool) -> int:
    """Return what git is told: 1 for every stop but an interruption, 2 and 3 for nothing."""
    present = set(codes)
    if EXIT_INTERRUPTED in present:
        return EXIT_INTERRUPTED
    failed = bool(present & {EXIT_USER, EXIT_UNFINISHED})
    if EXIT_FOUND in present or (failed and block_on_error):
        _say("the push is stopped. To push anyway: git push --no-verify")
        return EXIT_FOUND
    if failed:
        _say("NOT (wholly) reviewed, see above. The push goes on; block_on_error would stop it.")
    return EXIT_CLEAN


def _told(error: ReviewerError) -> int:
    _say(f"{error}\n  -> {error.way_out}")
    return error.exit_code


def _say(text: str) -> None:
    from reviewer.publish.neutralise import for_terminal

    print(f"reviewer: {for_terminal(text)}", file=sys.stderr)


@contextmanager
def _opened(*, quiet: bool) -> Iterator[LocalReview]:
    from reviewer.flow import Change
    from reviewer.publish.terminal import TerminalProgress, TerminalPublisher
    from reviewer.wiring import local
    from reviewer.wiring.run import review_here

    with local.hired(ahead=True) as pool, local.opened(Path()) as repository:
        settings = local.local_settings(repository, {})

        def review_range(base: str, head: str) -> int:
            commits = repository.messages(base, head)
            with TerminalProgress(sys.stderr, quiet=quiet) as progress:
                reviewed = review_here(
                    repository,
                    Change(base=base, merge_base=base, head=head, commits=commits),
                    settings,
                    pool=pool,
                    publisher=TerminalPublisher(sys.stderr),
                    progress=progress,
                )
            return reviewed.exit_code(settings.fail_on)

        yield LocalReview(
            refs=repository,
            block_on_error=settings.block_on_error,
            review_range=review_range,
            quiet=quiet,
        )
