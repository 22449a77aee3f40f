"""The codebase as it stands in the prompt: a few large blocks, the same bytes every time. Pure.

<codebase>
<file path="...">...</file>      every file shown in full or as an outline, in path order
<listing>...</listing>           what is not shown
</codebase>                      cache breakpoint
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Block
from reviewer.pack import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import Outline, Pack, PackedFile, Snapshot

MOST_BLOCKS = 8
"""The cache looks back 20 blocks from a breakpoint (prompt caching documentation)."""

MIN_BLOCK_CHARACTERS = 200_000
"""A small codebase is one block."""


def codebase(pack: Pack, snapshot: Snapshot | None = None) -> tuple[Block, ...]:
    """Return at most `MOST_BLOCKS` blocks; the last one carries the cache breakpoint.

    Of a codebase with a snapshot, that is shown: its core, the rest and the overlay, each of them
    with a breakpoint of its own where others share it, and each in so many blocks.
    """
    if snapshot is None:
        return _marked(["<codebase>\n", *_documents(pack), pack.listing, "</codebase>\n"])
    rest = [*_documents(snapshot.rest), snapshot.rest.listing, "</codebase>\n"]
    return (
        *_marked(["<codebase>\n", *_documents(snapshot.core)]),
        *_marked(rest, shared=snapshot.shared),
        *(_marked([snapshot.text], shared=snapshot.shared) if snapshot.text else ()),
    )


def _marked(parts: Sequence[str], *, shared: bool = True) -> tuple[Block, ...]:
    """Return the parts in a few blocks, the last of them with a breakpoint if others share it."""
    *texts, last = _joined(parts)
    return (*(Block(text=text) for text in texts), Block(text=last, breakpoint=shared))


def documents(
    files: Iterable[PackedFile], texts: Mapping[str, str], outlines: Mapping[str, Outline]
) -> Iterator[str]:
    """Give each file of which there is a text or an outline, as it is written."""
    for file in files:
        outline = outlines.get(file.path)
        if outline is None and file.path not in texts:
            continue
        yield document.write(
            file.path,
            outline.text if outline else texts[file.path],
            percent_encoded=file.percent_encoded,
            encoding="utf-8" if outline else file.encoding,
            lossy=file.lossy and not outline,
            outline=outline is not None,
        )


def _documents(pack: Pack) -> Iterator[str]:
    return documents(pack.files, pack.texts, pack.outlines)


def _joined(parts: Sequence[str]) -> list[str]:
    """Join neighbours into at most `MOST_BLOCKS` texts, each but the last at least a share."""
    share = max(MIN_BLOCK_CHARACTERS, -(-sum(map(len, parts)) // MOST_BLOCKS))
    texts: list[str] = []
    group: list[str] = []
    size = 0
    for part in parts:
        group.append(part)
        size += len(part)
        if size >= share:
            texts.append("".join(group))
            group, size = [], 0
    return [*texts, "".join(group)] if group else texts
