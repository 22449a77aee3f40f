"""An import -> the files that it can mean, by each language's own resolution. Pure.

Sources: Python's import system (absolute, relative, namespace packages), Node's and TypeScript's
relative resolution (extensions, `index`, `.js` written for `.ts`), C's quoted include, Go's
package folders, Ruby's `require_relative` and `lib/`.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from reviewer.index.languages import FAMILIES, Language, family

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import Import

SCRIPT = next(one for one in FAMILIES if Language.JAVASCRIPT in one)
_SCRIPT_ENDINGS = (
    ".ts", ".tsx", ".d.ts", ".mts", ".d.mts", ".cts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs",
    ".json", ".node", ".vue", ".svelte", ".css",
)  # fmt: skip
_SCRIPT_END = re.compile(r"\.(?:d\.)?[cm]?[jt]sx?$")
_SEPARATORS = re.compile(r"::|[./\\]")
_ENTRIES = frozenset(("__init__", "index", "mod", "lib", "main"))
"""File names that stand for their folder."""


class Modules:
    """The paths of a tree, to be asked what an import can mean there."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(stem(path), []).append(path)
        return found

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for path in self.paths for folder in _folders(path))

    def reaches(self, module: str, importer: str, language: Language, path: str) -> bool:
        """Whether an import of `module` in the file `importer` can mean the file `path`."""
        if language is Language.PYTHON:
            return self._python(module, importer, path)
        if language in SCRIPT:
            return module.startswith(".") and path in _script_paths(module, importer)
        if language in family(Language.C):
            return _included(module, importer, path)
        if language is Language.RUBY:
            return _required(module, importer, path)
        return False

    def found(self, module: str, importer: str, language: Language) -> bool:
        """Whether an import means some file of this tree, or a folder that can stand for one."""
        last = _SEPARATORS.split(_SCRIPT_END.sub("", module) if language in SCRIPT else module)
        stems = {part for part in last if part} | {posixpath.basename(posixpath.dirname(importer))}
        if language in SCRIPT:
            return any(path in self.paths for path in _script_paths(module, importer))
        if language in family(Language.C):
            stems = {stem(module)}
        near = (path for one in stems for path in self._by_stem.get(one, ()))
        if any(self.reaches(module, importer, language, path) for path in near):
            return True
        return language is Language.PYTHON and self._is_namespace(module, importer)

    def _python(self, module: str, importer: str, path: str) -> bool:
        if not path.endswith((".py", ".pyi", ".pyx")):
            return False
        place = path.rpartition(".")[0].removesuffix("/__init__")
        wanted = _python_place(module, importer)
        if module.startswith(".") or place == wanted:
            return place == wanted and self._is_root(module, importer, "")
        return place.endswith(f"/{wanted}") and self._is_root(
            module, importer, place.removesuffix(f"/{wanted}")
        )

    def _is_root(self, module: str, importer: str, folder: str) -> bool:
        """Whether absolute imports can start at a folder; a bare name is one of a script's kin."""
        if module.startswith(".") or not folder:
            return True
        if f"{folder}/__init__.py" in self.paths:
            return False
        return "." in module or posixpath.dirname(importer) == folder or folder in ("src", "lib")

    def _is_namespace(self, module: str, importer: str) -> bool:
        wanted = _python_place(module, importer)
        if module.startswith("."):
            return wanted in self._folders or not wanted
        return any(folder == wanted or folder.endswith(f"/{wanted}") for folder in self._folders)


def stem(path: str) -> str:
    """Return the name by which a file is imported: its own, or its folder's for an entry file."""
    folder, _, name = path.rpartition("/")
    own = name.partition(".")[0]
    return folder.rpartition("/")[2] if own in _ENTRIES and folder else own


def could_mean(module: str, path: str) -> bool:
    """Whether a module path, in a language that is not resolved here, may mean a file.

    Its last part, or the one before, is the name of the file or of a folder above it.
    """
    parts = [part for part in _SEPARATORS.split(module) if part]
    near = {_plain(part) for part in (*path.split("/")[:-1], stem(path))}
    return any(_plain(part) in near for part in parts[-2:])


def _plain(part: str) -> str:
    return part.lower().replace("-", "_")


def _python_place(module: str, importer: str) -> str:
    dots = len(module) - len(module.lstrip("."))
    rest = module.lstrip(".").replace(".", "/")
    if not dots:
        return rest
    folder = posixpath.dirname(importer)
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    return posixpath.join(folder, rest).rstrip("/")


def _script_paths(module: str, importer: str) -> frozenset[str]:
    place = _joined(importer, module.partition("?")[0])
    bare = _SCRIPT_END.sub("", place)
    return frozenset(
        (
            place,
            *(place + ending for ending in _SCRIPT_ENDINGS),
            *(bare + ending for ending in _SCRIPT_ENDINGS),
            *(posixpath.join(place, f"index{ending}") for ending in _SCRIPT_ENDINGS),
        )
    )


def _included(module: str, importer: str, path: str) -> bool:
    name = module.strip('"<>')
    plain = posixpath.normpath(name).lstrip("./")
    return path == _joined(importer, name) or path == plain or path.endswith(f"/{plain}")


def _required(module: str, importer: str, path: str) -> bool:
    if not path.endswith(".rb"):
        return False
    place, name = path.removesuffix(".rb"), module.removesuffix(".rb")
    return place == _joined(importer, name) or f"/{place}".endswith(f"/lib/{name}")


def _joined(importer: str, module: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), module))


def _folders(path: str) -> Iterable[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def used(imported: Import) -> tuple[str, ...]:
    """Return the modules that an import may name: in Python a name in it can be a module too."""
    joint = "" if imported.module.endswith(".") else "."
    return (imported.module, *(f"{imported.module}{joint}{name}" for name, _ in imported.names))
