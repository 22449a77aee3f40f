"""Several packs of one repository -> one review. Pure.

A finding is about a file of its own pack, and each file is in one pack, so no problem is told
twice. What a file was shown as is the most that a pack showed of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import Level
from reviewer.verify import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reviewer.choose import Shown
    from reviewer.flow import Answer, Estimate, Outline, Pack, PackedFile, Reply
    from reviewer.prepare import Prepared

_MORE = {Level.FULL: 0, Level.OUTLINE: 1, Level.LISTED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One pack, what was answered to it, and what of that holds."""

    prepared: Prepared
    answers: tuple[Answer, ...]
    holds: Held
    replies: tuple[Reply, ...]

    def named(self, at: int, packs: int) -> Iterator[Answer]:
        """Give the answers; of several packs each says of which it is."""
        for one in self.answers:
            pack = f"pack {at + 1} of {packs}" if packs > 1 else ""
            yield replace(one, lens=", ".join(filter(None, (pack, one.lens))))

    @property
    def unfinished(self) -> str:
        """Why there is no whole answer about the pack; empty where there is one."""
        broken = [one.incomplete for one in self.answers if one.incomplete]
        return broken[0] if len(broken) == len(self.answers) else ""


def unfinished(parts: Sequence[Judged]) -> str:
    """Return why a review is not finished: a pack that nobody has seen may hold anything."""
    broken = [(at + 1, part.unfinished) for at, part in enumerate(parts) if part.unfinished]
    if not broken:
        return ""
    if len(parts) == 1:
        return broken[0][1]
    return "; ".join(f"pack {number} of {len(parts)}: {why}" for number, why in broken)


def holds(parts: Sequence[Held]) -> Held:
    """Return what holds of all packs."""
    return Held(
        proven=tuple(one for part in parts for one in part.proven),
        rejected=tuple(one for part in parts for one in part.rejected),
        unverified="; ".join(dict.fromkeys(part.unverified for part in parts if part.unverified)),
        known=tuple(dict.fromkeys(one for part in parts for one in part.known)),
        elsewhere=tuple(one for part in parts for one in part.elsewhere),
    )


def together(parts: Sequence[Prepared]) -> Prepared:
    """Return what was shown of a repository in all of its packs."""
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        shown=_shown([part.shown for part in parts]),
        estimate=_estimate([part.estimate for part in parts]),
    )


def _shown(parts: Sequence[Shown]) -> Shown:
    related = {file.path: file for part in parts for file in part.related}
    audit = parts[0].change.audit
    return replace(
        parts[0],
        change=replace(parts[0].change, audit=replace(audit, files=(), areas=()))
        if audit
        else parts[0].change,
        pack=_pack([part.pack for part in parts]),
        related=tuple(related.values()),
        asked=tuple(path for part in parts for path in part.asked),
        secrets=_most(kind for part in parts for kind in part.secrets),
    )


def _pack(parts: Sequence[Pack]) -> Pack:
    texts: dict[str, str] = {}
    outlines: dict[str, Outline] = {}
    for part in parts:
        texts |= part.texts
        outlines |= part.outlines
    return replace(
        parts[0],
        files=tuple(_most_of(each) for each in zip(*(part.files for part in parts), strict=True)),
        texts=texts,
        outlines={path: one for path, one in outlines.items() if path not in texts},
        tokens=sum(part.tokens for part in parts),
    )


def _most_of(shown: Sequence[PackedFile]) -> PackedFile:
    return min(shown, key=lambda file: _MORE[file.level])


def _most(counted: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return the secrets by kind, at least: packs number them each for itself."""
    most: dict[str, int] = {}
    for kind, count in counted:
        most[kind] = max(count, most.get(kind, 0))
    return tuple(sorted(most.items()))


def _estimate(parts: Sequence[Estimate]) -> Estimate:
    return replace(
        parts[0],
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        counted=all(part.counted for part in parts),
        input_usd=sum(part.input_usd for part in parts),
        warm_usd=sum(part.warm_usd for part in parts),
        most_usd=sum(part.most_usd for part in parts),
        cap_usd=sum(part.cap_usd for part in parts),
        parts=(),
    )
