"""How the codebase stands in the prompt: as it is, or as the snapshot of the day. Pure.

Pure but for the ports it is handed. A snapshot is shown in two parts and an overlay
(`pack.tiers`, `pack.overlay`). The usual change shows all of it, the same bytes as every other of
the day. A large one shows the core, which it shares too, and as much more as it leaves room for.
One that does not even leave room for the core shares nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import Snapshot
from reviewer.pack import ladder, overlay, tiers
from reviewer.pack.placeholders import Placeholders
from reviewer.pack.snapshot import OVERLAY_SHARE, choose

if TYPE_CHECKING:
    from reviewer.flow import Pack, Trail
    from reviewer.ground import Ground
    from reviewer.pack.sheets import Opener

CODEBASE_SHARES = (0.85, 0.7, 0.5, 0.3, 0.05)
"""The codebase's part of the budget: the first that leaves room for the whole change. The usual
change fits beside the largest share, so that what is shown of the codebase does not depend on it
and every change of the same base shares one prefix; a large one is still shown in full, because
a changed file matters more than an unchanged one."""

CORE_SHARE = 0.6
"""The core's part. Chosen by the replay of three busy repositories (benchmarks/README.md)."""

LEAST_TOKENS = 2_000
"""Beside the core: a listing, and a file or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What is shown of the codebase, and the numbers of its secrets.

    Of a snapshot, `commit` is its state, `core` and `rest` are its parts, and `overlay_tokens` is
    what the overlay may take; `shared` tells that both parts are what others show.
    """

    pack: Pack
    placeholders: Placeholders
    commit: str = ""
    core: Pack | None = None
    rest: Pack | None = None
    shared: bool = False
    overlay_tokens: int = 0


def as_it_is(ground: Ground, opener: Opener, *, budget_tokens: int) -> Layout:
    """Return the base as it is."""
    placeholders = Placeholders()
    audit = ground.change.audit
    pack = ladder.fit(
        ground.candidates,
        opener,
        budget_tokens=budget_tokens,
        redact=placeholders.replace,
        first=frozenset(audit.files) if audit else frozenset(),
    )
    return Layout(pack=pack, placeholders=placeholders)


def of_the_day(
    ground: Ground, opener: Opener, trail: Trail, *, room_tokens: int, left_tokens: int
) -> Layout | None:
    """Return the snapshot, or None where the change leaves no room for what is shared.

    `room_tokens` is the room of the whole prompt, `left_tokens` what the change leaves of it.
    """
    usual_tokens = int(room_tokens * CODEBASE_SHARES[0])
    most_core_tokens = int(room_tokens * CORE_SHARE / (1 + OVERLAY_SHARE))
    made: dict[str, Layout] = {}

    def pack_at(commit: str) -> Pack:
        made[commit] = _parted(
            ground,
            opener,
            commit,
            core_tokens=most_core_tokens,
            whole_tokens=int(usual_tokens / (1 + OVERLAY_SHARE)),
            usual_tokens=usual_tokens,
        )
        return made[commit].pack

    commit, _ = choose(trail.steps, pack_at, ground.classed, opener.family)
    found = made[commit]
    if found.pack.tokens + found.overlay_tokens <= left_tokens:
        return found
    core_tokens = found.core.tokens if found.core else 0
    if core_tokens + LEAST_TOKENS > left_tokens:
        return None
    return _parted(
        ground,
        opener,
        commit,
        core_tokens=most_core_tokens,
        whole_tokens=core_tokens + int((left_tokens - core_tokens) * (1 - OVERLAY_SHARE)),
        usual_tokens=left_tokens,
        shared=False,
    )


def _parted(
    ground: Ground,
    opener: Opener,
    commit: str,
    *,
    core_tokens: int,
    whole_tokens: int,
    usual_tokens: int,
    shared: bool = True,
) -> Layout:
    """Return a commit in two parts; what `usual_tokens` leave is for the overlay."""
    placeholders = Placeholders()
    candidates = ground.classed(ground.repository.entries(commit))
    core = tiers.core(candidates, opener, budget_tokens=core_tokens, redact=placeholders.replace)
    rest = tiers.rest(
        core,
        candidates,
        opener,
        budget_tokens=whole_tokens - core.tokens,
        redact=placeholders.replace,
    )
    pack = tiers.together(core, rest)
    room_tokens = usual_tokens - pack.tokens
    enough_tokens = int(pack.tokens * OVERLAY_SHARE) + overlay.LEAST_NAMES_TOKENS
    return Layout(
        pack=pack,
        placeholders=placeholders,
        commit=commit,
        core=core,
        rest=rest,
        shared=shared,
        overlay_tokens=min(room_tokens, enough_tokens),
    )


def overlaid(layout: Layout, ground: Ground, opener: Opener) -> tuple[Pack, Snapshot | None]:
    """Return the base as it is shown in the end, and the snapshot that shows it, if one does."""
    if layout.core is None or layout.rest is None:
        return layout.pack, None
    laid = overlay.lay(
        layout.pack,
        ground.candidates,
        opener,
        budget_tokens=layout.overlay_tokens,
        redact=layout.placeholders.replace,
    )
    snapshot = Snapshot(
        commit=layout.commit,
        core=layout.core,
        rest=layout.rest,
        shared=layout.shared,
        text=laid.text,
        tokens=laid.tokens,
        changed=laid.changed,
        stale=laid.stale,
    )
    return laid.pack, snapshot
