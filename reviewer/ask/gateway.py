"""Claude, or another model, at an OpenAI-compatible endpoint. Does network I/O.

The only module that runs `openai`, which is an extra. Its own retries are switched off, and
redirects are not followed, as in `claude`; when to ask again and what a try cost is decided by
the same rules. Such endpoints count no tokens before and tell the bill at the end: until then a
prompt is held for as dear as its bytes can be.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from reviewer.ask import again, chat, faults, lacks, models, stops, tries
from reviewer.ask.again import Broken
from reviewer.ask.body import headers
from reviewer.ask.faults import Asked, Fault
from reviewer.ask.providers import checked_key, door
from reviewer.ask.request import bound_usage
from reviewer.ask.told import Told, among, told
from reviewer.ask.tries import Try
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.flow import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from openai import APIStatusError, OpenAI
    from openai.types.chat import ChatCompletionChunk

    from reviewer.flow import Attempt, ModelFacts, Reply, Request

T = TypeVar("T")

LOOK_UP_SECONDS = 20.0
CHARACTERS_A_TOKEN = 3
MOST_ERROR_CHARACTERS = 500

_MALFORMED = (AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_UNSAID = frozenset((400, 403, 404, 405, 422, 500, 501))
"""What an endpoint answers that has no list of models."""

_NO_MONEY = 402
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
        self._client = _client(api_key, base_url)
        self._host = self._client.base_url.netloc.decode()
        self._lacks = _DOOR.lacks
        self._window_tokens = window_tokens
        self._max_tries = max_tries
        self._sleep = sleep or time.sleep

    def close(self) -> None:
        """Close the connections (`contextlib.closing`)."""
        self._client.close()

    @property
    def host(self) -> str:
        """Who is asked, by the name of the host."""
        return self._host

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take; the bundled table or the settings fill in.

        Raises `UserMustAct` when nobody knows the model.
        """
        table = models.otherwise(model, self._window_tokens)
        retrieve = self._client.models.retrieve
        try:
            found = self._free(lambda: told(retrieve(model, timeout=LOOK_UP_SECONDS)))
        except Broken as broken:
            # An answer that is not in the format tells nothing either.
            unsaid = broken.fault.status in _UNSAID or broken.fault.should_retry is False
            found = self._listed(model) if unsaid else Told()
            known = table or found.max_input_tokens
            if not unsaid or (not known and faults.is_unknown_model(broken.fault)):
                raise faults.explain(broken.fault, self._asked(model)) from None
        return models.from_api(model, found, table, host=self._host)

    def _listed(self, model: str) -> Told:
        """Return what the list tells: a name with a slash is not found in a path."""
        listing = partial(self._client.models.list, timeout=LOOK_UP_SECONDS)
        with suppress(Broken):
            return self._free(lambda: among(listing().data, model))
        return Told()

    def _free(self, call: Callable[[], T]) -> T:
        return again.free(
            call,
            failing=_failing(),
            translate=self._fault,
            most_tries=self._max_tries,
            sleep=self._sleep,
        )

    def count_tokens(self, request: Request) -> int:
        """Raise `CouldNotFinish`: these endpoints do not count, so an estimate has to do."""
        raise CouldNotFinish(
            f"{self._host} does not count the tokens of {request.model}",
            way_out="nothing to do: the size is estimated instead",
        )

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
        made, stopped = again.until_answered(
            lambda: self._try(request, received, began),
            adapt=lambda fault: self._adapt(fault, request),
            may_repeat=may_repeat,
            most_tries=self._max_tries,
            sleep=self._sleep,
        )
        seconds = time.monotonic() - started
        asked = self._asked(request.model, chat.characters(chat.body(request, self._lacks)))
        return lacks.plain(tries.reply(made, request, asked, stopped=stopped, seconds=seconds))

    def _adapt(self, fault: Fault, request: Request) -> bool:
        refused = lacks.refused(
            fault, chat.body(request, self._lacks), headers(request, self._lacks)
        )
        if refused is None or refused in self._lacks:
            return False
        self._lacks |= {refused}
        return True

    def _try(
        self, request: Request, received: Callable[[int], None], began: Callable[[Usage], None]
    ) -> Try:
        """Send the request once and listen until its answer ends, however it ends."""
        heard, fault = _Heard(request), None
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
                yield from stream
        except _failing() as error:
            raise Broken(self._fault(error, begun=begun)) from None

    # --- errors ---------------------------------------------------------------------------------

    def _fault(self, error: Exception, *, begun: bool = False) -> Fault:
        """Translate what the package raised; `begun` where an answer had begun by then."""
        from openai import APIConnectionError, APIStatusError

        if isinstance(error, APIStatusError):
            return self._status(error)
        if isinstance(error, APIConnectionError):
            return self._connection(error.__cause__ or error, begun=begun)
        if isinstance(error, _MALFORMED):
            what = f"the answer is not in the API's format ({type(error).__name__})"
            return Fault(where="stream", message=what, should_retry=False)
        return Fault(where="stream", message=self._clean(str(error) or type(error).__name__))

    def _connection(self, cause: BaseException, *, begun: bool) -> Fault:
        """Return the fault of a connection that was not made, or died."""
        from httpx2 import ConnectError, ConnectTimeout

        said = self._clean(str(cause) or type(cause).__name__)
        if begun:
            return Fault(where="stream", message=said)
        arrived = not isinstance(cause, ConnectError | ConnectTimeout)
        what = f"could not reach {self._host}: {said}"
        return Fault(where="connection", message=what, arrived=arrived)

    def _status(self, error: APIStatusError) -> Fault:
        retry_after, should_retry = faults.retry_headers(error.response.headers)
        told = error.body if isinstance(error.body, dict) else {}
        code = error.code or ""
        message = str(told.get("message") or faults.own_words(error.message, error.status_code))
        broke = error.status_code == _NO_MONEY or code == "insufficient_quota"
        if code == "context_length_exceeded":
            message = f"prompt is too long: {message}"
        return Fault(
            where="status",
            status=error.status_code,
            type="billing_error" if broke else "",
            code=code,
            message=self._clean(message),
            request_id=error.request_id or "",
            retry_after_seconds=retry_after,
            should_retry=should_retry,
        )

    def _clean(self, text: str) -> str:
        text = text.replace(self._client.api_key, "[key]")
        return " ".join(text.split())[:MOST_ERROR_CHARACTERS]

    def _asked(self, model: str, characters: int = 0) -> Asked:
        return Asked(model=model, host=self._host, characters=characters, door=_DOOR)


class _Heard:
    """What has come of one answer so far."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._texts: list[str] = []
        self._stop = ""
        self._refusal = ""
        self._usage: Usage | None = None
        self._characters = 0
        self.id = ""
        self.model = ""

    @property
    def tokens(self) -> int:
        """About how many tokens have arrived, thinking that is shown included."""
        return self._characters // CHARACTERS_A_TOKEN

    def hear(self, chunk: ChatCompletionChunk) -> None:
        """Take in one piece; raises nothing on one that is half empty, as gateways send them."""
        self.id = self.id or chunk.id or ""
        self.model = self.model or chunk.model or self._request.model
        self._usage = chat.usage(chunk.usage, self._request) or self._usage
        for choice in (chunk.choices or ())[:1]:
            text = choice.delta.content or ""
            thought = getattr(choice.delta, "reasoning_content", None) or ""
            self._texts.append(text)
            self._characters += len(text) + len(str(thought))
            self._refusal += choice.delta.refusal or ""
            self._stop = self._stop or choice.finish_reason or ""

    def ended(self, fault: Fault | None) -> Try:
        """Return what came of it. An answer that does not say why it ended broke off."""
        if self._stop:
            fault = None  # the last word of an answer: what breaks after it breaks nothing
        elif fault is None:
            fault = Fault(where="stream", message="the connection closed too early")
        begun = bool(self.model)
        stop = "refusal" if self._refusal else chat.STOPS.get(self._stop, self._stop)
        return Try(
            request_id=self.id if begun else (fault.request_id if fault else ""),
            usage=self._billed() if begun else Usage(),
            model=self.model,
            text="".join(self._texts),
            stop_reason=stop,
            refusal=stops.refused(None, self._refusal or None) if stop == "refusal" else "",
            fault=fault,
            untold=begun and self._usage is None,
        )

    def _billed(self) -> Usage:
        """Return the bill; where nobody told it, as of an answer that broke off, the most."""
        return self._usage or bound_usage(self._request) + Usage(output_tokens=self.tokens)


def _failing() -> tuple[type[Exception], ...]:
    import httpx2
    from openai import OpenAIError

    return (OpenAIError, httpx2.HTTPError, *_MALFORMED)


def _client(api_key: str | None, base_url: str | None) -> OpenAI:
    """Return the package's client; raises `UserMustAct` when it is not there, or has no key."""
    try:
        from openai import DefaultHttpxClient, OpenAI
    except ImportError:
        raise UserMustAct(
            "the package `openai` is not installed, and `provider` is openai",
            way_out=f"pip install '{_DOOR.package}'",
        ) from None
    key = checked_key(api_key, "OPENAI_API_KEY")
    if not key:
        raise UserMustAct(f"there is no key for {_DOOR.title}", way_out=_DOOR.way_out)
    client = OpenAI(
        api_key=key,
        base_url=base_url or os.environ.get("OPENAI_BASE_URL") or None,
        max_retries=0,
        http_client=DefaultHttpxClient(follow_redirects=False),
    )
    if client.base_url.scheme not in ("http", "https") or not client.base_url.host:
        raise UserMustAct(
            f"the address of {_DOOR.title} is not a URL",
            way_out=f"set {_DOOR.address} to https:// and a host",
        )
    return client
