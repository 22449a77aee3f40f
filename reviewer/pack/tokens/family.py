"""Which of Claude's two tokenizers serves a model. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

FIRST_CURRENT = (4, 7)
"""Opus 4.7 brought the tokenizer that every later model has (documentation, "What's new in
Claude Opus 4.7")."""

_VERSION = re.compile(r"claude[a-z-]*(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)", re.IGNORECASE)
"""Dates have eight digits, so `claude-opus-4-20250514` is version 4."""


class Family(StrEnum):
    """A tokenizer, by the first version that has it."""

    CURRENT = "claude-4.7"
    EARLIER = "claude-3"


def family_of(model: str) -> Family:
    """Return the tokenizer of a model by its id, in any gateway's spelling.

    `claude-opus-4-6`, `anthropic/claude-sonnet-4.5` and `claude-3-5-haiku-20241022` have the
    earlier one. What is not known takes the current one, which counts more.
    """
    if (found := _VERSION.search(model)) is None:
        return Family.CURRENT
    version = int(found[1]), int(found[2] or 0)
    return Family.CURRENT if version >= FIRST_CURRENT else Family.EARLIER
