"""Which language a file is in, by its name. Pure.

Only languages whose grammar comes as an ordinary wheel are known here; for a file in any other
there is no outline and no symbol, and `language_of` says so with None.
"""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language with a grammar."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    TYPESCRIPT = "typescript"
    TSX = "tsx"
    GO = "go"
    RUST = "rust"
    JAVA = "java"
    C = "c"
    CPP = "cpp"
    CSHARP = "c#"
    RUBY = "ruby"
    PHP = "php"
    KOTLIN = "kotlin"
    SWIFT = "swift"
    SCALA = "scala"
    BASH = "bash"


_EXTENSIONS = {
    Language.PYTHON: "py pyi pyw",
    Language.JAVASCRIPT: "js jsx mjs cjs",
    Language.TYPESCRIPT: "ts mts cts",
    Language.TSX: "tsx",
    Language.GO: "go",
    Language.RUST: "rs",
    Language.JAVA: "java",
    Language.C: "c h",
    Language.CPP: "cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh",
    Language.CSHARP: "cs",
    Language.RUBY: "rb rake gemspec ru",
    Language.PHP: "php php3 php4 php5 phtml inc",
    Language.KOTLIN: "kt kts",
    Language.SWIFT: "swift",
    Language.SCALA: "scala sc",
    Language.BASH: "sh bash",
}
_BY_EXTENSION = {word: one for one, words in _EXTENSIONS.items() for word in words.split()}

_BY_NAME = {"rakefile": Language.RUBY, "gemfile": Language.RUBY, "podfile": Language.RUBY}

FAMILIES = (
    {Language.JAVASCRIPT, Language.TYPESCRIPT, Language.TSX},
    {Language.C, Language.CPP},
    {Language.JAVA, Language.KOTLIN, Language.SCALA},
)
"""Languages that use each other's definitions; every other language keeps to itself."""


def language_of(path: str) -> Language | None:
    """Return the language of a path, or None where no grammar is known."""
    name = path.rpartition("/")[2].lower()
    return _BY_NAME.get(name) or _BY_EXTENSION.get(name.rpartition(".")[2])


def family(language: Language) -> frozenset[Language]:
    """Return the languages whose files can use what a file in this one defines."""
    return next((frozenset(one) for one in FAMILIES if language in one), frozenset({language}))
