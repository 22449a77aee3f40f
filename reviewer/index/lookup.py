"""Names -> the files of a tree in which they stand, parsed. Pure, but for what it is handed.

A tree is reached by a search for words, never as a whole: the same few files are parsed whether
the tree holds a hundred or a hundred thousand. What cannot be known is said (`Hits.unknown`),
because an absence proves nothing then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import References, SymbolKind, Symbols, Unparsed
from reviewer.index import grammar
from reviewer.index.languages import Language, family, language_of
from reviewer.index.modules import stem
from reviewer.index.references import references_in
from reviewer.index.symbols import symbols_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import Definition, TreeEntry

    Parse = Callable[[str, bytes, Language], tuple[Symbols, References] | Unparsed]
    """Blob id, content and language -> what a cache may know already, or why nothing is known."""

MOST_FILES = 250
"""A name in more files than this is a word of the language or the trade: nothing is said on it."""

MOST_BYTES = 1_000_000
"""A larger file is data or generated, and takes seconds to parse."""


_C = family(Language.C)
_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD)

_INTRODUCED_BY = {
    Language.PYTHON: "def|class",
    Language.GO: "func|type",
    Language.RUST: "fn|struct|enum|macro_rules!",
    Language.RUBY: "def|class|define_method",
    Language.PHP: "function|class|fn",
    Language.KOTLIN: "fun|class|object",
    Language.SWIFT: "func|class|struct|enum|actor",
    Language.SCALA: "def|class|object",
}
"""Words without which there is no function or class in the language."""

_DEFINED_BY = {
    Language.PYTHON: "def|class",
    Language.GO: "func|type|var|const",
    Language.RUST: "fn|struct|enum|trait|type|const|static|macro_rules!",
    Language.RUBY: "def|class|module",
    Language.PHP: "function|class|interface|trait|enum|const",
    Language.KOTLIN: "fun|class|interface|object|typealias|val",
    Language.SWIFT: "func|class|struct|enum|actor|protocol|typealias",
    Language.SCALA: "def|class|object|trait|type",
    **dict.fromkeys(family(Language.TYPESCRIPT), "function|class|interface|type|enum|const"),
    Language.JAVA: "class|interface|enum|record",
    Language.CSHARP: "class|interface|enum|record|struct",
    **dict.fromkeys(_C, "class|struct|union|enum|define"),
    Language.BASH: "function",
}
"""Words before most definitions that other files use."""

_DEFINED = (
    rb"\b(?:%s)[ \t*]+(?:\([^)\n]{0,120}\)[ \t]*)?(?:<[^>\n]{0,120}>[ \t]*)?"
    rb"(?:[\w.:<>?*&]{0,99}[.:&])?(\w+)"
)
"""The receiver of Go, the type parameters and the extended type of Kotlin stand before a name."""

_MOST_LOOKED_AT_BYTES = 40_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One parsed file: its lines as git splits them, what it defines and what it uses."""

    path: str
    language: Language
    lines: tuple[str, ...]
    symbols: Symbols
    references: References

    @property
    def broken(self) -> bool:
        """Whether the grammar met something it could not parse."""
        return self.symbols.broken or self.references.broken

    def defines(self, name: str) -> tuple[Definition, ...]:
        """Return the definitions of a name, without the prototypes of C and C++."""
        return tuple(
            one
            for one in self.symbols.definitions
            if one.name == name and not self.is_prototype(one)
        )

    def is_prototype(self, definition: Definition) -> bool:
        """Whether it only says that the function is defined elsewhere, as headers do."""
        if self.language not in _C or definition.kind not in _FUNCTIONS:
            return False
        text = "".join(self.lines[definition.first_line - 1 : definition.last_line])
        return "{" not in text and ";" in text

    def line(self, number: int) -> str:
        """Return a line by its number, empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The files in which a name stands: `paths` of languages that can use it, and `others`.

    `unknown` is empty, or says why not every file can be looked into; there are no paths then.
    """

    paths: tuple[str, ...]
    others: tuple[str, ...]
    unknown: str
    open_file: Callable[[str], Source | None]

    @property
    def sources(self) -> Iterator[Source]:
        """Give the files in path order, each parsed when it is reached."""
        return (source for path in self.paths if (source := self.open_file(path)))


def parsed(_oid: str, data: bytes, language: Language) -> tuple[Symbols, References]:
    """Parse a blob; this is what is used where nothing is remembered."""
    tree = grammar.parse(data, language)
    if tree is None:
        return nothing_of(language)
    return symbols_in(tree, data, language), references_in(tree, data, language)


def nothing_of(language: Language) -> tuple[Symbols, References]:
    """Return what is known of a file that could not be parsed."""
    return (
        Symbols(language=language, definitions=(), imports=(), broken=True),
        References(language=language, calls=(), mentions=(), broken=True),
    )


def called_like(path: str, name: str) -> bool:
    """Whether a file is called like what it may define: `basket_item.rb`, `BasketItem`."""
    return stem(path).replace("_", "").lower() == name.replace("_", "").lower()


class Codebase:
    """A tree, with the files that have been looked at so far."""

    def __init__(
        self,
        entries: Iterable[TreeEntry],
        *,
        read: Callable[[str], bytes],
        search: Callable[[Collection[str]], Mapping[str, Collection[str]]],
        parse: Parse = parsed,
    ) -> None:
        """`search` gives the text files of this tree in which words stand, with the words.

        `unparsed` names the files that were to be parsed and could not be, each with the reason;
        they count as broken.
        """
        self.files = {entry.path: entry for entry in entries if entry.mode.startswith("100")}
        self.unparsed: dict[str, str] = {}
        self._read = read
        self._search = search
        self._parse = parse
        self._paths: dict[str, list[str]] = {}
        self._sources: dict[tuple[str, str], Source | None] = {}

    def source(self, path: str) -> Source | None:
        """Return a file of the tree, or None: not there, no grammar, too large to parse."""
        entry = self.files.get(path)
        if entry is None or entry.size_bytes > MOST_BYTES:
            return None
        return self.blob(path, entry.oid)

    def blob(self, path: str, oid: str) -> Source | None:
        """Return a blob, of this tree or another, as the file of that path."""
        language = language_of(path)
        if language is None or not oid.strip("0"):
            return None
        if (path, oid) not in self._sources:
            self._sources[path, oid] = self._opened(path, oid, language)
        return self._sources[path, oid]

    def find(self, names: Collection[str]) -> None:
        """Look for names, all in one search: `hits` of each of them costs no further one."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._paths]
        if not wanted:
            return
        found: dict[str, list[str]] = {name: [] for name in wanted}
        for path, words in sorted(self._search(wanted).items()):
            for word in words:
                if word in found and path in self.files:
                    found[word].append(path)
        self._paths.update(found)

    def paths(
        self, names: Collection[str], languages: Collection[Language]
    ) -> dict[str, list[str]]:
        """Return for each name the files of these languages in which it stands; none is opened."""
        self.find(names)
        return {
            name: [path for path in self._paths[name] if language_of(path) in languages]
            for name in names
        }

    def hits(self, name: str, language: Language, *, most_files: int = MOST_FILES) -> Hits:
        """Return the files in which a name stands; nothing is parsed yet."""
        self.find([name])
        languages, paths = family(language), self._paths[name]
        fitting = tuple(path for path in paths if language_of(path) in languages)
        unknown = self._unknown(fitting, most_files)
        return Hits(
            paths=() if unknown else fitting,
            others=tuple(path for path in paths if language_of(path) not in languages),
            unknown=unknown,
            open_file=self.source,
        )

    def may_define(self, name: str, hits: Hits) -> bool:
        """Whether one of the files can hold a function or class of that name; nothing is parsed.

        Where a word always introduces those, a look at the bytes is a hundred times faster.
        """
        for path in hits.paths:
            words = _INTRODUCED_BY.get(language_of(path) or Language.BASH)
            if words is None or (path, self.files[path].oid) in self._sources:
                return True
            written = rf"\b(?:{words})\b[^\n]{{0,200}}?(?<!\w){re.escape(name)}(?!\w)"
            if re.search(written.encode(), self._read(self.files[path].oid)):
                return True
        return False

    def definers(
        self, names: Collection[str], languages: Collection[Language]
    ) -> dict[str, list[str]]:
        """Return for each name the files that seem to define it; nothing is parsed.

        For names that stand in too many files to be parsed. Every file is looked at once; of a
        name in more than `MOST_FILES` only those that are called like it.
        """
        wanted: dict[str, set[bytes]] = {}
        for name, paths in self.paths(names, languages).items():
            for path in paths:
                if len(paths) > MOST_FILES and not called_like(path, name):
                    continue
                wanted.setdefault(path, set()).add(name.encode())
        found: dict[str, list[str]] = {name: [] for name in names}
        left = _MOST_LOOKED_AT_BYTES
        for path in sorted(wanted, key=lambda path: (self.files[path].size_bytes, path)):
            left -= self.files[path].size_bytes
            if left < 0:
                break
            for word in self._introduced(path, wanted[path]):
                found[word.decode()].append(path)
        return found

    def _introduced(self, path: str, names: set[bytes]) -> set[bytes]:
        words = _DEFINED_BY.get(language_of(path) or Language.BASH, "function")
        return names.intersection(
            re.findall(_DEFINED % words.encode(), self._read(self.files[path].oid))
        )

    def _unknown(self, paths: Sequence[str], most_files: int) -> str:
        if len(paths) > most_files:
            return f"it stands in {len(paths):,} files"
        large = (path for path in paths if self.files[path].size_bytes > MOST_BYTES)
        return next((f"{path} is too large to be parsed" for path in large), "")

    def _opened(self, path: str, oid: str, language: Language) -> Source | None:
        data = self._read(oid)
        if len(data) > MOST_BYTES:
            return None
        found = self._parse(oid, data, language)
        if isinstance(found, Unparsed):
            self.unparsed[path] = found.why
            found = nothing_of(language)
        symbols, references = found
        text = data.decode("utf-8", "replace").removesuffix("\n")
        return Source(
            path=path,
            language=language,
            lines=tuple(line.removesuffix("\r") for line in text.split("\n")),
            symbols=symbols,
            references=references,
        )
