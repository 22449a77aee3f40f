"""The formats of secrets, and the engine that looks for them. Pure, but for its own table.

The engine is RE2, which takes linear time whatever text it is given; the rules are those of
Betterleaks (secret_rules.json, written by benchmarks/secret_rules.py). As there, a rule is tried
only on a text that holds one of its keywords; it is compiled when that first happens, so a
process pays for the formats it meets. Nothing here can reach the network.

Texts are ASCII bytes with one byte for every character, so that offsets are those of the text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer import automaton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.automaton import Keywords, Pattern

ENGINE = "google-re2 1, betterleaks 2.0.0"
"""What decides which formats are seen; part of a cache key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One format: the value is `group` of `pattern`, or for 0 the first group that took part.

    `least_entropy` is in bits for each character. `path` is a pattern that the path of the file
    must match; empty for any file.
    """

    kind: str
    pattern: str
    group: int
    least_entropy: float
    path: str


def tried(text: bytes, path: str) -> Iterator[Rule]:
    """Give the rules for such a path one of whose keywords stands in the text."""
    keywords, rules_of, rules = _catalogue()
    for number in sorted({each for hit in keywords.Match(text) or () for each in rules_of[hit]}):
        rule = rules[number]
        if not rule.path or _compiled(rule.path).search(path.encode("ascii", "replace")):
            yield rule


def spans(rule: Rule, text: bytes) -> Iterator[tuple[int, int]]:
    """Give where the values that the rule sees begin and end."""
    pattern = _compiled(rule.pattern)
    groups = (rule.group,) if rule.group else range(1, pattern.groups + 1)
    for found in pattern.finditer(text):
        taking_part = (found.span(each) for each in groups)
        yield next(((start, end) for start, end in taking_part if 0 <= start < end), found.span())


@cache
def _catalogue() -> tuple[Keywords, list[list[int]], list[Rule]]:
    """Return the set of keywords, the numbers of the rules of each, and the rules."""
    rows = json.loads(Path(__file__).with_suffix(".json").read_bytes())["rules"]
    rules_of: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for keyword in row.pop("keywords"):
            rules_of.setdefault(keyword, []).append(number)
    return automaton.keywords(rules_of), list(rules_of.values()), [Rule(**row) for row in rows]


@cache
def _compiled(pattern: str) -> Pattern:
    return automaton.pattern(pattern.encode())
