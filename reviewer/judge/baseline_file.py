"""The file of the baseline, which a project commits: findings that it knows of. Pure.

    version = 1

    [[known]]
    path = "src/cart.py"
    severity = "medium"
    category = "correctness"
    title = "An empty cart raises"
    reason = "carts are never empty before the release"
    fingerprint = "0123456789abcdef"
    quote = [
      "    return sum(prices) / len(prices)",
    ]

One finding is one table, in the order of path and fingerprint, so that a diff of the file reads as
what is known from now on. The fingerprint must be that of category, path and quote: whoever reads
the diff sees the code that is silenced. There are no line numbers; code that moves stays known,
code that changes does not.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reviewer.errors import UserMustAct
from reviewer.flow import KnownFinding
from reviewer.judge import toml
from reviewer.judge.fingerprint import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydantic_core import ErrorDetails

    from reviewer.flow import TreeEntry

FILE_NAME = ".reviewer-baseline.toml"
"""At the root of the repository."""

VERSION = 1
MOST_BYTES = 2 * 1024 * 1024
"""Some thousand findings; nobody reads a longer diff."""

MOST_SHOWN = 20
"""Mistakes in the file; more are counted."""

_STRING = r"""(?:"(?:[^"\\]|\\.)*+"|'[^']*+')"""
_LINE = re.compile(
    rf"""
      \s*+
      (?: \[\[known\]\] | version\s*+=\s*+\d{{1,9}}
        | [a-z]{{1,20}}\s*+=\s*+(?:{_STRING}|\[(?:\s*+\])?)
        | {_STRING}\s*+,? | \] )?+
      \s*+ (?:\#.*)?
    """,
    re.VERBOSE,
)

_HEAD = """\
# Findings that are known here: `reviewer` does not tell them again. `reviewer baseline write` adds
# to this file, `reviewer baseline check` lists what is not needed any more. Edit the reasons, and
# delete what you want to hear of again; the rest belongs together.
"""


def of_tree(
    entries: Iterable[TreeEntry], read: Callable[[str], bytes]
) -> tuple[KnownFinding, ...]:
    """Return the baseline of a tree, empty where there is none; raises `UserMustAct`."""
    found = next((entry for entry in entries if entry.path == FILE_NAME), None)
    if found is None:
        return ()
    if not found.mode.startswith("100"):
        raise UserMustAct(f"{FILE_NAME} is no regular file", way_out="put the file itself there")
    _check_size(found.size_bytes)
    return parse(read(found.oid))


def parse(data: bytes) -> tuple[KnownFinding, ...]:
    """Return the entries of a file; raises `UserMustAct` with every mistake in it."""
    _check_size(len(data))
    table = _table(data)
    if table.get("version") != VERSION or set(table) - {"version", "known"}:
        raise UserMustAct(
            f"{FILE_NAME} is no baseline of version {VERSION}",
            way_out="it holds `version = 1` and tables [[known]], nothing else",
        )
    return _entries(table.get("known", []))


def dumps(entries: Iterable[KnownFinding]) -> str:
    """Return the text of the file: the same entries give the same text, in whatever order."""
    once = {entry.fingerprint: entry for entry in entries}
    ordered = sorted(once.values(), key=lambda entry: (entry.path, entry.fingerprint))
    return "\n".join([f"{_HEAD}\nversion = {VERSION}\n", *map(_written, ordered)])


def _check_size(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        raise UserMustAct(
            f"{FILE_NAME} has {size_bytes:,} bytes, more than {MOST_BYTES:,}",
            way_out="mend some of what it lists, and write it again",
        )


def _table(data: bytes) -> dict[str, Any]:
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        _check_lines(text)
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserMustAct(f"{FILE_NAME} is not valid TOML: {error}", way_out=_MEND) from error


def _check_lines(text: str) -> None:
    """Refuse what `dumps` would not write: tomllib takes quadratic time for a long dotted key."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not _LINE.fullmatch(line):
            raise UserMustAct(
                f"line {number:,} of {FILE_NAME} is none that `reviewer baseline write` writes",
                way_out="write each text in quotes on one line",
            )


_MEND = "mend the file, or take it from the last commit in which it was in order"


def _entries(tables: object) -> tuple[KnownFinding, ...]:
    from pydantic import TypeAdapter, ValidationError

    try:
        entries = TypeAdapter(tuple[KnownFinding, ...]).validate_python(tables)
    except ValidationError as error:
        raise _refused([_mistake(each) for each in error.errors()]) from error
    if wrong := list(_strangers(entries)):
        raise _refused(wrong)
    return entries


def _strangers(entries: Sequence[KnownFinding]) -> Iterator[str]:
    """Name the entries whose fingerprint is of other code than they show."""
    for number, each in enumerate(entries, start=1):
        if each.fingerprint != identity(each.category, each.path, each.quote):
            yield (
                f"[[known]] {number}: the fingerprint is not that of its category, path and quote"
            )


def _mistake(problem: ErrorDetails) -> str:
    where = problem["loc"]
    number = f" {int(where[0]) + 1}" if where else ""
    key = f", {where[1]}" if len(where) > 1 else ""
    says = "it must be there" if problem["type"] == "missing" else problem["msg"]
    return f"[[known]]{number}{key}: {says}"


def _refused(mistakes: Sequence[str]) -> UserMustAct:
    more = len(mistakes) - MOST_SHOWN
    shown = [*mistakes[:MOST_SHOWN], *([f"and {more:,} more"] if more > 0 else [])]
    return UserMustAct("\n  ".join([f"{FILE_NAME} cannot be used:", *shown]), way_out=_MEND)


def _written(entry: KnownFinding) -> str:
    lines = ["[[known]]"]
    for each in fields(KnownFinding):
        value = getattr(entry, each.name)
        if each.name == "quote":
            lines += ["quote = [", *(f"  {toml.string(line)}," for line in value), "]"]
        else:
            lines.append(f"{each.name} = {toml.string(value)}")
    return "\n".join(lines) + "\n"
