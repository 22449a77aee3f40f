"""Symbols and references as lines of text, for the golden files. Run it to write them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.flow import ParameterKind
from reviewer.index.languages import language_of
from reviewer.index.references import references_of
from reviewer.index.symbols import symbols_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import Definition, Parameter

CASES = Path(__file__).parent / "cases"
_MARKS = {
    ParameterKind.EITHER: "",
    ParameterKind.POSITIONAL: "/",
    ParameterKind.KEYWORD: "=",
    ParameterKind.VARIADIC: "*",
    ParameterKind.KEYWORD_VARIADIC: "**",
}


def shown(path: Path) -> str:
    language = language_of(path.name)
    assert language is not None
    source = path.read_bytes()
    symbols, references = symbols_of(source, language), references_of(source, language)
    lines = ["broken"] * symbols.broken
    lines += [_definition(one) for one in symbols.definitions]
    lines += [
        f"{i.line} import {i.module} {' '.join(f'{a}>{b}' for a, b in i.names)}{'*' * i.wildcard}"
        for i in symbols.imports
    ]
    lines += [
        f"{c.line} call {c.receiver}.{c.name} {c.positional} {','.join(c.keywords)}"
        f"{'...' * c.open_ended}"
        for c in references.calls
    ]
    lines += [
        f"{m.line} name {m.receiver}.{m.name}{' binds' * m.binds}" for m in references.mentions
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _definition(one: Definition) -> str:
    mark = "+" if one.exported else "-"
    given = "" if one.parameters is None else f"({', '.join(map(_parameter, one.parameters))})"
    return f"{one.first_line}-{one.last_line} {mark} {one.kind} {one.container}|{one.name}{given}"


def _parameter(one: Parameter) -> str:
    return f"{_MARKS[one.kind]}{one.name}{'?' * one.optional}"


def cases() -> Iterator[Path]:
    return (path for path in sorted(CASES.iterdir()) if path.suffix != ".expected")


if __name__ == "__main__":
    for case in cases():
        case.with_name(case.name + ".expected").write_text(shown(case))
