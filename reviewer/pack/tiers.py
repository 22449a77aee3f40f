"""A codebase in two parts, of which a large change can leave out the second. Pure.

    core    what all but the largest changes have room for, in path order
    rest    what the usual change has room for too: more files, and the full text of some that the
            core shows as outlines; in path order, with the listing of what neither shows

The prompt cache keeps both, each with what stands before it. Files stand in the order of the
ladder in either, so the core holds what matters most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.flow import Level, Pack
from reviewer.pack import ladder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.pack.sheets import Opener
    from reviewer.pack.shelf import Candidate, Redact


def core(
    candidates: Sequence[Candidate], opener: Opener, *, budget_tokens: int, redact: Redact
) -> Pack:
    """Return the core: what is not in it is named by the rest."""
    return ladder.fit(candidates, opener, budget_tokens=budget_tokens, redact=redact, listed=False)


def rest(
    first: Pack,
    candidates: Sequence[Candidate],
    opener: Opener,
    *,
    budget_tokens: int,
    redact: Redact,
) -> Pack:
    """Return what more is shown than the core; its files are those not in full in the core.

    Raises `UserMustAct` when the budget could not even hold the listing.
    """
    files = {file.path: file for file in first.files}
    return ladder.fit(
        [one for one in candidates if files[one[0].path].level is not Level.FULL],
        opener,
        budget_tokens=budget_tokens,
        redact=redact,
        outlined={path: file for path, file in files.items() if file.level is Level.OUTLINE},
    )


def together(first: Pack, second: Pack) -> Pack:
    """Return what core and rest show as one: the fuller text of each file counts."""
    files = {file.path: file for file in (*first.files, *second.files)}
    return replace(
        second,
        files=tuple(files[path] for path in sorted(files)),
        texts=first.texts | second.texts,
        outlines={
            path: outline
            for path, outline in (first.outlines | second.outlines).items()
            if path not in second.texts
        },
        tokens=first.tokens + second.tokens,
    )
