"""What was found -> findings, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.ask.local import quoting
from reviewer.flow import Category, Confidence, Finding, Origin, Severity
from reviewer.index.languages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.ask.local.lost import LostFile
    from reviewer.ask.local.misfits import NeverFits, NoLongerFits
    from reviewer.ask.local.removed import StillUsed, Use
    from reviewer.flow import Evidence


def of_still_used(found: StillUsed) -> Finding | None:
    """Return the finding on a definition that went away and is still used."""
    definition = found.gone.definition
    place = quoting.deleted_line(
        found.gone.changed, definition.name, definition.first_line, definition.last_line
    )
    what = f"`{_full(definition.container, definition.name)}`"
    where = (
        f"`{found.gone.changed.diff.path}` no longer offers it"
        if found.certain
        else "Nothing else in the codebase defines it"
    )
    return _finding(
        place,
        found.uses,
        definition.name,
        title=f"{what} is removed but still used",
        explanation=(
            f"The {definition.kind} {what} is defined here before the change and not after it. "
            f"{where}, and {_counted(found.uses, 'place')} still "
            f"{'uses' if len(found.uses) == 1 else 'use'} it."
        ),
        confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
    )


def of_no_longer_fits(found: NoLongerFits) -> Finding | None:
    """Return the finding on a signature that its callers do not follow."""
    before, after, changed = found.resigned.before, found.resigned.after, found.resigned.changed
    lenient = found.resigned.source.language is Language.JAVASCRIPT
    place = quoting.changed_line(
        changed, after.name, after.first_line, after.last_line
    ) or quoting.deleted_line(changed, after.name, before.first_line, before.last_line)
    what = f"`{_full(after.container, after.name)}`"
    return _finding(
        place,
        found.uses,
        found.resigned.called,
        title=f"{what} takes other arguments now, and a caller was not updated",
        explanation=(
            f"The change alters what {what} takes. {_counted(found.uses, 'call')} that fitted "
            f"before {'does' if len(found.uses) == 1 else 'do'} not fit any more: the first "
            f"{found.uses[0].note}."
        ),
        confidence=Confidence.MEDIUM if lenient else Confidence.HIGH,
    )


def of_lost_file(found: LostFile) -> Finding | None:
    """Return the finding on a file that went away and is still imported."""
    diff = found.changed.diff
    place = quoting.file_line(found.changed)
    return _finding(
        place,
        found.uses,
        "",
        title=f"`{diff.old_path}` is gone but still imported",
        explanation=(
            f"The change takes `{diff.old_path}` away, and nothing in the codebase stands in for "
            f"it. {_counted(found.uses, 'import')} still "
            f"{'asks' if len(found.uses) == 1 else 'ask'} for it."
        ),
        confidence=Confidence.HIGH,
    )


def of_never_fits(found: NeverFits) -> Finding | None:
    """Return the finding on an added call that cannot be right."""
    call, changed = found.added.call, found.added.changed
    place = quoting.changed_line(changed, call.name, call.line, call.line)
    return _finding(
        place,
        (found.definition,),
        call.name,
        title=f"This call of `{call.name}` does not fit its definition",
        explanation=(
            f"The added call {found.why}, by the only definition of `{call.name}` in the codebase."
        ),
        confidence=Confidence.HIGH,
    )


def _finding(
    place: Evidence | None,
    uses: Sequence[Use],
    name: str,
    *,
    title: str,
    explanation: str,
    confidence: Confidence,
) -> Finding | None:
    """Return the finding, or None where the change has no line that it could stand on."""
    if place is None:
        return None
    evidence = quoting.evidence_of(uses, name)
    if len(evidence) < len(uses):
        explanation += f" {len(evidence)} of {len(uses)} are shown."
    return Finding(
        title=title,
        explanation=explanation,
        severity=Severity.HIGH,
        confidence=confidence,
        category=Category.CONTRACT,
        origin=Origin.INTRODUCED,
        place=place,
        evidence=evidence,
    )


def _full(container: str, name: str) -> str:
    return f"{container}.{name}" if container else name


def _counted(uses: Sequence[Use], noun: str) -> str:
    files = len({use.path for use in uses})
    count = f"{len(uses)} {noun}{'' if len(uses) == 1 else 's'}"
    return f"{count} in {files} file{'' if files == 1 else 's'}"
