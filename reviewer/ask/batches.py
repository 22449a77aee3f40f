"""The Message Batches API: many requests at once, at half the price. Does network I/O.

What costs nothing is asked again when it fails. Creating a batch is not: the API knows no
idempotency key, so an answer that never came leaves open whether the batch is there.
Results are taken from the address that everything goes to, whatever `results_url` says: the key
goes nowhere else.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from reviewer.ask import faults, sdk
from reviewer.ask.again import Again, Broken
from reviewer.ask.explain import Asked, explain
from reviewer.ask.faults import OWN_HOST
from reviewer.ask.providers import DOORS, door
from reviewer.ask.results import MOST_LINE_BYTES
from reviewer.errors import UserMustAct
from reviewer.flow import BatchTold, Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from anthropic.types.messages import MessageBatch

    from reviewer.ask.faults import Fault
    from reviewer.errors import ReviewerError
    from reviewer.settings import Provider

T = TypeVar("T")

PAGE = 100
LOOK_UP_SECONDS = 60.0
CREATE_SECONDS = 600.0
"""For one piece of an upload, or for the answer after it."""

_SERVER_ERRORS = 500
_UNDECIDED = frozenset((200, 408, 409))
"""Answers that leave open whether the batch was created; so does every 5xx."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_OTHERWISE = (
    "ask Anthropic itself (setting `provider` anthropic, without ANTHROPIC_BASE_URL) or Claude "
    "Platform on AWS, or run `reviewer audit` in each repository, at the full price"
)


def check_provider(provider: Provider) -> None:
    """Raise `UserMustAct` for a provider that has no Message Batches."""
    if not door(provider).has_batches:
        having = " and ".join(each.title for each in DOORS.values() if each.has_batches)
        raise UserMustAct(
            f"{door(provider).title} has no Message Batches; {having} have", way_out=_OTHERWISE
        )


class MessageBatches:
    """The `Batches` port. Raises `UserMustAct` when there are no credentials."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        provider: Provider = "anthropic",
        max_tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        check_provider(provider)
        self._client = sdk.client(provider, api_key=api_key, base_url=base_url)
        self._door = door(provider)
        self.host = sdk.host(self._client)
        self._again = Again(
            most_tries=max_tries,
            sleep=sleep,
            failing=sdk.failing,
            translate=partial(sdk.fault, made=self._client),
        )

    def close(self) -> None:
        """Close the connections (`contextlib.closing`)."""
        self._client.close()

    def newest(self) -> str:
        """Return the id of the newest batch, empty where there is none.

        Raises `UserMustAct` where nobody knows of batches: nothing was sent by then.
        """
        try:
            page = self._again.free(partial(self._page, limit=1))
        except Broken as broken:
            raise self._lacking(broken.fault) from None
        return page[0].id if page else ""

    def since(self, newest: str) -> tuple[tuple[BatchTold, ...], bool]:
        """Return the batches that are newer than `newest`, and whether that one is there at all.

        The API lists the newest first. An empty `newest` is older than all.
        """
        found: list[BatchTold] = []
        after: dict[str, str] = {}
        while page := self._asked_free(partial(self._page, limit=PAGE, **after)):
            for told in page:
                if told.id == newest:
                    return tuple(found), True
                found.append(told)
            if after.get("after_id") == page[-1].id:
                break
            after = {"after_id": page[-1].id}
        return tuple(found), not newest

    def create(
        self, requests: Sequence[tuple[str, Mapping[str, Any]]], betas: Sequence[str]
    ) -> BatchTold | Unheard:
        """Create a batch of requests by id; asked once, whatever comes of it.

        Raises `UserMustAct` or `CouldNotFinish` when it certainly was not created.
        """
        sent: Any = [{"custom_id": name, "params": params} for name, params in requests]
        headers = {"anthropic-beta": ",".join(betas)} if betas else {}
        create = self._client.messages.batches.create
        try:
            return _told(create(requests=sent, extra_headers=headers, timeout=CREATE_SECONDS))
        except sdk.failing() as error:
            fault = sdk.fault(error, self._client)
        if _undecided(fault):
            return Unheard(why=faults.describe(fault))
        raise self._explained(fault)

    def look(self, batch: str) -> BatchTold:
        """Return how far a batch is; raises `UserMustAct` where this key does not know it."""
        retrieve = self._client.messages.batches.retrieve
        return self._asked_free(
            lambda: _told(retrieve(batch, timeout=LOOK_UP_SECONDS)), batch=batch
        )

    def results(self, batch: str) -> Iterator[bytes]:
        """Yield the lines of the results of a batch that has ended, in no order.

        Raises `CouldNotFinish` when they break off: those that came are whole.
        """
        path = f"/v1/messages/batches/{batch}/results"
        try:
            yield from sdk.lines(
                self._client, path, timeout=CREATE_SECONDS, most_bytes=2 * MOST_LINE_BYTES
            )
        except sdk.failing() as error:
            fault = sdk.fault(error, self._client)
            if faults.is_not_found(fault):
                raise self._unknown(batch, fault) from None
            raise self._explained(fault) from None

    # --- asking -----------------------------------------------------------------------------

    def _page(self, **words: Any) -> list[BatchTold]:  # noqa: ANN401 - the SDK's own parameters
        listed = self._client.messages.batches.list(timeout=LOOK_UP_SECONDS, **words)
        return [_told(each) for each in listed.data]

    def _asked_free(self, call: Callable[[], T], *, batch: str = "") -> T:
        try:
            return self._again.free(call)
        except Broken as broken:
            if batch and faults.is_not_found(broken.fault):
                raise self._unknown(batch, broken.fault) from None
            raise self._explained(broken.fault) from None

    # --- what went wrong --------------------------------------------------------------------

    def _lacking(self, fault: Fault) -> ReviewerError:
        lacking = faults.is_no_endpoint if self.host == OWN_HOST else faults.may_be_no_endpoint
        if lacking(fault) and not faults.is_key_refused(fault):
            return UserMustAct(
                f"{self.host} has no Message Batches: {faults.describe(fault)}",
                way_out=_OTHERWISE,
            )
        return self._explained(fault)

    def _unknown(self, batch: str, fault: Fault) -> UserMustAct:
        return UserMustAct(
            f"{self.host} does not know the batch {batch}: {faults.describe(fault)}",
            way_out="use a key of the workspace that it was submitted with; results are kept for "
            "29 days",
        )

    def _explained(self, fault: Fault) -> ReviewerError:
        asked = Asked(model="the models of the batch", host=self.host, door=self._door)
        return explain(fault, asked)


def _undecided(fault: Fault) -> bool:
    match fault.where:
        case "credentials":
            return False
        case "connection":
            return fault.arrived
        case "status":
            return fault.status >= _SERVER_ERRORS or fault.status in _UNDECIDED
        case "stream":
            return True


def _told(told: MessageBatch) -> BatchTold:
    """Return what a server tells, checked; raises what `sdk.failing` knows as malformed."""
    if not _ID.fullmatch(told.id):
        raise ValueError("that is no id of a batch")
    counts = told.request_counts
    tally = (
        counts.processing, counts.succeeded, counts.errored, counts.canceled, counts.expired
    )  # fmt: skip
    return BatchTold(
        id=told.id,
        created_at=_seconds(told.created_at),
        expires_at=_seconds(told.expires_at),
        requests=sum(tally),
        ended=told.processing_status == "ended",
        gone=told.archived_at is not None,
    )


def _seconds(time_told: datetime | str) -> float:
    """Return UNIX seconds; the SDK leaves a time that it cannot read as it is."""
    if isinstance(time_told, str):
        time_told = datetime.fromisoformat(time_told)
    return time_told.timestamp()
