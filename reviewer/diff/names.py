"""Names of files: git's bytes -> text, and as a diff quotes them. Pure.

Source of the quoting: `core.quotePath` in git-config(1).
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb'\\([0-3][0-7]{2}|[abtnvfr"\\])')
_BYTES = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
_LETTERS = {byte: chr(letter) for letter, byte in _BYTES.items()}
_NEEDS_QUOTES = re.compile(r'[\x00-\x1f\x7f"\\]')
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def unquote(name: bytes) -> bytes:
    """Undo git's C-style quoting, if there is any."""
    return _ESCAPE.sub(_byte, name[1:-1]) if name.startswith(b'"') else name


def quote(name: str) -> str:
    """Quote a name as git does with `core.quotePath=false`: only what would break the line."""
    return f'"{_NEEDS_QUOTES.sub(_escape, name)}"' if _NEEDS_QUOTES.search(name) else name


def decode_path(name: bytes) -> tuple[str, bool]:
    """Return the path as text and whether it had to be percent-encoded.

    A name that is not UTF-8 keeps its readable parts; `%` and every byte that does not decode
    become `%XX`, so that two different names stay different.
    """
    try:
        return name.decode(), False
    except UnicodeDecodeError:
        text = name.replace(b"%", b"%25").decode("utf-8", "surrogateescape")
        # surrogateescape maps byte 0xNN to U+DCNN (PEP 383)
        return _NOT_UTF8.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", text), True


def shown(name: bytes) -> str:
    """Return the path as text."""
    return decode_path(name)[0]


def _byte(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    return bytes((int(escape, 8) if len(escape) > 1 else _BYTES[escape[0]],))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\{_LETTERS[code]}" if code in _LETTERS else f"\\{code:03o}"
