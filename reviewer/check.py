"""The review that asks no model: what the local engine finds, and what it read. Pure.

Pure but for the repository it is handed. Nothing is sent anywhere, so nothing is redacted and
there is no budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.ask import local
from reviewer.flow import SENDABLE
from reviewer.ground import ground as ground_of
from reviewer.index.languages import language_of
from reviewer.pack.tokens import Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.flow import Change, ChangedFile, Finding
    from reviewer.ground import Ground
    from reviewer.ports import Tools
    from reviewer.settings import Settings

NO_BUDGET_TOKENS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found without a model; `texts` are the files it quotes, by path.

    `unread` names the changed files that the engine cannot read, `unparsed` all that it had to
    parse and could not, each with the reason. `undone` is empty, or tells why nothing was
    searched.
    """

    ground: Ground
    changed: tuple[ChangedFile, ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]
    unread: tuple[tuple[str, str], ...]
    unparsed: tuple[tuple[str, str], ...]
    undone: str


def check(change: Change, settings: Settings, *, tools: Tools) -> Checked:
    """Look for what the change leaves broken; raises `CouldNotFinish` and `UserMustAct`."""
    ground = ground_of(change, settings, tools=tools)
    changed = ground.changed(budget_tokens=NO_BUDGET_TOKENS, family=Family.CURRENT)
    readable = [file.diff for file in changed if file.verdict.file_class in SENDABLE]
    searched = local.review_locally(readable, ground.codebase)
    return Checked(
        ground=ground,
        changed=changed,
        findings=searched.findings,
        texts=local.cited(searched.findings, ground.codebase),
        unread=tuple(_unread(changed, ground.codebase.unparsed)),
        unparsed=tuple(sorted(ground.codebase.unparsed.items())),
        undone=searched.undone,
    )


def _unread(
    changed: tuple[ChangedFile, ...], unparsed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for file in changed:
        if file.verdict.file_class not in SENDABLE:
            yield file.diff.path, file.why
        elif language_of(file.diff.path) is None:
            yield file.diff.path, "the local engine knows no grammar for it"
        elif file.diff.path in unparsed:
            yield file.diff.path, unparsed[file.diff.path]
