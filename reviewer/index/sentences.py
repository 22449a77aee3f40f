"""Comment or docstring -> the row of the sentence that says what a thing is for. Pure.

Licences, orders to linters, rules of dashes and bare tags are no such sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.index.heads import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

COMMENT_ROWS = 40
"""A comment that has said nothing by then is a licence or a drawing."""

LINE_BYTES = 400
"""Longer lines are never shown: they are data, or minified."""

_NOISE = re.compile(rb"copyright|licen[sc]e|all rights reserved|^[\s/*!#]*@\w", re.IGNORECASE)
_PRAGMA = re.compile(
    rb"spdx|eslint|prettier|istanbul|jshint|@ts-|pylint|rubocop:|shellcheck|nolint|clang-format|"
    rb"frozen_string_literal|-\*-|coding[:=]|^\s*#!|^\s*//(?:go:|\s*\+build)|[|_\\/]\s[|_\\/]|"
    rb"^[\s/*!#]*[\w.+-]+\.\w{1,5}\s*$",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"<[^<>]*>|\{@\w+")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]{2}")


def sentence(lines: Sequence[bytes], first: int, last: int) -> int | None:
    """Return the first row with words; None where these are a licence or a tag."""
    for row in range(first, min(last, first + COMMENT_ROWS) + 1):
        line = _MARKUP.sub(b"", lines[row][:LINE_BYTES])
        if _PRAGMA.search(line) or not _WORDS.search(line):
            continue
        return None if _NOISE.search(line) else row
    return None


def docstring(lines: Sequence[bytes], body: Node) -> int | None:
    """Return the row of the first sentence in the docstring of a body in Python."""
    statement = _first(body)
    if statement is None or statement.type != "expression_statement":
        return None
    text = _first(statement)
    return sentence(lines, *rows(text)) if text and text.type == "string" else None


def _first(node: Node) -> Node | None:
    return node.named_child(0) if node.named_child_count else None
