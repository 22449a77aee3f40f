"""`reviewer cache info|clear`: what is kept about files between runs, not the prompt cache."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.publish.neutralise import for_terminal
from reviewer.source import cache_place
from reviewer.source.blob_cache import MOST_BYTES
from reviewer.source.blob_file import FILE_NAME, BlobFile
from reviewer.source.cache_place import Damaged, Unusable

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
SWITCHED_OFF = (
    f"There is no cache: it is switched off with {cache_place.VARIABLE}, or no home is known."
)


def info() -> int:
    """Say where the cache is, how large, and how many results of each kind it holds."""
    folder = cache_place.cache_folder(os.environ)
    print("\n".join(_described(folder / FILE_NAME)) if folder else SWITCHED_OFF)
    return EXIT_CLEAN


def _described(path: Path) -> list[str]:
    try:
        if cache_place.identity(path) is None:
            return [f"There is no cache yet. It will be {path}"]
        with closing(BlobFile(path)) as file:
            kinds = file.kinds()
    except Damaged as error:
        return [str(path), f"It is damaged ({error}); the next run begins it anew."]
    except Unusable as error:
        return [str(path), f"Runs go on without it: {error}."]
    size = sum(each.stat().st_size for each in cache_place.files(path) if each.exists())
    rows = [
        f"{for_terminal(kind.name):24} {kind.rows:>9,} results {_megabytes(kind.value_bytes):>12}"
        for kind in kinds
    ]
    return [str(path), f"{_megabytes(size)} of at most {_megabytes(MOST_BYTES)}", *rows]


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
