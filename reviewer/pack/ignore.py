"""What the people of a repository say about its files: `.gitattributes` and gitignore patterns.

Pure: texts come in as arguments. The only module that knows pathspec.

    exclude (settings)    never send              first
    include (settings)    send although a rule of ours would not
    .reviewerignore       never send              last

Gitignore patterns mean what git's documentation says, with one exception that pathspec makes:
`!dir/file` takes a file back although `dir/` is excluded, which git forbids. For a list of what
not to send that is the kinder reading. Character classes like `[[:alpha:]]` are not understood
by pathspec and are refused rather than misread.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

LINGUIST = ("linguist-generated", "linguist-vendored", "linguist-documentation")
ATTRIBUTES_FILE = ".gitattributes"
IGNORE_FILE = ".reviewerignore"
MOST_ATTRIBUTE_LINE_BYTES = 2048
"""Git ignores longer lines (gitattributes documentation, ATTR_MAX_LINE_LENGTH)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One linguist attribute of a path: set or unset, and where that is written."""

    is_set: bool
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """A list of gitignore patterns, and where it stands."""

    origin: str
    lines: tuple[str, ...]
    spec: GitIgnoreSpec | None
    """None where there is no line: most repositories need no pathspec, and it takes a while."""

    @classmethod
    def build(cls, origin: str, lines: Sequence[str]) -> Patterns:
        """Compile the lines; raises `UserMustAct` that names the line that cannot be read."""
        if not lines:
            return cls(origin=origin, lines=(), spec=None)
        from pathspec import GitIgnoreSpec

        patterns = [_compile(origin, number, line) for number, line in enumerate(lines, start=1)]
        # Other backends differ on negations, and which one runs would depend on the machine.
        spec = GitIgnoreSpec(patterns, backend="simple")
        return cls(origin=origin, lines=tuple(lines), spec=spec)

    def rule(self, path: str) -> str:
        """Return the line that matches the path, with where it stands, or nothing."""
        if self.spec is None:
            return ""
        found = self.spec.check_file(path)
        if not found.include or found.index is None:
            return ""
        return f"{self.origin} {self.lines[found.index]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _AttributeLine:
    pattern: GitIgnoreSpecPattern
    name: str
    is_set: bool | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRules:
    """Everything that the repository and the settings say about paths."""

    exclude: Patterns
    include: Patterns
    ignored: Patterns
    attributes: Mapping[str, tuple[_AttributeLine, ...]]
    """By folder, as `docs/` or the empty string for the root; only folders that say something."""

    has_patterns: bool
    """Whether any of the three lists says something: mostly none does, and files are many."""

    @classmethod
    def build(
        cls,
        attributes: Mapping[str, str],
        reviewerignore: str,
        include: Sequence[str],
        exclude: Sequence[str],
    ) -> PathRules:
        """Return the rules.

        `attributes` maps a folder (empty for the root) to the text of its `.gitattributes`.
        Raises `UserMustAct` for a pattern that cannot be read.
        """
        by_folder = {
            f"{folder}/" if folder else "": tuple(_attribute_lines(folder, text))
            for folder, text in attributes.items()
            if "linguist-" in text
        }
        ignored = reviewerignore.splitlines()
        return cls(
            exclude=Patterns.build("exclude", exclude),
            include=Patterns.build("include", include),
            ignored=Patterns.build(IGNORE_FILE, ignored),
            attributes={folder: lines for folder, lines in by_folder.items() if lines},
            has_patterns=bool(exclude or include or ignored),
        )

    def excluded_by(self, path: str) -> str:
        """Return the rule that keeps the path out, or nothing. `exclude` beats `include`."""
        if not self.has_patterns:
            return ""
        name = _one_line(path)
        if rule := self.exclude.rule(name):
            return rule
        return "" if self.include.rule(name) else self.ignored.rule(name)

    def included_by(self, path: str) -> str:
        """Return the rule that asks for the path, or nothing."""
        return self.include.rule(_one_line(path)) if self.has_patterns else ""

    def marks(self, path: str) -> dict[str, Mark]:
        """Return the linguist attributes of a path; as in git, the deepest file and last line win.

        Source: gitattributes documentation, and "Using gitattributes" of github-linguist.
        """
        found: dict[str, Mark] = {}
        if not self.attributes:
            return found
        name = _one_line(path)
        for folder in _folders(name):
            for line in self.attributes.get(folder, ()):
                if not _matches(line.pattern, name[len(folder) :]):
                    continue
                found.pop(line.name, None)
                if line.is_set is not None:
                    found[line.name] = Mark(is_set=line.is_set, rule=line.rule)
        return found


def _compile(origin: str, number: int, line: str) -> GitIgnoreSpecPattern:
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # `[[:alpha:]]` would be misread
            return GitIgnoreSpecPattern(line)
    except (GitIgnorePatternError, FutureWarning) as error:
        raise UserMustAct(
            f"line {number} of {origin} is no pattern that can be read: {line!r}",
            way_out="use gitignore syntax, without [[:classes:]] or a backslash at the end",
        ) from error


def _attribute_lines(folder: str, text: str) -> Iterator[_AttributeLine]:
    where = f"{folder}/{ATTRIBUTES_FILE}" if folder else ATTRIBUTES_FILE
    for line in text.splitlines():
        pattern, words = _split(line.strip())
        if pattern is None:
            continue
        for word in words:
            name, _, value = word.lstrip("-!").partition("=")
            if name not in LINGUIST:
                continue
            is_set = None if word[0] == "!" else word[0] != "-" and value.lower() != "false"
            rule = f"{name} in {where}" if is_set else f"{word} in {where}"
            yield _AttributeLine(pattern=pattern, name=name, is_set=is_set, rule=rule)


def _split(line: str) -> tuple[GitIgnoreSpecPattern | None, list[str]]:
    """Return the pattern and the attributes of a line, or None where git ignores the line too."""
    skipped = line.startswith(("#", "!", "[attr]")) or "linguist-" not in line
    if skipped or len(line.encode()) > MOST_ATTRIBUTE_LINE_BYTES:
        return None, []
    if line.startswith('"'):
        quoted, _, rest = line[1:].partition('" ')
        glob = quoted.replace('\\"', '"').replace("\\\\", "\\")
    else:
        glob, *words = line.split(maxsplit=1)
        rest = words[0] if words else ""
    # A leading `#` or `!` has no meaning here, but it has in gitignore files.
    return _attribute_pattern("\\" + glob if glob[:1] in ("#", "!") else glob), rest.split()


def _attribute_pattern(glob: str) -> GitIgnoreSpecPattern | None:
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        return GitIgnoreSpecPattern(glob)
    except GitIgnorePatternError:
        return None


def _matches(pattern: GitIgnoreSpecPattern, name: str) -> bool:
    """Whether the pattern names this very path.

    In gitignore a pattern also covers what lies below a folder it names; in gitattributes it
    does not. pathspec's one group marks such a match.
    """
    found = pattern.match_file(name)
    return found is not None and found.match.lastindex is None


def _folders(path: str) -> Iterator[str]:
    """Give every folder above a path, the root first, each with its closing slash."""
    yield ""
    end = path.find("/")
    while end >= 0:
        yield path[: end + 1]
        end = path.find("/", end + 1)


def _one_line(path: str) -> str:
    """Keep a newline in a name from ending pathspec's match early; no name holds a NUL."""
    return path.replace("\n", "\0") if "\n" in path else path
