"""Names of paths: git's bytes -> text that can be shown, sent and read back. Pure."""

from __future__ import annotations


def decode_path(name: bytes) -> tuple[str, bool]:
    """Return the path as text and whether it had to be percent-encoded.

    A name that is not UTF-8 keeps its readable parts; `%` and every byte that does not decode
    become `%XX`, so that two different names stay different.
    """
    try:
        return name.decode(), False
    except UnicodeDecodeError:
        text = name.replace(b"%", b"%25").decode("utf-8", "surrogateescape")
        return "".join(_percent(character) for character in text), True


def _percent(character: str) -> str:
    """Undo `surrogateescape`, which maps byte 0xNN to U+DCNN (PEP 383)."""
    return f"%{ord(character) - 0xDC00:02X}" if "\udc80" <= character <= "\udcff" else character
