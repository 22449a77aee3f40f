"""Findings that people dismissed, with their reasons -> rules for the settings. Pure.

Nothing is written: what comes out is a patch, to be read like any other. Titles and reasons are
the words of others, so they stand in quotes, on one line each.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from reviewer.flow import State
from reviewer.judge import toml
from reviewer.settings import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.flow import Known

_SPECIAL = re.compile(r"[\\*?\[\]!#]|\s(?=\s*$)")
"""What means something else in a gitignore pattern."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""As git sees it: no other character ends one."""


def rules(known: Iterable[Known], already: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return a rule for each finding that was dismissed with a reason, but for those in force."""
    said = {(rule.instructions, rule.paths) for rule in already}
    lessons = [_rule(one) for one in known if one.state is State.DISMISSED and one.why.strip()]
    once = {(rule.instructions, rule.paths): rule for rule in lessons}
    return tuple(rule for name, rule in once.items() if name not in said)


def patch(learnt: Sequence[Rule], *, name: str, before: str | None) -> str:
    """Return the patch that adds the rules at the end of a settings file, for `git apply`.

    `before` is its text; None where there is no such file.
    """
    table = "tool.reviewer.rules" if name == "pyproject.toml" else "rules"
    added = "\n".join(_written(rule, table) for rule in learnt)
    text = before or ""
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    lines = unified_diff(
        _LINE.findall(text),
        _LINE.findall(f"{text}{gap}{added}"),
        fromfile=f"a/{name}" if before is not None else "/dev/null",
        tofile=f"b/{name}",
    )
    return "".join(map(_ended, lines))


def _rule(one: Known) -> Rule:
    title, why = (" ".join(text.split()) for text in (one.title, one.why))
    instructions = (
        f'This was reported and dismissed: "{title}". The reason: "{why}". Do not report it again '
        "where that reason holds."
    )
    return Rule(instructions=instructions, paths=(_pattern(one.path),))


def _pattern(path: str) -> str:
    return "/" + _SPECIAL.sub(lambda found: f"\\{found[0]}", path)


def _written(rule: Rule, table: str) -> str:
    paths = ", ".join(map(toml.string, rule.paths))
    return f"[[{table}]]\npaths = [{paths}]\ninstructions = {toml.string(rule.instructions)}\n"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
