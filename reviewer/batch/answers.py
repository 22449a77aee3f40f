"""The results of a batch as the `Model` port, so that judging goes as in a live audit. Pure.

Pure but for the folder it is handed. What is not answered yet is raised as `Awaited`, with the
request: a second look, or a repair. It is asked in the next batch, and judging begins anew with
its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.ask import lacks, results
from reviewer.ask.bounds import bound_tokens
from reviewer.ask.digest import digest
from reviewer.ask.explain import Asked
from reviewer.ask.schema import RULINGS
from reviewer.batch.state import Question, Standing
from reviewer.errors import CouldNotFinish
from reviewer.money import plan, prices

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.batch.folder import BatchFolder
    from reviewer.batch.state import Batch, Member
    from reviewer.flow import Attempt, ModelFacts, Reply, Request, Usage

AGAIN = "`reviewer batch submit` asks again"


class Awaited(Exception):
    """There is no answer yet to these requests."""

    def __init__(self, *requests: Request) -> None:
        super().__init__(f"{len(requests)} requests have no answer yet")
        self.requests = requests


class Answers:
    """The `Model` port over what was collected for one repository; nothing is sent."""

    def __init__(self, batch: Batch, member: Member, folder: BatchFolder) -> None:
        self._batch = batch
        self._member = member
        self._folder = folder
        self._standings = batch.standings()
        self._left_usd = None if batch.max_usd is None else batch.max_usd - batch.at_most_usd()

    def facts(self, model: str) -> ModelFacts:
        """Refuse: the limits were asked for when it was packed."""
        raise CouldNotFinish(f"{model} is not asked any more", way_out=AGAIN)

    def count_tokens(self, request: Request) -> int:
        """Refuse: it was counted when it was packed."""
        raise CouldNotFinish(f"{request.model} is not asked any more", way_out=AGAIN)

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
        began: Callable[[Usage], None] = lambda _usage: None,
    ) -> Reply:
        """Return the answer; raises `Awaited`, or `CouldNotFinish` where there will be none."""
        del received, may_repeat, began
        name = digest(request)
        match self._standings.get(name):
            case Standing.COLLECTED:
                return self._reply(name, request)
            case Standing.FAILED:
                raise CouldNotFinish(self._why(name), way_out=AGAIN)
            case None:
                self._reserve(request)
                raise Awaited(request)
            case _:
                raise Awaited(request)

    def first(self, request: Request) -> Reply:
        """Return the answer to a pack; one that failed is a reply that says why.

        Raises `Awaited`.
        """
        name = digest(request)
        match self._standings[name]:
            case Standing.COLLECTED:
                return self._reply(name, request)
            case Standing.FAILED:
                return results.nothing(request, f"{self._why(name)}; {AGAIN}")
            case _:
                raise Awaited(request)

    def _reply(self, name: str, request: Request) -> Reply:
        asked = Asked(model=request.model, host=self._batch.host)
        try:
            found = results.reply(self._folder.result(name) or b"", request, asked)
        except results.UnreadableLine as error:
            raise CouldNotFinish(
                f"the result {name} is damaged on the disk: {error}",
                way_out="collect again while the server has it (29 days), or audit anew",
            ) from error
        return lacks.plain(found) if self._batch.in_words else found

    def _why(self, name: str) -> str:
        return self._batch.results[name].why

    def _reserve(self, request: Request) -> None:
        """Raise `CouldNotFinish` where the cap of the batch leaves nothing for a request."""
        if self._left_usd is not None:
            self._left_usd -= self.question(request).most_usd
            if self._left_usd < 0:
                raise CouldNotFinish(
                    f"it could exceed --max-usd, ${self._batch.max_usd:,.2f} for the batch",
                    way_out="raise it with `reviewer batch submit --max-usd`",
                )

    def question(self, request: Request) -> Question:
        """Return what is asked next, with its price at the most."""
        settings = self._member.target.settings
        return Question(
            id=digest(request),
            member=self._member.name,
            what="second look" if request.schema == RULINGS else "repair",
            most_usd=plan.most_usd(
                prices.tariff(settings, model=request.model, batch=True),
                bound_tokens(request),
                max_output_tokens=request.max_output_tokens,
                cache_ttl=None,
            ),
            size_bytes=0,
            betas=request.betas,
        )
