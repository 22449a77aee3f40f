"""Texts in the TOML files that we write, so that a diff shows all that is in them. Pure."""

from __future__ import annotations

import json


def string(value: str) -> str:
    """Return a TOML string on one line: what cannot be seen in a diff is written as its number."""
    whole = value.encode("utf-8", "replace").decode()
    return "".join(
        each if each.isprintable() else _number(each)
        for each in json.dumps(whole, ensure_ascii=False)
    )


def _number(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - TOML's two
