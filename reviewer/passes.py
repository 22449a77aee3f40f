"""The passes of a review over one prompt. Does I/O through the model alone; starts threads.

Pass by pass, each when the one before it has begun: from its first event on, what a pass wrote
into the prompt cache can be read. The prompt is the same for all but for its last block, so all
but the first pay for reading the cache. If one fails, the others stand.

A pass is started only while the cap holds whatever comes: those that run may write their longest
answer, and the new one may miss the cache. A pass that has read the cache shows that it is there;
those after it are counted as reading too.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from reviewer.ask.request import through
from reviewer.errors import ReviewerError, UserMustAct
from reviewer.flow import Reply, Usage
from reviewer.money import plan, spend

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.flow import Attempt
    from reviewer.money.prices import Tariff
    from reviewer.ports import Model
    from reviewer.prepare import Prepared

ENOUGH = 0.5
"""Of the prompt, read from the cache: the codebase is nearly all of it."""

NO_MONEY = "it could exceed the cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """The replies by lens, in order, and the lenses that there is none of, each with the reason.

    Without lenses there is one reply, under an empty name. `lost` has the tries of those that
    failed, which may be billed.
    """

    replies: tuple[tuple[str, Reply], ...]
    failed: tuple[tuple[str, str], ...] = ()
    lost: tuple[Reply, ...] = ()


def asked(
    prepared: Prepared,
    *,
    model: Model,
    received: Callable[[int], None],
    finished: Callable[[tuple[Reply, ...]], None],
) -> Passes:
    """Ask once, or once for each lens; raises the error of the first pass when all failed.

    `finished` hears the replies so far whenever one has come to its end: they are paid for.
    """
    if not prepared.lenses:
        reply = model.ask(
            prepared.request,
            received=received,
            may_repeat=partial(spend.may_repeat, prepared.tariff, prepared.estimate),
        )
        finished((reply,))
        return Passes(replies=(("", reply),))
    running = [_Pass(lens=lens) for lens in prepared.lenses]
    _Chain(prepared, running, model=model, received=received, finished=finished).run()
    return _gathered(running, prepared.request.model)


def _gathered(passes: Sequence[_Pass], model: str) -> Passes:
    replies: list[tuple[str, Reply]] = []
    failed: list[tuple[str, str]] = []
    lost: list[Reply] = []
    for one in passes:
        try:
            replies.append((one.lens, one.reply.result()))
        except ReviewerError as error:
            failed.append((one.lens, str(error)))
            if one.tries:
                lost.append(Reply.unanswered(model, one.tries, why=str(error)))
    if not replies and isinstance(first := passes[0].reply.exception(), ReviewerError):
        tries = (attempt for one in lost for attempt in one.attempts)
        first.may_be_billed = any(attempt.unsure for attempt in tries)
        raise first
    return Passes(replies=tuple(replies), failed=tuple(failed), lost=tuple(lost))


@dataclass(slots=True, kw_only=True)
class _Pass:
    """One pass: what its prompt was billed as once it began, and its reply in the end."""

    lens: str
    begun: Event = field(default_factory=Event)
    billed: Usage | None = None
    """What the prompt of the running try was billed as, once its answer began."""
    tries: tuple[Attempt, ...] = ()
    """Those that failed; the running one is not among them."""
    reply: Future[Reply] = field(default_factory=Future)

    @property
    def has_read(self) -> bool:
        """Whether it was seen to read its prompt from the cache."""
        if self.billed is None:
            return False
        return self.billed.cache_read_tokens > self.billed.prompt_tokens * ENOUGH


class _NotStarted(ReviewerError):
    """A pass for which there was no money."""


class _Chain:
    """The passes of one review while they run."""

    def __init__(
        self,
        prepared: Prepared,
        passes: Sequence[_Pass],
        *,
        model: Model,
        received: Callable[[int], None],
        finished: Callable[[tuple[Reply, ...]], None],
    ) -> None:
        self._prepared = prepared
        self._passes = passes
        self._model = model
        self._received = received
        self._finished = finished
        self._replies: dict[str, Reply] = {}
        self._counts: dict[str, int] = {}
        self._lock = Lock()
        self._purse = Lock()
        """Held from the look at what is left until it is taken: two must not take the same."""

    def run(self) -> None:
        """Start each pass when the one before it has begun, and wait for all of them."""
        for at, one in enumerate(self._passes):
            if at:
                self._passes[at - 1].begun.wait()
            if hopeless := self._hopeless():
                one.reply.set_exception(hopeless)
                one.begun.set()
                continue
            if not self._starts(at):
                self._wait()
            if one.reply.running() or self._starts(at):
                # with the context, so that its span stands below that of the review
                asking = partial(copy_context().run, self._ask, one)
                Thread(target=asking, daemon=True).start()
            else:
                one.reply.set_exception(_NotStarted(NO_MONEY, way_out="raise max_usd_per_review"))
                one.begun.set()
        self._wait()

    def _hopeless(self) -> UserMustAct | None:
        """Return the error of a pass that no other will fare better than: a key is refused."""
        errors = (one.reply.exception() for one in self._passes if one.reply.done())
        return next((error for error in errors if isinstance(error, UserMustAct)), None)

    def _wait(self) -> None:
        for one in self._passes:
            if one.reply.running():
                one.reply.exception()

    def _ask(self, one: _Pass) -> None:
        try:
            reply = self._model.ask(
                through(one.lens, self._prepared.request),
                received=partial(self._hear, one.lens),
                may_repeat=partial(self._may_repeat, one),
                began=partial(self._begin, one),
            )
            self._end(one, reply)
        except BaseException as error:  # noqa: BLE001 - the thread that waits raises it again
            one.reply.set_exception(error)
        else:
            one.reply.set_result(reply)
        finally:
            one.begun.set()

    def _begin(self, one: _Pass, billed: Usage) -> None:
        with self._purse:
            one.billed = billed
        one.begun.set()

    def _end(self, one: _Pass, reply: Reply) -> None:
        with self._lock:
            self._replies[one.lens] = reply
            ended = (self._replies.get(each.lens) for each in self._passes)
            self._finished(tuple(each for each in ended if each))

    def _hear(self, lens: str, tokens: int) -> None:
        with self._lock:
            self._counts[lens] = tokens
            self._received(sum(self._counts.values()))

    # --- money --------------------------------------------------------------------------------

    def _starts(self, at: int) -> bool:
        """Take what a pass can come to, if that much is left."""
        with self._purse:
            committed = sum(self._at_worst_usd(one) for one in self._passes[:at])
            if committed + self._next_usd(at) > self._prepared.estimate.cap_usd:
                return False
            self._passes[at].reply.set_running_or_notify_cancel()
            return True

    def _may_repeat(self, one: _Pass, tries: tuple[Attempt, ...]) -> bool:
        """Note what failed, and take what another try can come to, if that much is left."""
        estimate = self._prepared.estimate
        with self._purse:
            others = sum(self._at_worst_usd(each) for each in self._passes if each is not one)
            one.tries, one.billed = tries, None
            return spend.may_repeat(self._tariff, estimate, tries, already_usd=others)

    def _next_usd(self, at: int) -> float:
        """Return the most that the pass can cost: after one that read the cache, it will too."""
        estimate = self._prepared.estimate
        if any(one.has_read for one in self._passes[:at]):
            return estimate.warm_usd * (1 + plan.COUNT_MARGIN) + self._answer_usd
        return estimate.most_usd

    def _at_worst_usd(self, one: _Pass) -> float:
        """Return what a pass has cost, or can still come to."""
        estimate = self._prepared.estimate
        before_usd = spend.at_worst_usd(self._tariff, estimate, one.tries)
        if one.reply.running():
            if one.billed is None:
                return before_usd + estimate.most_usd
            return before_usd + self._tariff.usd(one.billed) + self._answer_usd
        if not one.reply.done():
            return 0.0
        if one.reply.exception():
            return before_usd + (estimate.most_usd if one.billed else 0.0)
        return spend.at_worst_usd(self._tariff, estimate, one.reply.result().attempts)

    @property
    def _tariff(self) -> Tariff:
        return self._prepared.tariff

    @property
    def _answer_usd(self) -> float:
        longest = Usage(output_tokens=self._prepared.request.max_output_tokens)
        return self._tariff.usd(longest)
