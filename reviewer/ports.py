"""What the pipeline asks of the world. Pure: protocols, and what holds them together.

`wiring` builds the adapters (`source.repo`, `ask.claude`, `publish.*`) and hands them in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from reviewer.flow import (
        Activity,
        Attempt,
        BatchTold,
        Bill,
        Change,
        History,
        ModelFacts,
        Receipt,
        Reply,
        Reported,
        Request,
        Review,
        Run,
        Trail,
        TreeEntry,
        Unheard,
        Unparsed,
        Usage,
    )


class Repository(Protocol):
    """Git objects, read-only."""

    def entries(self, tree: str) -> tuple[TreeEntry, ...]:
        """Return every tracked path of a tree, in byte order of the paths."""
        ...

    def read(self, oid: str) -> bytes:
        """Return a blob's bytes; raises `CouldNotFinish` when the object is not there."""
        ...

    def search(self, tree: str, words: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return the text files of a tree in which a word stands as a whole word, with the words.

        A word that cannot stand on one line stands nowhere.
        """
        ...

    def trail(self, tip: str, *, since: float) -> Trail:
        """Return the way of a branch from the hour `since` (UNIX seconds) up to its tip."""
        ...

    def patch(self, change: Change) -> bytes:
        """Return the diff of merge base and head in git's patch format, as GitHub shows it."""
        ...


class Model(Protocol):
    """Claude."""

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take."""
        ...

    def count_tokens(self, request: Request) -> int:
        """Return the API's own count of the prompt; free of charge."""
        ...

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
        began: Callable[[Usage], None] = lambda _usage: None,
    ) -> Reply:
        """Send the request and wait; `received` hears the tokens that have arrived so far.

        `may_repeat` is asked after each try that failed, with all so far, whether the same request
        may be sent again. It is also asked where that will not be: a try without an answer may be
        billed (`Attempt.unsure`), and no reply tells of it.
        `began` hears what the prompt was billed as, as soon as an answer begins: from then on
        what the request wrote into the prompt cache can be read.

        Raises `UserMustAct` or `CouldNotFinish` when there is no reply at all.
        """
        ...


class Batches(Protocol):
    """Claude, asked many things at once, for half the price and without haste."""

    def newest(self) -> str:
        """Return the id of the newest batch, empty where there is none.

        Raises `UserMustAct` where nobody knows of batches: nothing was sent by then.
        """
        ...

    def since(self, newest: str) -> tuple[tuple[BatchTold, ...], bool]:
        """Return the batches that are newer than `newest`, and whether that one is there at all.

        An empty `newest` is older than all.
        """
        ...

    def create(
        self, requests: Sequence[tuple[str, Mapping[str, object]]], betas: Sequence[str]
    ) -> BatchTold | Unheard:
        """Create a batch of requests by id; sent once, whatever comes of it.

        Raises `UserMustAct` or `CouldNotFinish` when it certainly was not created.
        """
        ...

    def look(self, batch: str) -> BatchTold:
        """Return how far a batch is; raises `UserMustAct` where this key does not know it."""
        ...

    def results(self, batch: str) -> Iterator[bytes]:
        """Yield the lines of the results of a batch that has ended, in no order.

        Raises `CouldNotFinish` when they break off: those that came are whole.
        """
        ...


class Publisher(Protocol):
    """Where a review goes."""

    def publish(self, review: Review) -> Receipt:
        """Publish, and say what was done. Publishing the same review twice posts nothing new."""
        ...


class Account(Protocol):
    """Where it is noted what the reviews of a pull request cost."""

    def note(self, bill: Bill) -> None:
        """Note what a run may come to, or what it has cost.

        Raises `CouldNotFinish` when others have spent meanwhile what was left.
        """
        ...


class Progress(Protocol):
    """Who hears how far the review is."""

    def phase(self, name: str, detail: str = "") -> None:
        """Tell that a phase begins, or more about the one that runs."""
        ...

    def warning(self, text: str) -> None:
        """Tell what matters to whoever runs it, also to those who want to hear of no phase."""
        ...

    def received(self, tokens: int) -> None:
        """Tell how many output tokens have arrived so far."""
        ...

    def done(self) -> None:
        """Tell that the waiting is over: what follows is the result."""
        ...


class Keeper(Protocol):
    """Who keeps what was paid for, before anything that can fail."""

    def keep(self, run: Run) -> None:
        """Keep the run, in the place of an earlier state of the same run."""
        ...


class Memory(Protocol):
    """Results about blobs, which never change, from one run to the next.

    A kind names what made the result and its version (`symbols/3`); a blob's id is git's. What
    comes back may have been written by an outsider: parse it as outside data, and take what does
    not parse for unknown.
    """

    def recall(self, kind: str, oids: Collection[str]) -> dict[str, bytes]:
        """Return what is known of a kind about these blobs, by blob id."""
        ...

    def remember(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Take results by blob id; whether a later run knows them is not promised."""
        ...


class Pool(Protocol):
    """Where grammars run: whatever a file does to one, the review goes on."""

    def run(
        self, work: Callable[[bytes, str], bytes], items: Sequence[tuple[bytes, str]]
    ) -> list[bytes | Unparsed]:
        """Return what `work` makes of each item, or why it came to nothing: a crash, the clock.

        `work` is a function of a module, because it may run in another process. It takes an empty
        source too.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """On what occasion a review takes place: what went before it, and who counts its cost.

    `history` and `account` are those of a pull request, None for a local review. `scripted` tells
    that the model is a stand-in, which everything that is shown then says.
    """

    activity: Activity
    history: History | None = None
    account: Account | None = None
    scripted: bool = False
    batch: bool = False
    """Whether the requests go as a Message Batch: at half the price, without the prompt cache."""
    reported: tuple[Reported, ...] = ()
    """What other tools say of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a tree is looked into with."""

    repository: Repository
    memory: Memory
    pool: Pool
