"""Reading parameters and text out of nodes, the same way in every language. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from reviewer.flow import Import, Parameter, ParameterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tree_sitter import Node

    from reviewer.index.syntax import Seen

_NAME_FIELDS = ("name", "pattern", "left")


class Rule(NamedTuple):
    """What a node in a parameter list is. `default` is a field that makes it optional."""

    kind: ParameterKind
    optional: bool = False
    default: str = "value"


def text(node: Node, source: bytes) -> str:
    """Return the text of a node."""
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def by_table(
    node: Node | None, source: bytes, rules: Mapping[str, Rule]
) -> tuple[Parameter, ...] | None:
    """Return the parameters in a list, by the type of each node in it."""
    if node is None:
        return None
    return tuple(
        Parameter(
            name=name,
            kind=rule.kind,
            optional=rule.optional or child.child_by_field_name(rule.default) is not None,
        )
        for child in node.named_children
        if (rule := rules.get(child.type))
        for name in names_of(child, source)
    )


def names_of(node: Node, source: bytes) -> Iterable[str]:
    """Return the names that a parameter binds: one, several in Go, "" for a pattern."""
    named = node.children_by_field_name("name")
    return [_name(each, source) for each in named] if named else [_name(node, source)]


def _name(node: Node, source: bytes) -> str:
    """Return the identifier in a node, without going into what it is made of."""
    while node.named_child_count:
        inner = next(filter(None, map(node.child_by_field_name, _NAME_FIELDS)), None)
        if inner is None and node.type.endswith(_WRAPPERS):
            inner = node.named_child(0)
        if inner is None:
            return ""
        node = inner
    return text(node, source) if "identifier" in node.type or node.type in _NAMES else ""


_WRAPPERS = ("splat_pattern", "rest_pattern", "typed_parameter", "variable_name")
_NAMES = frozenset({"name", "this", "simple_identifier"})


def flat(
    node: Node | None, source: bytes, kinds: Mapping[str, ParameterKind]
) -> tuple[Parameter, ...] | None:
    """Return the parameters in a list where modifiers and defaults stand beside them.

    A `vararg` before one, or `...` after one, makes it variadic; `=` after one optional.
    """
    if node is None:
        return None
    found: list[Parameter] = []
    variadic = False
    for child in node.children:
        if child.type in kinds:
            found.append(_flat_one(child, source, kinds[child.type], variadic=variadic))
            variadic = False
        elif child.type == "=" and found:
            found[-1] = replace(found[-1], optional=True)
        elif child.type == "..." and found:
            found[-1] = replace(found[-1], kind=ParameterKind.VARIADIC, optional=True)
        elif "modifier" in child.type and "vararg" in text(child, source):
            variadic = True
    return tuple(found)


def _flat_one(node: Node, source: bytes, kind: ParameterKind, *, variadic: bool) -> Parameter:
    named = node.child_by_field_name("name")
    if named is None:
        plain = (child for child in node.named_children if "identifier" in child.type)
        named = next(plain, None)
    inside = {child.type for child in node.children}
    marked = any(
        "modifier" in child.type and "vararg" in text(child, source) for child in node.children
    )
    many = variadic or marked or "..." in inside
    return Parameter(
        name=text(named, source) if named else "",
        kind=ParameterKind.VARIADIC if many else kind,
        optional=many or "=" in inside,
    )


def visible(*hiding: str) -> Callable[[Seen], bool]:
    """Return the rule by which what has none of these modifiers is seen, if its owner is."""
    words = frozenset(hiding)

    def exported(seen: Seen) -> bool:
        outer = seen.outer is None or seen.outer.exported
        return outer and not seen.hidden and words.isdisjoint(_WORDS.findall(seen.head))

    return exported


_WORDS = re.compile(r"\w+")


def leaves(written: str, joint: str, rename: str, star: str) -> Iterator[tuple[str, str, str]]:
    """Yield the leaves of an import with braces as (path before, name, local name).

    `joint` stands between names (`::`), `rename` between a name and its local one (`as`), `star`
    is everything. Nesting is followed with a list, however deep it is.
    """
    prefixes = [""]
    for part in re.split(r"([{},])", " ".join(written.split())):
        word = part.strip()
        if part == "{":
            continue
        if part == "}":
            if len(prefixes) > 1:
                prefixes.pop()
        elif word.endswith(joint):
            prefixes.append((prefixes[-1] + word)[:_MAX_PATH])
        elif word and part != ",":
            yield _leaf(prefixes[-1] + word, joint, rename, star)


_MAX_PATH = 1_000


def _leaf(path: str, joint: str, rename: str, star: str) -> tuple[str, str, str]:
    real, _, alias = path.partition(f" {rename} ")
    before, _, name = real.strip().rpartition(joint)
    if name == star:
        return before, star, star
    return before, name, alias.strip() or name


def imports_of(
    written: str, line: int, *, joint: str, rename: str, star: str, itself: str = ""
) -> Iterator[Import]:
    """Yield an import for each leaf: `itself` names the module in which it stands."""
    for before, name, local in leaves(written, joint, rename, star):
        if name == star:
            yield Import(module=before, line=line, wildcard=True)
        elif itself and name == itself:
            own = before.rpartition(joint)[2] if local == itself else local
            yield Import(module=before, line=line, names=(("", own),))
        else:
            yield Import(module=before, line=line, names=((name, local),))
