"""Claude over the Messages API: Anthropic's, a gateway's, a cloud's. Does network I/O.

The SDK's own retries are switched off and ours take their place: the SDK repeats spend-limit
errors in vain, and does not see an answer that breaks off, which bills the prompt all the same.
Every try is kept with what it cost.

The SDK itself is run by `sdk` alone; the shape of a request is `body`, one try of it `listening`,
the rules for errors `faults`, what somebody does not have `lacks`, when to ask again `again`, what
follows from several tries `tries`. Library exceptions are not chained to ours, because their text
can hold the key.
"""

from __future__ import annotations

import json
import operator
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from reviewer.ask import faults, lacks, models, sdk, tries
from reviewer.ask.again import Again, Broken
from reviewer.ask.body import body, characters, countable, headers
from reviewer.ask.connection import address
from reviewer.ask.explain import Asked, explain
from reviewer.ask.faults import OWN_HOST, Fault
from reviewer.ask.listening import Hears, listen
from reviewer.ask.probe import probe
from reviewer.ask.providers import door
from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.ask.told import Told
    from reviewer.flow import Attempt, ModelFacts, Reply, Request, Usage
    from reviewer.settings import Provider

COUNT_SECONDS = 120.0
"""For a count of the whole prompt, which is some megabytes on the way up."""


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
        self._again = Again(
            most_tries=max_tries,
            sleep=sleep or time.sleep,
            failing=sdk.failing,
            translate=partial(sdk.fault, made=self._client),
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

    # --- what the model can take ----------------------------------------------------------------

    def facts(self, model: str) -> ModelFacts:
        """Return what the model can take; the bundled table or the settings fill in for gateways.

        A gateway is asked, for nothing, what it does not have, and the warning says it. Raises
        `UserMustAct` when nobody knows the model.
        """
        table = models.otherwise(model, self._window_tokens)
        told = self._told(model, known=table is not None)
        facts = models.from_api(model, told, table, host=self._host)
        # Whoever tells what a model can do is Anthropic's API, or passes its answers on.
        if self._provider == "anthropic" and not (self._exact or told.takes_schema):
            self._unsure = True
            self._probe(facts)
            facts = models.without_beta(facts) if "beta" in self._lacks else facts
        missing = [f"{self._host} {lacks.SAYS[lack]}" for lack in sorted(self._lacks - {"models"})]
        warning = "; ".join(filter(None, (facts.warning, *missing)))
        return replace(facts, warning=warning, at_gateway=self._unsure)

    def _told(self, model: str, *, known: bool) -> Told:
        # Not imported before it is needed: an estimate takes none of it.
        from reviewer.ask.lookup import look_up
        from reviewer.ask.told import Told

        if "models" in self._lacks:
            return Told()
        try:
            return look_up(
                model,
                self._client.models,
                again=self._again,
                known=known,
                unsaid=faults.is_no_endpoint if self._exact else faults.may_be_no_endpoint,
                listed=not self._exact,
            )
        except Broken as broken:
            raise explain(broken.fault, self._asked(model)) from None

    def _probe(self, facts: ModelFacts) -> None:
        """Find out what a gateway does not take, by having it count a question with all of it.

        Raises `UserMustAct` where it takes no key, no such version or no such model.
        """
        try:
            self._counted(probe(facts.id, betas=facts.betas))
        except Broken as broken:
            fault = broken.fault
            hopeless = faults.is_key_refused(fault) or faults.is_unknown_version(fault)
            if hopeless or (faults.is_unknown_model(fault) and not faults.is_no_endpoint(fault)):
                raise explain(fault, self._asked(facts.id)) from None
            if fault.where != "connection":
                self._lacks |= {"counting"}

    def count_tokens(self, request: Request) -> int:
        """Return the API's own count of the prompt; free of charge.

        Raises `DoesNotCount` where a gateway does not: an estimate has to do then.
        """
        if "counting" in self._lacks:
            raise lacks.DoesNotCount(f"{self._host} does not count tokens")
        try:
            return self._counted(request)
        except Broken as broken:
            if faults.is_no_endpoint(broken.fault):
                said = faults.describe(broken.fault)
                raise lacks.DoesNotCount(f"{self._host} does not count tokens: {said}") from None
            asked = self._asked(request.model, self._body(request))
            raise explain(broken.fault, asked) from None

    def _counted(self, request: Request) -> int:
        while True:
            sent = self.written(request)
            try:
                return self._again.free(
                    partial(self._count, countable(sent), self._headers(request))
                )
            except Broken as broken:
                if not self._adapt(broken.fault, request):
                    raise

    def _count(self, sent: dict[str, Any], extra_headers: dict[str, str]) -> int:
        counted = self._client.messages.count_tokens(
            **sent, extra_headers=extra_headers, timeout=COUNT_SECONDS
        )
        return operator.index(counted.input_tokens)

    def log_in(self, model: str) -> None:
        """Have a question signed that is not sent, for who tells nothing without being paid.

        Raises `UserMustAct` where there is nothing to log in with.
        """
        try:
            sdk.sign(self._client, self._body(probe(model)))
        except sdk.failing() as error:
            raise explain(sdk.fault(error, self._client), self._asked(model)) from None

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
        asked after each try that failed whether the tries so far leave enough money for another;
        `began` hears what the prompt is billed as when an answer begins. An answer that is not
        whole is a `Reply` with `incomplete`, so that what it cost is not lost. Raises
        `UserMustAct` or `CouldNotFinish` when no answer began: `may_repeat` has heard then which
        tries may be billed all the same.
        """
        started = time.monotonic()
        self.written(request)
        hears = Hears(received=received, began=began)
        made, stopped = self._again.until_answered(
            lambda: listen(self._client, request, self._sent(request), hears),
            adapt=lambda fault: self._adapt(fault, request),
            may_repeat=may_repeat,
        )
        seconds = time.monotonic() - started
        asked = self._asked(request.model, self._body(request))
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

    def _sent(self, request: Request) -> dict[str, Any]:
        return {**self._body(request), "extra_headers": self._headers(request)}

    def _adapt(self, fault: Fault, request: Request) -> bool:
        """Leave out from now on what a gateway refuses, and say whether there was such a thing."""
        if self._exact:
            return False
        before = self._lacks
        self._lacks |= lacks.refused(fault, self._body(request), self._headers(request))
        return self._lacks != before

    def _check_size(self, sent: dict[str, Any]) -> None:
        """Raise `UserMustAct` for what the provider takes for too large before it is sent."""
        size, most = len(json.dumps(sent)), self._door.most_body_bytes
        if size > most:
            raise UserMustAct(
                f"the request has {size:,} bytes, and {self._door.title} takes {most:,}",
                way_out="lower `max_prompt_tokens`, or exclude files",
            )

    def _asked(self, model: str, sent: dict[str, Any] | None = None) -> Asked:
        return Asked(
            model=model,
            host=self._host,
            characters=characters(sent) if sent else 0,
            door=self._door,
        )
