"""What every local run begins with: the repository, its settings, the change. Does I/O."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

from reviewer import layers
from reviewer.disk import read_at_most
from reviewer.errors import UserMustAct
from reviewer.flow import Audit, Change
from reviewer.ports import Tools
from reviewer.source.blob_cache import BlobCache, Forgetful
from reviewer.source.cache_place import cache_folder
from reviewer.source.pool import Processes
from reviewer.source.repo import EMPTY_TREE, GitRepository
from reviewer.wiring import activity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reviewer.flow import ModelFacts, Reported
    from reviewer.ports import Pool
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings


MOST_SETTINGS_BYTES = 1024 * 1024
"""Of a settings file in the work tree; rules have some kilobytes, and pyproject.toml has."""


@contextmanager
def hired(*, ahead: bool = False) -> Iterator[Processes]:
    """Give the processes that parse.

    `ahead` starts the first while git looks for the files: where a change is sure to be parsed.
    """
    with closing(Processes()) as pool:
        if ahead:
            pool.warm_up()
        yield pool


@contextmanager
def opened(folder: Path) -> Iterator[GitRepository]:
    """Open the repository around a folder, and close it afterwards."""
    repository = GitRepository(folder)
    try:
        yield repository
    finally:
        repository.close()


def local_settings(repository: GitRepository, flags: Mapping[str, object]) -> Settings:
    """Merge the settings for a run on one's own machine: the file is the one in the work tree.

    Lenses on the command line without a depth mean a deep review.
    """
    if flags.get("lenses") and not flags.get("depth"):
        flags = {**flags, "depth": "deep"}
    path = settings_file(repository)
    name, text = (path.name, _text(path.name, _read(path))) if path else ("", "")
    return layers.load(file_name=name, file_text=text, environment=os.environ, flags=flags)


def settings_file(repository: GitRepository) -> Path | None:
    """Return the file in the work tree that the settings are read from, or None."""
    if repository.top is None:
        return None
    paths = (repository.top / name for name in layers.FILE_NAMES)
    # a dangling link is a file that somebody relies on too
    return next((path for path in paths if path.exists() or path.is_symlink()), None)


def _read(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe or a device has no end, and no settings
        raise UserMustAct(f"{path} is no file", way_out="make it a readable file")
    try:
        data = read_at_most(path, MOST_SETTINGS_BYTES)
    except OSError as error:
        raise UserMustAct(
            f"{path} cannot be read: {error.strerror}", way_out="make it a readable file"
        ) from error
    if data is None:
        raise UserMustAct(
            f"{path} has more than {MOST_SETTINGS_BYTES:,} bytes", way_out="make it shorter"
        )
    return data


def base_settings(
    repository: GitRepository,
    base: str,
    *,
    environment: Mapping[str, str],
    flags: Mapping[str, object],
) -> Settings:
    """Merge the settings for CI: the file is the one of the base, which the author cannot edit."""
    for name in layers.FILE_NAMES:
        data = repository.file_at(base, name)
        if data is not None:
            return layers.load(
                file_name=name, file_text=_text(name, data), environment=environment, flags=flags
            )
    return layers.load(environment=environment, flags=flags)


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserMustAct(f"{name} is not UTF-8: {error}", way_out="save it as UTF-8") from error


def local_change(
    repository: GitRepository,
    *,
    base: str | None,
    head: str | None,
    worktree: bool,
    may_be_empty: bool = False,
) -> Change:
    """Return what a local review is about.

    Without `base`, it is what HEAD has over its upstream, and where that is nothing, over the
    default branch. `worktree` adds uncommitted work to it. With `may_be_empty` a repository
    that has neither is compared with itself; else that is a `UserMustAct`.
    """
    if worktree and head:
        raise UserMustAct(
            "--worktree is the head already", way_out="leave out one of --worktree and --head"
        )
    tip = repository.look_up("HEAD") if head is None else repository.resolve(head)
    if tip is None and base is not None:
        raise UserMustAct(
            "HEAD has no commit yet to compare with --base", way_out="commit, or leave out --base"
        )
    if tip is None:  # a repository without a commit: everything in it is the change
        return Change(base=EMPTY_TREE, merge_base=EMPTY_TREE, head=repository.snapshot())
    into = _usual_base(repository, tip) if base is None else repository.resolve(base)
    if into is None and may_be_empty:
        into = tip
    if into is None:
        raise UserMustAct(
            "this branch has no upstream, and there is no main or master to compare with",
            way_out="name what the change goes into with --base",
        )
    merge_base = repository.merge_base(into, tip)
    if merge_base is None:  # everything would look new, and be paid for
        raise UserMustAct(
            f"{into[:12]} and {tip[:12]} have no common ancestor here",
            way_out="bring the history (`git fetch --unshallow`), or name another --base",
        )
    return Change(
        base=into,
        merge_base=merge_base,
        head=repository.snapshot() if worktree else tip,
        commits=repository.messages(merge_base, tip),
    )


def commit_to_audit(
    repository: GitRepository, *, head: str | None, paths: Sequence[str]
) -> Change:
    """Return what an audit is about: a commit as it is, or its files that match `paths`."""
    tip = repository.resolve(head or "HEAD")
    return Change(base=tip, merge_base=tip, head=tip, audit=Audit(paths=tuple(paths)))


def outside_reports(sarif: Sequence[Path], repository: GitRepository) -> tuple[Reported, ...]:
    """Return what other tools report of the repository; raises `UserMustAct`."""
    if not sarif:
        return ()
    from reviewer.source.sarif import read

    return read(sarif, root=repository.top and repository.top.resolve())


def place_of_last(repository: GitRepository) -> Path:
    """Return the file that a local run is kept in, unless another is named."""
    return repository.git_dir / "reviewer" / "last.json"


def _usual_base(repository: GitRepository, tip: str) -> str | None:
    upstream = repository.upstream()
    if upstream and repository.merge_base(upstream, tip) != tip:
        return upstream
    return repository.default_branch("origin") or repository.local_default() or upstream


@contextmanager
def equipped(repository: GitRepository, pool: Pool) -> Iterator[Tools]:
    """Give what the tree is looked into with, the cache of the machine among it."""
    folder = cache_folder(os.environ)
    with BlobCache(folder) if folder else nullcontext(Forgetful()) as memory:
        yield Tools(repository=repository, memory=memory, pool=pool)


def prepared_offline(
    repository: GitRepository, change: Change, settings: Settings, *, pool: Pool
) -> Prepared:
    """Prepare with what is known about the model beforehand: no key, no network, no exact count.

    Raises `UserMustAct` for a model of which nothing is known.
    """
    from reviewer.prepare import prepare

    facts = facts_offline(settings)
    with equipped(repository, pool) as tools:
        reviews = activity.local(repository, change.base, settings)
        return prepare(change, settings, tools=tools, facts=facts, activity=reviews)


def facts_offline(settings: Settings) -> ModelFacts:
    """Return what the bundled table or the settings tell of the model; raises `UserMustAct`."""
    from reviewer.ask.models import known, otherwise

    facts = otherwise(settings.model, settings.window_tokens)
    if facts is None:
        raise UserMustAct(
            f"{settings.model} is not among the bundled models, and nothing is asked here",
            way_out="set `window_tokens` to its window, and its price in a table [[prices]]; or "
            f"set `model` to one of {', '.join(known())}",
        )
    return facts
