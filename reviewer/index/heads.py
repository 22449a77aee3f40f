"""A definition's node -> its signature: from where to where, and the body that follows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.index.outlined import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from reviewer.index.outlined import Table

CHAIN_NODES = 8
"""`const a = wrap(wrap((b) => {…}))`: how far in a body is looked for."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signature, in rows from 0. `last` is the end of the node where no body follows.

    `marks` are the rows of annotations above it that belong to its node. `parameters` is the row
    where a list of parameters ends, None where there is none. `tail` is the row of the name that
    follows the body.
    """

    first: int
    last: int
    marks: tuple[tuple[int, int], ...]
    body: Node | None = None
    parameters: int | None = None
    tail: int | None = None
    said: tuple[int, int] | None = None
    """The rows of a comment between the signature and the body: it is about what comes first."""


def head_of(node: Node, table: Table) -> Head:
    """Return a node's signature; the body is looked for in the nodes of the chain as well."""
    marks, first = _marks(node, table)
    last, parameters, said = first, None, None
    current = node
    for _ in range(CHAIN_NODES):
        named = current.child_by_field_name("body")
        inner, before = None, last
        for child in current.children:
            kind = child.type
            if kind in table.bodies or (named is not None and child.id == named.id):
                start = rows(child)[0]
                named_after = kind in table.entered and {current.type, node.type} & table.tails
                tail = rows(node)[1] if named_after else None
                end = max(last, first) if start > last else start
                return Head(first, end, marks, child, parameters, tail, said)
            if kind in table.parameters:
                parameters = rows(child)[1]
            if kind in table.chain:
                inner, before = child, last
            if table.roles.get(kind) is Role.COMMENT:
                said = (said or rows(child))[0], rows(child)[1]
            else:
                last, said = rows(child)[1], None
        if inner is None:
            break
        current, last = inner, before
    return Head(first, rows(node)[1], marks, None, parameters)


def rows(node: Node) -> tuple[int, int]:
    """Return a node's first and last row; an end before the first column is the row above."""
    first, (last, column) = node.start_point[0], node.end_point
    return first, last - 1 if column == 0 and last > first else last


def _marks(node: Node, table: Table) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return the rows of what annotates a node from within, and the row where the rest begins."""
    found: list[tuple[int, int]] = []
    for child in _modifiers(node):
        if table.roles.get(child.type) is not Role.MARK:
            return tuple(found), child.start_point[0]
        found.append(rows(child))
    return tuple(found), rows(node)[0]


def _modifiers(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type == "modifiers":
            yield from child.children
        else:
            yield child
