r"""Text of a model or a repository -> text that can do no harm where it is shown. Pure.

For GitHub the text is read by our own, stricter rules and written anew: paragraphs, lists,
emphasis, code spans and fences stay; everything else becomes literal. So it does not matter how
a parser would have read the original, only how it reads what is written here:

    mentions, #12, GH-12, URLs     a zero-width space breaks them (GitHub links after rendering,
                                   so neither `\@` nor `&#64;` would stop a mention)
    links, images, footnotes       `[` and `]` are escaped
    raw HTML, autolinks, quotes    `<`, `>` and `&` are entities; comments are dropped
    headings, rules, tables        a bold line, an escaped first character, `&#124;`
    /commands                      the slash is escaped at the start of a line
    invisible characters           dropped from prose, spelled out in code

Doing it twice changes nothing, unless the text had to be cut.
"""

from __future__ import annotations

import re
import sys
from html.entities import html5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 20_000
"""Of one text; a GitHub body holds 65,536 and several texts stand in it."""

_BREAK = "\u200b"
_SPAN = "\ufffc"  # stands for a code span in what is looked through for references
_NOTE_CHARACTERS = 60
_MOST_WRITTEN = 12  # characters that one character can become: `<U+10FFFF>` and a fence around it

_OPENING = re.compile(
    r"(?P<indent>[ \t]*)(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*"
    r"(?:(?P<ticks>`{3,})(?P<info>[^`]*)|(?P<tildes>~{3,})(?P<name>.*))"
)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,20}")
_DRAWN_BY_GITHUB = frozenset(("suggestion", "mermaid", "math", "geojson", "topojson", "stl"))
"""Fences that GitHub does not show as code; a suggestion even offers a button to commit it."""

_LIST = re.compile(r"[ \t]{0,12}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_HEADING = re.compile(r"#{1,6}(?:[ \t]+|$)(?P<text>.*?)(?:[ \t]+#+)?[ \t]*")
_RULE = re.compile(r"[-=*_:|+ \t]+")
_ITEM = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|&(?P<entity>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|<!--.*?-->"
    r"|(?P<ticks>(?<!`)`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<plain>.)"
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ALWAYS_LITERAL = frozenset("[]`~_\\")
_REFERENCE = re.compile(r"@(?=\w)|#(?=\d)|GH-(?=\d)|:(?=//)|www(?=\.)", re.IGNORECASE)


def neutralise(text: str, *, limit_characters: int = MOST_CHARACTERS) -> str:
    """Return `text` as harmless GitHub Markdown, cut at a line when it is too long."""
    written = _rewritten(text.splitlines())
    if len(written) <= limit_characters:
        return written
    # A text may be one line: shorter lines make sure that at least the first one is kept.
    most = (limit_characters - _NOTE_CHARACTERS) // _MOST_WRITTEN
    shorter = _rewritten([line[:most] for line in text.splitlines()])
    return cut(shorter, limit_characters=limit_characters)


def inline(text: str, *, limit_characters: int = 300) -> str:
    """Return `text` as one harmless line without emphasis, for titles, lists and table cells.

    The limit holds for the text as it is shown.
    """
    line = " ".join(text.split())
    if len(line) > limit_characters:
        line = line[: limit_characters - 1] + "…"
    # A table splits its cells before it reads code spans, so none may hold a bar.
    pieces = _pieces(line, literal=_ALWAYS_LITERAL | {"*"}, bars_in_code=False)
    return _joined(pieces).strip()


def code_span(text: str) -> str:
    """Return `text` as a code span that it cannot leave; empty for an empty text."""
    code = visible(" ".join(text.splitlines()))
    if not code:
        return ""
    ticks = "`" * (_longest_run(code, "`") + 1)
    pads = code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " " and code.strip(" "))
    return f"{ticks} {code} {ticks}" if pads else f"{ticks}{code}{ticks}"


def fence(code: str, language: str = "") -> str:
    """Return `code` in a fence longer than any run of backticks in it. `language` is trusted."""
    ticks = "`" * max(3, _longest_run(code, "`") + 1)
    end = "" if not code or code.endswith("\n") else "\n"
    return f"{ticks}{language}\n{code}{end}{ticks}"


def code_block(code: str, language: str = "") -> str:
    """Return code of a repository or a model in a fence, what is invisible spelled out."""
    known = _LANGUAGE.fullmatch(language) and language.lower() not in _DRAWN_BY_GITHUB
    return fence(visible(code), language if known else "")


def cut(markdown: str, *, limit_characters: int) -> str:
    """Return Markdown made here, cut after a line, with its open fence closed and a note."""
    if len(markdown) <= limit_characters:
        return markdown
    lines = markdown.split("\n")
    kept: list[str] = []
    room, open_fence = limit_characters - _NOTE_CHARACTERS, ""
    for line in lines:
        room -= len(line) + 1
        if room < len(open_fence) + 1:
            break
        open_fence = _fence_after(line, open_fence)
        kept.append(line)
    more = len(lines) - len(kept)
    shown = "\n".join(kept).rstrip("\n") + (f"\n{open_fence}" if open_fence else "")
    return f"{shown}\n\n*(cut here: {more:,} more lines)*".lstrip("\n")


def visible(text: str) -> str:
    r"""Return `text` with every character that does not print spelled out, as `<U+202E>`.

    Escape codes, bidi and zero-width characters, no-break spaces; `\n` and `\t` stay.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n\t" else f"<U+{ord(char):04X}>" for char in text
    )


def for_terminal(text: str) -> str:
    """Return `text` without anything that a terminal would obey; line ends become newlines."""
    return visible("\n".join(text.splitlines()))


def log_line(text: str) -> str:
    """Return `text` as one line of a workflow log that the runner takes for no command.

    The runner obeys `::` at the start of a line and `##[` anywhere in it.
    """
    line = visible(" ".join(text.splitlines())).replace("##[", "# #[")
    return f"| {line}" if line.lstrip().startswith("::") else line


def workflow_message(text: str) -> str:
    """Return `text` as the message of a workflow command, escaped as actions/toolkit does."""
    shown = for_terminal(text).replace("##[", "# #[")
    return shown.replace("%", "%25").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """Return `text` as a property of a workflow command: `:` and `,` would end it."""
    return workflow_message(text).replace(":", "%3A").replace(",", "%2C")


def _rewritten(lines: list[str]) -> str:
    return "\n\n".join(block for block in _blocks(lines) if block)


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield each fence, closed, and each stretch of prose between two fences."""
    prose: list[str] = []
    at = 0
    while at < len(lines):
        opening = _OPENING.fullmatch(lines[at])
        if not opening:
            prose.append(_line(lines[at]))
            at += 1
            continue
        end = _end_of_fence(lines, at + 1, opening["ticks"] or opening["tildes"])
        indent = len(opening["indent"])
        code = "".join(f"{_without_indent(line, indent)}\n" for line in lines[at + 1 : end])
        yield "\n".join(prose).strip("\n")
        yield code_block(code, (opening["info"] or opening["name"] or "").strip())
        prose, at = [], end + 1
    yield "\n".join(prose).strip("\n")


def _end_of_fence(lines: list[str], first: int, opening: str) -> int:
    """Return the index of the closing line, or the number of lines when it is missing."""
    for at in range(first, len(lines)):
        line = lines[at].strip(" \t")
        if len(line) >= len(opening) and not line.strip(opening[0]):
            return at
    return len(lines)


def _without_indent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" \t"))) :]


def _line(line: str) -> str:
    """Return one line of prose: its list markers as they are, the rest harmless.

    What opens a block is looked for in the line as it will be written: a comment or an invisible
    character before it is gone by then.
    """
    written = _joined(_pieces(line, literal=_ALWAYS_LITERAL, bars_in_code=True)).rstrip()
    found = _LIST.match(written)
    markers = found[0] if found and found[0].strip() else ""
    rest = written[len(markers) :].lstrip()
    if heading := _HEADING.fullmatch(rest):
        text = heading["text"]
        if not text:
            return ""
        rest = text if _RULE.fullmatch(text) else f"**{text}**"
    if rest.startswith("/") or _RULE.fullmatch(rest):
        return f"{markers}\\{rest}"
    return markers + rest


def _pieces(text: str, *, literal: frozenset[str], bars_in_code: bool) -> list[tuple[str, str]]:
    """Return what each piece of a line shows, one character, and how that is written."""
    pieces: list[tuple[str, str]] = []
    for item in _ITEM.finditer(text):
        code = item["code"]
        if code and (bars_in_code or "|" not in code):
            padded = code[0] == code[-1] == " " and code.strip(" ")
            pieces.append((_SPAN, code_span(code[1:-1] if padded else code)))
        elif plain := item["plain"] or code:
            pieces += [(char, _written(char, literal)) for char in _printable(plain)]
        elif shown := item["escaped"] or _decoded(item["entity"]):
            pieces += [(char, _written(char, _PUNCTUATION)) for char in _printable(shown)]
    return pieces


def _written(char: str, literal: frozenset[str]) -> str:
    """Return how a character is written: as an entity, escaped, or as it is."""
    return _ENTITIES.get(char) or (f"\\{char}" if char in literal else char)


def _joined(pieces: list[tuple[str, str]]) -> str:
    """Join the pieces and break every reference."""
    shown = "".join(char for char, _ in pieces)
    breaks = {match.end() for match in _REFERENCE.finditer(shown)}
    written: list[str] = []
    for at, (char, piece) in enumerate(pieces):
        # Two runs of backticks that touch would be read as one longer run.
        if char == _SPAN and written and written[-1].endswith("`"):
            written.append(" ")
        written.append(_BREAK + piece if at in breaks else piece)
    return "".join(written)


def _decoded(entity: str | None) -> str:
    """Return what a character reference shows; an unknown one is literal text."""
    if entity is None:
        return ""
    if not entity.startswith("#"):
        return html5.get(f"{entity};", f"&{entity};")
    number = int(f"0{entity[1:]}", 0) if entity[1] in "xX" else int(entity[1:])
    return chr(number) if 0 < number <= sys.maxunicode else "\ufffd"


def _printable(text: str) -> str:
    """Return `text` without what cannot be seen; every kind of space becomes a plain one."""
    if text.isprintable():
        return text
    spaced = ("\t" if char == "\t" else " " if char.isspace() else char for char in text)
    return "".join(char for char in spaced if char.isprintable() or char == "\t")


def _fence_after(line: str, open_fence: str) -> str:
    """Return the fence that is open after this line of our own Markdown, empty for none."""
    ticks = "`" * _longest_run(line[: len(line) - len(line.lstrip("`"))], "`")
    if open_fence:
        return "" if line == ticks and len(ticks) >= len(open_fence) else open_fence
    return ticks if len(ticks) >= 3 and "`" not in line[len(ticks) :] else ""  # noqa: PLR2004 - a fence


def _longest_run(text: str, char: str) -> int:
    return max((len(run[0]) for run in re.finditer(re.escape(char) + "+", text)), default=0)
