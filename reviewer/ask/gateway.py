"""Claude, or another model, at an OpenAI-compatible endpoint. Does network I/O.

The package is run by `chat_sdk` alone; when to ask again and what a try cost is decided by the
same rules as in `claude`. Such endpoints count no tokens before and tell the bill at the end:
until then a prompt is held for as dear as its bytes can be.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from reviewer.ask import chat, chat_sdk, faults, lacks, models, tries
from reviewer.ask.again import Again, Broken
from reviewer.ask.body import headers
from reviewer.ask.bounds import bound_usage
from reviewer.ask.chat_answer import Heard
from reviewer.ask.connection import address
from reviewer.ask.explain import Asked, explain
from reviewer.ask.lookup import look_up
from reviewer.ask.providers import door

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from openai.types.chat import ChatCompletionChunk

    from reviewer.ask.faults import Fault
    from reviewer.ask.told import Told
    from reviewer.ask.tries import Try
    from reviewer.flow import Attempt, ModelFacts, Reply, Request, Usage

_DOOR = door("openai")


class Gateway:
    """The `Model` port. The key comes from the caller, and is in no message.

    `base_url` None means OpenAI's own address. `window_tokens` stands in where nobody knows a
    model. Raises `UserMustAct` without the package or a key.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None = None,
        window_tokens: int | None = None,
        max_tries: int = 3,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._client = chat_sdk.client(api_key, base_url)
        self._host = chat_sdk.host(self._client)
        self._lacks = _DOOR.lacks
        self._window_tokens = window_tokens
        self._again = Again(
            most_tries=max_tries,
            sleep=sleep or time.sleep,
            failing=chat_sdk.failing,
            translate=partial(chat_sdk.fault, made=self._client),
        )

    def close(self) -> None:
        """Close the connections (`contextlib.closing`)."""
        self._client.close()

    @property
    def host(self) -> str:
        """Who is asked, by the name of the host."""
        return self._host

    @property
    def address(self) -> str:
        """What `path` of the door is put behind: host, port and path."""
        return address(self._client.base_url)

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take; the bundled table or the settings fill in.

        Raises `UserMustAct` when nobody knows the model.
        """
        table = models.otherwise(model, self._window_tokens)
        told = self._told(model, known=table is not None)
        return models.from_api(model, told, table, host=self._host)

    def _told(self, model: str, *, known: bool) -> Told:
        catalogue = self._client.models
        try:
            return look_up(model, catalogue, again=self._again, known=known, unsaid=_unsaid)
        except Broken as broken:
            raise explain(broken.fault, self._asked(model)) from None

    def count_tokens(self, request: Request) -> int:
        """Raise `DoesNotCount`: these endpoints do not count, so an estimate has to do."""
        raise lacks.DoesNotCount(f"{self._host} does not count the tokens of {request.model}")

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
        began: Callable[[Usage], None] = lambda _usage: None,
    ) -> Reply:
        """Send the request and wait for the whole answer; see `claude.Claude.ask`."""
        started = time.monotonic()
        made, stopped = self._again.until_answered(
            lambda: self._try(request, received, began),
            adapt=lambda fault: self._adapt(fault, request),
            may_repeat=may_repeat,
        )
        seconds = time.monotonic() - started
        asked = self._asked(request.model, chat.characters(chat.body(request, self._lacks)))
        return lacks.plain(tries.reply(made, request, asked, stopped=stopped, seconds=seconds))

    def _adapt(self, fault: Fault, request: Request) -> bool:
        before = self._lacks
        sent, extra_headers = chat.body(request, before), headers(request, before)
        self._lacks |= lacks.refused(fault, sent, extra_headers)
        return self._lacks != before

    def _try(
        self, request: Request, received: Callable[[int], None], began: Callable[[Usage], None]
    ) -> Try:
        """Send the request once and listen until its answer ends, however it ends."""
        heard, fault = Heard(request), None
        try:
            for chunk in self._listen(request):
                if not heard.model:
                    began(bound_usage(request))
                heard.hear(chunk)
                received(heard.tokens)
        except Broken as broken:
            fault = broken.fault
        return heard.ended(fault)

    def _listen(self, request: Request) -> Generator[ChatCompletionChunk]:
        """Yield the pieces of one answer; raises `Broken`."""
        sent, begun = chat.body(request, self._lacks), False
        try:
            with self._client.chat.completions.create(
                **sent, extra_headers=headers(request, self._lacks)
            ) as stream:
                begun = True
                heard = False
                for chunk in stream:
                    heard = True
                    yield chunk
                if not heard:
                    raise Broken(faults.no_answer(stream.response.headers.get("content-type", "")))
        except chat_sdk.failing() as error:
            raise Broken(chat_sdk.fault(error, self._client, begun=begun)) from None

    def _asked(self, model: str, characters: int = 0) -> Asked:
        return Asked(model=model, host=self._host, characters=characters, door=_DOOR)


def _unsaid(fault: Fault) -> bool:
    """Whether nothing is told here: an answer that is not in the format tells nothing either."""
    return faults.may_be_no_endpoint(fault) or fault.should_retry is False
