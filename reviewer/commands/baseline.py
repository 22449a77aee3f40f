"""`reviewer baseline write|check`: the committed file of known findings. Does I/O.

The code is looked up in the work tree as it is; the file is the only thing that is ever written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import library
from reviewer.disk import EVERYBODY_READS, write_whole
from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, UserMustAct
from reviewer.judge import baseline, baseline_file
from reviewer.pack.decode import decode
from reviewer.publish.statistics import one_line
from reviewer.wiring.local import opened, place_of_last

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from reviewer.flow import KnownFinding, TreeEntry
    from reviewer.source.repo import GitRepository


def write(*, folder: Path, bundle: Path | None, reason: str) -> int:
    """Add the findings of a kept run; what is known already stays as it is, with its reason.

    What is not in the code any more is left out. Raises `UserMustAct`.
    """
    with opened(folder) as repository:
        path = _place(repository)
        review = library.load(bundle or place_of_last(repository))
        entries, old = _found(repository, path)
        known = baseline.Known(old)
        proven = [placed.proven for placed in review.findings]
        new = [baseline.entry(one, reason=reason) for one in proven if not known.entry_of(one)]
        staying, gone = _standing(old, entries, repository)
        added, strange = _standing(new, entries, repository)
    _write(path, baseline_file.dumps([*staying, *added]))
    print(f"Wrote {path}: {len(added)} new, {len(staying)} stay, {len(gone)} gone")
    _list("not added, because its code is not there now", strange)
    return EXIT_CLEAN


def check(*, folder: Path) -> int:
    """List the entries whose code is gone; returns 1 when there are some."""
    with opened(folder) as repository:
        entries, old = _found(repository, _place(repository))
        staying, gone = _standing(old, entries, repository)
    _list("not needed any more, its code is gone", gone)
    print(f"{len(staying)} known findings whose code is there, {len(gone)} whose code is gone")
    if gone:
        print("  -> delete them from the file; the next `reviewer baseline write` does it too")
    return EXIT_FOUND if gone else EXIT_CLEAN


def _place(repository: GitRepository) -> Path:
    if repository.top is None:
        raise UserMustAct("this is a bare repository", way_out="run it in a checkout")
    return repository.top / baseline_file.FILE_NAME


def _found(
    repository: GitRepository, path: Path
) -> tuple[Sequence[TreeEntry], tuple[KnownFinding, ...]]:
    """Return the files of the work tree, and the baseline among them."""
    entries = repository.entries(repository.snapshot())
    if path.exists() and not any(entry.path == path.name for entry in entries):
        raise UserMustAct(
            f"{path} is ignored by git, so no review can honour it",
            way_out="take it out of .gitignore, and commit it",
        )
    return entries, baseline_file.of_tree(entries, repository.read)


def _standing(
    known: Iterable[KnownFinding], entries: Sequence[TreeEntry], repository: GitRepository
) -> tuple[tuple[KnownFinding, ...], tuple[KnownFinding, ...]]:
    known = tuple(known)
    paths = {each.path for each in known}
    texts = {
        entry.path: decode(repository.read(entry.oid)).text
        for entry in entries
        if entry.path in paths and entry.mode.startswith("100")
    }
    return baseline.standing(known, texts)


def _list(what: str, known: Iterable[KnownFinding]) -> None:
    for each in known:
        print(f"{one_line(each.path)}: {one_line(each.title)}: {what}")


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode(), mode=EVERYBODY_READS)
    except OSError as error:
        raise UserMustAct(
            f"{path} cannot be written: {error.strerror}",
            way_out="check who may write to that folder",
        ) from error
