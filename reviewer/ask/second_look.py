"""Findings + the files they cite -> the small request for a second look. Pure.

The whole codebase is not sent again: a finding is to be refuted from what it rests on. The text
is fenced as a change is, by a tag with a hash of everything inside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.ask import untrusted
from reviewer.ask.schema import RULINGS
from reviewer.flow import Block, Request
from reviewer.pack import document, tokens
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewer.flow import ChangedFile, Located, Proven
    from reviewer.pack.tokens import Family

MOST_OUTPUT_TOKENS = 32_000
"""For thinking and ruling; the review itself may take twice that."""

MOST_FILES_TOKENS = 150_000
"""For the files that are cited. A look at most of the codebase would be another review."""

FENCE = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLookRequest:
    """What is sent, and which findings it is about: their places in the list, by id.

    `left_out` counts findings whose files were too large to be sent.
    """

    request: Request
    asked: Mapping[str, int]
    left_out: int


def build(
    proven: Sequence[Proven],
    changed: Sequence[ChangedFile],
    codebase: Mapping[str, str],
    *,
    original: Request,
    family: Family,
) -> SecondLookRequest:
    """Return the request for rulings on the findings, as many as there is room for.

    `codebase` holds the texts that were sent, by path; the outline of a file stands for it.
    """
    files = _Files(changed, codebase, family)
    asked = {f"C{at + 1}": at for at, one in enumerate(proven) if files.take(_cited(one))}
    inside = "".join(
        (
            f"<files>\n{''.join(files.written.values())}</files>\n",
            f"<diff>\n{document.escape(''.join(files.diffs()))}</diff>\n",
            f"<findings>\n{document.escape(_told(proven, asked))}\n</findings>\n",
        )
    )
    name = f'{FENCE} id="{untrusted.identity(inside)}"'
    return SecondLookRequest(
        request=Request(
            model=original.model,
            max_output_tokens=min(original.max_output_tokens, MOST_OUTPUT_TOKENS),
            system=(Block(text=render("verify.md.j2")),),
            user=(Block(text=f"<{name}>\n{inside}</{name}>\nRule on each of these findings.\n"),),
            schema=RULINGS,
            effort=original.effort,
            betas=original.betas,
            inference_geo=original.inference_geo,
        ),
        asked=asked,
        left_out=len(proven) - len(asked),
    )


class _Files:
    """The files that are sent: all that a finding cites, or the finding is not asked about."""

    def __init__(
        self, changed: Sequence[ChangedFile], codebase: Mapping[str, str], family: Family
    ) -> None:
        self._changed = {file.diff.path: file for file in changed}
        self._codebase = codebase
        self._family = family
        self._left = MOST_FILES_TOKENS
        self.written: dict[str, str] = {}

    def take(self, paths: Sequence[str]) -> bool:
        """Add these files if there is room for all of them."""
        new = {path: self._document(path) for path in paths if path not in self.written}
        cost = sum(tokens.estimate(text, path, self._family) for path, text in new.items())
        if cost > self._left:
            return False
        self._left -= cost
        self.written |= new
        return True

    def diffs(self) -> Iterator[str]:
        for path in self.written:
            if (file := self._changed.get(path)) and file.shows_diff:
                yield diff.render(file.diff)

    def _document(self, path: str) -> str:
        file = self._changed.get(path)
        if file and file.text is not None:
            return document.write(path, file.text, numbered_from=1)
        return document.write(path, self._codebase[path]) if path in self._codebase else ""


def _cited(one: Proven) -> list[str]:
    return list(dict.fromkeys(place.path for place in (one.place, *one.evidence)))


def _told(proven: Sequence[Proven], asked: Mapping[str, int]) -> str:
    """Return the findings as JSON, in which no text can close a tag."""
    claims = [_claim(name, proven[at]) for name, at in asked.items()]
    # JSON knows the escaped slash, and it means the slash (RFC 8259, section 7)
    return json.dumps(claims, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _claim(name: str, one: Proven) -> dict[str, object]:
    finding = one.finding
    return {
        "id": name,
        "title": finding.title,
        "explanation": finding.explanation,
        "severity": finding.severity,
        "code": _code(one.place),
        "evidence": [_code(place) | {"note": place.note} for place in one.evidence],
    }


def _code(place: Located) -> dict[str, object]:
    return {
        "path": place.path,
        "first_line": place.first_line,
        "last_line": place.last_line,
        "quote": "\n".join(place.lines),
    }
