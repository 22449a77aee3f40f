"""What the folder of a file says about it, whatever the file is called. Pure.

A folder holds many files and is asked about for each, so the answer is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reviewer.flow import FileClass, Verdict
from reviewer.pack import names

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_KEPT = 4096
"""Files come in path order, so that even a few would do; a hostile tree has no end of them."""

_SECRET_FOLDERS = tuple(path.rpartition("/")[0] for path in names.SECRET_PATHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSays:
    """What holds for every file directly inside one folder."""

    vendored: str
    """The rule by which it holds other people's code, or nothing."""

    nature: Verdict | None
    nature_but_docs: Verdict | None
    """The same where attributes have the say about documentation."""

    holds_secrets: bool
    """Whether some name in it may mean a credential because of where it stands."""

    holds_bundles: bool
    """Whether JavaScript in it may be generated because of where it stands."""


@lru_cache(MOST_KEPT)
def says(folder: str) -> FolderSays:
    """Return what a folder says; it has no closing slash, and the root is the empty text."""
    folders = folder.split("/") if folder else []
    lower = folder.lower()
    return FolderSays(
        vendored=_vendored(lower),
        nature=_nature(folders, docs_folders=True),
        nature_but_docs=_nature(folders, docs_folders=False),
        holds_secrets=lower.endswith(_SECRET_FOLDERS),
        holds_bundles="dist" in lower,
    )


def _vendored(lower: str) -> str:
    for folder in lower.split("/"):
        if folder in names.VENDORED_FOLDERS:
            return f"folder {folder}/"
    found = names.VENDORED_PATHS.match(f"{lower}/")
    return f"path {found[0]}" if found else ""


def _nature(folders: Sequence[str], *, docs_folders: bool) -> Verdict | None:
    """Return what the outermost folder that says something makes of a file."""
    for depth, folder in enumerate(folders):
        lower = folder.lower()
        if lower in names.CONFIG_FOLDERS:
            return Verdict(file_class=FileClass.CONFIG, rule=f"folder {folder}/")
        if docs_folders and depth == 0 and lower in names.DOCS_FOLDERS:
            return Verdict(file_class=FileClass.DOCS, rule=f"folder {folder}/")
        if _means_tests(folder) and not _is_product(folders, depth):
            return Verdict(file_class=FileClass.TEST, rule=f"folder {folder}/")
    return None


@lru_cache(MOST_KEPT)
def _means_tests(folder: str) -> bool:
    tests = names.TEST_FOLDERS.fullmatch(folder.lower()) or names.TEST_SOURCE_SET.fullmatch(folder)
    return tests is not None


def _is_product(folders: Sequence[str], depth: int) -> bool:
    """Whether it is Ansible's `plugins/test/`: product code (docs: collection structure)."""
    return folders[depth] == "test" and depth > 0 and folders[depth - 1] == "plugins"
