"""What a review saw of the codebase and of the change, and what not: the context receipt. Pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reviewer.flow import FileClass, Level
from reviewer.publish import statistics
from reviewer.publish.neutralise import code_span, inline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.flow import PackedFile, Review, RuleUse

_EXAMPLES = 3
_CLASSES = [each.value for each in FileClass]


def receipt(review: Review, most: int) -> dict[str, object]:
    """Return what the model saw of the codebase and of the change, and what not."""
    coverage = review.coverage
    full = [file for file in coverage.files if file.level is Level.FULL]
    return {
        "files": f"{len(coverage.files):,}",
        "full": f"{len(full):,}",
        "outlined": sum(file.level is Level.OUTLINE for file in coverage.files),
        "tokens": f"{sum(file.tokens for file in coverage.files):,}",
        "searched": coverage.searched,
        "asked": f"{coverage.asked:,}" if review.change.audit else "",
        "looked_in": "no file" if coverage.incomplete else "every file",
        "snapshot": inline(coverage.snapshot),
        "related": some([code_span(path) for path in coverage.related], most),
        "rules": some([_rule(use) for use in coverage.rules], most),
        "secrets": ", ".join(f"{count} {inline(kind)}" for kind, count in coverage.secrets),
        "classes": _by_class(coverage.files),
        "reasons": some(_by_reason(coverage.files), most),
        "unseen": some(
            [f"{code_span(path)}: {inline(why)}" for path, why in coverage.unseen_changes], most
        ),
        "lossy": some(
            [f"{code_span(file.path)} ({file.encoding})" for file in full if file.lossy], most
        ),
    }


def _rule(use: RuleUse) -> str:
    cost = f"{use.tokens:,} tokens" if use.tokens else ""
    said = "; ".join(part for part in (cost, inline(use.why)) if part)
    return f"{code_span(use.source)}: {said}"


def _by_class(files: Iterable[PackedFile]) -> list[statistics.Group]:
    """Return the classes that occur, in the order in which they are declared."""
    return sorted(statistics.by_class(files), key=lambda group: _CLASSES.index(group.name))


def _by_reason(files: Iterable[PackedFile]) -> list[str]:
    """Return each reason for not sending a file in full, with examples, the commonest first."""
    listed = sorted((file for file in files if file.level is Level.LISTED), key=_why)
    groups = [(why, list(members)) for why, members in groupby(listed, key=_why)]
    return [
        f"{inline(why)}: {len(members):,} ({_examples(members)})"
        for why, members in sorted(groups, key=lambda group: -len(group[1]))
    ]


def _why(file: PackedFile) -> str:
    """Return the reason without its numbers, which differ from file to file."""
    if file.file_class is FileClass.TOO_LARGE:
        return str(file.file_class)
    return file.why.partition(": needs")[0]


def _examples(files: list[PackedFile]) -> str:
    shown = ", ".join(code_span(file.path) for file in files[:_EXAMPLES])
    return f"{shown}, …" if len(files) > _EXAMPLES else shown


def some(lines: list[str], most: int, total: int | None = None) -> list[str]:
    """Return at most `most` lines, and how many more there are."""
    more = (len(lines) if total is None else total) - most
    return [*lines[:most], f"and {more:,} more"] if more > 0 else lines
