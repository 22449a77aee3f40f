"""Pack + change -> Request. Pure.

Trusted and stable text comes first, volatile and untrusted text last:

    system   instructions                                      [breakpoint]
    user     <codebase>: the same for every change of a base   [breakpoint]
             <change id="...">: title, description, commits, files at head, diff
             the task, restated after the untrusted text

The id of the change is a hash of everything inside it, so no text inside can hold it: a forged
closing tag cannot carry the right id, and the same change still gives the same bytes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask.schema import SCHEMA
from reviewer.flow import Block, Request
from reviewer.pack import blocks, document
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from reviewer.flow import Change, ChangedFile, ModelFacts, Pack
    from reviewer.settings import Settings


def build(
    change: Change,
    pack: Pack,
    changed: Sequence[ChangedFile],
    *,
    settings: Settings,
    facts: ModelFacts,
    cache_ttl: Literal["5m", "1h"] | None,
) -> Request:
    """Return the whole request; only its last two user blocks depend on the change."""
    inside = _inside(change, changed)
    change_id = sha256(inside.encode("utf-8", "replace")).hexdigest()[:16]
    hidden = sum(1 for file in changed if file.why)
    return Request(
        model=facts.id,
        max_output_tokens=min(settings.max_output_tokens, facts.max_output_tokens),
        system=(Block(text=render("instructions.md.j2"), breakpoint=True),),
        user=(
            *blocks.codebase(pack),
            Block(text=f'<change id="{change_id}">\n{inside}</change id="{change_id}">\n'),
            Block(text=render("task.md.j2", change_id=change_id, not_shown=hidden)),
        ),
        schema=SCHEMA,
        effort=settings.effort,
        cache_ttl=cache_ttl,
        betas=facts.betas,
    )


def repair(broken: str, problem: str, original: Request) -> Request:
    """Return the small request that asks for the same answer in the agreed format.

    It holds the broken answer alone: sending the codebase again would cost as much as the review.
    """
    text = f"<answer>\n{broken[:MOST_BROKEN_CHARACTERS]}\n</answer>\n"
    return Request(
        model=original.model,
        max_output_tokens=original.max_output_tokens,
        system=(Block(text=render("repair.md.j2", problem=problem)),),
        user=(Block(text=text),),
        schema=original.schema,
        effort=original.effort,
    )


MOST_BROKEN_CHARACTERS = 400_000
"""More than `max_output_tokens` can hold; a gateway could still send anything."""


def prompt_text(request: Request) -> str:
    """Return the whole prompt as one text, as `reviewer pack` writes it."""
    return "".join(block.text for block in (*request.system, *request.user))


def _inside(change: Change, changed: Sequence[ChangedFile]) -> str:
    return "".join(
        (
            _tag("title", change.title),
            _tag("description", change.description),
            _tag("commits", "\n\n".join(change.commits)),
            "<files>\n",
            *(_file(file) for file in changed if file.text is not None),
            "</files>\n",
            _diff(file for file in changed if file.shows_diff),
            _not_shown(file for file in changed if file.why),
        )
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>\n{document.escape(text.strip())}\n</{name}>\n" if text.strip() else ""


def _file(file: ChangedFile) -> str:
    return document.write(file.diff.path, file.text or "", numbered_from=1)


def _diff(files: Iterable[ChangedFile]) -> str:
    return f"<diff>\n{document.escape(''.join(diff.render(file.diff) for file in files))}</diff>\n"


def _not_shown(files: Iterable[ChangedFile]) -> str:
    rows = [f"{file.diff.path}: {file.diff.status}, {file.why}" for file in files]
    return _tag("listing", "\n".join(rows))
