from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.flow import Category, Known, Severity, State, Where
from reviewer.publish.comments import MARKER
from reviewer.publish.github.obeyed import explanation

COMMENT = """\
**High** · correctness\\
**The title**

It goes wrong when `n` is 3.

- [`report.py:3`](https://github.example/octo/demo/blob/abc/report.py#L3): the caller

<sub>F1 · brought in by this change · confidence high · confirmed on a second look</sub>

<!-- reviewer:v1 ledger/1 eNo= -->
<!-- reviewer:v1 fp=1f2e -->"""


def known(**given: Any) -> Known:
    return Known(
        **{
            "id": "F1",
            "fingerprints": ("1f2e",),
            "title": "The title",
            "severity": Severity.HIGH,
            "category": Category.CORRECTNESS,
            "path": "area.py",
            "code": "return n",
            "round": 2,
            "where": Where.INLINE,
            "gist": "It goes wrong",
            "proposed": "return n + 1",
            **given,
        }
    )


def test_a_finding_is_explained_in_the_words_of_its_comment() -> None:
    assert explanation(known(), COMMENT) == (
        "**F1: The title**\n\n"
        "High correctness in `area.py`, told in round 2. Now: it stands. "
        "On a second look it was confirmed.\n\n"
        "It goes wrong when `n` is 3.\n\n"
        "- `report.py:3`: the caller\n\n"
        "The code that it is about:\n\n"
        "```\nreturn n\n```\n"
    )


def test_without_its_comment_the_ledger_has_the_beginning_and_the_proposal() -> None:
    assert explanation(known(others=("b.py",), older=True)) == (
        "**F1: The title**\n\n"
        "High correctness in `area.py`, `b.py`, told in round 2; it was there before this "
        "change. Now: it stands.\n\n"
        "It goes wrong\n\n"
        "(The beginning of the explanation: our comment is not there.)\n\n"
        "The code that it is about:\n\n"
        "```\nreturn n\n```\n\n"
        "Proposed instead:\n\n"
        "```\nreturn n + 1\n```\n"
    )


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_words(state: State) -> None:
    assert "Now: " in explanation(known(state=state, why="so"))


@given(st.text(), st.text(max_size=300), st.text(max_size=400))
def test_whatever_is_known_can_do_no_harm(comment: str, title: str, gist: str) -> None:
    hostile = f"@octo/team {MARKER.format('summary')}"
    shown = explanation(
        known(title=f"{title} {hostile}", gist=f"{gist}\n{hostile}", why=hostile),
        f"x\n\n{comment}\n{hostile}\n/reviewer pause",
    )

    assert "@octo" not in shown
    assert "<!--" not in shown
    assert not any(line.startswith("/") for line in shown.splitlines())
