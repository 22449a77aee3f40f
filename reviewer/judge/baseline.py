"""The baseline: findings that a project knows of, in a committed file. Pure.

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

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reviewer.errors import UserMustAct
from reviewer.flow import KnownFinding, Origin, Side
from reviewer.judge.agree import alike
from reviewer.judge.fingerprint import fingerprint, identity
from reviewer.judge.quotes import squeezed, squeezed_lines
from reviewer.pack.secrets import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

    from reviewer.flow import FileDiff, Located, Proven, TreeEntry

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


# --- what is known -----------------------------------------------------------------------------


class Known:
    """The entries of a baseline, to look findings up in."""

    def __init__(self, entries: Iterable[KnownFinding]) -> None:
        self._by_print: dict[str, KnownFinding] = {}
        self._by_path: dict[str, list[KnownFinding]] = {}
        for entry in entries:
            self._by_print[entry.fingerprint] = entry
            self._by_path.setdefault(entry.path, []).append(entry)

    def entry_of(self, found: Proven) -> KnownFinding | None:
        """Return the entry of a finding, if there is one.

        It has the same fingerprint; or the same path, more or less of the same lines, and a title
        that means the same, because a model quotes now more and now less.
        """
        if entry := self._by_print.get(fingerprint(found)):
            return entry
        lines = squeezed_lines("\n".join(found.place.lines))
        near = (
            entry
            for entry in self._by_path.get(found.place.path, ())
            if _overlap(lines, squeezed_lines("\n".join(entry.quote)))
            and alike(entry.title, found.finding.title)
        )
        return next(near, None)


def apart(
    found: Sequence[Proven], entries: Sequence[KnownFinding], diffs: Sequence[FileDiff]
) -> tuple[tuple[Proven, ...], tuple[KnownFinding, ...]]:
    """Return the findings that are to be told, and the entries of those that are known.

    What the change makes worse, deletes or writes is told all the same, be it a copy of known
    code; what it only moves within its file is known.
    """
    if not entries:
        return tuple(found), ()
    known = Known(entries)
    by_path = {file.path: file for file in diffs}
    new: list[Proven] = []
    again: dict[str, KnownFinding] = {}
    for one in found:
        of_change = _of_the_change(one, by_path.get(one.place.path))
        entry = None if of_change else known.entry_of(one)
        if entry is None:
            new.append(one)
        else:
            again[entry.fingerprint] = entry
    return tuple(new), tuple(again.values())


def entry(found: Proven, *, reason: str) -> KnownFinding:
    """Return the entry that makes a finding known."""
    finding, place = found.finding, found.place
    return KnownFinding(
        path=place.path,
        severity=finding.severity,
        category=finding.category,
        title=" ".join(finding.title.split()),
        reason=reason,
        fingerprint=identity(finding.category, place.path, place.lines),
        quote=place.lines,
    )


def standing(
    entries: Iterable[KnownFinding], texts: Mapping[str, str]
) -> tuple[tuple[KnownFinding, ...], tuple[KnownFinding, ...]]:
    """Return the entries whose lines stand in their file, and those whose lines are gone.

    However they are indented. `texts` are the files by path. A line with a placeholder matches
    any line: what was a secret is not known here.
    """
    pages = {path: squeezed_lines(text) for path, text in texts.items()}
    here: list[KnownFinding] = []
    gone: list[KnownFinding] = []
    for each in entries:
        lines = squeezed_lines("\n".join(each.quote))
        (here if _within(lines, pages.get(each.path, ())) else gone).append(each)
    return tuple(here), tuple(gone)


def _of_the_change(one: Proven, file: FileDiff | None) -> bool:
    if one.finding.origin is Origin.WORSENED or one.place.side is Side.LEFT:
        return True
    return file is not None and one.place.side is Side.RIGHT and _written_anew(one.place, file)


def _written_anew(place: Located, file: FileDiff) -> bool:
    """Whether the change wrote one of the lines, and did not take the same from elsewhere."""
    lines = [line for hunk in file.hunks for line in hunk.lines]
    removed = {squeezed(line.text) for line in lines if line.new is None}
    return any(
        line.old is None
        and line.new is not None
        and place.first_line <= line.new <= place.last_line
        and squeezed(line.text)
        and squeezed(line.text) not in removed
        for line in lines
    )


def _overlap(lines: Sequence[str], others: Sequence[str]) -> bool:
    return _within(lines, others) or _within(others, lines)


def _within(sought: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether the lines follow each other somewhere among others."""
    firm = [(at, line) for at, line in enumerate(sought) if not WRITTEN.search(line)]
    return bool(sought) and any(
        all(lines[start + at] == line for at, line in firm)
        for start in range(len(lines) - len(sought) + 1)
    )


# --- the file ----------------------------------------------------------------------------------


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
            lines += ["quote = [", *(f"  {toml_string(line)}," for line in value), "]"]
        else:
            lines.append(f"{each.name} = {toml_string(value)}")
    return "\n".join(lines) + "\n"


def toml_string(value: str) -> str:
    """Return a TOML string on one line: what cannot be seen in a diff is written as its number."""
    whole = value.encode("utf-8", "replace").decode()
    return "".join(
        each if each.isprintable() else _number(each)
        for each in json.dumps(whole, ensure_ascii=False)
    )


def _number(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - TOML's two
