"""Changes and claims about them, made up in one line each."""

from __future__ import annotations

import difflib
import re
from typing import Any

from reviewer import diff
from reviewer.flow import (
    Category,
    ChangedFile,
    Confidence,
    Evidence,
    FileClass,
    FileDiff,
    Finding,
    Located,
    Match,
    Origin,
    Proven,
    Severity,
    Side,
    Verdict,
)

SOURCE = Verdict(file_class=FileClass.SOURCE, rule="test")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n", text)


def file_diff(path: str, old: str | None, new: str | None, *, old_path: str = "") -> FileDiff:
    """Return the diff of two texts that end in a newline; None where there is no file."""
    rows = [f"diff --git a/{old_path or path} b/{path}\n"]
    if old is None:
        rows += ["new file mode 100644\n"]
    if new is None:
        rows += ["deleted file mode 100644\n"]
    if old_path:
        rows += [f"rename from {old_path}\n", f"rename to {path}\n"]
    names = ("/dev/null" if old is None else "a", "/dev/null" if new is None else "b")
    rows += difflib.unified_diff(_lines(old or ""), _lines(new or ""), *names)
    (file,) = diff.parse("".join(rows).encode())
    return file


def changed(
    path: str,
    old: str | None,
    new: str | None,
    *,
    old_path: str = "",
    shows_text: bool = True,
    shows_diff: bool = True,
    why: str = "",
) -> ChangedFile:
    """Return a changed file as it is shown; without its text, only its hunks are."""
    return ChangedFile(
        diff=file_diff(path, old, new, old_path=old_path),
        verdict=SOURCE,
        text=new if shows_text else None,
        shows_diff=shows_diff,
        tokens=0,
        why=why,
    )


def evidence(
    path: str, quote: str, first: int = 1, last: int | None = None, note: str = ""
) -> Evidence:
    return Evidence(path=path, first_line=first, last_line=last or first, quote=quote, note=note)


def finding(place: Evidence | None = None, *others: Evidence, **given: Any) -> Finding:
    return Finding(
        **{
            "title": "Title",
            "explanation": "Explanation.",
            "severity": Severity.MEDIUM,
            "confidence": Confidence.HIGH,
            "category": Category.CORRECTNESS,
            "origin": Origin.INTRODUCED,
            "place": place or evidence("a.py", "quote"),
            "evidence": others,
            **given,
        }
    )


def located(
    path: str = "a.py",
    first: int = 1,
    *lines: str,
    side: Side | None = Side.RIGHT,
    match: Match = Match.EXACT,
) -> Located:
    code = lines or ("code = 1",)
    return Located(
        path=path,
        side=side,
        first_line=first,
        last_line=first + len(code) - 1,
        lines=code,
        match=match,
    )


def proven(place: Located | None = None, *others: Located, **given: Any) -> Proven:
    """Return a proven finding; its quote is the code at its place, unless `quote` is given."""
    at = place or located()
    quote = given.pop("quote", "\n".join(at.lines))
    claim = finding(evidence(at.path, quote, at.first_line, at.last_line), **given)
    return Proven(finding=claim, place=at, evidence=others)
