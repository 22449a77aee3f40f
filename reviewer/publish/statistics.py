"""Where the tokens go and what a review would cost, as lines of text. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Files of one class, or with one reason: how many there are of each level, and their sizes.

    `needed_tokens` is about what they would cost in full, or None where nothing could be sent;
    `level` and `why` are those of a reason.
    """

    name: str
    files: int
    by_level: tuple[int, ...]
    size_bytes: int
    tokens: int
    level: str = ""
    why: str = ""
    needed_tokens: int | None = None


def table(files: Sequence[PackedFile]) -> list[str]:
    """Return files, bytes and tokens by class and by top folder."""
    return [
        *grouped("class", files, _class),
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
    ranked = groups(files, key)
    named = {group.name for group in ranked[:most]}
    rest = [file for file in files if key(file) not in named]
    more = [group_of(f"({len(ranked) - len(named)} more)", rest)] if rest else []
    head = f"{title:<28} {'files':>7} {'in full':>7} {'outline':>7} {'bytes':>12} {'tokens':>10}"
    return [head, *map(_row, (*ranked[:most], *more, group_of("all", files)))]


def _row(group: Group) -> str:
    name = one_line(group.name)
    shown = name if len(name) <= 28 else f"{name[:25]}..."  # noqa: PLR2004 - the column's width
    full, outlined, _ = group.by_level
    return (
        f"{shown:<28} {group.files:>7,} {full:>7,} {outlined:>7,} "
        f"{group.size_bytes:>12,} {group.tokens:>10,}"
    )


def _files(count: int) -> str:
    return f"{count:>12,} file{'' if count == 1 else 's'}"


# --- groups ------------------------------------------------------------------------------------


def by_class(files: Iterable[PackedFile]) -> list[Group]:
    """Return the files by class, the dearest first."""
    return groups(files, _class)


def by_folder(files: Iterable[PackedFile]) -> list[Group]:
    """Return the files by top folder, the dearest first."""
    return groups(files, _top_folder)


def groups(files: Iterable[PackedFile], key: Callable[[PackedFile], str]) -> list[Group]:
    """Return the files by what `key` says of them, the dearest first."""
    found: dict[str, list[PackedFile]] = defaultdict(list)
    for file in files:
        found[key(file)].append(file)
    return sorted(
        (group_of(name, group) for name, group in found.items()),
        key=lambda group: (-group.tokens, -group.files, group.name),
    )


def group_of(name: str, files: Sequence[PackedFile]) -> Group:
    """Return how many files these are, and their sizes."""
    return Group(
        name=name,
        files=len(files),
        by_level=tuple(sum(file.level is each for file in files) for each in Level),
        size_bytes=sum(file.size_bytes for file in files),
        tokens=sum(file.tokens for file in files),
    )


def _class(file: PackedFile) -> str:
    return file.file_class.value


def _top_folder(file: PackedFile) -> str:
    folder, slash, _ = file.path.partition("/")
    return f"{folder}/" if slash else "(top level)"
