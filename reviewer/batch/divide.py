"""One audit -> several, each about the files of one pack, where not all fit into one. Pure.

Pure but for the ports it is handed. Each pack shows its own files in full, and the outlines of the
others. So a pack's own files may take what the outlines leave, less what the estimate may be off.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer import gather
from reviewer.ask import request, untrusted
from reviewer.flow import FileClass
from reviewer.index import graph
from reviewer.pack import ladder, split
from reviewer.pack.sheets import Sheet
from reviewer.pack.shelf import OUTLINE_RATIO, OUTLINE_SHARE
from reviewer.terms import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Activity, Change, ModelFacts
    from reviewer.gather import Material
    from reviewer.pack.split import Part
    from reviewer.ports import Tools
    from reviewer.settings import Settings

MARGIN = 0.95
"""Of a pack's room: what the estimate is off by, and the names of the files of a pack."""

_CODE = (FileClass.SOURCE, FileClass.TEST)
STEP = 1.05
"""Packs become larger by so much until they are as few as they are to be."""


def divided(
    change: Change,
    settings: Settings,
    *,
    tools: Tools,
    facts: ModelFacts,
    activity: Activity,
    packs: int | None,
) -> tuple[Change, ...]:
    """Return the audit as it is, if all it is about fits in full, else one for each pack.

    With `packs`, it is about so many, or more where they would not fit. Raises `CapTooSmall`,
    `UnknownPrice`, and `CouldNotFinish` where a file cannot be read.
    """
    terms = settle(settings, facts, activity, cap_usd=settings.max_usd_per_review, batch=True)
    material = gather.look(
        change,
        settings,
        tools=tools,
        family=terms.family,
        budget_tokens=terms.budget_tokens,
        since=None,
    )
    overhead_tokens = request.overhead_tokens(
        change,
        untrusted.Aside(),
        terms.family,
        rules=material.project_rules,
        lenses=terms.lenses,
    )
    room_tokens = ladder.room_tokens(terms.budget_tokens - overhead_tokens) * MARGIN
    costs = _costs(material)
    whole_tokens = sum(costs.values())
    if packs == 1 or (packs is None and whole_tokens <= room_tokens):
        return (change,)
    most_tokens = _own_tokens(room_tokens, whole_tokens)
    packs = max(packs or 2, math.ceil(whole_tokens / most_tokens))
    parts = _parts(costs, _uses(material, costs), most_tokens, packs)
    return tuple(_about(change, part, parts) for part in parts)


def _own_tokens(room_tokens: float, whole_tokens: int) -> int:
    """Return what a pack's own files may take: the outlines of the others go beside them.

    Those take their ratio of all that is left, or the most that they may of the room.
    """
    beside = (room_tokens - OUTLINE_RATIO * whole_tokens) / (1 - OUTLINE_RATIO)
    return int(max(room_tokens * (1 - OUTLINE_SHARE), beside))


def _costs(material: Material) -> dict[str, int]:
    """Return what each file that is asked about costs in full, by path."""
    opener, asked = material.opener, set(material.asked)
    candidates = [one for one in material.ground.candidates if one[0].path in asked]
    opener.recall(entry for entry, _ in candidates)
    sheets = (opener.open(entry, verdict) for entry, verdict in candidates)
    costs = {
        sheet.entry.path: opener.tokens(sheet) for sheet in sheets if isinstance(sheet, Sheet)
    }
    opener.remember()
    return costs


def _uses(material: Material, costs: dict[str, int]) -> dict[tuple[str, str], float]:
    code = [
        entry
        for entry, verdict in material.ground.candidates
        if entry.path in costs and verdict.file_class in _CODE
    ]
    return graph.references(material.opener.facts(code))


def _parts(
    costs: dict[str, int], uses: dict[tuple[str, str], float], most_tokens: int, packs: int
) -> tuple[Part, ...]:
    """Return so many parts of about the same size; more where they cannot be that few."""
    each_tokens = min(most_tokens, math.ceil(sum(costs.values()) / packs))
    parts = split.split(costs, uses, budget_tokens=each_tokens)
    while len(parts) > packs and each_tokens < most_tokens:
        each_tokens = min(most_tokens, math.ceil(each_tokens * STEP))
        parts = split.split(costs, uses, budget_tokens=each_tokens)
    return parts


def _about(change: Change, part: Part, parts: Sequence[Part]) -> Change:
    """Return the audit of one pack."""
    others = [path for other in parts if other is not part for path in other.files]
    audit = change.audit
    if audit is None:
        return change
    areas = split.areas(part.files, others)
    return replace(change, audit=replace(audit, files=part.files, areas=areas))
