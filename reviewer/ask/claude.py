"""Claude over the Messages API: the only module that runs `anthropic`. Does network I/O.

The SDK's own retries are switched off and ours take their place: the SDK repeats spend-limit
errors in vain, and does not see an answer that breaks off, which bills the prompt all the same.
Every try is kept with what it cost.

The shape of a request is `body`, the rules for errors `faults`, what follows from several tries
`tries`. Library exceptions are not chained to ours, because their text can hold the key.
"""

from __future__ import annotations

import operator
import os
import time
import warnings
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from reviewer.ask import faults, models, tries
from reviewer.ask.body import body, characters, countable, headers
from reviewer.ask.faults import Asked, Fault
from reviewer.errors import CouldNotFinish, UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from anthropic import Anthropic, APIStatusError
    from anthropic.lib.streaming import MessageStream, MessageStreamManager

    from reviewer.ask.tries import Try
    from reviewer.flow import Attempt, ModelFacts, Reply, Request, Usage

T = TypeVar("T")

LOOK_UP_SECONDS = 20.0
"""For a question that is answered at once, or the server is not there."""

COUNT_SECONDS = 120.0
"""For a count of the whole prompt, which is some megabytes on the way up."""

CHARACTERS_A_TOKEN = 3
"""For progress, and for the bill of an answer that broke off; the API counts whole ones."""

MOST_ERROR_CHARACTERS = 500
"""A proxy's error can be a whole web page."""

_OWN_HOST = "api.anthropic.com"
_DEFAULT_URL = f"https://{_OWN_HOST}"
_NO_SUCH_ENDPOINT = frozenset((403, 404, 405, 501))
_PROXIES = frozenset(("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"))
_MALFORMED = (AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What the SDK raises on an answer that is not the API's; asking again would not change it."""


class _Broken(Exception):
    """A request failed; not an error yet, because it may be tried again."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """Who hears how an answer comes: how many tokens so far, and what its prompt is billed as."""

    received: Callable[[int], None]
    began: Callable[[Usage], None]


class Claude:
    """The `Model` port. The key comes from the caller, and is in no message.

    Without a key the SDK looks for `ANTHROPIC_AUTH_TOKEN`, a profile, or workload identity
    federation; raises `UserMustAct` when there is none of them. `base_url` None means
    `ANTHROPIC_BASE_URL`, else Anthropic. `diagnose` asks why the prompt cache was missed; None
    asks Anthropic's own host alone.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None = None,
        max_tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        diagnose: bool | None = None,
    ) -> None:
        self._client = _client(api_key, base_url)
        self._diagnose = self._host == _OWN_HOST if diagnose is None else diagnose
        self._max_tries = max_tries
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections (`contextlib.closing`)."""
        self._client.close()

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take; the bundled table fills in for gateways.

        Raises `UserMustAct` when neither knows the model.
        """
        from reviewer.ask.told import told

        table = models.bundled(model)
        try:
            answer = self._free(
                lambda: self._client.models.retrieve(model, timeout=LOOK_UP_SECONDS)
            )
        except _Broken as broken:
            if table is None or broken.fault.status not in _NO_SUCH_ENDPOINT:
                raise faults.explain(broken.fault, self._asked(model)) from None
            return models.from_table(table, host=self._host)
        return models.from_api(model, told(answer), host=self._host)

    def count_tokens(self, request: Request) -> int:
        """Return the API's own count of the prompt; free of charge.

        Raises `CouldNotFinish` where a gateway does not count: an estimate has to do then.
        """
        sent = body(request)
        try:
            return self._free(lambda: self._count(countable(sent), headers(request)))
        except _Broken as broken:
            if broken.fault.status in _NO_SUCH_ENDPOINT:
                raise CouldNotFinish(
                    f"{self._host} does not count tokens: {faults.describe(broken.fault)}",
                    way_out="nothing to do: the size is estimated instead",
                ) from None
            raise faults.explain(broken.fault, self._asked(request.model, sent)) from None

    def _count(self, sent: dict[str, Any], extra_headers: dict[str, str]) -> int:
        counted = self._client.messages.count_tokens(
            **sent, extra_headers=extra_headers, timeout=COUNT_SECONDS
        )
        return operator.index(counted.input_tokens)

    def ask(
        self,
        request: Request,
        *,
        received: Callable[[int], None],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
        began: Callable[[Usage], None] = lambda _usage: None,
    ) -> Reply:
        """Send the request and wait for the whole answer, trying again where that can help.

        `received` hears about how many tokens of the running try have arrived; `may_repeat` is
        asked whether the tries so far leave enough money for another; `began` hears what the
        prompt is billed as when an answer begins. An answer that is not whole
        is a `Reply` with `incomplete`, so that what it cost is not lost. Raises `UserMustAct` or
        `CouldNotFinish` when no answer began, and so nothing was billed.
        """
        started, sent = time.monotonic(), body(request, diagnose=self._diagnose)
        hears = Hears(received=received, began=began)
        made, stopped = self._until_answered(request, sent, hears, may_repeat)
        seconds, asked = time.monotonic() - started, self._asked(request.model, sent)
        return tries.reply(made, request, asked, stopped=stopped, seconds=seconds)

    def _until_answered(
        self,
        request: Request,
        sent: dict[str, Any],
        hears: Hears,
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
    ) -> tuple[list[Try], str]:
        """Return every try, and why the last one, if it failed, was not repeated."""
        made = [self._try(request, sent, hears)]
        while fault := made[-1].fault:
            if stopped := faults.why_stop(fault, tries=len(made), most_tries=self._max_tries):
                return made, stopped
            if not may_repeat(tuple(one.attempt for one in made)):
                return made, "sending it again could cost more than the cap allows"
            self._sleep(faults.wait_seconds(fault, tries=len(made)))
            made.append(self._try(request, sent, hears))
        return made, ""

    def _try(self, request: Request, sent: dict[str, Any], hears: Hears) -> Try:
        """Send the request once and listen until its answer ends, however it ends."""
        message, fault, request_id, characters = None, None, "", 0
        try:
            with closing(self._listen(sent, headers(request))) as events:
                for stream, event in events:
                    request_id = stream.request_id or ""
                    if event.type == "message_start":
                        hears.began(tries.billed(stream.current_message_snapshot, request))
                    if message or event.type == "message_start":
                        message = stream.current_message_snapshot
                    characters += tries.length(event)
                    hears.received(characters // CHARACTERS_A_TOKEN)
        except _Broken as broken:
            fault = broken.fault
        return tries.ended(
            message,
            fault,
            request,
            request_id=request_id,
            heard_tokens=characters // CHARACTERS_A_TOKEN,
        )

    def _listen(
        self, sent: dict[str, Any], extra_headers: dict[str, str]
    ) -> Generator[tuple[MessageStream[None], Any]]:
        """Yield the events of one answer; raises `_Broken`.

        What the listener raises between two events is not caught here: an error of ours must not
        look like a broken stream, which is paid for again.
        """
        import httpx2
        from anthropic import AnthropicError

        try:
            with self._open(sent, extra_headers) as stream:
                for event in stream:
                    if event.type == "message_start":
                        tries.check(stream.current_message_snapshot)
                    yield stream, event
        except (AnthropicError, httpx2.HTTPError) as error:
            raise _Broken(self._fault(error)) from None
        except _MALFORMED as error:
            raise _Broken(_malformed(error)) from None

    def _open(
        self, sent: dict[str, Any], extra_headers: dict[str, str]
    ) -> MessageStreamManager[None]:
        with warnings.catch_warnings():
            # A deprecated model is told by `facts`, with its date, where the user sees it.
            warnings.simplefilter("ignore", DeprecationWarning)
            return self._client.messages.stream(**sent, extra_headers=extra_headers)

    def _free(self, call: Callable[[], T]) -> T:
        """Make a request that costs nothing, as often as may help; raises `_Broken`."""
        import httpx2
        from anthropic import AnthropicError

        number = 1
        while True:
            try:
                return call()
            except (AnthropicError, httpx2.HTTPError) as error:
                fault = self._fault(error)
            except _MALFORMED as error:
                fault = _malformed(error)
            if faults.why_stop(fault, tries=number, most_tries=self._max_tries):
                raise _Broken(fault)
            self._sleep(faults.wait_seconds(fault, tries=number))
            number += 1

    def _fault(self, error: Exception) -> Fault:
        """Translate what the SDK raised; the key is cut out of every text."""
        from anthropic import APIConnectionError, APIError, APIStatusError
        from httpx2 import ConnectError, ConnectTimeout, HTTPError

        if isinstance(error, APIStatusError):
            return self._status_fault(error)
        if isinstance(error, APIConnectionError):
            cause = self._clean(str(error.__cause__ or error))
            through = [name for name in os.environ if name.upper() in _PROXIES]
            proxies = f" (through {', '.join(through)})" if through else ""
            what = f"could not reach {self._host}{proxies}: {cause}"
            arrived = not isinstance(error.__cause__, ConnectError | ConnectTimeout)
            return Fault(where="connection", message=what, arrived=arrived)
        text = self._clean(str(error) or type(error).__name__)
        broke = isinstance(error, APIError | HTTPError)
        return Fault(where="stream" if broke else "credentials", message=text)

    def _status_fault(self, error: APIStatusError) -> Fault:
        retry_after, should_retry = faults.retry_headers(error.response.headers)
        return Fault(
            where="status",
            status=error.status_code,
            type=error.type or "",
            code=error.error_code or "",
            message=self._clean(str(error.api_message or error.message)),
            request_id=error.request_id or "",
            retry_after_seconds=retry_after,
            should_retry=should_retry,
        )

    def _clean(self, text: str) -> str:
        for secret in (self._client.api_key, self._client.auth_token):
            text = text.replace(secret, "[key]") if secret else text
        return " ".join(text.split())[:MOST_ERROR_CHARACTERS]

    @property
    def _host(self) -> str:
        return self._client.base_url.netloc.decode()

    def _asked(self, model: str, sent: dict[str, Any] | None = None) -> Asked:
        return Asked(model=model, host=self._host, characters=characters(sent) if sent else 0)


def _malformed(error: Exception) -> Fault:
    what = f"the answer is not in the API's format ({type(error).__name__})"
    return Fault(where="stream", message=what, should_retry=False)


def _client(api_key: str | None, base_url: str | None) -> Anthropic:
    """Return the SDK's client; raises `UserMustAct` when it has nothing to log in with."""
    from anthropic import Anthropic, AnthropicError, DefaultHttpxClient

    key = (api_key or "").strip()
    if not key.isascii() or not key.isprintable() or set(key) & set(" \"'"):
        raise UserMustAct(
            f"the key for Claude has {len(key)} characters, and some that no key has",
            way_out="set ANTHROPIC_API_KEY to the key alone: one line, no quotes",
        )
    # An empty variable is an unset one: GitHub gives unset inputs so. None lets a profile choose.
    url = base_url or os.environ.get("ANTHROPIC_BASE_URL")
    try:
        client = Anthropic(
            api_key=key or None,
            base_url=_DEFAULT_URL if url == "" else url,
            max_retries=0,
            # Code goes to the address that was given, and to no other that it points at.
            http_client=DefaultHttpxClient(follow_redirects=False),
        )
    except AnthropicError as error:
        raise UserMustAct(
            f"the credentials for Claude could not be loaded: {error}", way_out=faults.KEY_WAY_OUT
        ) from None
    if not (client.api_key or client.auth_token or client.credentials):
        raise UserMustAct("there is no key for Claude", way_out=faults.KEY_WAY_OUT)
    if client.base_url.scheme not in ("http", "https") or not client.base_url.host:
        raise UserMustAct(
            "the address of the Messages API is not a URL",
            way_out="set ANTHROPIC_BASE_URL to https:// and a host, or unset it",
        )
    return client
