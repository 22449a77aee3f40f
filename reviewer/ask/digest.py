"""Request -> the name of what was asked. Pure."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from reviewer.ask.body import body, headers

if TYPE_CHECKING:
    from reviewer.flow import Request


def digest(request: Request) -> str:
    """Return the SHA-256 of what is sent, in hex: the same request has the same digest.

    The key is no part of a request, so it is no part of the digest. Keys are not sorted: the
    order of the schema's properties is the order of the answer, so it is part of the question.
    """
    sent = json.dumps([body(request), headers(request)], separators=(",", ":"))
    return sha256(sent.encode()).hexdigest()
