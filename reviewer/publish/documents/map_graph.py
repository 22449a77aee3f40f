"""The neighbourhood of a change -> boxes and lines of a drawing in three columns. Pure.

Left stands what defines what the change uses, in the middle the change, right what uses or tests
what it defines. The names that connect a neighbour stand on a straight piece of line beside it;
from there a curve runs to each changed file. Nothing moves and nothing overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from reviewer.publish.statistics import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import Neighbour

MOST_NEIGHBOURS = 20
"""On each side; the rest is counted. A taller drawing is not read."""

MOST_CHANGED = 12

WIDTH, BOX_WIDTH, BOX_HEIGHT, STEP = 1240, 270, 38, 50
STUB = 150
"""How long the straight piece is that carries the names."""

MARGIN = 4
NAME_COLUMNS, FOLDER_COLUMNS, LABEL_COLUMNS = 32, 36, 22
"""What fits into a box and on a line, in columns of the fixed-width font."""

_LEFT, _MIDDLE = MARGIN, (WIDTH - BOX_WIDTH) // 2
_RIGHT = WIDTH - BOX_WIDTH - MARGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A file, or with `kind` "more" the count of those that are not drawn. (x, y): its top left.

    `kind` is "changed", or the relation of a neighbour; a neighbour has `paths` of SVG that lead
    to the change, and a `label` beside it on the first of them.
    """

    x: int
    y: int
    kind: str
    name: str
    folder: str = ""
    title: str = ""
    shown: bool = True
    paths: tuple[str, ...] = ()
    label: str = ""
    label_x: int = 0
    anchor: str = ""

    @property
    def middle(self) -> int:
        """Where lines begin and end."""
        return self.y + BOX_HEIGHT // 2

    @property
    def label_y(self) -> int:
        """The label stands on its line."""
        return self.middle - 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All boxes, column by column."""

    height: int
    boxes: tuple[Box, ...]
    width: int = WIDTH
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(changed: Sequence[str], neighbours: Sequence[Neighbour]) -> Drawing:
    """Return the drawing of the change and its neighbours, which come best first."""
    ranked = _most_connected(changed, neighbours)
    middle = [
        _box(path, _MIDDLE, y, "changed", title=one_line(path))
        for y, path in zip(_tops(), ranked[:MOST_CHANGED], strict=False)
    ]
    middle += _more(len(ranked) - len(middle), _MIDDLE, len(middle))
    ends = {
        path: middle[min(at, len(middle) - 1)].middle for at, path in enumerate(ranked)
    }  # those that are not drawn end in "more"
    left = [each for each in neighbours if each.relation == "defines"]
    right = [each for each in neighbours if each.relation != "defines"]
    boxes = [*middle, *_column(left, _LEFT, ends), *_column(right, _RIGHT, ends)]
    lowest = max((box.y for box in boxes), default=0)
    return Drawing(height=lowest + BOX_HEIGHT + MARGIN, boxes=tuple(boxes))


def _most_connected(changed: Sequence[str], neighbours: Sequence[Neighbour]) -> list[str]:
    """Return the changed paths, those with the most neighbours first."""
    degree = dict.fromkeys(changed, 0)
    for path in (path for each in neighbours for path in each.of):
        degree[path] = degree.get(path, 0) + 1
    return sorted(degree, key=lambda path: (-degree[path], path))


def _tops() -> Iterator[int]:
    return count(MARGIN, STEP)


def _column(side: Sequence[Neighbour], x: int, ends: Mapping[str, int]) -> list[Box]:
    """Return the best neighbours of one side, in the order that crosses the fewest lines."""
    drawn = sorted(side[:MOST_NEIGHBOURS], key=lambda each: (_mean_end(each, ends), each.path))
    boxes = [
        _with_lines(
            _box(each.path, x, y, each.relation, title=told(each), shown=each.shown), each, ends
        )
        for y, each in zip(_tops(), drawn, strict=False)
    ]
    return boxes + _more(len(side) - len(boxes), x, len(boxes))


def _mean_end(neighbour: Neighbour, ends: Mapping[str, int]) -> float:
    return sum(ends[path] for path in neighbour.of) / max(len(neighbour.of), 1)


def _more(hidden: int, x: int, row: int) -> list[Box]:
    if not hidden:
        return []
    return [Box(x=x, y=MARGIN + row * STEP, kind="more", name=f"and {hidden:,} more")]


def told(neighbour: Neighbour) -> str:
    """Return in words what a neighbour is to the change."""
    names, of = (", ".join(map(one_line, each)) for each in (neighbour.names, neighbour.of))
    shown = "in full in the prompt" if neighbour.shown else "not in full in the prompt"
    return f"{one_line(neighbour.path)} {neighbour.relation} {names} ({of}); {shown}"


def _box(path: str, x: int, y: int, kind: str, *, title: str, shown: bool = True) -> Box:
    folder, slash, name = one_line(path).rpartition("/")
    return Box(
        x=x,
        y=y,
        kind=kind,
        name=fitted(name, NAME_COLUMNS),
        folder=fitted(folder + slash, FOLDER_COLUMNS, keep_end=True),
        title=title,
        shown=shown,
    )


def _with_lines(box: Box, neighbour: Neighbour, ends: Mapping[str, int]) -> Box:
    """Connect a neighbour with its changed files: a straight piece, then a curve to each."""
    if box.x < _MIDDLE:
        edge, bend, goal = box.x + BOX_WIDTH, box.x + BOX_WIDTH + STUB, _MIDDLE
    else:
        edge, bend, goal = box.x, box.x - STUB, _MIDDLE + BOX_WIDTH
    between, y = (bend + goal) // 2, box.middle
    curves = (
        f"M{bend} {y}C{between} {y} {between} {end} {goal} {end}"
        for end in sorted({ends[path] for path in neighbour.of})
    )
    return replace(
        box,
        paths=(f"M{edge} {y}H{bend}", *curves),
        label=_label(neighbour.names),
        label_x=edge + (6 if bend > edge else -6),
        anchor="start" if bend > edge else "end",
    )


def _label(names: Sequence[str]) -> str:
    """Return as many names as the line carries, and how many more there are."""
    shown = [one_line(name) for name in names]
    for most in range(len(shown), 1, -1):
        text = ", ".join(shown[:most]) + (f" +{len(shown) - most}" if most < len(shown) else "")
        if columns_of(text) <= LABEL_COLUMNS:
            return text
    more = f" +{len(shown) - 1}" if len(shown) > 1 else ""
    return "".join(fitted(name, LABEL_COLUMNS - len(more)) + more for name in shown[:1])


def fitted(text: str, most_columns: int, *, keep_end: bool = False) -> str:
    """Return the text, or its beginning or end with an ellipsis where the rest was."""
    if columns_of(text) <= most_columns:
        return text
    kept, left = [], most_columns - 1
    for char in reversed(text) if keep_end else text:
        left -= columns_of(char)
        if left < 0:
            break
        kept.append(char)
    return "…" + "".join(reversed(kept)) if keep_end else "".join(kept) + "…"


def columns_of(text: Iterable[str]) -> int:
    """Return how many columns a text takes in a fixed-width font."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
