from __future__ import annotations

import re
from io import StringIO

import pytest
from made import COVERAGE, located, placed, review

from reviewer.flow import Coverage
from reviewer.publish.terminal import (
    MOST_LINES,
    MOST_UNSEEN,
    TerminalProgress,
    TerminalPublisher,
    closing_lines,
)

LONG = "x" * 200


class Terminal(StringIO):
    """Sixty columns wide, and somebody looks at it."""

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.getvalue()).splitlines()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_a_terminal_breaks_words_and_indents_and_leaves_no_blanks_behind(
    terminal: Terminal,
) -> None:
    TerminalPublisher(terminal).publish(review(placed(explanation="several words " * 20)))

    lines = [line for line in terminal.lines() if "several" in line]
    assert len(lines) > 1
    assert all(line.startswith("  ") and len(line) <= 60 for line in lines)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("columns", ["0", "1", "7"])
@pytest.mark.parametrize("at_terminal", [True, False])
def test_whatever_width_the_environment_tells_the_finding_is_shown(
    monkeypatch: pytest.MonkeyPatch, columns: str, *, at_terminal: bool
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal() if at_terminal else StringIO()
    TerminalPublisher(stream).publish(review(placed(title="A caller is broken")))

    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\s", "", stream.getvalue())
    assert "Acallerisbroken" in shown


def test_a_line_of_code_that_does_not_fit_a_terminal_says_so(terminal: Terminal) -> None:
    TerminalPublisher(terminal).publish(review(placed(place=located(lines=(LONG,)))))

    (code,) = (line for line in terminal.lines() if "xxx" in line)
    assert len(code) == 60
    assert code.endswith("…")


def test_a_file_or_a_pipe_gets_its_lines_whole() -> None:
    stream = StringIO()
    found = placed(explanation=f"{LONG} {LONG}", place=located(lines=(LONG,)))
    TerminalPublisher(stream).publish(review(found))

    assert f"  {LONG} {LONG}\n" in stream.getvalue()
    assert f"| {LONG}\n" in stream.getvalue()


def test_a_suggestion_that_is_cut_says_how_much_is_missing() -> None:
    stream = StringIO()
    found = placed(suggestion="line\n" * (MOST_LINES + 3))
    TerminalPublisher(stream).publish(review(found))

    assert "... 3 more" in stream.getvalue()


def test_a_suggestion_to_delete_is_said_in_words() -> None:
    stream = StringIO()
    TerminalPublisher(stream).publish(review(placed(suggestion="")))

    assert "instead: nothing, delete it" in stream.getvalue()


def test_a_thousand_unseen_changes_are_counted_and_not_listed() -> None:
    unseen = tuple((f"data/{number}.bin", "binary") for number in range(1_000))
    coverage = Coverage(files=COVERAGE.files, changed=(), unseen_changes=unseen)
    said = [line for line in closing_lines(review(coverage=coverage)) if "Not seen" in line]

    assert len(said) == MOST_UNSEEN + 1
    assert "980 more" in said[-1]


def test_what_was_said_of_a_phase_stays_when_the_next_begins(terminal: Terminal) -> None:
    with TerminalProgress(terminal) as progress:
        progress.phase("Note", "the limits are last year's")
        progress.phase("Asking", "at most $2.71 with the answer")
        progress.received(1_234)

    for said in ("Note: the limits are last year's", "Asking: at most $2.71 with the answer"):
        assert any(line.endswith(said) for line in terminal.lines())


def test_a_log_hears_each_phase_once_and_no_single_token() -> None:
    log = StringIO()
    with TerminalProgress(log) as progress:
        progress.phase("Asking", "at most $2.71")
        progress.received(1_234)

    assert log.getvalue().endswith("Asking: at most $2.71\n")
    assert log.getvalue().count("\n") == 1
