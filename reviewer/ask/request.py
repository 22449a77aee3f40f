"""Pack + change -> Request. Pure.

Trusted and stable text comes first, volatile and untrusted text last:

    system   instructions
             the project's rules for every change, from the base   [breakpoint, if one is left]
    user     <codebase>: the same for every change of a base       [breakpoint]
             of a snapshot: its core, then the rest                [two breakpoints]
             <overlay>: what changed since, if it is a snapshot    [breakpoint]
             the project's rules for the paths of this change, from the base
             <change id="...">: title, description, commits, files at head, related files,
                                hints of the local engine, what other tools report,
                                findings of earlier rounds, diff
             the task, restated after the untrusted text
             the lens of this pass, if there are several        (the only block that differs)

What stands inside `<change>` is written by `untrusted`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.ask import untrusted
from reviewer.ask.schema import SCHEMA
from reviewer.flow import Block, Request
from reviewer.pack import blocks, document, tokens
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from reviewer.ask.untrusted import Aside
    from reviewer.choose import Shown
    from reviewer.flow import Change, ModelFacts, ProjectRule, ProjectRules
    from reviewer.pack.tokens import Family

KEEP = "There is no change to review now: answer with an empty object.\n"
"""All that a request says that only keeps the codebase in the cache."""

MOST_BREAKPOINTS = 4
"""Of a request (prompt caching documentation); what stands first is the least to lose one."""

MOST_BROKEN_CHARACTERS = 400_000
"""More than `max_output_tokens` can hold; a gateway could still send anything."""


def overhead_tokens(
    change: Change,
    aside: Aside,
    family: Family,
    *,
    rules: ProjectRules | None = None,
    lenses: Sequence[str] = (),
) -> int:
    """Return about what everything costs that is neither codebase nor changed files."""
    words = render("instructions.md.j2") + _task(change, "0" * 16, not_shown=1)
    words += max((_lens(name).text for name in lenses), key=len, default="")
    if rules:
        words += _rules(rules.everywhere) + _rules(rules.here, here=True)
    words += untrusted.words(change) + untrusted.beside(aside)
    return tokens.estimate(words, "prompt.md", family)


def build(
    shown: Shown,
    *,
    aside: Aside,
    facts: ModelFacts,
    max_output_tokens: int,
    effort: str | None,
    cache_ttl: Literal["5m", "1h"] | None,
    inference_geo: str | None = None,
    previous_message: str = "",
    lens: str = "",
) -> Request:
    """Return the whole request; only its last user blocks depend on the change.

    With a lens, others follow with the same change, and it is cached too.
    """
    inside = untrusted.inside(shown, aside)
    change_id = untrusted.identity(inside)
    fenced = f'<change id="{change_id}">\n{inside}</change id="{change_id}">\n'
    if shown.change.audit:
        fenced = untrusted.about_files(shown.related, tools=aside.tools)
    rules = shown.project_rules
    codebase = blocks.codebase(shown.pack, shown.snapshot)
    marks = sum(block.breakpoint for block in codebase) + bool(lens)
    return Request(
        model=facts.id,
        max_output_tokens=max_output_tokens,
        system=_system(rules, marked=marks < MOST_BREAKPOINTS),
        user=(
            *codebase,
            *([Block(text=_rules(rules.here, here=True))] if rules.here else []),
            *([Block(text=fenced)] if fenced else []),
            Block(
                text=_task(shown.change, change_id, not_shown=_hidden(shown)),
                breakpoint=bool(lens),
            ),
            *([_lens(lens)] if lens else []),
        ),
        schema=SCHEMA,
        effort=effort,
        cache_ttl=cache_ttl,
        betas=facts.betas,
        inference_geo=inference_geo,
        previous_message=previous_message,
    )


def keeping(shown: Shown, original: Request) -> Request:
    """Return the smallest request that reads what the reviews of the day share, or writes it.

    Everything that the cache goes by is as in `original`: model, effort, schema, and each block up
    to the last breakpoint that does not depend on a change.
    """
    return replace(
        original,
        max_output_tokens=1,
        user=(*blocks.codebase(shown.pack, shown.snapshot), Block(text=KEEP)),
        previous_message="",
    )


def through(lens: str, original: Request) -> Request:
    """Return the request of another pass: all but its last block is the same, to the byte.

    It reads what the first pass wrote, which alone is compared with an earlier message.
    """
    if original.user[-1] == _lens(lens):
        return original
    return replace(original, user=(*original.user[:-1], _lens(lens)), previous_message="")


def _task(change: Change, change_id: str, *, not_shown: int) -> str:
    if change.audit:
        return render(
            "audit.md.j2",
            paths=change.audit.paths,
            areas=[document.escape_path(area) for area in change.audit.areas],
            not_shown=not_shown,
        )
    return render("task.md.j2", change_id=change_id, not_shown=not_shown)


def _hidden(shown: Shown) -> int:
    """Count the files in question that are not shown in full."""
    return len(shown.unseen) if shown.change.audit else sum(bool(f.why) for f in shown.changed)


def _system(rules: ProjectRules, *, marked: bool) -> tuple[Block, ...]:
    text = render("instructions.md.j2") + _rules(rules.everywhere)
    return (Block(text=text, breakpoint=marked),)


def _rules(rules: Sequence[ProjectRule], *, here: bool = False) -> str:
    """Return the rules as they are shown, or an empty text where there are none."""
    if not rules:
        return ""
    shown = [
        {
            "source": document.escape_path(rule.use.source),
            "reach": document.escape_path(rule.reach),
            "text": document.escape(rule.text.strip("\n")),
        }
        for rule in rules
    ]
    return render("rules.md.j2", rules=shown, here=here) + "\n"


def _lens(name: str) -> Block:
    return Block(text=render(f"lenses/{name}.md.j2"))


def repair(broken: str, problem: str, original: Request) -> Request:
    """Return the small request that asks for the same answer in the agreed format.

    It holds the broken answer alone: sending the codebase again would cost as much as the review.
    """
    inside = broken[:MOST_BROKEN_CHARACTERS]
    fence = f'answer id="{untrusted.identity(inside)}"'
    text = f"<{fence}>\n{inside}\n</{fence}>\n"
    return Request(
        model=original.model,
        max_output_tokens=original.max_output_tokens,
        system=(Block(text=render("repair.md.j2", problem=problem)),),
        user=(Block(text=text),),
        schema=original.schema,
        effort=original.effort,
        inference_geo=original.inference_geo,
    )
