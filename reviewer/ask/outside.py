"""What other tools report, as the model is shown it. Pure.

It is data inside the fence of the change: messages quote code, and obey the repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.pack import secrets

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reviewer.flow import Reported

MOST_CHARACTERS = 16_000
"""About 5,000 tokens; what does not fit is counted."""

HEAD = (
    "Other tools report this about the files in question, right or wrong. It is told already: do "
    "not repeat it. Say what follows from it, or what they cannot see."
)
WITHHELD = "(its message holds a secret)"

_LEVELS = ("error", "warning", "note", "none")


def written(reported: Sequence[Reported], paths: Collection[str]) -> str:
    """Return what is reported about these paths, the worst first; empty where that is nothing."""
    here = [one for one in reported if one.path in paths]
    here.sort(key=lambda one: (_LEVELS.index(one.level), one.path, one.first_line, one.name))
    if not here:
        return ""
    kept, room = [HEAD], MOST_CHARACTERS
    for one in here:
        line = _entry(one)
        room -= len(line) + 1
        if room < 0:
            kept.append(f"[{len(here) - len(kept) + 1} more left out]")
            break
        kept.append(line)
    return "\n".join(kept)


def _entry(one: Reported) -> str:
    message = WITHHELD if secrets.find(one.message, "") else one.message
    return f"- {one.path}:{one.first_line} {one.name}, {one.level}: {message}"
