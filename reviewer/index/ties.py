"""Whether a name in a file can be tied to a definition. Pure.

A name alone says little: `close` is a method of half of all libraries. A tie is the import that
brings the name here, the scope it is looked up in, or the class or module that it is asked of.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import SymbolKind
from reviewer.index.languages import Language, family
from reviewer.index.modules import SCRIPT, could_mean, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import Call, Definition, Import, Mention
    from reviewer.index.lookup import Source
    from reviewer.index.modules import Modules

_SELF = frozenset(("self", "this", "cls", "Self", "super", "static", "@", "$this", "parent"))

_BY_IMPORT = SCRIPT | {Language.PYTHON, Language.RUST}
"""There a plain name of another file is never seen without an import of it."""

_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_MEMBERS_ARE_PLAIN = (
    family(Language.JAVA) | family(Language.C) | {Language.CSHARP, Language.SWIFT, Language.RUBY}
)
"""There a member is called without `this`."""

_EXTENDS = frozenset((Language.KOTLIN, Language.SCALA, Language.SWIFT, Language.CSHARP))
"""There a function of the top level can be asked of an object that it extends."""

_COMPOUND = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_+[A-Za-z0-9]")
_LEAST_DISTINCT = 8
_MOST_IMPORT_LINES = 200
_LAST_PART = re.compile(r"(?:::|->|[.\\])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A definition as others see it: in which file, and by which name it is used."""

    name: str
    container: str
    """The class or module it is a member of; empty at the top level."""
    path: str
    inner: bool = False
    """It stands inside a function, and is not seen outside of it."""

    @classmethod
    def of(cls, definition: Definition, source: Source, *, name: str, path: str = "") -> Target:
        """Return the target of a definition in a file, which may have another path by now.

        A constructor is used by the name of its class.
        """
        outer = definition.container
        functions = (
            f"{one.container}.{one.name}".lstrip(".")
            for one in source.symbols.definitions
            if one.kind in _FUNCTIONS
        )
        return cls(
            name=name,
            container=outer.rpartition(".")[0] if name != definition.name else outer,
            path=path or source.path,
            inner=bool(outer) and outer in functions,
        )

    @property
    def distinct(self) -> bool:
        """Whether the name is made of several words, so that few libraries have it too."""
        return len(self.name) >= _LEAST_DISTINCT and bool(_COMPOUND.search(self.name))


def imports_of(name: str, source: Source) -> tuple[Import, ...]:
    """Return the imports by which a file binds a name, whatever it is called in its module."""
    return tuple(one for one in source.symbols.imports if any(name in pair for pair in one.names))


def import_line(imported: Import, name: str, source: Source) -> int:
    """Return the line of an import on which a name stands: an import may go over many lines."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    numbers = range(imported.line, imported.line + _MOST_IMPORT_LINES)
    return next((line for line in numbers if whole.search(source.line(line))), imported.line)


def brings(imported: Import, target: Target, source: Source, modules: Modules) -> bool:
    """Whether an import brings the target itself into a file."""
    if not any(name == target.name for name, _ in imported.names):
        return False
    return _is_from(imported.module, target, source, modules)


def _is_from(module: str, target: Target, source: Source, modules: Modules) -> bool:
    language = source.language
    if language is Language.PYTHON or (language in SCRIPT and module.startswith(".")):
        return modules.reaches(module, source.path, language, target.path) or modules.found(
            module, source.path, language
        )
    return could_mean(module, target.path) or could_mean(f"{module}.{target.name}", target.path)


def tied(used: Mention | Call, target: Target, source: Source, modules: Modules) -> bool:
    """Whether a use of the name in a file means the target, as far as can be told.

    A member that is asked of something unknown is tied by a name that few others have, or by a
    file that speaks of the class.
    """
    if firmly_tied(used, target, source, modules):
        return True
    if not used.receiver and source.language not in _MEMBERS_ARE_PLAIN:
        return False
    if target.container:
        return target.distinct or mentions(source, _last(target.container))
    return target.distinct and source.language in _EXTENDS


def firmly_tied(used: Mention | Call, target: Target, source: Source, modules: Modules) -> bool:
    """Whether a use of the name in a file can mean nothing else by its scope or its receiver."""
    if used.receiver:
        return _tied_by_receiver(used.receiver, target, source, modules)
    if target.container and source.language not in _MEMBERS_ARE_PLAIN:
        return target.inner and source.path == target.path
    if bound := imports_of(target.name, source):
        return all(brings(one, target, source, modules) for one in bound)
    if source.path == target.path:
        return True
    return _tied_unimported(target, source, modules)


def _tied_unimported(target: Target, source: Source, modules: Modules) -> bool:
    """Whether a plain name that no import of the file names can still be the target."""
    if source.language in _BY_IMPORT:
        return _comes_with_all(target, source, modules)
    if source.language is Language.GO:
        return posixpath.dirname(source.path) == posixpath.dirname(target.path)
    return not target.container


def _comes_with_all(target: Target, source: Source, modules: Modules) -> bool:
    return any(
        one.wildcard and _is_from(one.module, target, source, modules)
        for one in source.symbols.imports
    )


def _tied_by_receiver(receiver: str, target: Target, source: Source, modules: Modules) -> bool:
    asked = _last(receiver)
    if not target.container:
        return _is_module(receiver, target, source, modules)
    owner = _last(target.container)
    if asked == owner:
        return True
    if asked in _SELF:
        return source.path == target.path or mentions(source, owner)
    return False


def _is_module(receiver: str, target: Target, source: Source, modules: Modules) -> bool:
    """Whether what is asked for the name is the module that defined it."""
    asked = _last(receiver)
    if source.language is Language.GO:
        folder = posixpath.basename(posixpath.dirname(target.path))
        return asked == folder and any(
            stem_of(one.module) == folder for one in source.symbols.imports
        )
    if source.language not in SCRIPT | {Language.PYTHON} and could_mean(receiver, target.path):
        return True
    return any(
        asked in _bound_names(one) and _names_file(one, target, source, modules)
        for one in source.symbols.imports
    )


def _bound_names(imported: Import) -> Iterable[str]:
    return (*(local for _, local in imported.names), _last(imported.module))


def _names_file(imported: Import, target: Target, source: Source, modules: Modules) -> bool:
    language = source.language
    joint = "" if imported.module.endswith(".") else "."
    named = (imported.module, *(imported.module + joint + name for name, _ in imported.names))
    if language is Language.PYTHON or language in SCRIPT:
        return any(
            modules.reaches(one, source.path, language, target.path)
            or modules.found(one, source.path, language)
            for one in named
        )
    return stem(target.path) in {stem_of(one) for one in named}


def stem_of(module: str) -> str:
    """Return the last part of a module path."""
    return module.strip("\"'<>").replace("::", "/").rpartition("/")[2]


def mentions(source: Source, word: str) -> bool:
    """Whether a word stands anywhere in a file, comments and strings included."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return any(word in line and whole.search(line) for line in source.lines)


def _last(chain: str) -> str:
    return _LAST_PART.split(chain)[-1]
