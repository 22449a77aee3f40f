"""Reviews -> a report for each repository, and an index of them. Does I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.errors import CouldNotFinish
from reviewer.publish import summary
from reviewer.publish.documents.document import DocumentPublisher
from reviewer.publish.neutralise import code_span, inline
from reviewer.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewer.batch.state import Member
    from reviewer.flow import Request, Review

ENDINGS = {"markdown": "md", "json": "json", "sarif": "sarif", "html": "html"}
INDEX = "index.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the index tells of one repository. `review` is None while `waiting` says for what.

    `is_early` tells that answers to its packs are missing; `awaited` are requests that its answers
    brought up, and that have no answer yet.
    """

    member: Member
    usd: float
    review: Review | None = None
    waiting: str = ""
    is_early: bool = False
    awaited: tuple[Request, ...] = ()

    @property
    def verdict(self) -> str:
        """What came of it, in a few words."""
        return summary.verdict(self.review) if self.review else self.waiting


def write(rows: Sequence[Row], folder: Path, *, output_format: str, usd: float) -> None:
    """Write a report for each review, and the index last; raises `CouldNotFinish`.

    `usd` is the cost of all: less than that of the rows together where some asked the same.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for row in rows:
            if row.review:
                path = folder / _file(row, output_format)
                with path.open(
                    "w", encoding="utf-8", newline="\n", errors="backslashreplace"
                ) as f:
                    DocumentPublisher(f, output_format=output_format).publish(row.review)
        text = index(rows, output_format=output_format, usd=usd)
        (folder / INDEX).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CouldNotFinish(
            f"{error.filename or folder} cannot be written: {error.strerror}",
            way_out="free the disk, or name another folder with -o, then collect again: it costs "
            "nothing",
        ) from error


def index(rows: Sequence[Row], *, output_format: str, usd: float) -> str:
    """Return the index as Markdown: a line for each repository, with a link to its report."""
    return (
        render(
            "batch_index.md.j2",
            rows=[
                {
                    "name": row.member.name,
                    "commit": code_span(row.member.target.commit[:12]),
                    "link": _file(row, output_format) if row.review else "",
                    "verdict": inline(row.verdict),
                    "usd": f"{row.usd:,.2f}",
                }
                for row in rows
            ],
            usd=f"{usd:,.2f}",
        )
        + "\n"
    )


def _file(row: Row, output_format: str) -> str:
    return f"{row.member.name}.{ENDINGS[output_format]}"
