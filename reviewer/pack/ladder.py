"""How much of each file is shown within a budget, and why not more. Pure.

Three levels: full, outline (signatures), listed. What is shown depends on the tree and the
settings alone, never on the change, so that every change of a base shares one prefix.

Files stand in one order, the first to be shown and the last to be demoted first:

    class        configuration at the root, source, config, test, docs, data
    centrality   source only, and only when not all of it fits: how many files use it
    depth        what lies nearer to the root
    size         small files first: more of the codebase is seen
    path

1.  When the source would not fit in full, outlines come first: in that order, until they have
    taken `shelf.OUTLINE_SHARE` of the budget.
2.  Then, in that order, each file gets its full text if that fits into what is left, else its
    outline, else a line in the listing.

Files of a pack (`first`) are shown in full, in the same order, and outlines of all others.

A file is opened only when its text or its outline could fit by its size, so a budget bounds what
is held. Counting who uses what takes every source file, once: what is found is kept by blob. In a
tree with more than `shelf.MOST_INDEXED_BYTES` of source nobody counts: depth and size decide
alone, and there are no outlines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import Level, Pack
from reviewer.pack import listing
from reviewer.pack.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewer.flow import PackedFile
    from reviewer.pack.sheets import Opener
    from reviewer.pack.shelf import Candidate, Redact

LISTING_SHARE = 0.03
"""Of the budget, for the listing of what is not shown: it tells what exists, not what it holds."""

ENVELOPE_TOKENS = 16
"""The tags of the codebase itself."""


def fit(
    candidates: Sequence[Candidate],
    opener: Opener,
    *,
    budget_tokens: int,
    redact: Redact,
    listed: bool = True,
    outlined: Mapping[str, PackedFile] | None = None,
    first: frozenset[str] = frozenset(),
) -> Pack:
    """Return every candidate once, in path order, within `budget_tokens`, the listing included.

    `redact` replaces the secrets of a text; it is called in path order. Without `listed` there is
    no listing; `outlined` are files that another part shows as outlines, so that none is shown
    here. Where there are `first` files, no other is shown in full. Raises `UserMustAct` when the
    budget could not even hold the listing.
    """
    outlined = outlined or {}
    for_listing = _for_listing(budget_tokens) if listed else 0
    left = budget_tokens - for_listing - ENVELOPE_TOKENS
    if left < 0:
        raise UserMustAct(
            f"the {max(budget_tokens, 0):,} tokens that are left cannot hold a list of the files "
            f"({listing.FLOOR_TOKENS + ENVELOPE_TOKENS} tokens), let alone a file",
            way_out="raise max_prompt_tokens or max_usd_per_review",
        )
    shelf = Shelf(opener=opener, left_tokens=left, outlined=frozenset(outlined), first=first)
    shelf.fill(candidates)
    files = [shelf.file(*candidate) for candidate in sorted(candidates, key=_path)]
    texts, outlines = shelf.texts(files, redact)
    files = [outlined.get(f.path, f) if f.level is Level.LISTED else f for f in files]
    written = listing.write_listing(
        files if listed else (), budget_tokens=for_listing + shelf.left_tokens
    )
    return Pack(
        files=tuple(files),
        texts=texts,
        outlines=outlines,
        listing=written.text,
        tokens=ENVELOPE_TOKENS + sum(one.tokens for one in shelf.shown.values()) + written.tokens,
    )


def room_tokens(budget_tokens: int) -> int:
    """Return what is left of a budget for files, beside the listing of all."""
    return budget_tokens - _for_listing(budget_tokens) - ENVELOPE_TOKENS


def _for_listing(budget_tokens: int) -> int:
    return max(int(budget_tokens * LISTING_SHARE), listing.FLOOR_TOKENS)


def _path(candidate: Candidate) -> str:
    return candidate[0].path
