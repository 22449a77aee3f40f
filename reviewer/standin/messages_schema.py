"""What `output_config.format` may say: the subset of JSON Schema the API compiles. Pure.

Source: platform.claude.com/docs, "Structured outputs", sections on supported schemas and limits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_OPTIONAL_PROPERTIES = 24
MAX_UNION_PROPERTIES = 16

_KEYWORDS = frozenset(
    (
        *("$schema", "$ref", "$defs", "definitions", "title", "description", "default"),
        *("type", "enum", "const", "anyOf", "allOf", "format", "pattern", "items", "minItems"),
        *("properties", "required", "additionalProperties"),
    )
)
_FORMATS = frozenset(
    "date-time time date duration email hostname uri ipv4 ipv6 uuid".split()  # noqa: SIM905 - reads better
)
_LOCAL_REF = re.compile(r"#/(?:\$defs|definitions)/([^/]+)")
_TOO_CLEVER = re.compile(r"\(\?<?[=!]|\\[bB1-9]")
"""Lookaround, word boundaries, back references."""


def violations(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the API would refuse a schema for, with the place of each."""
    nodes = tuple(_nodes(schema, "schema"))
    for place, node in nodes:
        for problem in (*_keywords(node), *_objects(node), *_values(node), *_references(node)):
            yield f"{place}: {problem}"
    yield from _recursion(schema)
    yield from _limits(tuple(node for _, node in nodes))


def _nodes(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield place, schema
    for key, child in _children(schema):
        if isinstance(child, dict):
            yield from _nodes(child, f"{place}.{key}")


def _children(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword in ("properties", "$defs", "definitions"):
        yield from ((f"{keyword}.{name}", node) for name, node in schema.get(keyword, {}).items())
    for keyword in ("anyOf", "allOf"):
        yield from ((f"{keyword}.{i}", node) for i, node in enumerate(schema.get(keyword, ())))
    yield "items", schema.get("items")


def _keywords(node: Mapping[str, Any]) -> Iterator[str]:
    for keyword in sorted(set(node) - _KEYWORDS):
        yield f"For '{node.get('type', 'any')}' type, property '{keyword}' is not supported"


def _objects(node: Mapping[str, Any]) -> Iterator[str]:
    is_object = "object" in _types(node) or "properties" in node
    if is_object and node.get("additionalProperties") is not False:
        yield "For 'object' type, 'additionalProperties' must be explicitly set to false"


def _values(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("format", "date") not in _FORMATS:
        yield f"For 'string' type, format '{node['format']}' is not supported"
    if node.get("minItems", 0) not in (0, 1):
        yield "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    if _TOO_CLEVER.search(node.get("pattern", "")):
        yield f"pattern '{node['pattern']}' uses an unsupported regular expression feature"


def _references(node: Mapping[str, Any]) -> Iterator[str]:
    target = node.get("$ref")
    if target is not None and target != "#" and not _LOCAL_REF.fullmatch(target):
        yield f"external $ref '{target}' is not supported"
    if any("$ref" in part for part in node.get("allOf", ())):
        yield "'allOf' with '$ref' is not supported"


def _recursion(schema: Mapping[str, Any]) -> Iterator[str]:
    definitions = {**schema.get("definitions", {}), **schema.get("$defs", {})}
    targets = {name: _targets(node) for name, node in definitions.items()}
    targets["#"] = _targets(schema)
    for name in targets:
        if _reaches(name, name, targets):
            yield f"schema: recursive definitions are not supported: '{name}' contains itself"


def _targets(schema: Mapping[str, Any]) -> frozenset[str]:
    found = (node["$ref"] for _, node in _nodes(schema, "") if "$ref" in node)
    return frozenset(target.rpartition("/")[2] for target in found)


def _reaches(start: str, goal: str, targets: Mapping[str, frozenset[str]]) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = targets.get(waiting.pop(), frozenset()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return goal in seen


def _limits(nodes: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    optional = sum(len(set(n.get("properties", {})) - set(n.get("required", ()))) for n in nodes)
    if optional > MAX_OPTIONAL_PROPERTIES:
        yield f"schema: {optional} optional properties, at most {MAX_OPTIONAL_PROPERTIES} allowed"
    unions = sum("anyOf" in node or len(_types(node)) > 1 for node in nodes)
    if unions > MAX_UNION_PROPERTIES:
        yield f"schema: {unions} properties of union type, at most {MAX_UNION_PROPERTIES} allowed"


def _types(node: Mapping[str, Any]) -> tuple[str, ...]:
    named = node.get("type", ())
    return (named,) if isinstance(named, str) else tuple(named)
