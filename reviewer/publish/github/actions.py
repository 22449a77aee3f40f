"""What a run tells GitHub Actions: the job summary, the outputs, text in the log.

Building the text is pure; `append_summary` and `append_outputs` write it. The model's and the
pull request's words may reach the summary and, with workflow commands switched off, the log.
They never reach GITHUB_ENV, which is why nothing here writes there.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
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

    `findings` counts what is shown on the pull request. `bundle` is a path on the runner.
    """

    outcome: Outcome
    findings: int = 0
    cost_usd: float = 0.0
    bundle: str = ""
    review_url: str = ""


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
    return "".join(
        _output(field.name.replace("_", "-"), _shown(getattr(values, field.name)), delimiter)
        for field in fields(values)
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
        already_bytes = path.stat().st_size if path.exists() else 0
        _append(path, summary(markdown, already_bytes=already_bytes))


def append_outputs(path: Path | None, values: Outputs) -> None:
    """Add the outputs at GITHUB_OUTPUT; None is a run without them."""
    if path is not None:
        _append(path, outputs(values, delimiter=new_token()))


@contextmanager
def reason_left(step_summary: Path | None, output: Path | None) -> Iterator[None]:
    """Leave the reason of an error where people look, before it goes on."""
    try:
        yield
    except ReviewerError as error:
        why = neutralise(f"{error}. {error.way_out}")
        append_summary(step_summary, f"### The review could not be finished\n\n{why}\n")
        append_outputs(output, Outputs(outcome=Outcome.UNFINISHED))
        raise


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CouldNotFinish(
            f"{path} cannot be written: {error.strerror}",
            way_out="the runner makes this file; check that the job's disk is not full",
        ) from error
