"""One file <-> its XML, byte for byte, so that no content can open or close a tag. Pure.

    <file path="a/b.py">
    text
    </file>

Attributes stand only where they are needed: `encoding` (other than utf-8), `lossy="yes"` (some
bytes had no meaning in the encoding), `final-newline="no"` (the file does not end in a newline),
`path-encoding="percent"` (the name is not UTF-8), `first-line` (the lines are numbered),
`detail="outline"` (only the signatures are there).

Text stays as it is, but for what looks like one of our own tags: it gets a backslash after the
`<`, one more for each time it was already written that way. Reading takes one off. So writing is
one-to-one, no text holds a tag of ours, and ordinary code is not touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RESERVED = (
    "change", "codebase", "commit", "commits", "description", "diff", "earlier", "file", "files",
    "gone", "hints", "instructions", "listing", "overlay", "pull_request", "question", "related",
    "rules", "stale", "task", "title", "tools",
)  # fmt: skip
"""Names of our tags, wherever they stand in a request."""

# Possessive, so that a `<` before a megabyte of blanks takes no longer than it must.
_LOOKS_LIKE_OURS = rf"(\\*+)(?=\s*+(?:/\s*+)?(?:{'|'.join(RESERVED)})\b)"
_TAG = re.compile("<" + _LOOKS_LIKE_OURS, re.IGNORECASE)
_WRITTEN_TAG = re.compile(r"<\\" + _LOOKS_LIKE_OURS, re.IGNORECASE)
_UNSAFE_IN_PATH = re.compile(
    '[\x00-\x1f"&<>\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]'
)
"""What ends an attribute or a line, or shows a name as something else (bidirectional marks)."""

_REFERENCE = re.compile(r"&#(\d+);")
_FILE = re.compile(r'<file path="([^"]*)"((?: [a-z-]+="[^"]*")*)>\n(.*?)</file>\n', re.DOTALL)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_PERCENT = re.compile(rb"%([0-9A-F]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """A file as it is read from its XML. `path` and `content` are git's bytes."""

    path: bytes
    content: bytes
    attributes: dict[str, str]


def write(
    path: str,
    text: str,
    *,
    percent_encoded: bool = False,
    encoding: str = "utf-8",
    lossy: bool = False,
    numbered_from: int | None = None,
    outline: bool = False,
) -> str:
    """Return the file as XML; with `numbered_from` every line begins with its number and a bar.

    `outline` marks a text that is only the file's outline: that one reads back as what it is.

    Lines end at line feeds alone, as they do for git and GitHub.
    """
    ended = not text or text.endswith("\n")
    body = escape(text) if ended else escape(text) + "\n"
    attributes = {
        "encoding": "" if encoding == "utf-8" else encoding,
        "lossy": "yes" if lossy else "",
        "final-newline": "" if ended else "no",
        "path-encoding": "percent" if percent_encoded else "",
        "detail": "outline" if outline else "",
        "first-line": "" if numbered_from is None else str(numbered_from),
    }
    written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    if numbered_from is not None:
        body = _numbered(body, numbered_from)
    return f'<file path="{escape_path(path)}"{written}>\n{body}</file>\n'


def read(document: str) -> list[ReadBack]:
    """Return every file in what `write` wrote, in order; other parts of a pack are passed over."""
    return [_read_back(*found) for found in _FILE.findall(document)]


def escape(text: str) -> str:
    """Return the text with our own tags made harmless; all other text as it is."""
    return _TAG.sub(r"<\\\1", text) if "<" in text else text


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return _WRITTEN_TAG.sub(r"<\1", text) if "<\\" in text else text


def escape_path(path: str) -> str:
    """Return the path for an attribute or a listing: on one line, without tags or quotes."""
    return _UNSAFE_IN_PATH.sub(lambda found: f"&#{ord(found[0])};", path)


def _numbered(body: str, first: int) -> str:
    lines = body.split("\n")[:-1]
    return "".join(f"{number}|{line}\n" for number, line in enumerate(lines, start=first))


def _read_back(path: str, written: str, body: str) -> ReadBack:
    attributes: dict[str, str] = dict(_ATTRIBUTE.findall(written))
    if "first-line" in attributes:
        body = "".join(line.partition("|")[2] + "\n" for line in body.split("\n")[:-1])
    if "final-newline" in attributes:
        body = body[:-1]
    encoding = attributes.get("encoding", "utf-8")
    percent_encoded = "path-encoding" in attributes
    return ReadBack(
        path=_path_bytes(path, percent_encoded=percent_encoded),
        content=unescape(body).encode(encoding),
        attributes=attributes,
    )


def _path_bytes(written: str, *, percent_encoded: bool) -> bytes:
    path = _REFERENCE.sub(lambda found: chr(int(found[1])), written).encode()
    if not percent_encoded:
        return path
    return _PERCENT.sub(lambda found: bytes.fromhex(found[1].decode()), path)
