"""What a prompt holds of other people's words and files, none of which can pass for ours. Pure.

The id of a fence is a hash of everything inside it, so no text inside can hold it: a forged
closing tag cannot carry the right id, and the same change still gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from reviewer import diff
from reviewer.pack import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.choose import Shown
    from reviewer.flow import Change, ChangedFile, RelatedFile

MOST_WORDS_CHARACTERS = 40_000
"""Of a description or of all commit messages; more tells a reviewer nothing, and costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What is said beside the change: by the local engine, other tools, and earlier rounds."""

    hints: str = ""
    earlier: str = ""
    tools: str = ""


def identity(inside: str) -> str:
    """Return the id of a fence: no text inside can hold the hash of itself."""
    return sha256(inside.encode("utf-8", "replace")).hexdigest()[:16]


def inside(shown: Shown, aside: Aside) -> str:
    """Return all that stands inside the fence of a change."""
    changed = shown.changed
    return "".join(
        (
            words(shown.change),
            "<files>\n",
            *(_file(file) for file in changed if file.text is not None),
            "</files>\n",
            _related(shown.related),
            beside(aside),
            _diff(file for file in changed if file.shows_diff),
            _not_shown(file for file in changed if file.why),
        )
    )


def about_files(related: Sequence[RelatedFile], *, tools: str) -> str:
    """Return what an audit is told beside the codebase: it has no change, and no fence."""
    return _related(related) + beside(Aside(tools=tools))


def _related(files: Sequence[RelatedFile]) -> str:
    written = "".join(file.written for file in files)
    return f"<related>\n{written}</related>\n" if files else ""


def words(change: Change) -> str:
    """Return what people say of a change: its title, description and commit messages."""
    return "".join(
        (
            _tag("title", change.title),
            _tag("description", change.description),
            _tag("commits", "\n\n".join(change.commits)),
        )
    )


def beside(aside: Aside) -> str:
    """Say it: all of it quotes code and what people wrote, as untrusted as the change."""
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
