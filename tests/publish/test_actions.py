from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import (
    EXIT_CLEAN,
    EXIT_FOUND,
    EXIT_INTERRUPTED,
    EXIT_UNFINISHED,
    EXIT_USER,
    CouldNotFinish,
)
from reviewer.publish.github.actions import (
    CUT,
    SUMMARY_BYTES,
    Outcome,
    Outputs,
    append_outputs,
    append_summary,
    new_token,
    outputs,
    summary,
    untrusted,
)

if TYPE_CHECKING:
    from pathlib import Path


def understood(text: str) -> dict[str, str]:
    """Read GITHUB_OUTPUT as the runner does: `name<<delimiter`, lines, the delimiter alone."""
    values: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, _, delimiter = line.partition("<<")
        assert delimiter
        values[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return values


def log_commands(log: str) -> list[str]:
    """Read a log as the runner does: which lines it would obey."""
    obeyed: list[str] = []
    stopped_by = ""
    for line in re.split(r"\r\n|\r|\n", log):
        if stopped_by:
            stopped_by = "" if line.strip() == f"::{stopped_by}::" else stopped_by
        elif line.startswith("::stop-commands::"):
            stopped_by = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::"):
            obeyed.append(line)
    return obeyed


def test_a_summary_that_fits_is_left_as_it_is() -> None:
    assert summary("# Review\n\nNothing.\n") == "# Review\n\nNothing.\n"


def test_a_summary_ends_its_last_line_so_that_the_next_one_can_follow() -> None:
    assert summary("# Review") == "# Review\n"


def test_a_summary_that_is_too_long_is_cut_after_a_line_and_says_so() -> None:
    line = "é" * 99 + "\n"

    cut = summary(line * 9000)

    assert len(cut.encode()) <= SUMMARY_BYTES
    assert cut.endswith("\n" + CUT)
    assert set(cut.removesuffix(CUT).splitlines(keepends=True)) == {line}


@given(
    text=st.text(alphabet="aé\n😀", max_size=300),
    room_bytes=st.integers(min_value=-5, max_value=400),
)
def test_a_summary_never_exceeds_the_room_that_is_left(text: str, room_bytes: int) -> None:
    already_bytes = SUMMARY_BYTES - room_bytes

    assert len(summary(text, already_bytes=already_bytes).encode()) <= max(0, room_bytes)


@given(value=st.text())
def test_no_value_of_an_output_can_make_another_output(value: str) -> None:
    values = Outputs(outcome=Outcome.FOUND, findings=2, cost_usd=0.12345, bundle=value)

    text = outputs(values, delimiter=new_token())

    assert understood(text) == {
        "outcome": "found",
        "findings": "2",
        "cost-usd": "0.1235",
        "bundle": value,
        "review-url": "",
    }


def test_a_value_that_holds_its_delimiter_is_refused() -> None:
    with pytest.raises(ValueError, match="bundle"):
        outputs(Outputs(outcome=Outcome.CLEAN, bundle="a\nEOF\nb"), delimiter="EOF")


@pytest.mark.parametrize(
    ("exit_code", "outcome"),
    [
        (EXIT_CLEAN, "clean"),
        (EXIT_FOUND, "found"),
        (EXIT_USER, "unfinished"),
        (EXIT_UNFINISHED, "unfinished"),
        (EXIT_INTERRUPTED, "unfinished"),
    ],
)
def test_only_a_finished_review_is_clean(exit_code: int, outcome: str) -> None:
    assert Outcome.of(exit_code) == outcome


@given(text=st.text(alphabet="a:\n\r# ") | st.just("::add-mask::x\n::stop-commands::y\n::y::"))
def test_no_line_of_untrusted_text_is_obeyed(text: str) -> None:
    log = "::notice::before\n" + untrusted(text, token=new_token()) + "::notice::after\n"

    assert log_commands(log) == ["::notice::before", "::notice::after"]


def test_two_tokens_are_never_the_same() -> None:
    assert new_token() != new_token()


def test_a_summary_is_added_to_what_the_step_wrote_before(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    append_summary(path, "one")
    append_summary(path, "two")

    assert path.read_text() == "one\ntwo\n"


def test_what_the_step_wrote_before_counts_against_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"x" * (SUMMARY_BYTES - 1000))
    append_summary(path, "line\n" * 1000)

    assert SUMMARY_BYTES - 10 <= path.stat().st_size <= SUMMARY_BYTES


def test_outputs_are_added_to_what_the_step_wrote_before(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_text("exit-code<<x\n0\nx\n")
    append_outputs(path, Outputs(outcome=Outcome.SKIPPED))

    assert understood(path.read_text())["outcome"] == "skipped"
    assert understood(path.read_text())["exit-code"] == "0"


def test_without_the_runners_files_nothing_is_written(tmp_path: Path) -> None:
    append_summary(None, "one")
    append_outputs(None, Outputs(outcome=Outcome.CLEAN))

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(CouldNotFinish, match="cannot be written"):
        append_outputs(tmp_path / "gone" / "output", Outputs(outcome=Outcome.CLEAN))
