"""`reviewer cache info|clear`: what is kept about files between runs, not the prompt cache."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.publish.documents import inspected
from reviewer.publish.documents.inspected import CacheInfo, Results
from reviewer.publish.neutralise import for_terminal
from reviewer.source import cache_place
from reviewer.source.blob_cache import MOST_BYTES
from reviewer.source.blob_file import FILE_NAME, BlobFile
from reviewer.source.cache_place import Damaged, Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewer.publish.documents.inspected import CacheState
    from reviewer.source.blob_file import Kind

MEGABYTE = 1_000_000
SWITCHED_OFF = (
    f"There is no cache: it is switched off with {cache_place.VARIABLE}, or no home is known."
)


def info(*, as_json: bool) -> int:
    """Say where the cache is, how large, and how many results of each kind it holds."""
    folder = cache_place.cache_folder(os.environ)
    found = _found(folder / FILE_NAME) if folder else _info("off")
    print(inspected.as_json(found) if as_json else "\n".join(_lines(found)))
    return EXIT_CLEAN


def _found(path: Path) -> CacheInfo:
    try:
        if cache_place.identity(path) is None:
            return _info("absent", path)
        with closing(BlobFile(path)) as file:
            kinds = file.kinds()
    except Damaged as error:
        return _info("damaged", path, why=str(error))
    except Unusable as error:
        return _info("unusable", path, why=str(error))
    return _info("usable", path, kinds=kinds)


def _info(
    state: CacheState, path: Path | None = None, *, why: str = "", kinds: Sequence[Kind] = ()
) -> CacheInfo:
    looked_at = path if state not in ("off", "unusable") else None
    return CacheInfo(
        state=state,
        path=str(path) if path else None,
        why=why,
        size_bytes=_size(looked_at) if looked_at else None,
        most_bytes=MOST_BYTES,
        results=tuple(
            Results(kind=kind.name, entries=kind.rows, value_bytes=kind.value_bytes)
            for kind in kinds
        ),
    )


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in cache_place.files(path) if each.exists())


def _lines(found: CacheInfo) -> list[str]:
    match found.state:
        case "off":
            return [SWITCHED_OFF]
        case "absent":
            return [f"There is no cache yet. It will be {found.path}"]
        case "damaged":
            return [f"{found.path}", f"It is damaged ({found.why}); the next run begins it anew."]
        case "unusable":
            return [f"{found.path}", f"Runs go on without it: {found.why}."]
        case "usable":
            size = f"{_megabytes(found.size_bytes or 0)} of at most {_megabytes(found.most_bytes)}"
            return [f"{found.path}", size, *map(_row, found.results)]


def _row(held: Results) -> str:
    name = for_terminal(held.kind)
    return f"{name:24} {held.entries:>9,} results {_megabytes(held.value_bytes):>12}"


def clear() -> int:
    """Remove the cache; what a run knows again, it finds out again."""
    folder = cache_place.cache_folder(os.environ)
    if folder is None:
        print(SWITCHED_OFF)
        return EXIT_CLEAN
    path = folder / FILE_NAME
    if path.is_dir() and not path.is_symlink():
        raise UserMustAct(f"{path} is a folder, and not ours", way_out="look, and move it away")
    present = [each for each in cache_place.files(path) if each.is_symlink() or each.exists()]
    size = sum(each.lstat().st_size for each in present)
    for each in present:
        each.unlink(missing_ok=True)
    print(f"Removed {path} ({_megabytes(size)})" if present else f"There is no cache in {folder}")
    return EXIT_CLEAN


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / MEGABYTE:,.1f} MB"
