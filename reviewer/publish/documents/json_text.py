"""A value -> JSON that every parser takes and no log obeys. Pure."""

from __future__ import annotations

import json
import re

_ESCAPED = re.compile(r"\\ud[89ab]\w\w\\ud[c-f]\w\w|\\u(?P<half>d[89a-f]\w\w)|\\.")
"""In JSON of ASCII alone: a surrogate pair, half of one, or what else a backslash begins."""


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value of plain types as JSON, ASCII alone: what a terminal obeys is escaped.

    Half of a surrogate pair, as in a name that is not UTF-8, is no character (RFC 8259, section
    8.2), and some parsers refuse the whole document for it: it is spelled `<U+DCE9>`, as people
    are shown it. GitHub's runner obeys `##[`, which stands inside texts alone, where a `#` can be
    spelled out (section 7).
    """
    document = json.dumps(value, indent=indent)
    if "\\ud" in document:
        document = _ESCAPED.sub(_whole, document)
    return document.replace("##[", "#\\u0023[")


def _whole(escaped: re.Match[str]) -> str:
    return f"<U+{escaped['half'].upper()}>" if escaped["half"] else escaped[0]
