"""Where the tokens go and what a review would cost, as lines of text. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reviewer.flow import Level
from reviewer.publish.neutralise import for_terminal
from reviewer.publish.preflight import preflight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reviewer.flow import Coverage, PackedFile, RuleUse
    from reviewer.prepare import Prepared
    from reviewer.settings import Settings

TOP_FOLDERS = 20
"""More rows than fit a screen help nobody; the rest is one row."""

MOST_HIDDEN = 20


def table(files: Sequence[PackedFile]) -> list[str]:
    """Return files, bytes and tokens by class and by top folder."""
    return [
        *grouped("class", files, lambda file: file.file_class.value),
        "",
        *grouped("folder", files, _top_folder, most=TOP_FOLDERS),
    ]


def left_out(files: Iterable[PackedFile]) -> list[str]:
    """Return every file that is not shown in full, with the reason, in path order."""
    return [f"{one_line(file.path)}  {file.why}" for file in files if file.level is not Level.FULL]


def more(coverage: Coverage) -> list[str]:
    """Return what `--verbose` adds: where the tokens went, what is hidden, which rules held."""
    rules = rule_lines(coverage.rules)
    hidden = left_out(coverage.files)
    said = ["", "project rules:", *rules] if rules else []
    return [*table(coverage.files), "", *hidden, *said]


def one_line(path: str) -> str:
    """Return a path as it may be printed: a name can hold line ends and escape codes."""
    return for_terminal(path).replace("\n", "<U+000A>")


def dry_run(prepared: Prepared, settings: Settings) -> list[str]:
    """Return what `review --dry-run` says: what would be sent, what not, and the price."""
    changed = prepared.changed
    hidden = [f"  {one_line(file.diff.path)}: {file.why}" for file in changed if file.why]
    if len(hidden) > MOST_HIDDEN:
        more = f"  ({len(hidden) - MOST_HIDDEN} more; `reviewer explain PATH` tells of each)"
        hidden = [*hidden[:MOST_HIDDEN], more]
    return [
        *table(prepared.pack.files),
        "",
        _question(prepared),
        *hidden,
        *_beside(prepared),
        f"model      {prepared.request.model}",
        *(f"{name:<10} {said}" for name, said in preflight(prepared, settings)),
        *([f"note       {prepared.warning}"] if prepared.warning else []),
        "Nothing was sent.",
    ]


def _question(prepared: Prepared) -> str:
    if prepared.shown.change.audit:
        unseen = len(prepared.shown.unseen)
        return f"asked      {_files(len(prepared.shown.asked))}, {unseen:,} of them not in full"
    cost_tokens = sum(file.tokens for file in prepared.changed)
    return f"change     {_files(len(prepared.changed))}, {cost_tokens:,} tokens"


def _beside(prepared: Prepared) -> list[str]:
    """Return what else is in the prompt, and what is not: rules, related files, secrets."""
    related, secrets = prepared.shown.related, prepared.shown.secrets
    said = [f"rules      {line}" for line in rule_lines(prepared.shown.project_rules.uses)]
    if related:
        said.append(
            f"related    {_files(len(related))}, {sum(file.tokens for file in related):,} tokens"
        )
    if secrets:
        said.append(f"replaced   {', '.join(f'{count} {kind}' for kind, count in secrets)}")
    return said


def rule_lines(uses: Iterable[RuleUse]) -> list[str]:
    """Return what became of each text of the project's rules, as `source  tokens; why`."""
    return [
        f"{one_line(use.source)}  {use.tokens:,} tokens{f'; {one_line(use.why)}' * bool(use.why)}"
        for use in uses
    ]


def grouped(
    title: str,
    files: Sequence[PackedFile],
    key: Callable[[PackedFile], str],
    *,
    most: int | None = None,
) -> list[str]:
    """Return a table with a row for each key, the dearest first, and one for all.

    After `most` rows the rest is one row.
    """
    groups: dict[str, list[PackedFile]] = defaultdict(list)
    for file in files:
        groups[key(file)].append(file)
    ranked = sorted(groups.items(), key=lambda item: (-_tokens(item[1]), -len(item[1]), item[0]))
    rows = [_row(name, group) for name, group in ranked[:most]]
    rest = [file for _, group in ranked[len(rows) :] for file in group]
    if rest:
        rows.append(_row(f"({len(ranked) - len(rows)} more)", rest))
    head = f"{title:<28} {'files':>7} {'in full':>7} {'outline':>7} {'bytes':>12} {'tokens':>10}"
    return [head, *rows, _row("all", files)]


def _row(name: str, files: Sequence[PackedFile]) -> str:
    full = sum(1 for file in files if file.level is Level.FULL)
    outlined = sum(1 for file in files if file.level is Level.OUTLINE)
    size = sum(file.size_bytes for file in files)
    name = one_line(name)
    shown = name if len(name) <= 28 else f"{name[:25]}..."  # noqa: PLR2004 - the column's width
    return (
        f"{shown:<28} {len(files):>7,} {full:>7,} {outlined:>7,} {size:>12,} {_tokens(files):>10,}"
    )


def _tokens(files: Iterable[PackedFile]) -> int:
    return sum(file.tokens for file in files)


def _files(count: int) -> str:
    return f"{count:>12,} file{'' if count == 1 else 's'}"


def _top_folder(file: PackedFile) -> str:
    folder, slash, _ = file.path.partition("/")
    return f"{folder}/" if slash else "(top level)"
