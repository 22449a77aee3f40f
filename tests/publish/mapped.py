"""What is prepared for a review, made up file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.made import CHANGE, COST, packed

from reviewer.choose import Shown
from reviewer.flow import (
    ChangedFile,
    Estimate,
    FileClass,
    FileDiff,
    FileStatus,
    Level,
    Pack,
    ProjectRules,
    Request,
    Verdict,
)
from reviewer.index.lookup import Codebase
from reviewer.money.prices import Tariff
from reviewer.prepare import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.flow import Neighbour, PackedFile, RelatedFile

LISTING_TOKENS = 500
INSTRUCTION_TOKENS = 1_500
BUDGET_TOKENS = 100_000


def listed(path: str, why: str, **given: Any) -> PackedFile:
    return packed(path, level=Level.LISTED, tokens=0, why=why, **given)


def changed_file(path: str, *, tokens: int = 700, why: str = "") -> ChangedFile:
    diff = FileDiff(
        path=path,
        old_path=path,
        status=FileStatus.MODIFIED,
        old_oid="0" * 40,
        new_oid="1" * 40,
        old_mode="100644",
        new_mode="100644",
        binary=False,
        hunks=(),
    )
    verdict = Verdict(file_class=FileClass.SOURCE, rule="extension .py")
    return ChangedFile(
        diff=diff, verdict=verdict, text="", shows_diff=True, tokens=tokens, why=why
    )


def prepared(
    files: Sequence[PackedFile],
    *,
    changed: Sequence[ChangedFile] = (),
    neighbours: Sequence[Neighbour] = (),
    related: Sequence[RelatedFile] = (),
    secrets: Sequence[tuple[str, int]] = (),
    model: str = "claude-opus-5-5",
) -> Prepared:
    tokens = sum(file.tokens for file in files) + LISTING_TOKENS
    shown = Shown(
        project_rules=ProjectRules(),
        change=CHANGE,
        pack=Pack(files=tuple(files), texts={}, tokens=tokens),
        changed=tuple(changed),
        related=tuple(related),
        neighbours=tuple(neighbours),
        secrets=tuple(secrets),
    )
    assert isinstance(COST.estimate, Estimate)
    return Prepared(
        shown=shown,
        codebase=Codebase((), read=lambda _: b"", search=lambda _: {}),
        diffs=tuple(file.diff for file in changed),
        request=Request(model=model, max_output_tokens=1_024, system=(), user=(), schema="{}"),
        cache="",
        tariff=Tariff(model="claude-opus-5-5"),
        estimate=Estimate(
            prompt_tokens=shown.tokens + INSTRUCTION_TOKENS,
            counted=False,
            input_usd=0.1,
            warm_usd=0.1,
            most_usd=1.0,
            cap_usd=5.0,
        ),
        warning="",
        budget_tokens=BUDGET_TOKENS,
    )
