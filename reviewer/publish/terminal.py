"""For people at a terminal: progress and findings. The only module that knows rich. Does I/O.

Everything from a model or a repository goes through `neutralise.for_terminal` and is printed as
plain text, never as markup: it can neither move the cursor nor colour itself.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from reviewer.flow import Inline, Level, Receipt, Severity, Side
from reviewer.publish.neutralise import for_terminal
from reviewer.publish.spent import cache_lines, paid
from reviewer.publish.statistics import one_line
from reviewer.publish.summary import tools

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from rich.console import OverflowMethod
    from rich.status import Status

    from reviewer.flow import KnownFinding, Located, Placed, Review

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}

USUAL_COLUMNS = 80
"""Where COLUMNS is 0, for which rich prints nothing at all."""

MOST_LINES = 12
"""Longer quotes are cut in the terminal; the report has them whole."""

FREE = "No model was asked: $0.00"

MOST_UNSEEN = 20
"""More changed files that were not shown are counted; the JSON document names them all."""


class _Lines(Console):
    """A terminal's width breaks lines; a file or a pipe gets them whole.

    rich keeps to NO_COLOR (no-color.org), FORCE_COLOR and TERM=dumb where colours are concerned.
    Where NO_COLOR is set, bold and the like go too; where colours are forced on a pipe, it is a
    pipe all the same, and nothing in it is drawn twice.
    """

    def __init__(self, stream: TextIO) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        super().__init__(file=stream, highlight=False, color_system=None if plain else "auto")
        self.width = self.width or USUAL_COLUMNS
        self.at_terminal = stream.isatty()
        self.soft_wrap = not self.at_terminal

    @property
    def may_redraw(self) -> bool:
        """Whether a line can be taken back."""
        return self.at_terminal and not self.is_dumb_terminal

    def on_broken_pipe(self) -> None:
        """Let the error out: rich would end the process with 1, and 1 means found."""
        raise BrokenPipeError


class TerminalProgress:
    """Says on standard error how far the review is; at a terminal, a clock runs below that.

    `quiet` says the warnings alone.
    """

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._console = _Lines(stream)
        self._quiet = quiet
        self._began = time.monotonic()
        self._status: Status | None = None
        self._now = ""

    def __enter__(self) -> Self:
        if self._console.may_redraw and not self._quiet:
            self._status = self._console.status(self)
            self._status.start()
        return self

    def __rich__(self) -> Text:
        """Return the live line; it is drawn again and again."""
        return Text(f"{self._elapsed()} {self._now}", no_wrap=True, overflow="ellipsis")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.done()

    def done(self) -> None:
        """Take the live line away, so that it cannot run into what is printed next."""
        if self._status:
            self._status.stop()
            self._status = None

    def phase(self, name: str, detail: str = "") -> None:
        """Tell that a phase begins, or more about the one that runs."""
        self._now = name
        if not self._quiet:
            self._say(f"{name}: {detail}" if detail else name)

    def warning(self, text: str) -> None:
        """Tell what matters, also to those who want to hear of no phase."""
        self._say(f"Note: {text}")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # nobody listens any more: no reason to stop what is paid for
            self._console.print(Text(f"{self._elapsed()} {for_terminal(line)}"))

    def received(self, tokens: int) -> None:
        """Tell how many output tokens have arrived; only a terminal is told."""
        name = self._now.partition(",")[0]
        self._now = f"{name}, {tokens:,} tokens back"

    def _elapsed(self) -> str:
        return f"[{time.monotonic() - self._began:5.1f} s]"


class TerminalPublisher:
    """Prints a review on standard output."""

    def __init__(self, stream: TextIO) -> None:
        self._console = _Lines(stream)

    def publish(self, review: Review) -> Receipt:
        """Print the findings, worst first, and one paragraph about the review itself."""
        if review.scripted:
            self._console.print(
                Text("The reply below is scripted: no model was asked.", style="bold magenta")
            )
        groups = (
            ("", review.placed),
            ("Below the thresholds or over the cap", review.collapsed),
            ("Not brought in by this change", review.pre_existing),
        )
        for title, group in groups:
            if group and title:
                self._console.print(Text(f"\n{title}", style="bold underline"))
            for placed in group:
                self._finding(placed)
        self._console.print()
        for line in closing_lines(review):
            self._console.print(Text(for_terminal(line)))
        return Receipt(posted=len(review.findings), already_there=0)

    def _finding(self, placed: Placed) -> None:
        finding, place = placed.proven.finding, placed.proven.place
        head = Text.assemble(
            "\n",
            (f" {finding.severity.upper()} ", STYLES[finding.severity]),
            " ",
            (for_terminal(finding.title), "bold"),
            (f"  {placed.id}", "dim"),
        )
        self._console.print(head)
        self._code(place)
        self._indented(for_terminal(finding.explanation.strip()))
        for other in placed.proven.evidence:
            self._code(other, note=other.note)
        if placed.suggestion is not None and isinstance(placed.anchor, Inline):
            self._suggestion(placed.suggestion.splitlines())

    def _suggestion(self, lines: list[str]) -> None:
        said = "instead:" if lines else "instead: nothing, delete it"
        self._console.print(Text(f"  {said}", style="green"))
        for line in lines[:MOST_LINES]:
            self._line(Text(f"  + {for_terminal(line)}", style="green"))
        self._left_out(len(lines) - MOST_LINES)

    def _indented(self, text: str) -> None:
        lines = Text(text).split(allow_blank=True)
        if self._console.at_terminal:
            lines = Text(text).wrap(self._console, max(20, self._console.width - 2))
        for line in lines:
            self._console.print(Text(f"  {line.plain}".rstrip()))

    def _line(self, line: Text) -> None:
        """Print a line of code in one line: what does not fit a terminal ends in an ellipsis."""
        overflow: OverflowMethod = "ellipsis" if self._console.at_terminal else "ignore"
        self._console.print(line, no_wrap=True, overflow=overflow)

    def _left_out(self, count: int) -> None:
        if count > 0:
            self._console.print(Text(f"        ... {count} more", "dim"))

    def _code(self, place: Located, *, note: str = "") -> None:
        where = f"{one_line(place.path)}:{place.first_line}"
        side = " (deleted)" if place.side is Side.LEFT else ""
        said = f"  {for_terminal(note)}" if note else ""
        self._console.print(Text(f"  {where}{side}{said}", style="blue"))
        shown = place.lines[:MOST_LINES]
        for number, line in enumerate(shown, start=place.first_line):
            text = for_terminal(line.expandtabs(4).rstrip("\r"))
            self._line(Text(f"  {number:>5} | {text}", style="dim"))
        self._left_out(len(place.lines) - len(shown))


def closing_lines(review: Review) -> list[str]:
    """Return what is said about the review itself: state, counts, coverage, cost."""
    lines = []
    if review.unfinished:
        lines.append(f"UNFINISHED: {review.unfinished}. Do not take this for a clean review.")
    if review.unverified:
        lines.append(f"Not verified: {review.unverified}.")
    lines.extend(f"Incomplete: {reason}" for reason in review.coverage.incomplete)
    lines.extend(_unseen(review.coverage.unseen_changes))
    lines.extend(
        f"Project rules: {one_line(use.source)}: {use.why}"
        for use in review.coverage.rules
        if use.why
    )
    lines.extend(
        f"Dropped: {rejected.finding.title!r}: {rejected.why}" for rejected in review.rejected
    )
    lines.extend(f"Malformed: {problem}" for problem in review.problems)
    lines.extend(_known(review.known))
    lines.extend(_elsewhere(review))
    lines.extend(f"Prompt cache: {line}." for line in cache_lines(review.cost))
    if review.skipped:
        lines.append(f"Not reviewed, because {review.skipped.why}. {FREE}.")
        if review.skipped.way_out:
            lines.append(f"  -> {review.skipped.way_out}")
    else:
        lines.append(f"{_counts(review)}. {_seen(review)}. {_spent(review)}.")
    return lines


def _unseen(changes: Sequence[tuple[str, str]]) -> list[str]:
    said = [f"Not seen in full: {one_line(path)} ({why})" for path, why in changes[:MOST_UNSEEN]]
    more = len(changes) - len(said)
    return [*said, f"Not seen in full: {more:,} more changed files"] if more else said


def _known(entries: Sequence[KnownFinding]) -> list[str]:
    said = [
        f"Known: {one_line(entry.path)}: {one_line(entry.title)} ({one_line(entry.reason)})"
        for entry in entries[:MOST_UNSEEN]
    ]
    more = len(entries) - len(said)
    return [*said, f"Known: {more:,} more"] if more else said


def _elsewhere(review: Review) -> list[str]:
    """Say what was taken in from other tools, and what of ours they tell already."""
    said = [f"Taken in: {tools(review)}."] if review.tools else []
    for one in review.elsewhere[:MOST_UNSEEN]:
        title, path = one.proven.finding.title, one.proven.place.path
        said.append(f"Told by {one.by} already: {one_line(path)}: {one_line(title)}")
    more = len(review.elsewhere) - MOST_UNSEEN
    return [*said, f"Told by other tools already: {more:,} more"] if more > 0 else said


def _counts(review: Review) -> str:
    known = f", {len(review.known):,} known" if review.known else ""
    if review.elsewhere:
        known += f", {len(review.elsewhere):,} told by another tool"
    count = len(review.findings)
    if not count:
        return f"No {'new ' if known else ''}findings{_in_part(review)}{known}"
    by_severity = (
        (sum(1 for item in review.findings if item.proven.finding.severity is level), level)
        for level in Severity
    )
    parts = ", ".join(f"{number} {level}" for number, level in by_severity if number)
    return f"{count} finding{'s' if count > 1 else ''} ({parts}){known}"


def _in_part(review: Review) -> str:
    return " in what came back" if review.unfinished else ""


def _seen(review: Review) -> str:
    if review.coverage.searched:
        looked_in = "no file" if review.coverage.incomplete else "every file"
        return f"Searched {looked_in} for the names in {_changed(review)}"
    files = review.coverage.files
    full = sum(1 for file in files if file.level is Level.FULL)
    outlined = sum(1 for file in files if file.level is Level.OUTLINE)
    outlines = f", {outlined:,} as outlines" if outlined else ""
    replaced = sum(count for _, count in review.coverage.secrets)
    hidden = f", {replaced:,} secrets replaced" if replaced else ""
    held = sum(1 for use in review.coverage.rules if use.tokens)
    rules = f", {held:,} project rule{'' if held == 1 else 's'}" if held else ""
    seen = f"Saw {full:,} of {len(files):,} files in full{outlines}"
    return f"{seen}, {_changed(review)}{rules}{hidden}"


def _changed(review: Review) -> str:
    if review.change.audit:
        return f"asked about {review.coverage.asked:,}"
    changed = len(review.coverage.changed)
    return f"a change of {changed:,} file{'' if changed == 1 else 's'}"


def _spent(review: Review) -> str:
    if review.coverage.searched:
        return FREE
    usage = review.cost.usage
    cached = f", {usage.cache_read_tokens:,} from the cache" if usage.cache_read_tokens else ""
    took = f" in {review.seconds:.0f} s" if review.seconds else ""
    return (
        f"{usage.prompt_tokens:,} tokens in{cached}, {usage.output_tokens:,} out: "
        f"{paid(review.cost)} with {review.model}{took}"
    )
