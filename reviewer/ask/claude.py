"""Claude over the Messages API: Anthropic's, a gateway's, a cloud's. Does network I/O.

The SDK's own retries are switched off and ours take their place: the SDK repeats spend-limit
errors in vain, and does not see an answer that breaks off, which bills the prompt all the same.
Every try is kept with what it cost.

The SDK itself is run by `sdk` alone; the shape of a request is `body`, the rules for errors
`faults`, what somebody does not have `lacks`, when to ask again `again`, what follows from
several tries `tries`. Library exceptions are not chained to ours, because their text can hold
the key.
"""

from __future__ import annotations

import json
import operator
import time
import warnings
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from reviewer.ask import again, faults, lacks, models, sdk, tries
from reviewer.ask.again import Broken
from reviewer.ask.body import body, characters, countable, headers
from reviewer.ask.faults import OWN_HOST, Asked, Fault
from reviewer.ask.probe import probe
from reviewer.ask.providers import door
from reviewer.errors import CouldNotFinish, UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from anthropic.lib.streaming import MessageStream, MessageStreamManager

    from reviewer.ask.told import Told
    from reviewer.ask.tries import Try
    from reviewer.flow import Attempt, ModelFacts, Reply, Request, Usage
    from reviewer.settings import Provider

T = TypeVar("T")

LOOK_UP_SECONDS = 20.0
"""For a question that is answered at once, or the server is not there."""

COUNT_SECONDS = 120.0
"""For a count of the whole prompt, which is some megabytes on the way up."""

CHARACTERS_A_TOKEN = 3
"""For progress, and for the bill of an answer that broke off; the API counts whole ones."""

_NO_SUCH_ENDPOINT = frozenset((403, 404, 405, 501))
_UNCLEAR = frozenset((400, 422, 500))
"""What gateways say besides to a question that they do not know."""

_UNSAID = _NO_SUCH_ENDPOINT | _UNCLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """Who hears how an answer comes: how many tokens so far, and what its prompt is billed as."""

    received: Callable[[int], None]
    began: Callable[[Usage], None]


class Claude:
    """The `Model` port. The key comes from the caller or the environment, and is in no message.

    Without a key the SDK looks for `ANTHROPIC_AUTH_TOKEN`, a profile, or workload identity
    federation; a cloud's client for the credentials of the cloud. Raises `UserMustAct` when there
    is none of them. `base_url` None means the variable of the provider, else its own address.
    `window_tokens` stands in where nobody knows a model. `diagnose` asks why the prompt cache was
    missed; None asks Anthropic's own host alone.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        provider: Provider = "anthropic",
        window_tokens: int | None = None,
        max_tries: int = 3,
        sleep: Callable[[float], None] | None = None,
        diagnose: bool | None = None,
    ) -> None:
        self._provider = provider
        self._door = door(provider)
        self._client = sdk.client(provider, api_key=api_key, base_url=base_url)
        self._host = sdk.host(self._client)
        self._exact = self._door.exact or self._host == OWN_HOST
        self._lacks = self._door.lacks
        self._unsure = False
        self._window_tokens = window_tokens
        self._diagnose = self._host == OWN_HOST if diagnose is None else diagnose
        self._max_tries = max_tries
        self._sleep = sleep or time.sleep

    def close(self) -> None:
        """Close the connections (`contextlib.closing`)."""
        self._client.close()

    @property
    def host(self) -> str:
        """Who is asked, by the name of the host."""
        return self._host

    # --- what the model can take ----------------------------------------------------------------

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take; the bundled table or the settings fill in for gateways.

        A gateway is asked, for nothing, what it does not have, and the warning says it. Raises
        `UserMustAct` when nobody knows the model.
        """
        told = self._told(model)
        table = models.otherwise(model, self._window_tokens)
        facts = models.from_api(model, told, table, host=self._host)
        # Whoever tells what a model can do is Anthropic's API, or passes its answers on.
        if self._provider == "anthropic" and not (self._exact or told.takes_schema):
            self._unsure = True
            self._probe(facts)
            facts = models.without_beta(facts) if "beta" in self._lacks else facts
        missing = [f"{self._host} {lacks.SAYS[lack]}" for lack in sorted(self._lacks - {"models"})]
        warning = "; ".join(filter(None, (facts.warning, *missing)))
        return replace(facts, warning=warning, at_gateway=self._unsure)

    def _told(self, model: str) -> Told:
        from reviewer.ask.told import Told, told

        if "models" in self._lacks:
            return Told()
        retrieve = self._client.models.retrieve
        try:
            return told(self._free(lambda: retrieve(model, timeout=LOOK_UP_SECONDS)))
        except Broken as broken:
            if (listed := self._listed(model, broken.fault)) is not None:
                return listed
            raise faults.explain(broken.fault, self._asked(model)) from None

    def _listed(self, model: str, fault: Fault) -> Told | None:
        """Return what is told of a model after the question about it failed.

        A gateway may have a list all the same: a name with a slash is not found in a path. None
        where the failure is none that others who know the model can make up for.
        """
        from reviewer.ask.told import Told, among

        if fault.status not in (_NO_SUCH_ENDPOINT if self._exact else _UNSAID):
            return None
        found, listing = Told(), partial(self._client.models.list, timeout=LOOK_UP_SECONDS)
        if not self._exact:
            with suppress(Broken):
                found = self._free(lambda: among(listing().data, model))
        known = found.max_input_tokens or models.otherwise(model, self._window_tokens)
        return None if not known and faults.is_unknown_model(fault) else found

    def _probe(self, facts: ModelFacts) -> None:
        """Find out what a gateway does not take, by having it count a question with all of it.

        Raises `UserMustAct` where it takes no key, no such version or no such model.
        """
        try:
            self._counted(probe(facts.id, betas=facts.betas))
        except Broken as broken:
            fault = broken.fault
            hopeless = faults.is_key_refused(fault) or faults.is_unknown_version(fault)
            if hopeless or (fault.status in _UNCLEAR and faults.is_unknown_model(fault)):
                raise faults.explain(fault, self._asked(facts.id)) from None
            if fault.where != "connection":
                self._lacks |= {"counting"}

    def count_tokens(self, request: Request) -> int:
        """Return the API's own count of the prompt; free of charge.

        Raises `CouldNotFinish` where a gateway does not count: an estimate has to do then.
        """
        if "counting" in self._lacks:
            raise CouldNotFinish(f"{self._host} does not count tokens", way_out=_ESTIMATED)
        try:
            return self._counted(request)
        except Broken as broken:
            if broken.fault.status in _NO_SUCH_ENDPOINT:
                raise CouldNotFinish(
                    f"{self._host} does not count tokens: {faults.describe(broken.fault)}",
                    way_out=_ESTIMATED,
                ) from None
            asked = self._asked(request.model, self._body(request))
            raise faults.explain(broken.fault, asked) from None

    def _counted(self, request: Request) -> int:
        while True:
            sent = self.written(request)
            try:
                return self._free(partial(self._count, countable(sent), self._headers(request)))
            except Broken as broken:
                if not self._adapt(broken.fault, request):
                    raise

    def _count(self, sent: dict[str, Any], extra_headers: dict[str, str]) -> int:
        counted = self._client.messages.count_tokens(
            **sent, extra_headers=extra_headers, timeout=COUNT_SECONDS
        )
        return operator.index(counted.input_tokens)

    # --- asking ---------------------------------------------------------------------------------

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
        started = time.monotonic()
        self.written(request)
        hears = Hears(received=received, began=began)
        made, stopped = again.until_answered(
            lambda: self._try(request, hears),
            adapt=lambda fault: self._adapt(fault, request),
            may_repeat=may_repeat,
            most_tries=self._max_tries,
            sleep=self._sleep,
        )
        seconds, asked = (
            time.monotonic() - started,
            self._asked(request.model, self._body(request)),
        )
        reply = tries.reply(made, request, asked, stopped=stopped, seconds=seconds)
        return lacks.plain(reply) if self.in_words else reply

    @property
    def in_words(self) -> bool:
        """Whether the format of the answer is told in the prompt too: nobody enforces it then."""
        return self._unsure or "schema" in self._lacks

    def written(self, request: Request) -> dict[str, Any]:
        """Return what would be sent; raises `UserMustAct` when it is too large."""
        sent = self._body(request)
        self._check_size(sent)
        return sent

    def _body(self, request: Request) -> dict[str, Any]:
        return body(request, diagnose=self._diagnose, lacks=self._lacks, in_words=self.in_words)

    def _headers(self, request: Request) -> dict[str, str]:
        return headers(request, self._lacks)

    def _adapt(self, fault: Fault, request: Request) -> bool:
        """Leave out from now on what a gateway refuses, and say whether there was such a thing."""
        if self._exact:
            return False
        refused = lacks.refused(fault, self._body(request), self._headers(request))
        if refused is None or refused in self._lacks:
            return False
        self._lacks |= {refused}
        return True

    def _check_size(self, sent: dict[str, Any]) -> None:
        """Raise `UserMustAct` for what the provider takes for too large before it is sent."""
        size, most = len(json.dumps(sent)), self._door.most_body_bytes
        if size > most:
            raise UserMustAct(
                f"the request has {size:,} bytes, and {self._door.title} takes {most:,}",
                way_out="lower `max_prompt_tokens`, or exclude files",
            )

    def _try(self, request: Request, hears: Hears) -> Try:
        """Send the request once and listen until its answer ends, however it ends."""
        message, fault, request_id, characters = None, None, "", 0
        try:
            with closing(self._listen(self._body(request), self._headers(request))) as events:
                for stream, event in events:
                    request_id = stream.request_id or ""
                    if event.type == "message_start":
                        hears.began(tries.billed(stream.current_message_snapshot, request))
                    if message or event.type == "message_start":
                        message = stream.current_message_snapshot
                    characters += tries.length(event)
                    hears.received(characters // CHARACTERS_A_TOKEN)
        except Broken as broken:
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
        """Yield the events of one answer; raises `Broken`.

        What the listener raises between two events is not caught here: an error of ours must not
        look like a broken stream, which is paid for again.
        """
        try:
            with self._open(sent, extra_headers) as stream:
                for event in stream:
                    if event.type == "message_start":
                        tries.check(stream.current_message_snapshot)
                    yield stream, event
        except sdk.failing() as error:
            raise Broken(sdk.fault(error, self._client)) from None

    def _open(
        self, sent: dict[str, Any], extra_headers: dict[str, str]
    ) -> MessageStreamManager[None]:
        with warnings.catch_warnings():
            # A deprecated model is told by `facts`, with its date, where the user sees it.
            warnings.simplefilter("ignore", DeprecationWarning)
            return self._client.messages.stream(**sent, extra_headers=extra_headers)

    def _free(self, call: Callable[[], T]) -> T:
        return again.free(
            call,
            failing=sdk.failing(),
            translate=lambda error: sdk.fault(error, self._client),
            most_tries=self._max_tries,
            sleep=self._sleep,
        )

    def _asked(self, model: str, sent: dict[str, Any] | None = None) -> Asked:
        return Asked(
            model=model,
            host=self._host,
            characters=characters(sent) if sent else 0,
            door=self._door,
        )


_ESTIMATED = "nothing to do: the size is estimated instead"
