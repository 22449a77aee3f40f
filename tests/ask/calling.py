"""A real client at a server on this machine, and what one call brings."""

from __future__ import annotations

import traceback
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from reviewer.ask.claude import Claude
from reviewer.errors import ReviewerError
from reviewer.flow import Attempt, Block, Reply, Request
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.ports import Model
    from reviewer.standin.server import Application, Exchange

KEY = "sk-ant-recognisable-key"
ANSWER = '{"overview": "' + "fine " * 60 + '"}'
SCHEMA = """{"type": "object", "properties": {"overview": {"type": "string"}},
             "required": ["overview"], "additionalProperties": false}"""
REQUEST = Request(
    model="claude-opus-5-5",
    max_output_tokens=64_000,
    system=(Block(text="You review.", breakpoint=True),),
    user=(Block(text="def f(): ...\n" * 400, breakpoint=True), Block(text="the change")),
    schema=SCHEMA,
)


@contextmanager
def claude_at(application: Application, **options: Any) -> Iterator[Claude]:
    """A real client at a real server; it never sleeps unless told to."""
    options = {"api_key": KEY, "sleep": lambda _: None, **options}
    with (
        Server(application) as server,
        closing(Claude(base_url=server.url, **options)) as claude,
    ):
        yield claude


def ask(claude: Model, request: Request = REQUEST) -> Reply:
    """Ask, listen to nothing, and repeat what may be repeated."""
    return claude.ask(request, received=lambda _: None, may_repeat=lambda _: True)


class Call:
    """One `ask` of a script: its outcome, the waits, and what the stand-in saw."""

    def __init__(
        self, *turns: Turn, request: Request = REQUEST, may_repeat: bool = True, tries: int = 3
    ) -> None:
        self.waits: list[float] = []
        self.received: list[int] = []
        self.asked: list[tuple[Attempt, ...]] = []
        self.api = Messages(turns)

        with claude_at(self.api, max_tries=tries, sleep=self.waits.append) as claude:
            self.outcome = self._ask(claude, request, may_repeat=may_repeat)

    def _ask(self, claude: Claude, request: Request, *, may_repeat: bool) -> Reply | ReviewerError:
        def repeat(attempts: tuple[Attempt, ...]) -> bool:
            self.asked.append(attempts)
            return may_repeat

        try:
            return claude.ask(request, received=self.received.append, may_repeat=repeat)
        except ReviewerError as error:
            if KEY in "".join(traceback.format_exception(error)) + error.way_out:
                pytest.fail("the key is in an error")
            return error

    @property
    def reply(self) -> Reply:
        assert isinstance(self.outcome, Reply), self.outcome
        return self.outcome

    @property
    def error(self) -> ReviewerError:
        assert isinstance(self.outcome, ReviewerError), self.outcome
        return self.outcome

    @property
    def body(self) -> dict[str, object]:
        return dict(self.api.requests[-1].body)


class Always:
    """Answers every request alike."""

    def __init__(self, text: str, *, content_type: str, status: int = 200) -> None:
        self._text, self._type, self._status = text, content_type, status

    def answer(self, exchange: Exchange) -> Answer:
        return Answer(
            status=self._status,
            headers={"content-type": self._type},
            chunks=(self._text.encode(),),
        )


def events(*lines: str) -> Always:
    """One `data:` line an event, named by its type."""
    text = "".join(f"event: {line.split(chr(34))[3]}\ndata: {line}\n\n" for line in lines)
    return Always(text, content_type="text/event-stream")
