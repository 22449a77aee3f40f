"""What a file defines, and what it uses. Pure.

Names are written as in the source, without a receiver: `Store.get` is a definition `get` in the
container `Store`. Lines count from 1 and ranges include both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SymbolKind(StrEnum):
    """What a definition is, in words that fit every language."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    """Also struct, trait, interface, enum, object, protocol: a type with members."""
    TYPE = "type"
    """A name for a type that has no members of its own: alias, typedef."""
    CONSTANT = "constant"
    """A name bound outside of functions: constant, static, global or module variable."""
    FIELD = "field"
    """A member that holds a value: attribute, property, enum member."""
    MODULE = "module"
    """Namespace, package or module block."""
    MACRO = "macro"


class ParameterKind(StrEnum):
    """How an argument reaches a parameter."""

    EITHER = "either"
    """By position or by name, as in Python, C#, Kotlin, Scala and PHP."""
    POSITIONAL = "positional"
    KEYWORD = "keyword"
    """By name only: Python after `*`, Swift's labels, Ruby's `name:`."""
    VARIADIC = "variadic"
    """Takes any number of further positional arguments."""
    KEYWORD_VARIADIC = "keyword variadic"
    """Takes any further named arguments (`**options`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. `optional` tells that a call may leave it out. No `self`, `this`, `cls`."""

    name: str
    kind: ParameterKind
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One name that a file defines.

    `container` holds the names around it joined by dots, empty at the top level. The lines are
    those of the whole, with decorators, annotations and modifiers. `exported` tells that other
    files can see it, by the language's own rule or convention. `parameters` is None where it
    cannot be called, or where what it takes is not known (a decorator that may change it, a
    macro); a property is a METHOD without parameters known.

    Overloads and declarations apart from their definition are definitions each. A constructor is
    a METHOD under the language's own name for it (`__init__`, `constructor`, `initialize`,
    `__construct`, `init`, or the name of its class); where a class lists its parameters itself
    (Kotlin, Scala, records) they stand at the CLASS. Of values (CONSTANT, FIELD) bound several
    times in one container only the first is listed, local variables never.
    """

    name: str
    kind: SymbolKind
    container: str
    first_line: int
    last_line: int
    exported: bool
    parameters: tuple[Parameter, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import, as written. `names` are pairs of (name in the module, name in this file).

    `module` is the module path or the quoted file (`./store`, `a.b`, `net/http`, `"x.h"`); in
    Python dots at its head are relative. Without `names` the module as a whole is imported, or
    (`wildcard`) everything in it. An empty name in the module stands for the module itself under
    a name of this file (`import a as b`), `default` for what JavaScript exports by default. A
    re-export (`export {a as b} from "./x"`) is an import; its second name is the exported one.
    """

    module: str
    line: int
    names: tuple[tuple[str, str], ...] = ()
    wildcard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """What a file defines and imports, in source order.

    `broken` tells that the grammar met something it could not parse: what it made of the rest is
    still here, but an absence proves nothing.
    """

    language: str
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: what it names, and with how many arguments.

    `receiver` is what stands before the last dot (`store` in `store.get(1)`), empty for a plain
    call, `?` for anything that is no chain of names; every separator (`::`, `->`, `?.`) is
    written as a dot. `open_ended` tells that a splat or the like hides how many arguments there
    are. `new X(...)` is a call of `X`, a bare decorator one with the decorated as its argument.
    """

    name: str
    receiver: str
    line: int
    positional: int
    keywords: tuple[str, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name that stands in the code (not in a comment or a string), and where.

    `receiver` is as for a call. `binds` tells that the name is bound here (a definition, a
    parameter, a local variable, an assignment, an import) rather than used. What an import names
    is a mention too: `a` of `import {a as b}` is used, `b` bound, and the `a` of `import {a}` is
    bound, so whoever looks for uses of `a` looks at the imports as well.
    """

    name: str
    line: int
    receiver: str = ""
    binds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a file uses, in source order."""

    language: str
    calls: tuple[Call, ...]
    mentions: tuple[Mention, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """A file in a language with a grammar of which nothing is known all the same, and why."""

    why: str
