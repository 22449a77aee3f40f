"""What may become of a node in an outline, and the form of a language's table. Pure.

The tables themselves are in `outlined_scripts` and `outlined_braces`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Role(Enum):
    """What becomes of a node; one without a role is left out, with all that is in it."""

    THROUGH = auto()
    """Nothing of its own; what is in it is looked at."""
    WRAP = auto()
    """As THROUGH, and its own first lines are shown where something in it is."""
    PACKAGE = auto()
    """As WRAP; without a body it is shown in any case."""
    EXPORT = auto()
    """As THROUGH; what is in it is public, and its first line is shown in any case."""
    TYPE = auto()
    """Its signature; then what is in its body is looked at."""
    FUNCTION = auto()
    """Its signature. Its body is never entered."""
    VALUE = auto()
    """Its first line, or up to the body of the function or the table that is bound."""
    ALIAS = auto()
    """All of it where that is short, else its first line."""
    REEXPORT = auto()
    """As ALIAS where it is public; left out where it is not."""
    COMMENT = auto()
    """Its first sentence, where it stands above something that is shown."""
    MARK = auto()
    """An annotation, an attribute, a decorator."""
    ACCESS = auto()
    """Says who sees what follows in the same body (`private:` in C++, `private` in Ruby)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One language.

    A signature ends where the first child that is in `bodies`, or is the field `body`, begins;
    `chain` are the children in which it is looked for further. `entered` are the bodies of values
    that are looked into. Where there is no body, a value ends with the last of `parameters`.
    `tails` are nodes whose name may follow their body (`typedef struct {…} name;`).

    `private` finds, in the line that names a thing, that no other file is meant to use it.
    `public`, where given, finds that one may: without it the thing is private, unless it stands
    in one of `open_types`. `skip` finds lines that are never shown.
    """

    roles: dict[str, Role]
    bodies: frozenset[str]
    chain: frozenset[str]
    entered: frozenset[str]
    parameters: frozenset[str]
    tails: frozenset[str]
    open_types: frozenset[str]
    private: re.Pattern[bytes]
    public: re.Pattern[bytes] | None
    skip: re.Pattern[bytes]
    docstrings: bool
    """Whether what is said about a thing stands at the head of its body."""
    marks_tell: bool
    """Whether a mark (a decorator, a list of template parameters) belongs to the signature."""
    exports: bool
    """Whether a file with an `export` keeps to itself what it does not export."""


NEVER = rb"(?!)"
_SETS = ("bodies", "chain", "entered", "parameters", "tails", "open_types")


def table(
    *,
    private: bytes,
    public: bytes | None = None,
    skip: bytes = NEVER,
    docstrings: bool = False,
    marks_tell: bool = False,
    exports: bool = False,
    **words: str,
) -> Table:
    """Return a table; `words` are its columns and its roles, each with node types in one text."""
    columns = {name: frozenset(words.pop(name, "").split()) for name in _SETS}
    roles = {word: Role[role.upper()] for role, types in words.items() for word in types.split()}
    return Table(
        roles={"ERROR": Role.THROUGH} | roles,
        private=re.compile(private),
        public=re.compile(public) if public else None,
        skip=re.compile(skip),
        docstrings=docstrings,
        marks_tell=marks_tell,
        exports=exports,
        **columns,
    )
