"""Files on the shelf: what is shown of each so far, and what is left of the budget. Pure.

The order of the files and the steps are told in `ladder`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, FileClass, Level, Outline, PackedFile
from reviewer.index import graph, outline
from reviewer.index.languages import language_of
from reviewer.pack import document, tokens
from reviewer.pack.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reviewer.flow import TreeEntry, Verdict
    from reviewer.index.facts import Facts
    from reviewer.pack.secrets import Secret
    from reviewer.pack.sheets import Opener
    from reviewer.pack.tokens import Family

    Candidate = tuple[TreeEntry, Verdict]
    Redact = Callable[[str, Sequence[Secret]], str]

OUTLINE_SHARE = 0.4
"""Of the budget, for outlines before anything is shown in full."""

OUTLINE_RATIO = 0.2
"""What an outline costs of the full text, about (benchmarks/outlines.py)."""

MOST_INDEXED_BYTES = 128_000_000
"""Source in a tree; reading and parsing more takes longer than a review may take to begin."""

SURELY = 0.7
"""Of what an outline costs by its size: so much it costs at least, in nearly every file."""

TAGS_TOKENS = 8
CHARACTERS_PER_TOKEN = 4
"""What the tags around a file cost at least, and the path in them."""

ORDER = (FileClass.SOURCE, FileClass.CONFIG, FileClass.TEST, FileClass.DOCS, FileClass.DATA)

_CODE = (FileClass.SOURCE, FileClass.TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file that is shown: at which level, for how much, and which lines of an outline."""

    level: Level
    tokens: int
    sheet: Sheet
    kept: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True, kw_only=True)
class Shelf:
    """What is shown so far, and what is left of the budget."""

    opener: Opener
    left_tokens: int
    outlined: frozenset[str] = frozenset()
    """Files whose outlines are shown elsewhere."""
    first: frozenset[str] = frozenset()
    """The files of a pack: where there are any, of all others the outlines are shown."""
    shown: dict[str, Shown] = field(default_factory=dict)
    hidden: dict[str, Verdict] = field(default_factory=dict)
    """Files that turned out, opened, to be nothing that is sent."""
    facts: dict[str, Facts] = field(default_factory=dict)
    by_size: dict[str, int] = field(default_factory=dict)
    """About what each file that may be sent costs in full."""

    def fill(self, candidates: Sequence[Candidate]) -> None:
        """Decide on every candidate that may be sent, in the order of the ladder."""
        sendable = [one for one in candidates if one[1].file_class in SENDABLE]
        family = self.opener.family
        self.by_size = {entry.path: by_size(entry, family) for entry, _ in sendable}
        source = [one for one in sendable if one[1].file_class is FileClass.SOURCE]
        indexable = sum(entry.size_bytes for entry, _ in source) <= MOST_INDEXED_BYTES
        short = indexable and (self.first or self._cost_by_size(source) > self.left_tokens)
        ranks = self._centrality(source) if short else {}
        sendable.sort(key=lambda one: (one[0].path not in self.first, *_rank(one, ranks)))
        self.opener.recall(entry for entry, _ in self._likely(sendable))
        if short:
            self._outline_first(sendable)
        for entry, verdict in sendable:
            self._show(entry, verdict)
        self.opener.remember()

    def _cost_by_size(self, candidates: Iterable[Candidate]) -> int:
        return sum([self.by_size[entry.path] for entry, _ in candidates])

    def _likely(self, ranked: Sequence[Candidate]) -> Sequence[Candidate]:
        """Return those that could fit by their size, and then some."""
        room = self.left_tokens * (1 + 1 / OUTLINE_RATIO)
        for number, one in enumerate(ranked):
            room -= self._cost_by_size([one])
            if room < 0:
                return ranked[:number]
        return ranked

    def _centrality(self, source: Sequence[Candidate]) -> dict[str, float]:
        self.facts |= self.opener.facts(entry for entry, _ in source)
        return graph.centrality(self.facts)

    # --- outlines -----------------------------------------------------------------------------

    def _outline_first(self, ranked: Sequence[Candidate]) -> None:
        """Show outlines, the first files first, until they have taken their share."""
        room = int(self.left_tokens * OUTLINE_SHARE)
        source = [
            one
            for one in ranked
            if one[1].file_class is FileClass.SOURCE and one[0].path not in self.first
        ]
        for entry, verdict in self._outlinable(source, room):
            room -= self._outline(entry, verdict, most_tokens=room)
            if room <= 0:
                return

    def _outlinable(self, ranked: Sequence[Candidate], room: int) -> list[Candidate]:
        """Return files whose outlines might fill the room, with their facts known."""
        chosen: list[Candidate] = []
        cost = 0.0
        for one in ranked:
            if language_of(one[0].path):
                cost += self._cost_by_size([one]) * OUTLINE_RATIO
                chosen.append(one)
                if cost > room * 2:
                    break
        missing = [entry for entry, _ in chosen if entry.path not in self.facts]
        self.facts |= self.opener.facts(missing)
        return chosen

    def _outline(self, entry: TreeEntry, verdict: Verdict, *, most_tokens: int) -> int:
        """Show the outline if it fits, and return what it costs; 0 when it is not shown."""
        known = None if entry.path in self.outlined else self.facts.get(entry.path)
        if known is None or not known.kept or self._surely(entry, known) > most_tokens:
            return 0
        opened = self.opener.open(entry, verdict)
        if not isinstance(opened, Sheet):
            self.hidden[entry.path] = opened
            return 0
        cost = self._document_tokens(entry, outline.write(opened.text.text, known.kept))
        if cost > most_tokens:
            return 0
        self.shown[entry.path] = Shown(
            level=Level.OUTLINE, tokens=cost, sheet=opened, kept=known.kept
        )
        self.left_tokens -= cost
        return cost

    def _surely(self, entry: TreeEntry, known: Facts) -> float:
        family = self.opener.family
        return SURELY * tokens.estimate_bytes(known.outline_bytes, entry.path, family)

    def _document_tokens(self, entry: TreeEntry, text: str) -> int:
        written = document.write(
            entry.path, text, percent_encoded=entry.percent_encoded, outline=True
        )
        return tokens.estimate(written, entry.path, self.opener.family)

    # --- full text ----------------------------------------------------------------------------

    def _show(self, entry: TreeEntry, verdict: Verdict) -> None:
        """Show the full text if it fits in the place of the outline, else the outline."""
        outlined = self.shown.get(entry.path)
        left = self.left_tokens + (outlined.tokens if outlined else 0)
        fits = self.by_size[entry.path] <= left and entry.path not in self.hidden
        if fits and (not self.first or entry.path in self.first):
            self._in_full(entry, verdict, left)
        if entry.path not in self.shown and entry.path not in self.hidden:
            self._outline(entry, verdict, most_tokens=left)

    def _in_full(self, entry: TreeEntry, verdict: Verdict, left_tokens: int) -> None:
        opened = self.opener.open(entry, verdict)
        if not isinstance(opened, Sheet):
            self.hidden[entry.path] = opened
            return
        cost = self.opener.tokens(opened)
        if cost <= left_tokens:
            self.shown[entry.path] = Shown(level=Level.FULL, tokens=cost, sheet=opened)
            self.left_tokens = left_tokens - cost

    # --- what came of it ----------------------------------------------------------------------

    def file(self, entry: TreeEntry, verdict: Verdict) -> PackedFile:
        """Return what became of a candidate."""
        if shown := self.shown.get(entry.path):
            why = self._needed(entry) if shown.level is Level.OUTLINE else ""
            return _packed(entry, shown.sheet.verdict, shown=shown, why=why)
        verdict = self.hidden.get(entry.path, verdict)
        if verdict.file_class not in SENDABLE:
            return _packed(entry, verdict, why=f"{verdict.file_class}: {verdict.rule}")
        return _packed(entry, verdict, why=self._needed(entry) + self._no_outline(entry, verdict))

    def _needed(self, entry: TreeEntry) -> str:
        """Return why a file is not in full; it is rarely known exactly what that needs."""
        other = self.first and entry.path not in self.first
        why = "in another pack" if other else "over the budget"
        return f"{why}: needs about {self.by_size[entry.path]:,} tokens"

    def _no_outline(self, entry: TreeEntry, verdict: Verdict) -> str:
        if verdict.file_class in _CODE and not language_of(entry.path):
            return "; no grammar is known for an outline"
        unparsed = self.opener.unparsed.get(entry.path)
        return f"; no outline: {unparsed}" if unparsed else ""

    def texts(
        self, files: Iterable[PackedFile], redact: Redact
    ) -> tuple[dict[str, str], dict[str, Outline]]:
        """Return the texts and outlines that are shown, by path, without their secrets."""
        texts: dict[str, str] = {}
        outlines: dict[str, Outline] = {}
        for file in files:
            if file.level is Level.LISTED:
                continue
            shown = self.shown[file.path]
            text = redact(shown.sheet.text.text, shown.sheet.secrets)
            if file.level is Level.FULL:
                texts[file.path] = text
            else:
                outlines[file.path] = Outline(
                    rows=outline.rows(text, shown.kept), text=outline.write(text, shown.kept)
                )
        return texts, outlines


def by_size(file: TreeEntry | PackedFile, family: Family) -> int:
    """Return about what a file costs in full: it is opened only if so much fits."""
    text_tokens = tokens.estimate_bytes(file.size_bytes, file.path, family)
    return text_tokens + TAGS_TOKENS + len(file.path) // CHARACTERS_PER_TOKEN


def _rank(
    candidate: Candidate, centrality: Mapping[str, float]
) -> tuple[int, float, int, int, str]:
    entry, verdict = candidate
    depth = entry.path.count("/")
    first = verdict.file_class is FileClass.CONFIG and not depth
    of_class = -1 if first else ORDER.index(verdict.file_class)
    return of_class, -centrality.get(entry.path, 0.0), depth, entry.size_bytes, entry.path


def _packed(
    entry: TreeEntry, verdict: Verdict, *, shown: Shown | None = None, why: str
) -> PackedFile:
    return PackedFile(
        path=entry.path,
        oid=entry.oid,
        size_bytes=entry.size_bytes,
        file_class=verdict.file_class,
        rule=verdict.rule,
        level=shown.level if shown else Level.LISTED,
        tokens=shown.tokens if shown else 0,
        why=why,
        encoding=shown.sheet.text.encoding if shown else "utf-8",
        lossy=shown.sheet.text.lossy if shown else False,
        percent_encoded=entry.percent_encoded,
    )
