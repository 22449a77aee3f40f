"""GraphQL's language: a query and a schema, text -> trees. Pure.

What GitHub's clients use of it: one operation, variables, arguments, aliases, inline fragments.
Named fragments and directives are refused. Source: spec.graphql.org, October 2021.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TOKEN = re.compile(
    r"""(?P<ignored>[\s,]+|\#[^\n]*)
    |(?P<sign>\.\.\.|[!$&()\[\]{}:=])
    |(?P<name>[A-Za-z_]\w*)
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<string>"(?:\\.|[^"\\\n])*")""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}
_T = TypeVar("_T")


class NotGraphQL(Exception):
    """The text does not parse; `at` is the offset of what was not expected."""

    def __init__(self, found: str, at: int) -> None:
        super().__init__(f"Parse error on {json.dumps(found)}" if found else "Unexpected end")
        self.at = at


class Word(str):
    """A bare word as a value: one of an enumeration, not a string."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """The use of a variable as a value."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRef:
    """A type as it is written at a field; a list has the type of its items in `of`."""

    name: str
    required: bool
    of: TypeRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One selected field; `at` is its offset in the text."""

    name: str
    alias: str
    arguments: Mapping[str, Any]
    selections: tuple[Field | Fragment, ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Fields for one type among several."""

    on: str
    selections: tuple[Field | Fragment, ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A query or a mutation; `variables` gives type and default of each."""

    kind: str
    variables: Mapping[str, tuple[TypeRef, Any]]
    selections: tuple[Field | Fragment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType:
    """A field of a type in the schema."""

    type: TypeRef
    arguments: Mapping[str, TypeRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type of the schema; `words` are the values of an enumeration."""

    kind: str
    interfaces: tuple[str, ...] = ()
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    words: tuple[str, ...] = ()


def parse_query(text: str) -> Operation:
    """Read one operation; raises `NotGraphQL`."""
    reader = _Reader(text)
    kind = "query" if reader.sees("{") else reader.one_of("query", "mutation")
    if not reader.sees("{", "("):
        reader.name()
    variables = dict(reader.between("(", ")", reader.variable)) if reader.sees("(") else {}
    operation = Operation(kind=kind, variables=variables, selections=reader.selections())
    reader.end()
    return operation


def parse_schema(text: str) -> dict[str, Type]:
    """Read the types of a schema; raises `NotGraphQL`."""
    reader = _Reader(text)
    types = {}
    while not reader.sees(""):
        kind, name = reader.one_of("type", "interface", "input", "enum"), reader.name()
        interfaces = tuple(reader.interfaces())
        if kind == "enum":
            types[name] = Type(kind=kind, words=tuple(reader.between("{", "}", reader.name)))
        else:
            fields = dict(reader.between("{", "}", reader.field_type))
            types[name] = Type(kind=kind, interfaces=interfaces, fields=fields)
    return types


class _Reader:
    """The tokens of a text, taken one by one."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), ("", "", len(text))]
        self._next = 0

    def sees(self, *texts: str) -> bool:
        return self._tokens[self._next][1] in texts

    def take(self) -> tuple[str, str, int]:
        self._next += 1
        return self._tokens[self._next - 1]

    def one_of(self, *texts: str) -> str:
        _, text, at = self.take()
        if text not in texts:
            raise NotGraphQL(text, at)
        return text

    def end(self) -> None:
        self.one_of("")

    def name(self) -> str:
        kind, text, at = self.take()
        if kind != "name":
            raise NotGraphQL(text, at)
        return text

    def between(self, opening: str, closing: str, item: Callable[[], _T]) -> Iterator[_T]:
        self.one_of(opening)
        while not self.sees(closing, ""):
            yield item()
        self.one_of(closing)

    # --- a query -------------------------------------------------------------------------

    def selections(self) -> tuple[Field | Fragment, ...]:
        return tuple(self.between("{", "}", self.selection))

    def selection(self) -> Field | Fragment:
        at = self._tokens[self._next][2]
        if self.sees("..."):
            self.take()
            self.one_of("on")
            return Fragment(on=self.name(), selections=self.selections(), at=at)
        alias = name = self.name()
        if self.sees(":"):
            self.take()
            name = self.name()
        arguments = dict(self.between("(", ")", self.argument)) if self.sees("(") else {}
        inner = self.selections() if self.sees("{") else ()
        return Field(name=name, alias=alias, arguments=arguments, selections=inner, at=at)

    def argument(self) -> tuple[str, Any]:
        name = self.name()
        self.one_of(":")
        return name, self.value()

    def variable(self) -> tuple[str, tuple[TypeRef, Any]]:
        self.one_of("$")
        name = self.name()
        self.one_of(":")
        kind, default = self.type(), None
        if self.sees("="):
            self.take()
            default = self.value()
        return name, (kind, default)

    def value(self) -> Any:  # noqa: ANN401 - a literal of any type
        if self.sees("["):
            return list(self.between("[", "]", self.value))
        if self.sees("{"):
            return dict(self.between("{", "}", self.argument))
        kind, text, at = self.take()
        if text == "$":
            return Variable(self.name())
        if kind in ("number", "string"):
            return json.loads(text)
        if kind == "name":
            return _WORDS.get(text, Word(text))
        raise NotGraphQL(text, at)

    # --- a schema ------------------------------------------------------------------------

    def interfaces(self) -> Iterator[str]:
        while self.sees("implements", "&"):
            self.take()
            yield self.name()

    def field_type(self) -> tuple[str, FieldType]:
        name = self.name()
        arguments = dict(self.between("(", ")", self.typed)) if self.sees("(") else {}
        self.one_of(":")
        return name, FieldType(type=self.type(), arguments=arguments)

    def typed(self) -> tuple[str, TypeRef]:
        name = self.name()
        self.one_of(":")
        return name, self.type()

    def type(self) -> TypeRef:
        of = None
        if self.sees("["):
            self.take()
            of = self.type()
            self.one_of("]")
        name = of.name if of else self.name()
        required = self.sees("!")
        if required:
            self.take()
        return TypeRef(name=name, required=required, of=of)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            raise NotGraphQL(text[at], at)
        if found.lastgroup != "ignored":
            yield found.lastgroup, found[0], at
        at = found.end()
