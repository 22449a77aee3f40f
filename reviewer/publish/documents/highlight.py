"""Code -> lines of coloured pieces. The only module that knows pygments.

Lexers are regular expressions in Python, and code is hostile: only languages of this list are
coloured, and only as much text as cannot keep one busy. Everything else is plain.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Piece = tuple[str, str]
"""A class of the page's style, empty for plain text, and the text."""

MOST_CHARACTERS = 1_200
MOST_LINES = 40
MOST_IN_A_LINE = 200
"""Of an excerpt that is coloured: some lexers take seconds over 4,000 newlines, tabs or quotes."""

MOST_COLOURED_CHARACTERS = 60_000
"""Of a page; what comes after them is plain."""

LANGUAGES = {
    **dict.fromkeys((".py", ".pyi"), "python"),
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), "javascript"),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts"), "typescript"),
    **dict.fromkeys((".c", ".h"), "c"),
    **dict.fromkeys((".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx"), "cpp"),
    **dict.fromkeys((".sh", ".bash"), "bash"),
    **dict.fromkeys((".kt", ".kts"), "kotlin"),
    **dict.fromkeys((".yml", ".yaml"), "yaml"),
    ".cs": "csharp",
    ".go": "go",
    ".java": "java",
    ".json": "json",
    ".php": "php",
    ".rb": "ruby",
    ".rs": "rust",
    ".scala": "scala",
    ".sql": "sql",
    ".swift": "swift",
    ".toml": "toml",
}

_CLASSES = (
    ("Comment", "c"),
    ("Keyword.Type", "t"),
    ("Keyword", "k"),
    ("Operator.Word", "k"),
    ("Literal.String", "s"),
    ("Literal.Number", "m"),
    ("Name.Function", "f"),
    ("Name.Class", "f"),
    ("Name.Decorator", "t"),
    ("Name.Builtin", "t"),
    ("Name.Tag", "k"),
    ("Name.Attribute", "t"),
)
"""The first that begins the name of a token counts."""


class Painter:
    """Colours the excerpts of one page, as long as there is room."""

    def __init__(self) -> None:
        self._room_characters = MOST_COLOURED_CHARACTERS

    def coloured(self, lines: Sequence[str], path: str) -> list[list[Piece]]:
        """Return the lines in pieces; together, these are the lines as they were."""
        language = LANGUAGES.get(PurePosixPath(path).suffix.lower())
        text = "\n".join(lines)
        if language is None or len(text) > self._room_characters or _is_too_much(lines, text):
            return [[("", line)] for line in lines]
        self._room_characters -= len(text)
        found = _lines(_pieces(text, language))
        if ["".join(piece for _, piece in line) for line in found] != list(lines):
            return [[("", line)] for line in lines]  # a lexer may change what it cannot read
        return found


def _is_too_much(lines: Sequence[str], text: str) -> bool:
    longest = max(map(len, lines), default=0)
    return len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES or longest > MOST_IN_A_LINE


def _pieces(text: str, language: str) -> Iterator[Piece]:
    from pygments import lex  # type: ignore[import-untyped]  # it has none
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # as above

    options = {"startinline": True} if language == "php" else {}
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False, **options)
    for token, piece in lex(text, lexer):
        name = str(token).removeprefix("Token.")
        yield next((short for long, short in _CLASSES if name.startswith(long)), ""), piece


def _lines(pieces: Iterator[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for name, text in pieces:
        first, *more = text.split("\n")
        lines[-1].append((name, first))
        lines += [[(name, part)] for part in more]
    return [[piece for piece in line if piece[1]] for line in lines]
