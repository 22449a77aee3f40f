"""What a server tells of a Message Batch. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reviewer.flow.ask import Usage

ResultKind = Literal["succeeded", "errored", "canceled", "expired", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTold:
    """A Message Batch, as its server tells of it. Times are UNIX seconds.

    `gone` tells that it is archived: its results can be had no more.
    """

    id: str
    created_at: float
    expires_at: float
    requests: int
    ended: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A batch was sent, and no answer tells whether it was created; `why` says what was heard."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one request of a batch. `why` says what went wrong; empty when answered."""

    kind: ResultKind
    usage: Usage = field(default_factory=Usage)
    why: str = ""
