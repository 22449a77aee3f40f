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

The id of the change is a hash of everything inside it, so no text inside can hold it: a forged
closing tag cannot carry the right id, and the same change still gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask.schema import SCHEMA
from reviewer.flow import Block, Request, Usage
from reviewer.pack import blocks, document, tokens
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from reviewer.choose import Shown
    from reviewer.flow import (
        Change,
        ChangedFile,
        ModelFacts,
        ProjectRule,
        ProjectRules,
        RelatedFile,
    )
    from reviewer.pack.tokens import Family


MOST_WORDS_CHARACTERS = 40_000
"""Of a description or of all commit messages; more tells a reviewer nothing, and costs."""

FRAME_TOKENS = 2_000
"""More than the API writes around our texts: roles, and what it says about the schema."""

KEEP = "There is no change to review now: answer with an empty object.\n"
"""All that a request says that only keeps the codebase in the cache."""

MOST_BREAKPOINTS = 4
"""Of a request (prompt caching documentation); what stands first is the least to lose one."""

MOST_BROKEN_CHARACTERS = 400_000
"""More than `max_output_tokens` can hold; a gateway could still send anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What is said beside the change: by the local engine, other tools, and earlier rounds."""

    hints: str = ""
    earlier: str = ""
    tools: str = ""


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
    return tokens.estimate(words + _words(change) + _aside(aside), "prompt.md", family)


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
    inside = _inside(shown.change, shown.changed, shown.related, aside)
    change_id = _id(inside)
    fenced = f'<change id="{change_id}">\n{inside}</change id="{change_id}">\n'
    if shown.change.audit:
        fenced = _related(shown.related) + _aside(Aside(tools=aside.tools))
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


def _id(inside: str) -> str:
    return sha256(inside.encode("utf-8", "replace")).hexdigest()[:16]


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
    fence = f'answer id="{_id(inside)}"'
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


def bound_tokens(request: Request) -> int:
    """Return what the prompt cannot exceed, however dear its text: no token is under a byte."""
    written = prompt_text(request) + request.schema
    return len(written.encode("utf-8", "replace")) + FRAME_TOKENS


def bound_usage(request: Request) -> Usage:
    """Return what the prompt can be billed as at most, where nobody tells."""
    most = bound_tokens(request)
    match request.cache_ttl:
        case "5m":
            return Usage(cache_write_5m_tokens=most)
        case "1h":
            return Usage(cache_write_1h_tokens=most)
        case None:
            return Usage(input_tokens=most)


def prompt_text(request: Request) -> str:
    """Return the whole prompt as one text, as `reviewer pack` writes it."""
    return "".join(block.text for block in (*request.system, *request.user))


def _inside(
    change: Change,
    changed: Sequence[ChangedFile],
    related: Sequence[RelatedFile],
    aside: Aside,
) -> str:
    return "".join(
        (
            _words(change),
            "<files>\n",
            *(_file(file) for file in changed if file.text is not None),
            "</files>\n",
            _related(related),
            _aside(aside),
            _diff(file for file in changed if file.shows_diff),
            _not_shown(file for file in changed if file.why),
        )
    )


def _related(files: Sequence[RelatedFile]) -> str:
    written = "".join(file.written for file in files)
    return f"<related>\n{written}</related>\n" if files else ""


def _words(change: Change) -> str:
    return "".join(
        (
            _tag("title", change.title),
            _tag("description", change.description),
            _tag("commits", "\n\n".join(change.commits)),
        )
    )


def _aside(aside: Aside) -> str:
    """Say it; both quote code and what people wrote, so they are as untrusted as the change."""
    named = (("hints", aside.hints), ("tools", aside.tools), ("earlier", aside.earlier))
    return "".join(
        f"<{name}>\n{document.escape(text)}\n</{name}>\n"
        for name, said in named
        if (text := said.strip())
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>\n{document.escape(_cut(text.strip()))}\n</{name}>\n" if text.strip() else ""


def _cut(text: str) -> str:
    left = len(text) - MOST_WORDS_CHARACTERS
    return text if left <= 0 else f"{text[:MOST_WORDS_CHARACTERS]}\n[{left:,} characters left out]"


def _file(file: ChangedFile) -> str:
    return document.write(file.diff.path, file.text or "", numbered_from=1)


def _diff(files: Iterable[ChangedFile]) -> str:
    return f"<diff>\n{document.escape(''.join(diff.render(file.diff) for file in files))}</diff>\n"


def _not_shown(files: Iterable[ChangedFile]) -> str:
    # A reason can quote a name, and a name can hold what looks like the end of a line.
    rows = (
        f"{file.diff.path!r}: {file.diff.status}, {' '.join(file.why.split())}" for file in files
    )
    text = document.escape("\n".join(rows))
    return f"<listing>\n{text}\n</listing>\n" if text else ""
