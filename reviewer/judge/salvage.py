"""The part of a cut-off answer that arrived whole. Pure.

JSON's own decoder reads one value after the other, so that no brace inside a string is taken for
structure (claude-code-security-review's extractor was defeated by one).
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def salvage(text: str) -> tuple[Any, list[Any]]:
    """Return the overview and every finding that is complete, as plain JSON values.

    The overview is an empty text when it did not come before the findings. Raises `ValueError`
    when the text does not even reach the list of findings.
    """
    overview: Any = ""
    at = _after(text, 0, "{")
    while True:
        key, at = _value(text, at)
        at = _after(text, at, ":")
        if key == "findings":
            return overview, list(_items(text, _after(text, at, "[")))
        value, at = _value(text, at)
        if key == "overview":
            overview = value
        at = _after(text, at, ",")


def _items(text: str, at: int) -> Iterator[Any]:
    """Yield the values of a list up to its end, or to the first that is not whole."""
    while True:
        try:
            value, at = _value(text, at)
        except ValueError:
            return
        yield value
        try:
            at = _after(text, at, ",")
        except ValueError:
            return


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, _skipped(text, at))
    except RecursionError as error:
        raise ValueError(f"nested too deeply at character {at:,}") from error


def _after(text: str, at: int, sign: str) -> int:
    at = _skipped(text, at)
    if not text.startswith(sign, at):
        raise ValueError(f"no {sign!r} at character {at:,}")
    return at + 1


def _skipped(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
