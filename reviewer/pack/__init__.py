"""The codebase and the change as they are shown, within a budget. Everything here is pure.

ignore     .gitattributes, .reviewerignore, include, exclude -> PathRules (the only pathspec)
names      what well-known names mean: tables
folder     what the folder of a file says about it
file_name  what its name says
content    what its bytes say
classify   one tracked file -> Verdict: its class and the rule that decided
decode     bytes -> Text
tokens     text -> about how many tokens
document   one file <-> XML, byte for byte
listing    what is not shown, in one line each
secrets    text -> where its secrets are (secret_rules, dummies)
placeholders   secrets -> numbered placeholders
sheets     a file, opened: its text, its secrets, its cost, what the index knows
shelf      files by level, within a budget
ladder     verdicts + budget -> Pack: how much of each file is shown
tiers      a codebase in two parts
split      a codebase that does not fit -> packs that belong together
snapshot   which state of the base the codebase of the prompt shows
overlay    what has changed since
blocks     Pack -> blocks of the prompt
changed    the change -> what is shown of it
redact     the change -> without its secrets
relevance  the change -> the unchanged files it has to do with
project_rules  what the project itself asks of a review
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.pack import classify
from reviewer.pack.ignore import ATTRIBUTES_FILE, IGNORE_FILE, PathRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reviewer.flow import TreeEntry, Verdict

__all__ = ["PathRules", "rules_of", "survey"]


def rules_of(
    entries: Sequence[TreeEntry],
    read: Callable[[str], bytes],
    *,
    include: Sequence[str],
    exclude: Sequence[str],
) -> PathRules:
    """Return the rules of a tree: its own files of rules, and the settings.

    Raises `UserMustAct` for a pattern that cannot be read.
    """
    plain = [
        entry for entry in entries if entry.mode not in (classify.SYMLINK, classify.SUBMODULE)
    ]
    attributes: dict[str, str] = {}
    for entry in plain:
        folder, _, name = entry.path.rpartition("/")
        if name == ATTRIBUTES_FILE:
            attributes[folder] = read(entry.oid).decode("utf-8", "replace")
    ignored = (read(entry.oid) for entry in plain if entry.path == IGNORE_FILE)
    text = next(ignored, b"").decode("utf-8-sig", "replace")
    return PathRules.build(attributes, text, include, exclude)


def survey(
    entries: Iterable[TreeEntry], rules: PathRules, *, max_file_bytes: int
) -> list[tuple[TreeEntry, Verdict]]:
    """Return every entry with its class by name; nothing is opened."""
    return [
        (entry, classify.by_name(entry, rules, max_file_bytes=max_file_bytes)) for entry in entries
    ]
