"""Syntax tree -> the lines that could stand in an outline, each with how telling it is. Pure.

The walk enters what a language's table names and nothing else: no body of a function, no literal.
It keeps its own stack, so depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reviewer.index.heads import head_of, rows
from reviewer.index.outlined import Role
from reviewer.index.sentences import LINE_BYTES, docstring, sentence
from reviewer.index.telling import Shown, Signatures, Telling, Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Tree

    from reviewer.index.heads import Head
    from reviewer.index.outlined import Table

SIGNATURE_ROWS = 40
"""A signature of more lines is a mistake of the parser, or no signature."""

VALUE_ROWS = 6
"""A longer alias is shown by its first line, and so is a value with more before its body."""

VALUES = 30
"""Fields or values shown of one body; a longer one is a table."""

_ASIDE = frozenset({Role.COMMENT, Role.MARK, Role.ACCESS})
_AROUND = frozenset({Role.WRAP, Role.PACKAGE})
_VALUES = frozenset({Role.VALUE, Role.ALIAS, Role.REEXPORT})
_KINDS = {False: Telling.SIGNATURE, True: Telling.PRIVATE}
_VALUE_KINDS = {
    (False, False): Telling.CONSTANT,
    (False, True): Telling.MEMBER,
    (True, False): Telling.PRIVATE_VALUE,
    (True, True): Telling.PRIVATE_VALUE,
}
"""By (private, in a type)."""

_CLOSED = re.compile(rb"\b(?:private|protected)\b")
_OPENED = re.compile(rb"\b(?:public|module_function|signals|Q_SIGNALS)\b")


@dataclass(slots=True)
class _Count:
    """How many values of one body were shown; a block around some of them has the same count."""

    values: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """A node whose children are to be looked at, and what holds for them."""

    node: Node
    hidden: bool = False
    needs_word: bool = True
    about: tuple[int, int] | None = None
    marks: tuple[tuple[int, int], ...] = ()
    in_type: bool = False
    count: _Count = field(default_factory=_Count)


@dataclass(slots=True)
class _Run:
    """What has been seen just before the next child of a body."""

    hidden: bool
    comment: tuple[int, int] | None
    marks: list[tuple[int, int]]
    end: int = -1

    def forget(self) -> None:
        self.comment = None
        self.marks = []


def signatures(tree: Tree, lines: Sequence[bytes], table: Table) -> Signatures:
    """Return the rows of the tree that a table names; `lines` are those of the source."""
    walk = _Walk(lines, table)
    stack = [walk.whole(tree.root_node)]
    while stack:
        stack.extend(walk.look(stack.pop()))
    return walk.found


class _Walk:
    """One file: its lines, its table, and what was found so far."""

    def __init__(self, lines: Sequence[bytes], table: Table) -> None:
        self.lines = lines
        self.table = table
        self.found = Signatures()

    def whole(self, root: Node) -> _Place:
        """Return the place that is the whole file, and show what the file is for."""
        row = docstring(self.lines, root) if self.table.docstrings else None
        self.show(Telling.PURPOSE, self.purpose(root) if row is None else row)
        hidden = self.table.exports and any(
            one.type == "export_statement" for one in root.children
        )
        return _Place(root, hidden=hidden)

    def purpose(self, root: Node) -> int | None:
        """Return the row of the first sentence in the comments that the file begins with."""
        end = -1
        for child in root.children:
            first, last = rows(child)
            if child.type == "php_tag":
                continue
            if self.table.roles.get(child.type) is not Role.COMMENT:
                return None
            # A line that goes on from the one before is not the first of its comment.
            row = sentence(self.lines, first, last) if first > end + 1 or end < 0 else None
            if row is not None:
                return row
            end = last
        return None

    def look(self, place: _Place) -> Iterator[_Place]:
        """Show what the children of a place are, and give those whose own are to be looked at."""
        run = _Run(place.hidden, place.about, list(place.marks))
        for child in place.node.children:
            role = self.table.roles.get(child.type)
            if role in _ASIDE:
                self.aside(child, role, run)
            elif role is not None:
                yield from self.item(child, role, run, place)
                run.forget()
            elif child.is_named:
                run.forget()
            run.end = rows(child)[1]

    def aside(self, node: Node, role: Role | None, run: _Run) -> None:
        """Take note of what says something about the next item."""
        first, last = rows(node)
        if role is Role.ACCESS:
            run.forget()
            if _CLOSED.search(self.lines[first][:LINE_BYTES]):
                run.hidden = True
            elif _OPENED.search(self.lines[first][:LINE_BYTES]):
                run.hidden = False
        elif role is Role.MARK:
            run.marks.append((first, last))
        elif first != run.end:
            follows = run.comment is not None and run.comment[1] + 1 >= first
            run.comment = (run.comment[0] if follows and run.comment else first, last)

    def item(self, node: Node, role: Role, run: _Run, place: _Place) -> Iterator[_Place]:
        """Show one thing; give the places in it."""
        marks = tuple(run.marks)
        if role is Role.THROUGH:
            yield replace(place, node=node, hidden=run.hidden, about=run.comment, marks=marks)
            return
        if role is Role.EXPORT:
            self.show(Telling.SIGNATURE, rows(node)[0])
            yield _Place(node, about=run.comment, marks=marks)
            return
        head = head_of(node, self.table)
        line = self.lines[head.first][:LINE_BYTES]
        if self.table.skip.search(line):
            return
        if role in _AROUND:
            self.around(node, role, head)
            yield _Place(node, run.hidden, _needs_word(node, self.table))
            return
        hidden = run.hidden or self.private(line, needs_word=place.needs_word)
        if role in _VALUES and not _counted(role, head, place.count, hidden=hidden):
            return
        self.thing(node, role, head, run, hidden=hidden, in_type=place.in_type)
        if head.body is not None and self.enters(role, head.body):
            needs_word = _needs_word(node, self.table)
            yield _Place(head.body, hidden, needs_word, about=head.said, in_type=True)

    def around(self, node: Node, role: Role, head: Head) -> None:
        """Take note of the head of a block, to be shown where something in it is."""
        if head.body is None and role is Role.PACKAGE:
            self.show(Telling.SIGNATURE, head.first)
        long = head.body is None or head.last - head.first > SIGNATURE_ROWS
        last = head.first if long else head.last
        self.found.wraps.append(Wrapped(head.first, last, rows(node)[1]))

    def enters(self, role: Role, body: Node) -> bool:
        """Tell whether what is in a body is looked at."""
        return role is Role.TYPE or (role is not Role.FUNCTION and body.type in self.table.entered)

    def thing(
        self, node: Node, role: Role, head: Head, run: _Run, *, hidden: bool, in_type: bool
    ) -> None:
        """Show a thing that has a name, with what is said about it."""
        value = role in _VALUES and head.parameters is None
        telling = _VALUE_KINDS[hidden, in_type] if value else _KINDS[hidden]
        self.show(telling, head.first, _last_shown(node, role, head))
        self.show(telling, head.tail)
        for mark in (*run.marks, *head.marks):
            if mark[0] < head.first:
                self.show(telling if self.table.marks_tell else Telling.MARK, mark[0])
        if telling is Telling.SIGNATURE:
            about = Telling.PURPOSE if role is Role.TYPE else Telling.SENTENCE
            self.show(about, self.about(head, run))

    def about(self, head: Head, run: _Run) -> int | None:
        """Return the row of the first sentence about a thing."""
        if self.table.docstrings and head.body is not None:
            row = docstring(self.lines, head.body)
            if row is not None:
                return row
        starts = [head.first, *(mark[0] for mark in (*run.marks, *head.marks))]
        if run.comment and run.comment[1] + 1 >= min(starts):
            return sentence(self.lines, *run.comment)
        return None

    def private(self, line: bytes, *, needs_word: bool) -> bool:
        """Tell whether the line that names a thing says that no other file should use it."""
        if self.table.private.search(line):
            return True
        public = self.table.public
        return needs_word and public is not None and not public.search(line)

    def show(self, telling: Telling, first: int | None, last: int | None = None) -> None:
        """Add rows; None stands for nothing to show."""
        if first is not None:
            self.found.shown.append(Shown(telling, first, first if last is None else last))


def _counted(role: Role, head: Head, count: _Count, *, hidden: bool) -> bool:
    """Count a value; tell whether it is one of those that are shown."""
    if role is Role.REEXPORT and hidden:
        return False
    if head.parameters is None:
        count.values += 1
    return head.parameters is not None or count.values <= VALUES


def _last_shown(node: Node, role: Role, head: Head) -> int:
    """Return the last row shown of a thing's signature."""
    last, most = head.last, SIGNATURE_ROWS
    if role in _VALUES and head.parameters is not None:
        last = head.last if head.body is not None else head.parameters
    elif role is Role.VALUE:
        last, most = head.last if head.body is not None else head.first, VALUE_ROWS
    elif role in _VALUES:
        last, most = rows(node)[1], VALUE_ROWS
    return last if last - head.first < most else head.first


def _needs_word(node: Node, table: Table) -> bool:
    """Tell whether members of a node need a word to be public."""
    if node.type in table.open_types:
        return False
    return node.type != "impl_item" or node.child_by_field_name("trait") is None
