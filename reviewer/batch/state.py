"""What is asked, what was sent and what came back; and what follows from it. Pure.

The state is one value. Every step makes a new one, which is kept before the next step is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from reviewer.flow import BatchTold, Result
from reviewer.flow.texts import ObjectId, Seconds, Shape, Usd
from reviewer.money import prices
from reviewer.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

RequestId = Annotated[str, Shape(r"^[0-9a-f]{64}$")]
"""The digest of a request: the same request has the same id, in every run (`ask.digest`)."""

BatchId = Annotated[str, Shape(r"^[A-Za-z0-9_-]{0,100}$")]
Name = Annotated[str, Shape(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$")]
"""Of a repository, and of the files about it."""


class Standing(StrEnum):
    """Where one request stands."""

    PLANNED = "planned"
    DOUBTFUL = "doubtful"
    IN_PROGRESS = "in progress"
    ENDED = "ended"
    COLLECTED = "collected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request: for whom it is, what it is about, and the most that it can cost."""

    id: RequestId
    member: Name
    what: str
    most_usd: Usd
    size_bytes: int
    betas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be audited: a commit of a repository, by the settings that hold there."""

    name: Name
    folder: str
    commit: ObjectId
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One repository of the batch. `first` are the requests of its packs, `then` what followed.

    Equal repositories ask the same: a request that several have is sent and paid for once.
    """

    target: Target
    model: str
    packs: int
    prompt_tokens: int
    first: tuple[RequestId, ...]
    then: tuple[RequestId, ...] = ()

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.target.name

    @property
    def ids(self) -> tuple[str, ...]:
        """All of its requests."""
        return (*self.first, *self.then)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One call that was to create a batch. It is noted before the call, and again after it.

    `newest` was the newest batch at the server before the call: what is newer may be this one.
    `doubtful` means that no answer came. `void` that it created nothing, or that nobody waits for
    it any more; `why` says which. `asked_at` is when the server was last asked about it.
    """

    ids: tuple[RequestId, ...]
    at: Seconds
    newest: BatchId
    state: Literal["doubtful", "created", "void"] = "doubtful"
    why: str = ""
    batch: BatchId = ""
    expires_at: Seconds = 0
    ended: bool = False
    gone: bool = False
    read: bool = False
    asked_at: Seconds = 0

    def created(self, told: BatchTold, *, now: float) -> Sending:
        """Return it as the server tells of it."""
        return replace(
            self,
            state="created",
            why="",
            batch=told.id,
            expires_at=told.expires_at,
            ended=told.ended,
            gone=told.gone,
            asked_at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Everything about a batch but the texts. `host` is whom it was sent to.

    `in_words` tells that nobody enforces the format of the answers there. `paths` and `packs` are
    what the user asked for, with `max_usd` for all of it together.
    """

    host: str
    in_words: bool
    members: tuple[Member, ...]
    questions: dict[RequestId, Question]
    paths: tuple[str, ...] = ()
    packs: int | None = None
    max_usd: Usd | None = None
    sendings: tuple[Sending, ...] = ()
    results: dict[RequestId, Result] = field(default_factory=dict)
    reported: tuple[Name, ...] = ()
    """The repositories whose reports were written."""

    # --- what follows from it ---------------------------------------------------------------

    def member(self, name: str) -> Member:
        """Return a repository by its name."""
        return next(each for each in self.members if each.name == name)

    def standings(self) -> dict[str, Standing]:
        """Return where every request stands."""
        found = dict.fromkeys(self.questions, Standing.PLANNED)
        for sending in self.sendings:
            if sending.state != "void":
                standing = _standing(sending)
                found |= {
                    name: self._came_of(name) if sending.read else standing for name in sending.ids
                }
        answered = (name for name, result in self.results.items() if result.kind == "succeeded")
        return found | dict.fromkeys(answered, Standing.COLLECTED)

    def _came_of(self, name: str) -> Standing:
        result = self.results.get(name)
        return Standing.COLLECTED if result and result.kind == "succeeded" else Standing.FAILED

    def of(self, *standings: Standing) -> list[str]:
        """Return the requests that stand so, in their order."""
        now = self.standings()
        return [name for name in self.questions if now[name] in standings]

    @property
    def known_batches(self) -> frozenset[str]:
        """The ids of all batches that are ours for sure."""
        return frozenset(one.batch for one in self.sendings if one.batch)

    @property
    def unanswered(self) -> list[str]:
        """The requests that there is no answer to, for whatever reason."""
        return [name for name, one in self.standings().items() if one != Standing.COLLECTED]

    @property
    def is_finished(self) -> bool:
        """Whether every repository has its report, and nothing is on its way that is paid for."""
        on_its_way = self.of(Standing.DOUBTFUL, Standing.IN_PROGRESS, Standing.ENDED)
        return not on_its_way and set(self.reported) == {each.name for each in self.members}

    # --- money ------------------------------------------------------------------------------

    def spent_usd(self, names: Iterable[str] | None = None) -> float:
        """Return what these requests, by default all, have cost."""
        asked = self.results.keys() if names is None else set(names) & self.results.keys()
        return sum(self._usd(name) for name in asked)

    def _usd(self, name: str) -> float:
        member = self.member(self.questions[name].member)
        tariff = prices.tariff(member.target.settings, model=member.model, batch=True)
        return tariff.usd(self.results[name].usage)

    def at_most_usd(self) -> float:
        """Return what all of it can still come to: what is not answered yet, at its dearest."""
        now = self.standings()
        settled = (Standing.COLLECTED, Standing.FAILED)
        open_usd = sum(
            one.most_usd for name, one in self.questions.items() if now[name] not in settled
        )
        return self.spent_usd() + open_usd

    # --- steps ------------------------------------------------------------------------------

    def with_sending(self, sending: Sending) -> Batch:
        """Return it with a call that is about to be made."""
        return replace(self, sendings=(*self.sendings, sending))

    def instead(self, old: Sending, new: Sending) -> Batch:
        """Return it with what became of a call."""
        return replace(
            self, sendings=tuple(new if each is old else each for each in self.sendings)
        )

    def with_results(self, results: dict[str, Result]) -> Batch:
        """Return it with results; an answer is never replaced by anything else."""
        kept = {name: one for name, one in self.results.items() if one.kind == "succeeded"}
        return replace(self, results={**self.results, **results, **kept})

    def with_questions(self, member: Member, asked: Collection[Question]) -> Batch:
        """Return it with more requests for a repository."""
        new = {each.id: each for each in asked if each.id not in self.questions}
        more = tuple(each.id for each in asked if each.id not in member.ids)
        grown = replace(member, then=(*member.then, *more))
        members = tuple(grown if each.name == member.name else each for each in self.members)
        return replace(self, members=members, questions={**self.questions, **new})


def _standing(sending: Sending) -> Standing:
    if sending.state == "doubtful":
        return Standing.DOUBTFUL
    return Standing.ENDED if sending.ended else Standing.IN_PROGRESS
