"""What is published and kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.errors import EXIT_CLEAN, EXIT_FOUND, EXIT_UNFINISHED
from reviewer.flow.ask import Reply
from reviewer.flow.judge import Again, KnownFinding, Placed, Rejected, Severity
from reviewer.flow.money import Cost
from reviewer.flow.outside import Elsewhere
from reviewer.flow.pack import PackedFile, RuleUse
from reviewer.flow.rounds import Known, Ledger
from reviewer.flow.source import Change
from reviewer.flow.texts import FindingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The context receipt: what the model saw of the codebase and of the change, and what not.

    `unseen_changes` are changed files that were not shown in full, each with its reason.
    `incomplete` holds the reasons that make a review say "incomplete".
    """

    files: tuple[PackedFile, ...]
    changed: tuple[str, ...]
    unseen_changes: tuple[tuple[str, str], ...] = ()
    incomplete: tuple[str, ...] = ()
    snapshot: str = ""
    """As of when the codebase is shown, and what mends it; empty where it is shown as it is."""
    related: tuple[str, ...] = ()
    """Unchanged files shown in full beside the change, because it has to do with them."""
    secrets: tuple[tuple[str, int], ...] = ()
    """How many different secrets of each kind were replaced before anything was sent."""
    rules: tuple[RuleUse, ...] = ()
    """What became of the project's own rules."""
    asked: int = 0
    """Of an audit: how many files the findings could be about."""
    searched: bool = False
    """No model was asked: the local engine searched the tree for the names of the change, or says
    in `incomplete` why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReviewed:
    """Why nobody looks at a change, in words that follow `because`; and how it is looked at.

    `why` may quote what others wrote (a label). `way_out` is ours alone, an imperative, and empty
    where nothing needs to be done.
    """

    why: str
    way_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review, ready to be published, rendered or kept in a bundle.

    `unfinished` is empty only when the model's answer is whole: an unfinished review has its
    own exit code and is never shown as clean. `collapsed` are findings under the thresholds or
    over the inline cap, `pre_existing` those that the change did not bring in.
    """

    change: Change
    model: str
    overview: str
    placed: tuple[Placed, ...]
    collapsed: tuple[Placed, ...]
    pre_existing: tuple[Placed, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[str, ...]
    coverage: Coverage
    cost: Cost
    seconds: float
    """How long the answers took; 0 where nobody measured it, as in a Message Batch."""
    known: tuple[KnownFinding, ...] = ()
    """Of the baseline: found again, and not told again."""
    tools: tuple[tuple[str, int], ...] = ()
    """Other tools whose findings were taken in, and how many."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """Found, and not told here because another tool reports it; it counts all the same."""
    unfinished: str = ""
    unverified: str = ""
    """Why no second look was taken at some or all findings, or what came of it; empty if none was
    due, or all is well."""
    scripted: bool = False
    """The reply was scripted (demo): everything that is shown must say so."""
    ledger: Ledger | None = None
    """What the pull request was told, this round included; None for a local review."""
    again: tuple[Again, ...] = ()
    fixed: tuple[FindingId, ...] = ()
    """Findings of earlier rounds that this one finds mended; their threads are told."""
    back: tuple[FindingId, ...] = ()
    """Findings that were mended once, and are there again."""
    unchanged: str = ""
    """Why nobody was asked, where an earlier round reviewed the same; empty otherwise."""
    skipped: NotReviewed | None = None
    """Why nobody was asked about a change that nobody has seen: what was told before is of an
    earlier commit. None for a review."""
    disbelieved: str = ""
    """Why the ledger of the page was rebuilt from our comments; empty where it was not."""

    @property
    def why_unasked(self) -> str:
        """Why no model was asked, in one line; empty where one was."""
        if self.skipped:
            return f"not reviewed, because {self.skipped.why}"
        return self.unchanged

    @property
    def findings(self) -> tuple[Placed, ...]:
        """Every finding that survived, in the order they are shown."""
        return (*self.placed, *self.collapsed, *self.pre_existing)

    @property
    def standing(self) -> tuple[Known, ...]:
        """Findings of the change that were told earlier, and that nobody settled or mended."""
        told = {placed.id for placed in self.findings}
        known = self.ledger.known if self.ledger else ()
        return tuple(
            one for one in known if one.state.stands and not one.older and one.id not in told
        )

    def exit_code(self, fail_on: str) -> int:
        """Return 3 when unfinished, 1 when the change brought something that severe, else 0.

        `fail_on` is a severity or `never`. What was there before the change never fails it; what
        an earlier round found still does, until it is mended or a person settles it. With
        a severity it is a gate, and a gate must not pass what it has not seen: then a review
        that is incomplete, and found nothing, is 3 too.
        """
        if self.unfinished:
            return EXIT_UNFINISHED
        if fail_on == "never":
            return EXIT_CLEAN
        worst = Severity(fail_on).rank
        proven = [placed.proven for placed in (*self.placed, *self.collapsed)]
        proven += [one.proven for one in self.elsewhere if not one.proven.finding.is_older]
        found = [one.finding.severity for one in proven]
        if any(each.rank <= worst for each in (*found, *(one.severity for one in self.standing))):
            return EXIT_FOUND
        return EXIT_UNFINISHED if self.coverage.incomplete else EXIT_CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was paid for, as it is kept in a bundle.

    `review` is None when something failed between the reply and the judgement.
    """

    version: str
    change: Change
    request_digest: str
    replies: tuple[Reply, ...]
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What publishing did. `degraded` says why comments could not be posted, if so."""

    posted: int
    already_there: int
    url: str = ""
    degraded: str = ""
