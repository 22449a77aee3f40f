"""Colours, the live line and `--quiet`: what the real command line shows at a terminal and off it.

A terminal is a pseudo-terminal, so that everybody asked (rich, Python) takes it for one.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest
from answers import answer
from starting import CALLER, claude, run
from terminals import Terminal

from reviewer.standin.messages import Turn

if TYPE_CHECKING:
    from conftest import WorkTree

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ESCAPE = re.compile(r"\x1b")
REVIEW = ("review", "--engine", "local")


def at_terminal(project: WorkTree, *words: str, **environment: str) -> str:
    """Return all that is shown at a terminal that knows colours, if nothing else is said."""
    terminal = Terminal(
        (sys.executable, "-m", "reviewer", *words),
        folder=project.folder,
        environment={**os.environ, "TERM": "xterm-256color", "NO_COLOR": "", **environment},
    )
    assert terminal.ended() == 0, terminal.shown
    return terminal.shown


def test_a_terminal_gets_colours_and_a_line_that_moves(project: WorkTree) -> None:
    shown = at_terminal(project, *REVIEW)

    assert COLOUR.search(shown)
    assert "\x1b[?25l" in shown


@pytest.mark.parametrize("value", ["1", "0", "no"])
def test_no_color_takes_the_colours_away_whatever_its_value(project: WorkTree, value: str) -> None:
    assert not COLOUR.search(at_terminal(project, *REVIEW, NO_COLOR=value, FORCE_COLOR="1"))


def test_a_terminal_that_knows_no_escape_codes_gets_none(project: WorkTree) -> None:
    shown = at_terminal(project, *REVIEW, TERM="dumb")

    assert not ESCAPE.search(shown)
    assert "1 finding (1 high)" in shown


def test_a_pipe_gets_no_escape_codes(project: WorkTree) -> None:
    done = run(project, *REVIEW, NO_COLOR="", TERM="xterm-256color")

    assert not ESCAPE.search(done.out + done.err)


def test_colours_can_be_forced_on_a_pipe_and_nothing_moves_there(project: WorkTree) -> None:
    done = run(project, *REVIEW, NO_COLOR="", TERM="xterm-256color", FORCE_COLOR="1")

    assert COLOUR.search(done.out)
    assert not ESCAPE.search(COLOUR.sub("", done.out + done.err))


@pytest.mark.parametrize("output_format", ["json", "markdown", "sarif", "html"])
def test_a_document_has_no_colours_whatever_is_forced(
    project: WorkTree, output_format: str
) -> None:
    words = (*REVIEW, "--format", output_format)
    done = run(project, *words, NO_COLOR="", TERM="xterm-256color", FORCE_COLOR="1")

    assert not ESCAPE.search(done.out)


# --- quiet --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        REVIEW,
        ("review", "--dry-run"),
        ("review", "--base", "HEAD"),
        ("audit", "--dry-run"),
        ("map", "--html", "map.html"),
    ],
    ids=" ".join,
)
def test_the_quiet_say_nothing_beside_the_result(
    project: WorkTree, words: tuple[str, ...]
) -> None:
    loud, quiet = run(project, *words), run(project, *words, "--quiet")

    assert (quiet.code, quiet.err) == (loud.code, "")
    assert loud.err
    assert bool(quiet.out) == bool(loud.out)


def test_a_quiet_workflow_run_shows_what_it_did_alone(project: WorkTree) -> None:
    done = run(project, "demo", "-q")

    assert (done.code, done.err) == (0, "")
    assert "===== summary by " in done.out


def test_a_quiet_review_by_claude_shows_its_findings_and_nothing_else(project: WorkTree) -> None:
    with claude(answer(CALLER)) as (_, url):
        done = run(project, "review", "-q", url=url)

    assert (done.code, done.err) == (0, "")
    assert CALLER["title"] in done.out


def test_a_quiet_review_at_a_terminal_draws_no_line(project: WorkTree) -> None:
    shown = at_terminal(project, *REVIEW, "-q")

    assert not ESCAPE.search(COLOUR.sub("", shown))
    assert "Searching" not in shown


def test_a_quiet_review_still_warns_of_what_matters(project: WorkTree) -> None:
    place = project.folder / "kept.json"

    def taken(_: object) -> str:
        (place / "in the way").mkdir(parents=True)
        return answer(CALLER)

    with claude(Turn(text=taken)) as (_, url):
        words = ("--model", "claude-fable-5-2", "--bundle", str(place))
        done = run(project, "review", "-q", *words, url=url)

    assert "keeps prompts and answers of this model for 30 days" in done.err
    assert "NOT kept" in done.err
    assert len(done.err.splitlines()) == 2


def test_a_quiet_review_that_broke_off_says_so_in_the_result(project: WorkTree) -> None:
    with claude(Turn.truncated(answer(CALLER), keep_characters=90)) as (_, url):
        done = run(project, "review", "-q", url=url)

    assert (done.code, done.err) == (3, "")
    assert "UNFINISHED" in done.out


def test_the_quiet_are_told_of_mistakes(project: WorkTree) -> None:
    done = run(project, "review", "-q", "--base", "nowhere")

    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err


def test_nobody_is_quiet_and_verbose(project: WorkTree) -> None:
    assert run(project, "review", "-q", "-v").code == 2
