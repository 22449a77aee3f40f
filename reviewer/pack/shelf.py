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

    Candidate = tuple[TreeEntry, Verdict]
    Redact = Callable[[str, Sequence[Secret]], str]

OUTLINE_SHARE = 0.4
"""Of the budget, for outlines before anything is shown in full."""

OUTLINE_RATIO = 0.2
"""What an outline costs of the full text, about (benchmarks/outlines.py)."""

MOST_INDEXED_BYTES = 128_000_000
"""Source in a tree; reading and parsing more takes longer than a review may take to begin."""

ORDER = (FileClass.SOURCE, FileClass.CONFIG, FileClass.TEST, FileClass.DOCS, FileClass.DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file that is shown: at which level, for how much, and what was found in it."""

    level: Level
    tokens: int
    sheet: Sheet
    kept: tuple[tuple[int, int], ...] = ()
    why: str = ""


@dataclass(slots=True, kw_only=True)
class Shelf:
    """What is shown so far, and what is left of the budget."""

    opener: Opener
    left_tokens: int
    shown: dict[str, Shown] = field(default_factory=dict)
    hidden: dict[str, tuple[Verdict, str]] = field(default_factory=dict)
    """Files that were opened or considered, with what they turned out to be and why not shown."""
    facts: dict[str, Facts] = field(default_factory=dict)

    def fill(self, candidates: Sequence[Candidate]) -> None:
        """Decide on every candidate that may be sent, in the order of the ladder."""
        sendable = [one for one in candidates if one[1].file_class in SENDABLE]
        source = [one for one in sendable if one[1].file_class is FileClass.SOURCE]
        indexable = sum(entry.size_bytes for entry, _ in source) <= MOST_INDEXED_BYTES
        short = indexable and self._cost_by_size(source) > self.left_tokens
        ranks = self._centrality(source) if short else {}
        sendable.sort(key=lambda one: _rank(one, ranks))
        self.opener.recall(entry for entry, _ in self._likely(sendable))
        if short:
            self._outline_first(sendable)
        for entry, verdict in sendable:
            self._show(entry, verdict)
        self.opener.remember()

    def _cost_by_size(self, candidates: Iterable[Candidate]) -> int:
        family = self.opener.family
        return sum(
            tokens.estimate_bytes(entry.size_bytes, entry.path, family) for entry, _ in candidates
        )

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
        source = [one for one in ranked if one[1].file_class is FileClass.SOURCE]
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
        known = self.facts.get(entry.path)
        if known is None or not known.kept:
            return 0
        opened = self.opener.open(entry, verdict)
        if not isinstance(opened, Sheet):
            self.hidden[entry.path] = (opened, "")
            return 0
        text = outline.write(opened.text.text, known.kept)
        cost = self._document_tokens(entry, text)
        if cost > min(most_tokens, self.left_tokens) or cost >= opened.tokens:
            return 0
        self.shown[entry.path] = Shown(
            level=Level.OUTLINE,
            tokens=cost,
            sheet=opened,
            kept=known.kept,
            why=f"over the budget in full: that needs {opened.tokens:,} tokens",
        )
        self.left_tokens -= cost
        return cost

    def _document_tokens(self, entry: TreeEntry, text: str) -> int:
        written = document.write(
            entry.path, text, percent_encoded=entry.percent_encoded, outline=True
        )
        return tokens.estimate(written, entry.path, self.opener.family)

    # --- full text ----------------------------------------------------------------------------

    def _show(self, entry: TreeEntry, verdict: Verdict) -> None:
        """Show the full text if it fits in the place of the outline, else the outline."""
        if entry.path in self.hidden:
            return
        before = self.shown.get(entry.path)
        left = self.left_tokens + (before.tokens if before else 0)
        by_size = tokens.estimate_bytes(entry.size_bytes, entry.path, self.opener.family)
        if before is None and by_size > left:
            self._demote(entry, verdict, f"about {by_size:,}")
            return
        opened = before.sheet if before else self.opener.open(entry, verdict)
        if not isinstance(opened, Sheet):
            self.hidden[entry.path] = (opened, "")
        elif opened.tokens <= left:
            self.shown[entry.path] = Shown(level=Level.FULL, tokens=opened.tokens, sheet=opened)
            self.left_tokens = left - opened.tokens
        elif before is None:
            self._demote(entry, opened.verdict, f"{opened.tokens:,}")

    def _demote(self, entry: TreeEntry, verdict: Verdict, needed: str) -> None:
        """Show the outline, if one is known and fits, else say why there is none."""
        if self._outline(entry, verdict, most_tokens=self.left_tokens):
            return
        if entry.path not in self.hidden:
            code = verdict.file_class in (FileClass.SOURCE, FileClass.TEST)
            why = f"over the budget: needs {needed} tokens, {self.left_tokens:,} are left"
            if code and not language_of(entry.path):
                why += "; no grammar is known for an outline"
            self.hidden[entry.path] = (verdict, why)

    # --- what came of it ----------------------------------------------------------------------

    def file(self, entry: TreeEntry, verdict: Verdict) -> PackedFile:
        """Return what became of a candidate."""
        shown = self.shown.get(entry.path)
        if shown is None:
            verdict, why = self.hidden.get(entry.path, (verdict, ""))
            return _packed(entry, verdict, why=why or f"{verdict.file_class}: {verdict.rule}")
        return _packed(entry, shown.sheet.verdict, shown=shown, why=shown.why)

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
