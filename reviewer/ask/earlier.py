"""What earlier rounds told and what people answered, as the model is shown it. Pure.

It is data: titles of a model and words of people, inside the fence of the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import History, Known

MOST_CHARACTERS = 16_000
"""About 5,000 tokens; findings that stand come first, and what does not fit is counted."""

MOST_CODE_LINES = 4
MOST_ANSWER_CHARACTERS = 500


def written(history: History | None) -> str:
    """Return the earlier findings, each with what became of it; empty where there are none."""
    if history is None:
        return ""
    known = sorted(
        history.ledger.known, key=lambda one: (not one.state.stands, -one.round, one.number)
    )
    kept: list[str] = []
    room = MOST_CHARACTERS
    for one in known:
        text = "\n".join(_entry(one, history))
        room -= len(text) + 1
        if room < 0:
            kept.append(f"[{len(known) - len(kept)} more left out]")
            break
        kept.append(text)
    return "\n".join(kept)


def _entry(one: Known, history: History) -> Iterator[str]:
    because = f" ({one.why})" if one.why else ""
    yield f"{one.id}, {one.state}{because}, {one.severity}, {one.path}: {one.title}"
    for line in one.code.split("\n")[:MOST_CODE_LINES]:
        yield f"    | {line}"
    for said in history.said:
        if said.id == one.id:
            text = " ".join(said.text.split())[:MOST_ANSWER_CHARACTERS]
            yield f"    {said.author} answered: {text}"
