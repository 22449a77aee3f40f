"""The project's own rules for a review, as far as they are shown. Pure.

They come from the settings (`[[rules]]`) and from files of the base tree, never of the head: a
change must not rewrite the rules that it is judged by.

    for every change      `[[rules]]` without paths; REVIEW.md and AGENTS.md of the root
    for changed paths     `[[rules]]` whose paths match; every REVIEW.md on the way up from a
                          changed file, the nearest first; the nearest AGENTS.md below the root

Where a folder has no AGENTS.md that can be used, its CLAUDE.md stands for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, FileClass, ProjectRule, ProjectRules, RuleUse
from reviewer.pack import content, decode, secrets, tokens
from reviewer.pack.ignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from reviewer.flow import TreeEntry, Verdict
    from reviewer.pack.placeholders import Placeholders
    from reviewer.pack.tokens import Family
    from reviewer.settings import Rule

REVIEW_FILE = "REVIEW.md"
AGENT_FILES = ("AGENTS.md", "CLAUDE.md")

MOST_TOKENS_EACH = 6_000
"""Of one text. What people write down for reviewers is a page or two."""

MOST_TOKENS = 18_000
"""Of the rules for every change together, and as much again of those for its paths."""

MOST_SHARE = 0.05
"""Of the prompt's budget, where that is less: rules must not crowd out the code."""

LEAST_TOKENS = 20
"""What is left of a text that is cut shorter than this says nothing."""

_USED = SENDABLE | {FileClass.GENERATED}
"""Tools write these files too, and say so at the top."""

_MOST_CHARACTERS_OF_A_TOKEN = 16


def choose(
    candidates: Iterable[tuple[TreeEntry, Verdict]],
    rules: Sequence[Rule],
    changed_paths: Collection[str],
    *,
    read: Callable[[str], bytes],
    budget_tokens: int,
    family: Family,
) -> ProjectRules:
    """Return the rules that hold for a change of these paths, secrets included.

    `candidates` are the files of the base, with their class by name. Raises `UserMustAct` for a
    pattern that cannot be read.
    """
    shelf = _Shelf(_files(candidates), read)
    most_tokens = min(MOST_TOKENS, int(budget_tokens * MOST_SHARE))
    everywhere, left_out = _within(
        [*_of_settings(rules, None), *shelf.of_root()], most_tokens, family
    )
    matching = [*_of_settings(rules, changed_paths), *shelf.below_root(changed_paths)]
    here, left_out_here = _within(matching, most_tokens, family)
    return ProjectRules(
        everywhere=everywhere, here=here, unused=(*shelf.unused, *left_out, *left_out_here)
    )


def redacted(rules: Sequence[ProjectRule], placeholders: Placeholders) -> tuple[ProjectRule, ...]:
    """Return the rules without their secrets."""
    return tuple(replace(rule, text=_harmless(rule, placeholders)) for rule in rules)


def _harmless(rule: ProjectRule, placeholders: Placeholders) -> str:
    text = placeholders.replace(rule.text, secrets.find(rule.text, rule.use.source))
    return placeholders.replace_known(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A text of rules before it is cut."""

    name: str
    reach: str
    text: str
    remark: str = ""
    paths: tuple[str, ...] = ()


def _of_settings(rules: Sequence[Rule], paths: Collection[str] | None) -> Iterator[_Source]:
    """Give the rules for every change, or those for changes to `paths`."""
    for number, rule in enumerate(rules, start=1):
        name = f"[[rules]] {number}"
        if rule.paths and paths is not None:
            patterns = Patterns.build(f"{name}, paths", rule.paths)
            if matching := tuple(path for path in sorted(paths) if patterns.rule(path)):
                reach = f"files that match {', '.join(rule.paths)}"
                yield _Source(name=name, reach=reach, text=rule.instructions, paths=matching)
        elif not rule.paths and paths is None:
            yield _Source(name=name, reach="every change", text=rule.instructions)


# --- files ------------------------------------------------------------------------------------


def _files(
    candidates: Iterable[tuple[TreeEntry, Verdict]],
) -> dict[str, tuple[TreeEntry, Verdict]]:
    names = (REVIEW_FILE, *AGENT_FILES)
    found = ((entry, verdict) for entry, verdict in candidates if entry.path.endswith(names))
    return {
        entry.path: (entry, verdict)
        for entry, verdict in found
        if entry.path.rpartition("/")[2] in names
    }


class _Shelf:
    """The files of rules of a tree; `unused` are those that were asked for in vain."""

    def __init__(
        self, files: Mapping[str, tuple[TreeEntry, Verdict]], read: Callable[[str], bytes]
    ) -> None:
        self._files = files
        self._read = read
        self._opened: dict[str, _Source | None] = {}
        self._why: dict[str, str] = {}

    @property
    def unused(self) -> tuple[RuleUse, ...]:
        """Return the files that may not be sent, in path order."""
        return tuple(
            RuleUse(source=path, tokens=0, why=why) for path, why in sorted(self._why.items())
        )

    def of_root(self) -> Iterator[_Source]:
        """Give the files that hold for every change."""
        yield from filter(None, (self._open(REVIEW_FILE), self._agents("")))

    def below_root(self, paths: Collection[str]) -> list[_Source]:
        """Return the files for changes to `paths`, each once, the deepest first."""
        reviews: dict[_Source, list[str]] = defaultdict(list)
        agents: dict[_Source, list[str]] = defaultdict(list)
        for path in sorted(paths):
            nearest = None
            for above in _up(path.rpartition("/")[0]):
                if review := self._open(f"{above}/{REVIEW_FILE}"):
                    reviews[review].append(path)
                if nearest is None and (nearest := self._agents(f"{above}/")):
                    agents[nearest].append(path)
        return [*_deepest_first(reviews), *_deepest_first(agents)]

    def _agents(self, folder: str) -> _Source | None:
        return next(filter(None, (self._open(f"{folder}{name}") for name in AGENT_FILES)), None)

    def _open(self, path: str) -> _Source | None:
        if path not in self._files:
            return None
        if path not in self._opened:
            self._opened[path] = self._look_into(path)
        return self._opened[path]

    def _look_into(self, path: str) -> _Source | None:
        entry, verdict = self._files[path]
        data = self._read(entry.oid) if verdict.file_class in _USED else b""
        verdict = content.unsendable(data) or verdict
        if verdict.file_class not in _USED:
            self._why[path] = f"not used: {verdict.file_class} ({verdict.rule})"
            return None
        text = decode.decode(data)
        folder = path.rpartition("/")[0]
        return _Source(
            name=path,
            reach=f"files below {folder}/" if folder else "every change",
            text=text.text.removeprefix("\ufeff"),
            remark="some of its bytes cannot be shown" if text.lossy else "",
        )


def _up(folder: str) -> Iterator[str]:
    """Give a folder and those above it, but for the root."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _deepest_first(found: Mapping[_Source, Sequence[str]]) -> list[_Source]:
    deepest = sorted(found, key=lambda source: (-source.name.count("/"), source.name))
    return [replace(source, paths=tuple(found[source])) for source in deepest]


# --- limits -----------------------------------------------------------------------------------


def _within(
    sources: Iterable[_Source], most_tokens: int, family: Family
) -> tuple[tuple[ProjectRule, ...], tuple[RuleUse, ...]]:
    """Return what is shown of the sources within their limits, and what is not, in order."""
    shown: list[ProjectRule] = []
    unused: list[RuleUse] = []
    left = most_tokens
    for source in sources:
        if not source.text.strip():
            unused.append(RuleUse(source=source.name, tokens=0, why="not used: empty"))
            continue
        limit = min(left, MOST_TOKENS_EACH)
        rule = _cut(source, limit, family)
        if rule is None:
            why = f"not used: over the limit of {most_tokens:,} tokens for rules"
            unused.append(RuleUse(source=source.name, tokens=0, why=why))
            continue
        left -= rule.use.tokens
        shown.append(rule)
    return tuple(shown), tuple(unused)


def _cut(source: _Source, limit_tokens: int, family: Family) -> ProjectRule | None:
    """Return as much of a text as there is room for, or None where that says nothing."""
    kept = source.text[: max(limit_tokens, 0) * _MOST_CHARACTERS_OF_A_TOKEN]
    cost = tokens.estimate(kept, "rules.md", family)
    if cost > limit_tokens:
        kept = _longest(kept, limit_tokens, family)
    if len(kept) < len(source.text):
        kept = _before_secret(source, len(kept))
        cost = tokens.estimate(kept, "rules.md", family)
    left_out = len(source.text) - len(kept)
    if left_out and cost < LEAST_TOKENS:
        return None
    remarks = [
        f"cut at {limit_tokens:,} tokens: {left_out:,} characters left out" if left_out else "",
        source.remark,
    ]
    why = "; ".join(filter(None, remarks))
    text = f"{kept.rstrip()}\n[{left_out:,} characters left out]\n" if left_out else kept
    return ProjectRule(
        use=RuleUse(source=source.name, tokens=cost, why=why),
        reach=source.reach,
        text=text,
        paths=source.paths,
    )


def _before_secret(source: _Source, end: int) -> str:
    """Return the text up to `end`, or up to a secret that ends later: half of one is not seen."""
    found = secrets.find(source.text, source.name)
    return source.text[: next((one.start for one in found if one.start < end < one.end), end)]


def _longest(text: str, limit_tokens: int, family: Family) -> str:
    """Return the longest beginning that costs no more, up to the end of a line if it has one."""
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        if tokens.estimate(text[:middle], "rules.md", family) <= limit_tokens:
            low = middle
        else:
            high = middle
    line, newline, _ = text[:low].rpartition("\n")
    return line + newline if newline else text[:low]
