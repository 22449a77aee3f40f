"""What could be shown of a file, and how telling each line is: values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Telling(IntEnum):
    """How much a line tells a reader of other files, the most telling first."""

    SIGNATURE = 0
    """Public types, functions and methods; exports; the package."""
    MEMBER = 1
    """Public fields, and members of enumerations."""
    CONSTANT = 2
    """Public constants and variables outside of types."""
    PURPOSE = 3
    """The first sentence about the file, and about a public type."""
    SENTENCE = 4
    """The first sentence about a public function."""
    PRIVATE = 5
    """Private types, functions and methods."""
    PRIVATE_VALUE = 6
    """Private constants and fields."""
    MARK = 7
    """Annotations and attributes on lines of their own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows `first` to `last`, from 0, both included."""

    telling: Telling
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Rows `first` to `last` are the head of a block, shown where a row after it to `end` is."""

    first: int
    last: int
    end: int


@dataclass(slots=True)
class Signatures:
    """What a file holds, in no order."""

    shown: list[Shown] = field(default_factory=list)
    wraps: list[Wrapped] = field(default_factory=list)
