"""What has changed in the codebase since its snapshot, as it stands behind it. Pure.

<overlay>
<file path="...">...</file>   what is new or other now, in full or as an outline, in path order
<listing>...</listing>        what is new and not shown
<gone>...</gone>              paths that are there no more
<stale>...</stale>            paths that are other now, and whose new text there was no room for
</overlay>                    cache breakpoint

It depends on the snapshot and the tip of the base alone, never on the change: all changes of a
base share it. A file that the snapshot only lists is left at that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import Level
from reviewer.pack import blocks, listing
from reviewer.pack.document import escape_path
from reviewer.pack.shelf import Shelf
from reviewer.pack.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reviewer.flow import Outline, Pack, PackedFile
    from reviewer.pack.sheets import Opener
    from reviewer.pack.shelf import Candidate, Redact

NAMES_SHARE = 0.3
"""Of the budget, for the names of what has gone, is stale, or new and not shown."""

LEAST_NAMES_TOKENS = 3 * listing.FLOOR_TOKENS
"""However little room there is, it is said how many files there are."""

ENVELOPE_TOKENS = 32
"""The tags of the overlay itself, and of the names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The overlay as it is written, and the codebase as both together show it.

    `changed` counts the files that are other now or gone, `stale` those that are named only.
    """

    pack: Pack
    text: str = ""
    tokens: int = 0
    changed: int = 0
    stale: int = 0


def lay(
    below: Pack,
    candidates: Sequence[Candidate],
    opener: Opener,
    *,
    budget_tokens: int,
    redact: Redact,
) -> Laid:
    """Return the overlay over a codebase; `candidates` are the files of the base as it is now."""
    before = {file.path: file for file in below.files}
    now = {entry.path for entry, _ in candidates}
    gone = [file.path for file in below.files if file.path not in now]
    differing = [one for one in candidates if _differs(one, before)]
    if not differing and not gone:
        return Laid(pack=below)
    each_tokens = max(int(budget_tokens * NAMES_SHARE), LEAST_NAMES_TOKENS) // 3
    own_tokens = max(0, budget_tokens - ENVELOPE_TOKENS - 3 * each_tokens)
    shown = _shown(differing, before, opener, budget_tokens=own_tokens, redact=redact)
    new = [file for path, file in shown.files.items() if path not in before]
    listed = listing.write_listing(new, budget_tokens=each_tokens)
    names = _names("gone", gone, each_tokens) + _names("stale", shown.stale, each_tokens)
    documents = blocks.documents(shown.files.values(), shown.texts, shown.outlines)
    tokens = (
        ENVELOPE_TOKENS
        + sum(file.tokens for file in shown.files.values())
        + listed.tokens
        + estimate(names, "listing", opener.family)
    )
    return Laid(
        pack=_together(below, shown, candidates, before, tokens),
        text="".join(("<overlay>\n", *documents, listed.text, names, "</overlay>\n")),
        tokens=tokens,
        changed=len(differing) + len(gone),
        stale=len(shown.stale),
    )


def _differs(candidate: Candidate, before: Mapping[str, PackedFile]) -> bool:
    entry, _ = candidate
    return entry.path not in before or before[entry.path].oid != entry.oid


@dataclass(frozen=True, slots=True, kw_only=True)
class _Differing:
    """The files that differ, by path, and what is shown of them; `stale` is named only."""

    files: dict[str, PackedFile]
    texts: dict[str, str]
    outlines: dict[str, Outline]
    stale: tuple[str, ...]


def _shown(
    differing: Sequence[Candidate],
    before: Mapping[str, PackedFile],
    opener: Opener,
    *,
    budget_tokens: int,
    redact: Redact,
) -> _Differing:
    """Choose what is shown of the files that differ, but for those that were only listed."""
    listed = {path for path, file in before.items() if file.level is Level.LISTED}
    shelf = Shelf(opener=opener, left_tokens=budget_tokens)
    shelf.fill([one for one in differing if one[0].path not in listed])
    files = {
        entry.path: before[entry.path]._replace(oid=entry.oid, size_bytes=entry.size_bytes)
        if entry.path in listed
        else shelf.file(entry, verdict)
        for entry, verdict in differing
    }
    texts, outlines = shelf.texts(files.values(), redact)
    stale = tuple(
        path
        for path, file in files.items()
        if file.level is Level.LISTED and path in before and path not in listed
    )
    return _Differing(files=files, texts=texts, outlines=outlines, stale=stale)


def _names(tag: str, paths: Collection[str], budget_tokens: int) -> str:
    """Return the paths in their tag, as many as there is room for, and the number of the rest."""
    if not paths:
        return ""
    lines: list[str] = []
    for path in sorted(paths):
        line = f"{escape_path(path)}\n"
        budget_tokens -= estimate(line, "listing")
        if budget_tokens < 0:
            lines.append(f"and {len(paths) - len(lines):,} more\n")
            break
        lines.append(line)
    return f"<{tag}>\n{''.join(lines)}</{tag}>\n"


def _together(
    below: Pack,
    overlay: _Differing,
    candidates: Sequence[Candidate],
    before: Mapping[str, PackedFile],
    overlay_tokens: int,
) -> Pack:
    """Return the codebase as the base has it now: what the overlay shows wins."""
    files = tuple(
        overlay.files.get(entry.path) or before[entry.path]
        for entry, _ in sorted(candidates, key=lambda one: one[0].path)
    )
    as_before = {file.path for file in files} - set(overlay.files)
    return replace(
        below,
        files=files,
        texts={path: text for path, text in below.texts.items() if path in as_before}
        | overlay.texts,
        outlines={path: one for path, one in below.outlines.items() if path in as_before}
        | overlay.outlines,
        tokens=below.tokens + overlay_tokens,
    )
