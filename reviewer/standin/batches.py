"""A stand-in for the Message Batches API: real rules, scripted faults.

Each request of a batch goes through the rules of a message and gets the next turn of the script;
a broken rule makes it an `errored` result, because the API looks at them later. Sources:
platform.claude.com/docs, "Batch processing" and "Create a Message Batch".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from reviewer.standin.messages_script import Failure, Received, invalid
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewer.standin.server import Exchange

MOST_BODY_BYTES = 256 * 1024 * 1024
MOST_REQUESTS = 100_000
PAGE = 20
MOST_PAGE = 1000
EXPIRY_SECONDS = 24 * 3600.0

_CUSTOM_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_KINDS = ("succeeded", "errored", "canceled", "expired")

Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next request of a kind, once.

    `create` and `results` fail as a whole: `status` before anything is done (a 5xx or a 4xx), or
    after it; `hang_up` without an answer. `cut` ends the results in the middle of a line.
    """

    at: Literal["create", "look", "list", "results"]
    how: Literal["status", "hang up", "cut"] = "status"
    status: int = 500
    carried_out: bool = False
    message: str = "Internal server error"


@dataclass(slots=True, kw_only=True)
class Batch:
    """One batch. `looks_left` counts how often it is asked about before it ends; None: never."""

    id: str
    workspace: str
    created_at: float
    requests: tuple[Mapping[str, Any], ...]
    results: list[Line] = field(default_factory=list)
    looks_left: int | None = 0
    archived: bool = False

    @property
    def ended(self) -> bool:
        """Whether every request of it has a result."""
        return self.looks_left == 0

    @property
    def custom_ids(self) -> list[str]:
        """The ids that were given to its requests."""
        return [str(each["custom_id"]) for each in self.requests]


class Batches:
    """All batches of the stand-in, oldest first. Thread-safe.

    `process` plays one request and returns its result. `looks` is how often a new batch is asked
    about before it ends. `instead` gives results by custom id in the place of what would be
    played: `{"type": "expired"}`. `extra_lines` stand before the results of every batch.
    """

    def __init__(self, process: Callable[[Received], Line], *, clock: Callable[[], float]) -> None:
        self.all: list[Batch] = []
        self.faults: list[Fault] = []
        self.looks: int | None = 0
        self.instead: Callable[[str], Line | None] = lambda _custom_id: None
        self.extra_lines: tuple[bytes, ...] = ()
        self._process = process
        self._clock = clock
        self._lock = Lock()

    def counts(self) -> dict[str, int]:
        """Return how often each custom id was asked for, over all batches."""
        ids = [name for batch in self.all for name in batch.custom_ids]
        return {name: ids.count(name) for name in ids}

    def answer(
        self, exchange: Exchange, received: Received, way: Sequence[str]
    ) -> Answer | Failure:
        """Return the answer to a request whose path goes on with `way`."""
        workspace = _workspace(exchange.headers)
        match exchange.method, way:
            case "POST", []:
                return self._faulty("create", lambda: self._create(exchange, received, workspace))
            case "GET", []:
                return self._faulty("list", lambda: self._list(exchange, workspace))
            case "GET", [name]:
                return self._faulty("look", lambda: self._look(name, workspace, exchange))
            case "GET", [name, "results"]:
                return self._faulty("results", lambda: self._results(name, workspace))
            case _:
                return Failure(status=404, kind="not_found_error", message="Not Found")

    # --- faults -----------------------------------------------------------------------------

    def _faulty(self, at: str, carry_out: Callable[[], Answer | Failure]) -> Answer | Failure:
        with self._lock:
            fault = next((each for each in self.faults if each.at == at), None)
            if fault:
                self.faults.remove(fault)
        if fault is None:
            return carry_out()
        done = carry_out() if fault.carried_out or fault.how == "cut" else None
        if fault.how == "hang up":
            return Answer(hang_up=True)
        if isinstance(done, Answer) and fault.how == "cut":
            whole = b"".join(done.chunks)
            return replace(done, chunks=(whole[: len(whole) * 2 // 3],), cut=True)
        return Failure(status=fault.status, kind="api_error", message=fault.message)

    # --- create -----------------------------------------------------------------------------

    def _create(self, exchange: Exchange, received: Received, workspace: str) -> Answer | Failure:
        requests = received.body.get("requests")
        if problem := _refused(requests):
            return invalid(problem)
        results = [self._result(each, received) for each in requests or ()]
        with self._lock:
            batch = Batch(
                id=f"msgbatch_{len(self.all) + 1:024d}",
                workspace=workspace,
                created_at=self._clock(),
                requests=tuple(requests or ()),
                results=results,
                looks_left=self.looks,
            )
            self.all.append(batch)
        return Answer.of_json(self._told(batch, exchange, new=True))

    def _result(self, request: Mapping[str, Any], received: Received) -> Line:
        name = str(request["custom_id"])
        result = self.instead(name) or self._played(request["params"], received)
        return {"custom_id": name, "result": result}

    def _played(self, params: Mapping[str, Any], received: Received) -> Line:
        if params.get("stream"):
            return errored(invalid("stream: streaming is not supported for batch requests"))
        if params.get("max_tokens") == 0:
            return errored(invalid("max_tokens: 0 is not supported for batch requests"))
        return self._process(replace(received, path="/v1/messages", body=params))

    # --- reading ----------------------------------------------------------------------------

    def _find(self, name: str, workspace: str) -> Batch | None:
        return next(
            (each for each in self.all if each.id == name and each.workspace == workspace), None
        )

    def _look(self, name: str, workspace: str, exchange: Exchange) -> Answer | Failure:
        batch = self._find(name, workspace)
        if batch is None:
            return _unknown(name)
        return Answer.of_json(self._told_later(batch, exchange))

    def _list(self, exchange: Exchange, workspace: str) -> Answer | Failure:
        query = exchange.query
        limit = int(query.get("limit", PAGE))
        if not 1 <= limit <= MOST_PAGE:
            return invalid(f"limit: Input should be from 1 to {MOST_PAGE}")
        mine = [each for each in reversed(self.all) if each.workspace == workspace]
        ids = [each.id for each in mine]
        page, more = _page(ids, query, limit)
        data = [self._told_later(each, exchange) for each in mine if each.id in page]
        first, last = (page[0], page[-1]) if page else (None, None)
        return Answer.of_json({"data": data, "has_more": more, "first_id": first, "last_id": last})

    def _results(self, name: str, workspace: str) -> Answer | Failure:
        batch = self._find(name, workspace)
        if batch is None:
            return _unknown(name)
        if not batch.ended or batch.archived:
            return Failure(
                status=404, kind="not_found_error", message="No results are available yet"
            )
        lines = [json.dumps(each).encode() for each in reversed(batch.results)]
        return Answer(
            headers={"content-type": "application/x-jsonl"},
            chunks=(b"".join(line + b"\n" for line in (*self.extra_lines, *lines)),),
        )

    def _told_later(self, batch: Batch, exchange: Exchange) -> dict[str, Any]:
        told = self._told(batch, exchange)
        if batch.looks_left:
            batch.looks_left -= 1
        return told

    def _told(self, batch: Batch, exchange: Exchange, *, new: bool = False) -> dict[str, Any]:
        ended = batch.ended and not new
        kinds = [str(each["result"]["type"]) for each in batch.results] if ended else []
        counts = {kind: kinds.count(kind) for kind in _KINDS}
        host = exchange.headers.get("host", "localhost")
        at = batch.created_at
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": {"processing": len(batch.requests) - len(kinds), **counts},
            "created_at": _time(at),
            "expires_at": _time(at + EXPIRY_SECONDS),
            "ended_at": _time(self._clock()) if ended else None,
            "archived_at": _time(self._clock()) if batch.archived else None,
            "cancel_initiated_at": None,
            "results_url": f"http://{host}/v1/messages/batches/{batch.id}/results"
            if ended and not batch.archived
            else None,
        }


def _workspace(headers: Mapping[str, str]) -> str:
    """Return whose batches these are: a key belongs to a workspace."""
    return headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")


def _refused(requests: object) -> str:
    """Return what is wrong with the list of requests; empty for none that is known by now."""
    if not isinstance(requests, list) or not requests:
        return "requests: List should have at least 1 item"
    if len(requests) > MOST_REQUESTS:
        return f"requests: List should have at most {MOST_REQUESTS} items"
    names = [each.get("custom_id") if isinstance(each, dict) else None for each in requests]
    for number, name in enumerate(names):
        if not isinstance(name, str) or not _CUSTOM_ID.match(name):
            return (
                f"requests.{number}.custom_id: String should match pattern '{_CUSTOM_ID.pattern}'"
            )
        if not isinstance(requests[number].get("params"), dict):
            return f"requests.{number}.params: Field required"
    if len(set(names)) < len(names):
        return "requests: custom_id must be unique within the batch"
    return ""


def _page(ids: Sequence[str], query: Mapping[str, str], limit: int) -> tuple[list[str], bool]:
    """Return the ids of one page, newest first, and whether there are more behind it."""
    if (before := query.get("before_id")) in ids:
        end = ids.index(str(before))
        return list(ids[max(0, end - limit) : end]), end > limit
    after = query.get("after_id")
    start = ids.index(after) + 1 if after in ids else 0
    return list(ids[start : start + limit]), start + limit < len(ids)


def errored(failure: Failure) -> Line:
    """Return the result of a request that breaks a rule."""
    return {"type": "errored", "error": failure.body("req_batch")}


def _unknown(name: str) -> Failure:
    return Failure(
        status=404, kind="not_found_error", message=f"Message batch {name} was not found"
    )


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
