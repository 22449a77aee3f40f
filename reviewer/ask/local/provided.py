"""Whether a file may give a name that no definition in it shows. Pure.

Names come from more than definitions: an import under another name, an assignment to a member, a
string that is made into a method, a line that the grammar could not read. Each of them is enough
to say nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewer.index.languages import Language
from reviewer.index.modules import SCRIPT
from reviewer.index.ties import import_line, imports_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.flow import Mention
    from reviewer.index.lookup import Source

_MAKES_NAMES = SCRIPT | {Language.PYTHON, Language.RUBY, Language.PHP}

_MADE_FROM_STRINGS = re.compile(
    r"define_method|define_singleton_method|\battr_|\bdelegate\b|def_delegator|\balias\b"
    r"|alias_method|const_set|Struct\.new|namedtuple|Enum\("
)
"""What makes names of the strings and symbols given to it, on the same line or a few below."""

_ANSWERS_FOR_ANY = re.compile(
    r"__getattr__|__getattribute__|globals\(\)|sys\.modules\[.*\]\s*=|\bsetattr\b|__call\b|__get\b"
    r"|\bmethod_missing\b|\bObject\.assign\b|\bdefineProperty\b"
)
"""What may give a file any name that stands in it as a string."""

_STATEMENT_LINES = 6

_COMMENT = re.compile(r"\s*(?:\*|//|/\*|#(?!\s*define))")

_DEFINING = (
    r"\b(?:def|fn|fun|func|function|class|struct|enum|union|trait|interface|protocol|object|type"
    r"|typedef|typealias|let|const|var|val|static|extern|define|module|namespace|extension)"
)
_LONGEST_LINE = 500

_HAS_WORDS = _MAKES_NAMES | {
    Language.GO,
    Language.KOTLIN,
    Language.RUST,
    Language.SCALA,
    Language.SWIFT,
}
_INTRODUCING = (
    r"\b(?:def|fun|func|function|class|interface|trait|protocol|object|typealias|val|let|const"
    r"|var|fn|macro_rules!)"
)


def may_provide(source: Source, name: str, path: str, *, member: bool) -> bool:
    """Whether a file defines the name, binds it on something, or may make it at run time.

    `path` is the file that defined it before, `member` whether a class did.
    """
    if source.defines(name):
        return True
    if _hands_on(source, name, path):
        return True
    if is_bound(name, source) or _introduces(source, name):
        return True
    if member and _is_key(source, name):
        return True
    return _is_made(source, name) or (source.broken and looks_defined(source, name))


def _hands_on(source: Source, name: str, path: str) -> bool:
    """Whether a file has something else under the name: by an alias, or in the same place."""
    bound = imports_of(name, source)
    if source.path == path:
        return bool(bound)
    return any(real != name for one in bound for real, local in one.names if local == name)


def _is_key(source: Source, name: str) -> bool:
    """Whether an object of a script may have the member, by a key of that name."""
    if source.language not in SCRIPT:
        return False
    written = re.compile(rf"(?<![\w.?$]){re.escape(name)}\s*\??:")
    return any(name in line and written.search(line) for line in source.lines)


def _is_made(source: Source, name: str) -> bool:
    """Whether the name stands as a string or symbol in a file that makes names at run time."""
    if source.language not in _MAKES_NAMES:
        return False
    quoted = re.compile(rf"[\"'`:]{re.escape(name)}(?!\w)")
    numbers = [
        number for number, line in enumerate(source.lines) if name in line and quoted.search(line)
    ]
    if not numbers:
        return False
    if any(_ANSWERS_FOR_ANY.search(line) for line in source.lines):
        return True
    return any(
        _MADE_FROM_STRINGS.search(line)
        for number in numbers
        for line in source.lines[max(0, number - _STATEMENT_LINES) : number + 1]
    )


def looks_defined(source: Source, name: str) -> bool:
    """Whether a broken file has the name, unseen by its grammar, as definitions are written."""
    seen = {one.line for one in source.references.mentions if one.name == name and not one.binds}
    seen |= {one.first_line for one in source.symbols.definitions if source.is_prototype(one)}
    written = re.compile(
        rf"(?:{_DEFINING}\s+(?:[\w*&]+\s+)*[*&]*|^[\w*&\s]*)(?<!\w){re.escape(name)}\s*(?:\(|=(?!=)|:|{{|$)"
        rf"|{_DEFINING}\s+{re.escape(name)}(?!\w)"
    )
    return any(
        number not in seen and name in line and written.search(line)
        for number, line in enumerate(source.lines, start=1)
        if len(line) < _LONGEST_LINE and not _COMMENT.match(line)
    )


def _introduces(source: Source, name: str) -> bool:
    """Whether a word that begins a definition stands before the name, whatever the grammar saw."""
    if source.language not in _HAS_WORDS:
        return False
    written = re.compile(rf"{_INTRODUCING}\s+{re.escape(name)}(?!\w)")
    return any(
        name in line and written.search(line) and not _COMMENT.match(line)
        for line in source.lines
        if len(line) < _LONGEST_LINE
    )


def binds_itself(source: Source, name: str) -> bool:
    """Whether plain uses in the file mean a variable or parameter of its own."""
    return any(not one.receiver for one in _bindings(name, source))


def is_bound(name: str, source: Source) -> bool:
    """Whether something is assigned to the name as a member."""
    return any(one.receiver for one in _bindings(name, source))


def _bindings(name: str, source: Source) -> Iterator[Mention]:
    """Give the places that bind a name, but for imports."""
    imported = {import_line(one, name, source) for one in imports_of(name, source)}
    for one in source.references.mentions:
        if one.name == name and one.binds and one.line not in imported:
            yield one
