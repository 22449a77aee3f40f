"""What a run tells GitHub Actions: the job summary, the outputs, text in the log.

Building the text is pure; `append_summary` and `append_outputs` write it. The model's and the
pull request's words may reach the summary and, with workflow commands switched off, the log.
They never reach GITHUB_ENV, which is why nothing here writes there.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, CouldNotFinish, ReviewerError
from reviewer.publish.neutralise import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUMMARY_BYTES = 1024 * 1024
"""More than this in one step and its whole summary is dropped (docs.github.com, workflow
commands, step isolation and limits)."""

INTERRUPTED = (
    "The run was cancelled. A request that was on its way can have been billed: "
    "on the pull request it counts as the most that it can have cost."
)

CUT = "\n\n_The rest does not fit into a job summary: see the bundle of this run._\n"


class Outcome(StrEnum):
    """How a run ended, for the steps after it; a run that could not tell is unfinished."""

    CLEAN = "clean"
    FOUND = "found"
    UNFINISHED = "unfinished"
    SKIPPED = "skipped"

    @classmethod
    def of(cls, exit_code: int) -> Outcome:
        """Return the outcome of a review that was made."""
        return {EXIT_CLEAN: cls.CLEAN, EXIT_FOUND: cls.FOUND}.get(exit_code, cls.UNFINISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """The outputs of the action, under their own names with `-` for `_`.

    `findings` counts what is shown on the pull request. `bundle` is a path on the runner. What is
    None is not written: it stays as the same step wrote it before.
    """

    outcome: Outcome
    findings: int | None = 0
    cost_usd: float | None = 0.0
    bundle: str | None = ""
    review_url: str | None = ""


# --- pure ------------------------------------------------------------------------------------


def summary(markdown: str, *, already_bytes: int = 0) -> str:
    """Return what of `markdown` still fits into the step's summary, cut at the end of a line.

    `already_bytes` is what the step has written before.
    """
    text = markdown if markdown.endswith("\n") else markdown + "\n"
    encoded = text.encode()
    room_bytes = SUMMARY_BYTES - already_bytes
    if len(encoded) <= room_bytes:
        return text
    room_bytes -= len(CUT.encode())
    if room_bytes < 0:
        return ""
    whole_lines = encoded[: encoded.rfind(b"\n", 0, room_bytes) + 1]
    return whole_lines.decode() + CUT


def outputs(values: Outputs, *, delimiter: str) -> str:
    """Return the lines for GITHUB_OUTPUT, each value between delimiters that nobody can guess.

    Raises `ValueError` when a value holds the delimiter.
    """
    named = (
        (field.name.replace("_", "-"), getattr(values, field.name)) for field in fields(values)
    )
    return "".join(
        _output(name, _shown(value), delimiter) for name, value in named if value is not None
    )


def untrusted(text: str, *, token: str) -> str:
    """Return text for the log, in which no line can be a workflow command.

    `token` must be new each time: whoever knows it can switch commands on again.
    """
    return f"::stop-commands::{token}\n{text}\n::{token}::\n"


def new_token() -> str:
    """Return a delimiter or token that no text written before now can hold."""
    return secrets.token_hex(16)


def _shown(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _output(name: str, value: str, delimiter: str) -> str:
    if delimiter in value:
        raise ValueError(f"the output {name} holds its own delimiter")
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


# --- writing ---------------------------------------------------------------------------------


def append_summary(path: Path | None, markdown: str) -> None:
    """Add to the job summary at GITHUB_STEP_SUMMARY; None is a run without one."""
    if path is not None:
        _append(path, summary(markdown, already_bytes=_size_bytes(path)))


def append_outputs(path: Path | None, values: Outputs) -> None:
    """Add the outputs at GITHUB_OUTPUT; None is a run without them."""
    if path is not None:
        _append(path, outputs(values, delimiter=new_token()))


@contextmanager
def reason_left(
    step_summary: Path | None, output: Path | None, *, bundle: Path | None = None
) -> Iterator[None]:
    """Leave the reason of an error where people look, before it goes on.

    What was paid for by then and kept at `bundle` is named in the outputs, so that a later step
    can save it; that holds for bugs too. A runner cancels by a signal, which arrives as a
    `KeyboardInterrupt`.
    """
    before = _written_at(bundle)
    try:
        yield
    except BaseException as error:
        kept = str(bundle) if _written_at(bundle) not in (None, before) else None
        with suppress(CouldNotFinish):  # the error that is on its way tells more
            append_summary(step_summary, _reason(error))
        with suppress(CouldNotFinish):
            append_outputs(output, _unfinished(kept))
        raise


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"### The review was interrupted\n\n{INTERRUPTED}\n"
    why = "The log of the run tells why."
    if isinstance(error, ReviewerError):
        why = neutralise(f"{error}. {error.way_out}")
    return f"### The review could not be finished\n\n{why}\n"


def _unfinished(kept: str | None) -> Outputs:
    """Return the outputs of a run that raised: what it cost is known if it was told before."""
    return Outputs(
        outcome=Outcome.UNFINISHED, findings=None, cost_usd=None, bundle=kept, review_url=None
    )


def _written_at(path: Path | None) -> int | None:
    """Return when a file was last written, in nanoseconds; None where there is none."""
    try:
        return path.stat().st_mtime_ns if path else None
    except OSError:
        return None


def _size_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # not there yet, or not ours to read: writing to it tells
        return 0


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CouldNotFinish(
            f"{path} cannot be written: {error.strerror}",
            way_out="the runner makes this file; check that the job's disk is not full",
        ) from error
