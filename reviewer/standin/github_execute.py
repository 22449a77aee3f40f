"""A GraphQL query against the schema: checked whole, then answered field by field. Pure.

As at GitHub, everything is HTTP 200: a query that is wrong has `errors` and no `data`, one
whose field fails has null there and an error with its `type` and path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewer.standin.github_graphql import Field, Fragment, NotGraphQL, Variable, parse_query
from reviewer.standin.github_schema import SCALARS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewer.standin.github_graphql import FieldType, Operation, TypeRef

Json = dict[str, Any]
Selections = tuple[Field | Fragment, ...]

ROOTS = {"query": "Query", "mutation": "Mutation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object of the schema; a field's value may be a function of its arguments (a dict)."""

    type: str
    fields: Mapping[str, Any]


class Failed(Exception):
    """A field cannot be answered; `kind` is GitHub's word for it (NOT_FOUND, FORBIDDEN)."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _Lost(Exception):
    """A field that may not be null is: its parent is null in its place."""


def execute(text: str, variables: Mapping[str, Any], roots: Mapping[str, Thing]) -> Json:
    """Return the answer to a query or mutation; `roots` has a thing for each of the two."""
    try:
        operation = parse_query(text)
    except NotGraphQL as error:
        return {"errors": [{"message": str(error), "locations": [_location(text, error.at)]}]}
    check = _Check(text, operation, variables)
    if errors := [*check.variables(), *check.all()]:
        return {"errors": errors}
    run = _Run(text, check.values)
    found = run.all(roots[operation.kind], operation.selections)
    return {"data": found, **({"errors": run.errors} if run.errors else {})}


def _location(text: str, at: int) -> Json:
    before = text[:at]
    return {"line": before.count("\n") + 1, "column": at - (before.rfind("\n") + 1) + 1}


class _Check:
    """What an operation asks for that the schema does not have."""

    def __init__(self, text: str, operation: Operation, variables: Mapping[str, Any]) -> None:
        self._text = text
        self._operation = operation
        defaults = {name: default for name, (_, default) in operation.variables.items()}
        self.values = defaults | dict(variables)

    def variables(self) -> Iterator[Json]:
        for name, (kind, _) in self._operation.variables.items():
            for why in _mismatches(self.values.get(name), kind):
                wanted = f"Variable ${name} of type {_written(kind)} was provided invalid value"
                yield {"message": f"{wanted}: {why}", "locations": [{"line": 1, "column": 1}]}

    def all(self) -> Iterator[Json]:
        kind = self._operation.kind
        return self._selections(ROOTS[kind], self._operation.selections, (kind,))

    def _selections(
        self, on: str, selections: Selections, path: tuple[str, ...]
    ) -> Iterator[Json]:
        for each in selections:
            if isinstance(each, Fragment):
                yield from self._fragment(each, path)
            elif each.name != "__typename":
                yield from self._field(on, each, (*path, each.alias))

    def _fragment(self, fragment: Fragment, path: tuple[str, ...]) -> Iterator[Json]:
        if fragment.on in SCHEMA:
            yield from self._selections(fragment.on, fragment.selections, path)
        else:
            why = f"No such type {fragment.on}, so it can't be a fragment condition"
            yield self._error(fragment.at, path, "undefinedType", why)

    def _field(self, on: str, field: Field, path: tuple[str, ...]) -> Iterator[Json]:
        known = SCHEMA[on].fields.get(field.name)
        if not known:
            why = f"Field '{field.name}' doesn't exist on type '{on}'"
            yield self._error(field.at, path, "undefinedField", why)
            return
        for code, why in self._arguments(field, known):
            yield self._error(field.at, path, code, why)
        inner = known.type.name
        has_fields = inner in SCHEMA and SCHEMA[inner].kind != "enum"
        if has_fields != bool(field.selections):
            why = f"Field '{field.name}' returns {inner}: its selections do not match"
            yield self._error(field.at, path, "selectionMismatch", why)
        elif has_fields:
            yield from self._selections(inner, field.selections, path)

    def _arguments(self, field: Field, known: FieldType) -> Iterator[tuple[str, str]]:
        for name in field.arguments.keys() - known.arguments.keys():
            yield "argumentNotAccepted", f"Field '{field.name}' doesn't accept argument '{name}'"
        for name, kind in known.arguments.items():
            value = field.arguments.get(name)
            if isinstance(value, Variable) and value.name not in self._operation.variables:
                yield "variableNotDefined", f"Variable ${value.name} is used but not declared"
            for why in _mismatches(_value(value, self.values), kind):
                yield "argumentLiteralsIncompatible", f"Argument '{name}' on '{field.name}': {why}"

    def _error(self, at: int, path: tuple[str, ...], code: str, message: str) -> Json:
        return {
            "path": list(path),
            "extensions": {"code": code},
            "locations": [_location(self._text, at)],
            "message": message,
        }


def _written(kind: TypeRef) -> str:
    return (f"[{_written(kind.of)}]" if kind.of else kind.name) + "!" * kind.required


def _mismatches(value: Any, kind: TypeRef) -> Iterator[str]:  # noqa: ANN401 - JSON
    if value is None:
        if kind.required:
            yield "Expected value to not be null"
    elif kind.of:
        for each in value if isinstance(value, list) else [value]:
            yield from _mismatches(each, kind.of)
    elif kind.name in SCALARS:
        if not isinstance(value, SCALARS[kind.name]) or (
            isinstance(value, bool) and kind.name != "Boolean"
        ):
            yield f"Could not coerce value {value!r} to {kind.name}"
    elif kind.name not in SCHEMA:
        yield f"{kind.name} isn't a defined input type"
    elif SCHEMA[kind.name].kind == "enum":
        if value not in SCHEMA[kind.name].words:
            yield f"Expected {value!r} to be one of: {', '.join(SCHEMA[kind.name].words)}"
    else:
        yield from _mismatched_keys(value, SCHEMA[kind.name].fields)


def _mismatched_keys(value: Any, known: Mapping[str, FieldType]) -> Iterator[str]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        yield f"Expected {value!r} to be a key-value object"
        return
    for name in value.keys() - known.keys():
        yield f"{name} (Field is not defined)"
    for name, field in known.items():
        for why in _mismatches(value.get(name), field.type):
            yield f"{name} ({why})"


def _value(value: Any, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Variable(name):
            return variables.get(name)
        case dict():
            return {key: _value(each, variables) for key, each in value.items()}
        case list():
            return [_value(each, variables) for each in value]
        case _:
            return value


class _Run:
    """Answers the fields of one operation; what fails is null and in `errors`."""

    def __init__(self, text: str, variables: Mapping[str, Any]) -> None:
        self._text = text
        self._variables = variables
        self.errors: list[Json] = []

    def all(self, root: Thing, selections: Selections) -> Json | None:
        try:
            return self.select(root, selections, ())
        except _Lost:
            return None

    def select(self, thing: Thing, selections: Selections, path: tuple[str | int, ...]) -> Json:
        found: Json = {}
        for field in _applying(thing.type, selections):
            value = self._field(thing, field, (*path, field.alias))
            earlier = found.get(field.alias)
            # The same field may be asked for twice, in a fragment and beside it.
            both = isinstance(earlier, dict) and isinstance(value, dict)
            found[field.alias] = {**earlier, **value} if both and earlier else value
        return found

    def _field(self, thing: Thing, field: Field, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON
        if field.name == "__typename":
            return thing.type
        try:
            return self._complete(self._value(thing, field), field, path)
        except Failed as error:
            self._fail(error, field, path)
        except _Lost:
            pass
        if SCHEMA[thing.type].fields[field.name].type.required:
            raise _Lost
        return None

    def _value(self, thing: Thing, field: Field) -> Any:  # noqa: ANN401 - JSON
        value = thing.fields[field.name]
        return value(_value(dict(field.arguments), self._variables)) if callable(value) else value

    def _complete(self, value: Any, field: Field, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, Thing):
            return self.select(value, field.selections, path)
        if isinstance(value, list):
            return [self._complete(each, field, (*path, at)) for at, each in enumerate(value)]
        return value

    def _fail(self, error: Failed, field: Field, path: tuple[str | int, ...]) -> None:
        self.errors.append(
            {
                "type": error.kind,
                "path": list(path),
                "locations": [_location(self._text, field.at)],
                "message": str(error),
            }
        )


def _applying(name: str, selections: Selections) -> Iterable[Field]:
    for each in selections:
        if isinstance(each, Field):
            yield each
        elif each.on in (name, *SCHEMA[name].interfaces):
            yield from _applying(name, each.selections)
