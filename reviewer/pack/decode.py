"""A file's bytes -> text, with its encoding, and whether anything was lost. Pure.

Newlines and byte order marks stay as they are: `text.encode(encoding)` is the file again, and
where it is not, the text is marked as lossy.
"""

from __future__ import annotations

import re

from reviewer.flow import Text
from reviewer.pack.content import bom_encoding

CANDIDATES = ("cp1252", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r")
"""What charset-normalizer may choose from. Left free it takes rare look-alikes for short
comments: cp1006 for one accented name, shift_jis_2004 for Russian. Central European text reads
as cp1252, with some wrong letters and every byte kept."""

SAMPLE_BYTES = 4096
"""How much is looked at: detection takes milliseconds for every kilobyte."""

_LONE_ACCENTS = re.compile(rb"(?:[\x00-\x7f]|[\xc0-\xff](?![\x80-\xff]))*")
"""Accented letters among plain ones, as in `Jos\xe9`: too little for statistics, and Western."""


def decode(data: bytes) -> Text:
    """Return the text: UTF-8, else what a byte order mark says, else what it looks like."""
    try:
        return Text(text=data.decode(), encoding="utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in (bom_encoding(data), _looks_like(data), "cp1252"):
        try:
            return _checked(data, encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return Text(text=data.decode("latin-1"), encoding="latin-1")  # every byte has a meaning


def _checked(data: bytes, encoding: str) -> Text:
    text = data.decode(encoding)
    return Text(text=text, encoding=encoding, lossy=text.encode(encoding) != data)


def _looks_like(data: bytes) -> str:
    """Return the encoding that the lines beyond ASCII look like, or nothing."""
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:SAMPLE_BYTES]
    if _LONE_ACCENTS.fullmatch(telling):
        return "cp1252"
    best = from_bytes(telling, cp_isolation=list(CANDIDATES)).best()
    return best.encoding if best else ""
