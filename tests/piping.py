"""The real pipeline in a real repository, with Claude at the stand-in; nothing is published."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from reviewer.ask.claude import Claude
from reviewer.errors import ReviewerError
from reviewer.flow import Activity, Change, Receipt
from reviewer.pipeline import review
from reviewer.ports import Occasion, Tools
from reviewer.settings import Settings
from reviewer.source.blob_cache import Forgetful
from reviewer.source.pool import Processes
from reviewer.source.repo import GitRepository
from reviewer.standin.messages import Messages
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.flow import Review, Run
    from reviewer.standin.messages import Turn
    from reviewer.standin.server import Exchange


QUIET = Activity(now=1_790_000_000.0, since=1_790_000_000.0)
"""Nothing is known of other reviews; it is the afternoon of 21 September 2026."""

POOL = Processes()
"""One for all tests, because a worker takes a while to start; it ends with Python."""


def tools_for(repository: GitRepository) -> Tools:
    """A repository with nothing remembered."""
    return Tools(repository=repository, memory=Forgetful(), pool=POOL)


class Silent:
    """Shows no progress, keeps every state of the run in memory, publishes nothing."""

    def __init__(self) -> None:
        self.kept: list[Run] = []

    def phase(self, name: str, detail: str = "") -> None:
        """Nobody listens."""

    def warning(self, text: str) -> None:
        """Nobody listens."""

    def received(self, tokens: int) -> None:
        """Nobody listens."""

    def done(self) -> None:
        """Nobody listens."""

    def keep(self, run: Run) -> None:
        self.kept.append(run)

    def publish(self, review: Review) -> Receipt:
        return Receipt(posted=len(review.findings), already_there=0)


class Counting:
    """The Messages API whose token counting is off by a factor; None is a gateway without it."""

    def __init__(self, messages: Messages, factor: float | None) -> None:
        self._messages = messages
        self._factor = factor

    def answer(self, exchange: Exchange) -> Answer:
        answer = self._messages.answer(exchange)
        if not exchange.path.endswith("/count_tokens") or self._factor == 1:
            return answer
        if self._factor is None:
            return Answer.of_json({"error": {"type": "not_found_error", "message": "no"}}, 404)
        told = json.loads(b"".join(answer.chunks))["input_tokens"]
        return Answer.of_json({"input_tokens": int(told * self._factor)})


class Piped:
    """One run of the pipeline: the review or the error, and what the stand-in billed."""

    def __init__(
        self,
        folder: Path,
        change: Change,
        *turns: Turn,
        settings: Settings | None = None,
        counting: float | None = 1,
    ) -> None:
        self.settings = settings or Settings()
        self.api = Messages(turns)
        self.silent = Silent()
        self.review: Review | None = None
        self.error: ReviewerError | None = None
        repository = GitRepository(folder)
        with (
            closing(repository),
            Server(Counting(self.api, counting)) as server,
            closing(Claude(api_key="k", base_url=server.url, sleep=lambda _: None)) as claude,
        ):
            try:
                self.review, _ = review(
                    change,
                    self.settings,
                    tools=tools_for(repository),
                    model=claude,
                    publisher=self.silent,
                    keeper=self.silent,
                    progress=self.silent,
                    occasion=Occasion(activity=QUIET),
                )
            except ReviewerError as error:
                self.error = error

    @property
    def code(self) -> int:
        """The exit code of the command line."""
        if self.error:
            return self.error.exit_code
        assert self.review
        return self.review.exit_code(self.settings.fail_on)
