"""A tracked file, opened: its text, and what it costs. Pure.

Pure but for the ports it is handed: blobs are read, what was found out about them is remembered
by blob id, and grammars run in a pool. What comes back from the memory is outside data; so secrets
are looked for each time, because a false "nothing found" would let one out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.flow import SENDABLE, Text, Unparsed, Verdict
from reviewer.index import facts
from reviewer.index.languages import language_of
from reviewer.pack import classify, decode, document, secrets, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reviewer.flow import TreeEntry
    from reviewer.index.facts import Facts
    from reviewer.index.languages import Language
    from reviewer.pack.secrets import Secret
    from reviewer.pack.tokens import Family
    from reviewer.ports import Memory, Pool


MOST_DIGITS = 9
SLACK_TOKENS = 16
"""No token is under a byte, but a marked tag of ours may add one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that may be sent, and its text as it is in git, secrets included."""

    entry: TreeEntry
    verdict: Verdict
    text: Text

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Return the secrets in the text; looking for them is a pass over it each time."""
        return secrets.find(self.text.text, self.entry.path)


class Opener:
    """Opens files, and remembers what is dear to find out."""

    def __init__(
        self, read: Callable[[str], bytes], *, memory: Memory, pool: Pool, family: Family
    ) -> None:
        self.family = family
        self._read = read
        self._memory = memory
        self._pool = pool
        self._kind = f"tokens/{tokens.VERSION}/{family}"
        self._recalled: dict[str, bytes] = {}
        self._made: dict[str, bytes] = {}
        self.unparsed: dict[str, str] = {}

    # --- one file -----------------------------------------------------------------------------

    def recall(self, entries: Iterable[TreeEntry]) -> None:
        """Look up, all at once, what is known about files that may be opened."""
        self._recalled |= self._memory.recall(self._kind, [entry.oid for entry in entries])

    def remember(self) -> None:
        """Hand over what was found out since the last time."""
        self._memory.remember(self._kind, self._made)
        self._recalled |= self._made
        self._made = {}

    def open(self, entry: TreeEntry, verdict: Verdict) -> Sheet | Verdict:
        """Return the opened file, or the verdict by which it is not to be sent after all."""
        data = self._read(entry.oid)
        verdict = classify.by_content(verdict, data)
        if verdict.file_class not in SENDABLE:
            return verdict
        return Sheet(entry=entry, verdict=verdict, text=decode.decode(data))

    def tokens(self, sheet: Sheet) -> int:
        """Return what the whole document costs in full, tags included."""
        entry, text = sheet.entry, sheet.text
        cost = self._known(entry)
        if cost is None:
            cost = tokens.estimate(document.escape(text.text), entry.path, self.family)
            self._made[entry.oid] = b"%d" % cost
        frame = document.write(
            entry.path,
            "" if text.text.endswith("\n") else text.text[-1:],  # no newline at the end is told
            percent_encoded=entry.percent_encoded,
            encoding=text.encoding,
            lossy=text.lossy,
        )
        return cost + tokens.estimate(frame, entry.path, self.family)

    def _known(self, entry: TreeEntry) -> int | None:
        """Return the tokens as known, unless no text of that size could have so many."""
        value = self._made.get(entry.oid) or self._recalled.get(entry.oid, b"")
        cost = int(value) if value.isdigit() and len(value) <= MOST_DIGITS else -1
        return cost if 0 <= cost <= entry.size_bytes + SLACK_TOKENS else None

    # --- many files ---------------------------------------------------------------------------

    def facts(self, entries: Iterable[TreeEntry]) -> dict[str, Facts]:
        """Return what the index knows of source files, by path.

        Files without a grammar are not in it, and neither are those that could not be parsed:
        `unparsed` says why.
        """
        wanted = {entry: language for entry in entries if (language := language_of(entry.path))}
        kinds = {entry: f"{facts.VERSION}/{language}" for entry, language in wanted.items()}
        known = self._remembered(kinds)
        missing = [entry for entry in wanted if entry not in known]
        made = self._parsed(missing, wanted)
        for kind in sorted(set(kinds.values())):
            of_kind = {entry.oid: data for entry, data in made.items() if kinds[entry] == kind}
            self._memory.remember(kind, of_kind)
        known |= {entry: facts.load(data) for entry, data in made.items()}
        return {entry.path: found for entry, found in known.items()}

    def _parsed(
        self, missing: Sequence[TreeEntry], languages: Mapping[TreeEntry, Language]
    ) -> dict[TreeEntry, bytes]:
        items = [(self._utf8(entry), languages[entry].value) for entry in missing]
        made: dict[TreeEntry, bytes] = {}
        for entry, data in zip(missing, self._pool.run(facts.dumped, items), strict=True):
            if isinstance(data, Unparsed):
                self.unparsed[entry.path] = data.why
            else:
                made[entry] = data
        return made

    def _remembered(self, kinds: dict[TreeEntry, str]) -> dict[TreeEntry, Facts]:
        found: dict[TreeEntry, Facts] = {}
        for kind in sorted(set(kinds.values())):
            asked = {entry for entry in kinds if kinds[entry] == kind}
            values = self._memory.recall(kind, {entry.oid for entry in asked})
            for entry in asked:
                if entry.oid in values:
                    try:
                        found[entry] = facts.load(values[entry.oid])
                    except ValueError:
                        continue
        return found

    def _utf8(self, entry: TreeEntry) -> bytes:
        """Return the file as the index reads it: what is shown, in UTF-8."""
        return decode.decode(self._read(entry.oid)).text.encode("utf-8", "replace")
