"""Defaults < file < environment < flags -> one frozen `Settings`. Pure.

The file's text, the environment and the flags come in as arguments; `commands` reads them.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reviewer.errors import UserMustAct
from reviewer.settings import Price, Rule, Settings, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

FILE_NAMES = (".reviewer.toml", "pyproject.toml")
"""Where settings may stand, first match wins; in pyproject.toml under `[tool.reviewer]`."""

PREFIX = "REVIEWER_"
LISTS = ("include", "exclude", "lenses", "skip_labels", "fork_authors")
ELSEWHERE = frozenset({"cache_dir"})
"""Variables with our prefix that are no settings: no file may say where the cache stands."""

MOST_PARTS = 100
_LONG_KEY = re.compile(
    rf"""(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}"""
)

MOST_SHOWN = 60
"""Characters of a wrong value that its message quotes."""


def load(
    *,
    file_name: str = "",
    file_text: str = "",
    environment: Mapping[str, str],
    flags: Mapping[str, object],
) -> Settings:
    """Merge the four layers; a flag that is None was not given.

    Raises `UserMustAct` with every error at once, each naming where the value came from.
    """
    layers = {
        file_name or "file": _from_file(file_name, file_text),
        "environment": _from_environment(environment),
        "command line": {name: value for name, value in flags.items() if value is not None},
    }
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for source, values in layers.items():
        merged |= values
        origin |= dict.fromkeys(values, source)
    return _parsed(merged, origin) if merged else Settings()


def _parsed(merged: dict[str, Any], origin: Mapping[str, str]) -> Settings:
    from pydantic import ValidationError

    try:
        return Settings(**dict(shape().model_validate(merged)))
    except ValidationError as error:
        raise UserMustAct(_explain(error, origin), way_out=_WAY_OUT) from error


_WAY_OUT = "`reviewer config schema` lists every setting with its type and default"


def _from_file(name: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    import tomllib

    if _LONG_KEY.search(text):  # tomllib takes time in the square of a key's parts, and more
        raise UserMustAct(
            f"{name} has a key of more than {MOST_PARTS} parts", way_out="mend the file"
        )
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # the latter for [ in [
        raise UserMustAct(
            f"{name} is not valid TOML: {error}", way_out="mend the file, or remove it"
        ) from error
    return table_of(name, table)


def table_of(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Return our part of a parsed file: all of `.reviewer.toml`, one table of pyproject.toml."""
    if not name.endswith("pyproject.toml"):
        return table
    tools = table.get("tool", {})
    ours = tools.get("reviewer", {}) if isinstance(tools, dict) else {}
    if not isinstance(ours, dict):
        raise UserMustAct(
            f"`reviewer` under [tool] in {name} is no table", way_out="write [tool.reviewer]"
        )
    return ours


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Read `REVIEWER_*`. An empty text is unset: GitHub gives unset secrets and inputs so.

    Lists are one pattern a line, or separated by commas. A name that is nearly a setting's is
    handed on as a mistake; one that resembles none is somebody else's.
    """
    values: dict[str, Any] = {}
    for variable in environment:
        name, text = variable.removeprefix(PREFIX).lower(), environment[variable].strip()
        if text and variable.startswith(PREFIX) and name not in ELSEWHERE and _close(name):
            values[name] = _split(text) if name in LISTS else text
    return values


def _split(text: str) -> tuple[str, ...]:
    parts = text.splitlines() if "\n" in text else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _explain(error: ValidationError, origin: Mapping[str, str]) -> str:
    found = error.errors()
    wrong_inside = {problem["loc"][0] for problem in found if len(problem["loc"]) > 1}
    problems = [
        f"  {_place(problem)} ({origin.get(str(problem['loc'][0]), 'default')}): "
        f"{_message(problem)}"
        for problem in found
        # pydantic counts what is right alone: a list of one wrong value is empty to it
        if not (problem["type"] == "too_short" and problem["loc"][0] in wrong_inside)
    ]
    return "these settings cannot be used:\n" + "\n".join(dict.fromkeys(problems))


def _place(problem: ErrorDetails) -> str:
    """Return the setting that is wrong; of a table among several its number and key too."""
    name, *inner = problem["loc"]
    if name not in _TABLES or not inner:
        return str(name)
    table, *keys = inner
    return ", ".join([f"[[{name}]] {int(table) + 1}", *map(str, keys[:1])])


def _message(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "unexpected_keyword_argument":
        keys = ", ".join(f"`{each.name}`" for each in fields(_TABLES[name]))
        return f"no such key; the keys of a table [[{name}]] are {keys}"
    if problem["type"] == "missing":
        return "it must be there"
    if problem["type"] == "extra_forbidden":
        close = _close(name)
        return "no such setting" + (f"; did you mean {close}?" if close else "")
    says = _SAYS.get(problem["type"], problem["msg"])
    return f"{says}; it is {_shortened(repr(problem['input']))}"


_TABLES: dict[str, type[Rule | Price]] = {"rules": Rule, "prices": Price}

_SAYS = {
    "tuple_type": "Input should be a list",
    "dataclass_type": "Input should be a table",
    "too_short": "Input should have one value at least",
}
"""What pydantic would say in the words of Python."""


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _close(name: str) -> str:
    """Return the setting that `name` was probably meant to be, or an empty text."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, _names(), n=1, cutoff=0.56)), "")


def _names() -> list[str]:
    return [each.name for each in fields(Settings)]
