"""The change as it is shown: files at head and their hunks, as far as the budget goes. Pure.

Hunks come first, for every file that may be sent at all; then whole files, small ones first, so
that as few as possible lose their surroundings. What is left out is named with its reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.flow import (
    SENDABLE,
    ChangedFile,
    FileClass,
    FileDiff,
    FileStatus,
    Text,
    TreeEntry,
    Verdict,
)
from reviewer.pack import classify, content, decode, document, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.pack.ignore import PathRules
    from reviewer.pack.tokens import Family

_CODE = (FileClass.SOURCE, FileClass.CONFIG)

_REGULAR = "100"
"""How the mode of a file begins that is no link and no submodule."""


def show(
    diffs: Sequence[FileDiff],
    read: Callable[[str], bytes],
    rules: PathRules,
    *,
    max_file_bytes: int,
    budget_tokens: int,
    family: Family,
) -> tuple[ChangedFile, ...]:
    """Return every changed file once, in the order of the diff, within `budget_tokens`."""
    files = whole(diffs, read, rules, max_file_bytes=max_file_bytes)
    costs = {file.diff.path: _Cost(file, family) for file in files}
    left = budget_tokens
    shown: dict[str, ChangedFile] = {}
    for file in sorted(files, key=lambda file: (costs[file.diff.path].hunks, file.diff.path)):
        shown[file.diff.path], left = _with_hunks(file, costs[file.diff.path].hunks, left)
    for file in sorted(files, key=lambda file: (costs[file.diff.path].text, file.diff.path)):
        path = file.diff.path
        shown[path], left = _with_text(file, shown[path], costs[path].text, left)
    return tuple(shown[file.diff.path] for file in files)


def whole(
    diffs: Sequence[FileDiff],
    read: Callable[[str], bytes],
    rules: PathRules,
    *,
    max_file_bytes: int,
) -> tuple[ChangedFile, ...]:
    """Return every changed file as it would be shown without a budget; nothing is estimated."""
    return tuple(_whole(each, read, rules, max_file_bytes=max_file_bytes) for each in diffs)


class _Cost:
    """What a file costs, in tokens: its hunks, and its text with line numbers."""

    __slots__ = ("hunks", "text")

    def __init__(self, file: ChangedFile, family: Family) -> None:
        path = file.diff.path
        shown = diff.render(file.diff) if file.shows_diff else ""
        self.hunks = tokens.estimate(shown, path, family)
        written = "" if file.text is None else document.write(path, file.text, numbered_from=1)
        self.text = tokens.estimate(written, path, family)


def _with_hunks(file: ChangedFile, cost: int, left: int) -> tuple[ChangedFile, int]:
    """Return the file without its text, with its hunks if they fit, and what is left."""
    bare = replace(file, text=None, tokens=0)
    if not file.shows_diff:
        return bare, left
    if cost > left:
        why = f"over the budget: its diff needs {cost:,} tokens, {max(left, 0):,} are left"
        return replace(bare, shows_diff=False, why=why), left
    return replace(bare, tokens=cost), left - cost


def _with_text(
    whole: ChangedFile, shown: ChangedFile, cost: int, left: int
) -> tuple[ChangedFile, int]:
    """Return the file with its text if that fits, and the budget that is left."""
    if whole.text is None or shown.shows_diff is not whole.shows_diff:
        return shown, left
    if cost > left:
        why = f"over the budget: its text needs {cost:,} tokens, {max(left, 0):,} are left"
        only = "; only its diff is shown" if shown.shows_diff else ""
        return replace(shown, why=why + only), left
    return replace(shown, text=whole.text, tokens=shown.tokens + cost), left - cost


def _whole(
    file: FileDiff,
    read: Callable[[str], bytes],
    rules: PathRules,
    *,
    max_file_bytes: int,
) -> ChangedFile:
    """Return the file as it would be shown without a budget."""
    deleted = file.status is FileStatus.DELETED
    entry = TreeEntry(
        path=file.path,
        oid=file.old_oid if deleted else file.new_oid,
        mode=file.old_mode if deleted else file.new_mode,
        size_bytes=0,
    )
    named = classify.by_name(entry, rules, max_file_bytes=max_file_bytes)
    if named.file_class not in SENDABLE:
        return _named(file, named)
    data = read(entry.oid)
    before = _by_base(file, named, read)
    verdict = content.unsendable(data) or _by_size(before, data, max_file_bytes=max_file_bytes)
    if verdict.file_class not in SENDABLE:
        concealed = before.file_class in _CODE and not deleted
        return replace(_named(file, verdict), concealed=concealed)
    text = Text(text="", encoding="utf-8") if deleted else decode.decode(data)
    return ChangedFile(
        diff=file,
        verdict=verdict,
        text=None if deleted else text.text,
        shows_diff=not file.binary,
        tokens=0,
        why=_remark(file, text),
    )


def _remark(file: FileDiff, text: Text) -> str:
    """Say what of a file that may be sent is not there to be seen."""
    if file.binary:
        return "git takes it for binary, so it has no diff"
    return "some of its bytes cannot be shown" if text.lossy else ""


def _by_base(file: FileDiff, verdict: Verdict, read: Callable[[str], bytes]) -> Verdict:
    """Let the content decide as it was before the change, if there was any.

    A change must not be able to keep a file from being seen by writing `@generated` at its top.
    """
    if file.status is FileStatus.ADDED or not file.old_mode.startswith(_REGULAR):
        return verdict
    return classify.by_content(verdict, read(file.old_oid))


def _by_size(verdict: Verdict, data: bytes, *, max_file_bytes: int) -> Verdict:
    asked_for = verdict.rule.startswith(classify.INCLUDED)
    if len(data) <= max_file_bytes or verdict.file_class not in SENDABLE or asked_for:
        return verdict
    return Verdict(file_class=FileClass.TOO_LARGE, rule=f"{len(data):,} bytes")


def _named(file: FileDiff, verdict: Verdict) -> ChangedFile:
    why = f"{verdict.file_class}: {verdict.rule}"
    return ChangedFile(diff=file, verdict=verdict, text=None, shows_diff=False, tokens=0, why=why)
