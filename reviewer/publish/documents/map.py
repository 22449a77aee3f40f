"""Where the prompt's tokens go, what surrounds the change, and what is left out. Pure.

The same values three times: as lines of text, for programs, and as one page of HTML that needs
nothing else. What it draws comes from `map_data` and `map_graph`; its words are in `map.html.j2`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, Level
from reviewer.pack.tokens import Family, estimate_bytes, family_of
from reviewer.publish import statistics
from reviewer.publish.documents import inspected, map_data, map_graph
from reviewer.publish.statistics import Group, group_of, one_line
from reviewer.render import render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.choose import Shown
    from reviewer.flow import ChangedFile, Neighbour, PackedFile
    from reviewer.prepare import Prepared

TOKENIZERS = {Family.CURRENT: "Claude 4.7 and later", Family.EARLIER: "Claude before 4.7"}
"""The models that share a tokenizer."""

MOST_REASONS = 40
MOST_CHANGED = 200
MOST_LINES = 20
"""Neighbours that the text names; the page has a table of more."""

MOST_NEIGHBOURS = 200

NO_NEIGHBOURS = "none: no symbol ties another file to the change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the budget. `kind` names its colour."""

    kind: str
    name: str
    tokens: int


def lines(prepared: Prepared) -> list[str]:
    """Return the map as text."""
    files = prepared.pack.files
    hidden = [file for file in files if file.level is not Level.FULL]
    return [
        f"{'model':<28} {prepared.request.model}, with the tokenizer of {_tokenizer(prepared)}",
        f"{'secrets replaced':<28} {_secrets(prepared)}",
        "",
        *_budget_lines(prepared),
        "",
        *statistics.table(files),
        "",
        *statistics.grouped("not in full, because", hidden, map_data.reason, most=MOST_REASONS),
        "",
        *_neighbour_lines(prepared.shown.neighbours),
    ]


def page(prepared: Prepared, *, name: str) -> str:
    """Return the map of the repository `name` as HTML."""
    files, shown = prepared.pack.files, prepared.shown
    change = [path for file in prepared.changed for path in (file.diff.path, file.diff.old_path)]
    reasons = by_reason(files, family_of(prepared.request.model))
    return (
        render_page(
            "map.html.j2",
            style="map.css",
            script="map.js",
            name=one_line(name),
            compared=f"{shown.change.merge_base[:12]}..{shown.change.head[:12]}",
            model=prepared.request.model,
            tokenizer=_tokenizer(prepared),
            parts=parts(prepared),
            budget_tokens=prepared.budget_tokens,
            used_tokens=prepared.estimate.prompt_tokens,
            files=len(files),
            in_full=sum(file.level is Level.FULL for file in files),
            classes=statistics.by_class(files),
            total=group_of("all", files),
            levels=[level.value for level in map_data.LEVELS],
            reasons=reasons[:MOST_REASONS],
            more_reasons=len(reasons) - MOST_REASONS,
            changed=[_changed(file) for file in prepared.changed[:MOST_CHANGED]],
            more_changed=len(prepared.changed) - MOST_CHANGED,
            neighbours=[_neighbour(each) for each in shown.neighbours[:MOST_NEIGHBOURS]],
            more_neighbours=len(shown.neighbours) - MOST_NEIGHBOURS,
            no_neighbours=NO_NEIGHBOURS,
            related=len(shown.related),
            drawing=_drawing(shown),
            secrets=_secrets(prepared),
            data=map_data.columns(files, frozenset(change)),
        )
        + "\n"
    )


def document(prepared: Prepared) -> inspected.Mapped:
    """Return the map for programs, every file and neighbour in it."""
    shown = prepared.shown
    return inspected.Mapped(
        model=prepared.request.model,
        base=shown.change.base,
        merge_base=shown.change.merge_base,
        head=shown.change.head,
        budget_tokens=prepared.budget_tokens,
        prompt_tokens=prepared.estimate.prompt_tokens,
        tokens_by_part={part.kind: part.tokens for part in parts(prepared)},
        secrets_replaced=dict(shown.secrets),
        files=tuple(map(inspected.File.of, prepared.pack.files)),
        changes=tuple(
            inspected.FileOfChange.of(file, shown.project_rules) for file in prepared.changed
        ),
        related=tuple(
            inspected.Related(path=file.path, tokens=file.tokens) for file in shown.related
        ),
        neighbours=shown.neighbours,
    )


def parts(prepared: Prepared) -> tuple[Part, ...]:
    """Return what the budget goes into; the parts add up to it."""
    pack, used_tokens = prepared.pack, prepared.estimate.prompt_tokens
    full, outline = (
        sum(file.tokens for file in pack.files if file.level is level)
        for level in (Level.FULL, Level.OUTLINE)
    )
    change = sum(file.tokens for file in prepared.changed)
    related = sum(file.tokens for file in prepared.shown.related)
    return (
        Part(kind="full", name="files in full", tokens=full),
        Part(kind="outline", name="outlines", tokens=outline),
        Part(kind="listed", name="listing of the rest", tokens=pack.tokens - full - outline),
        Part(kind="change", name="the change", tokens=change),
        Part(kind="related", name="files beside the change", tokens=related),
        Part(kind="task", name="instructions", tokens=used_tokens - prepared.shown.tokens),
        Part(kind="unused", name="unused", tokens=prepared.budget_tokens - used_tokens),
    )


def by_reason(files: Sequence[PackedFile], family: Family) -> list[Group]:
    """Return what is not in full by level and reason, the most bytes first.

    Reasons that differ in their numbers alone are one.
    """
    reasons: dict[tuple[Level, str, str], list[PackedFile]] = defaultdict(list)
    for file in files:
        if file.level is not Level.FULL:
            words, _ = map_data.words_and_numbers(one_line(file.why))
            reasons[file.level, map_data.reason(file), words].append(file)
    groups = (
        replace(
            group_of(reason, group),
            level=level.value,
            why=words.replace(map_data.GAP, "N"),
            needed_tokens=_needed(group, family),
        )
        for (level, reason, words), group in reasons.items()
    )
    return sorted(groups, key=lambda group: (-group.size_bytes, group.why))


def _needed(files: Sequence[PackedFile], family: Family) -> int | None:
    sendable = [file for file in files if file.file_class in SENDABLE]
    if not sendable:
        return None
    return sum(estimate_bytes(file.size_bytes, file.path, family) for file in sendable)


def _budget_lines(prepared: Prepared) -> list[str]:
    budget = prepared.budget_tokens
    head = f"{'tokens of the prompt':<28} {'tokens':>10} {'share':>7}"
    rows = [(part.name, part.tokens) for part in parts(prepared)]
    return [
        head,
        *(f"{name:<28} {tokens:>10,} {tokens / budget:>7.1%}" for name, tokens in rows),
        f"{'budget':<28} {budget:>10,} {1:>7.1%}",
    ]


def _tokenizer(prepared: Prepared) -> str:
    return TOKENIZERS[family_of(prepared.request.model)]


def _secrets(prepared: Prepared) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in prepared.shown.secrets) or "none"


def _neighbour_lines(neighbours: Sequence[Neighbour]) -> list[str]:
    title = "neighbours of the change"
    if not neighbours:
        return [f"{title:<28} {NO_NEIGHBOURS}"]
    shown = [f"  {map_graph.told(each)}" for each in neighbours[:MOST_LINES]]
    more = len(neighbours) - len(shown)
    return [title, *shown, *([f"  ({more:,} more)"] if more else [])]


def _changed(file: ChangedFile) -> dict[str, object]:
    return {
        "path": one_line(file.diff.path),
        "status": file.diff.status.value,
        "tokens": file.tokens,
        "why": one_line(file.why),
    }


def _neighbour(each: Neighbour) -> dict[str, object]:
    return {
        "path": one_line(each.path),
        "relation": each.relation,
        "names": ", ".join(map(one_line, each.names)),
        "of": ", ".join(map(one_line, each.of)),
        "shown": each.shown,
    }


def _drawing(shown: Shown) -> map_graph.Drawing | None:
    if not shown.neighbours:
        return None
    return map_graph.draw([file.diff.path for file in shown.changed], shown.neighbours)
