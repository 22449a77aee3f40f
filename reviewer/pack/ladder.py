"""Which files are shown in full within a budget, and why the others are not. Pure.

Two levels: full, and listed. The order is fixed, and knows nothing of the change, so that every
change of a base shares one prefix:

    class      source, config, test, docs, data
    depth      what lies nearer to the root
    size       small files first: more of the codebase is seen
    path

A file is opened only when it could fit by its size, so a budget bounds what is read and held.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct
from reviewer.flow import SENDABLE, FileClass, Level, Pack, PackedFile
from reviewer.pack import classify, decode, document, listing, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.flow import Text, TreeEntry, Verdict

ORDER = (FileClass.SOURCE, FileClass.CONFIG, FileClass.TEST, FileClass.DOCS, FileClass.DATA)

LISTING_SHARE = 0.03
"""Of the budget, for the listing of what is not shown: it tells what exists, not what it holds."""

ENVELOPE_TOKENS = 16
"""The tags of the codebase itself."""


def fit(
    candidates: Sequence[tuple[TreeEntry, Verdict]],
    read: Callable[[str], bytes],
    *,
    budget_tokens: int,
) -> Pack:
    """Return every candidate once, in path order, within `budget_tokens`, the listing included.

    `read` gives the bytes of a blob id. Raises `UserMustAct` when the budget could not even hold
    the listing.
    """
    for_listing = max(int(budget_tokens * LISTING_SHARE), listing.FLOOR_TOKENS)
    left = budget_tokens - for_listing - ENVELOPE_TOKENS
    if left < 0:
        raise UserMustAct(
            f"the {max(budget_tokens, 0):,} tokens that are left cannot hold a list of the files "
            f"({listing.FLOOR_TOKENS + ENVELOPE_TOKENS} tokens), let alone a file",
            way_out="raise max_prompt_tokens or max_usd_per_review",
        )
    files: list[PackedFile] = []
    texts: dict[str, str] = {}
    for entry, verdict in sorted(candidates, key=_rank):
        file, text = _show(entry, verdict, read, left_tokens=left)
        files.append(file)
        left -= file.tokens
        if file.level is Level.FULL:
            texts[file.path] = text
    files.sort(key=lambda file: file.path)
    listed = listing.write_listing(files, budget_tokens=for_listing)
    shown_tokens = sum(file.tokens for file in files)
    return Pack(
        files=tuple(files),
        texts=texts,
        tokens=ENVELOPE_TOKENS + shown_tokens + listed.tokens,
    )


def _rank(candidate: tuple[TreeEntry, Verdict]) -> tuple[int, int, int, str]:
    entry, verdict = candidate
    sendable = verdict.file_class in SENDABLE
    of_class = ORDER.index(verdict.file_class) if sendable else len(ORDER)
    return of_class, entry.path.count("/"), entry.size_bytes, entry.path


def _show(
    entry: TreeEntry, verdict: Verdict, read: Callable[[str], bytes], *, left_tokens: int
) -> tuple[PackedFile, str]:
    """Return the file with its text, or listed with the reason and no text."""
    if verdict.file_class not in SENDABLE:
        return _listed(entry, verdict), ""
    by_size = tokens.estimate_bytes(entry.size_bytes, entry.path)
    if by_size > left_tokens:
        return _over(entry, verdict, f"about {by_size:,}", left_tokens), ""
    data = read(entry.oid)
    verdict = classify.by_content(verdict, data)
    if verdict.file_class not in SENDABLE:
        return _listed(entry, verdict), ""
    text = decode.decode(data)
    cost = _cost_tokens(entry, text)
    if cost > left_tokens:
        return _over(entry, verdict, f"{cost:,}", left_tokens), ""
    return _full(entry, verdict, text, cost), text.text


def _cost_tokens(entry: TreeEntry, text: Text) -> int:
    """Return what the whole document costs, tags included."""
    written = document.write(
        entry.path,
        text.text,
        percent_encoded=entry.percent_encoded,
        encoding=text.encoding,
        lossy=text.lossy,
    )
    return tokens.estimate(written, entry.path)


def _full(entry: TreeEntry, verdict: Verdict, text: Text, cost: int) -> PackedFile:
    return replace(
        _listed(entry, verdict),
        level=Level.FULL,
        tokens=cost,
        why="",
        encoding=text.encoding,
        lossy=text.lossy,
    )


def _over(entry: TreeEntry, verdict: Verdict, needed: str, left_tokens: int) -> PackedFile:
    why = f"over the budget: needs {needed} tokens, {left_tokens:,} are left"
    return replace(_listed(entry, verdict), why=why)


def _listed(entry: TreeEntry, verdict: Verdict) -> PackedFile:
    return PackedFile(
        path=entry.path,
        oid=entry.oid,
        size_bytes=entry.size_bytes,
        file_class=verdict.file_class,
        rule=verdict.rule,
        level=Level.LISTED,
        tokens=0,
        why=f"{verdict.file_class}: {verdict.rule}",
        percent_encoded=entry.percent_encoded,
    )
