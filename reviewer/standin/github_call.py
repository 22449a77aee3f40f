"""One request to a REST endpoint, and the pages of its answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from reviewer.standin.github_bodies import BODY, checked, parsed
from reviewer.standin.github_shapes import Shapes
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewer.standin.github_store import Store
    from reviewer.standin.github_values import PullRequest, Review
    from reviewer.standin.server import Exchange

MAX_PER_PAGE = 100
DEFAULT_PER_PAGE = 30
"""Source: docs.github.com, "Using pagination in the REST API"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to an endpoint: `path` is what the client's base URL leaves of the address."""

    exchange: Exchange
    store: Store
    api: str
    path: str
    parts: Mapping[str, str]

    @property
    def shapes(self) -> Shapes:
        """The JSON of the answer."""
        return Shapes(self.store, self.api)

    @property
    def pull(self) -> PullRequest:
        """The pull request that the address names."""
        return self.store.pull(int(self.parts["number"]))

    @property
    def review(self) -> Review:
        """The review that the address names."""
        return self.store.review(self.pull, int(self.parts["review"]))

    @property
    def body(self) -> str:
        """The `body` of a request that has no other key."""
        return str(checked(parsed(self.exchange), BODY, ("body",))["body"])

    def number(self, name: str, default: int) -> int:
        """Return a number of the query, or the default when it is none."""
        text = self.exchange.query.get(name, "")
        return int(text) if text.isdecimal() and int(text) > 0 else default


def paged(call: Call, items: Sequence[Any], shape: Callable[[Any], object]) -> Answer:
    """Return one page of the items, with the addresses of the others in the `Link` header."""
    per_page = min(call.number("per_page", DEFAULT_PER_PAGE), MAX_PER_PAGE)
    page, last = call.number("page", 1), max(1, -(-len(items) // per_page))
    shown = [shape(item) for item in items[(page - 1) * per_page : page * per_page]]
    others = {"first": 1, "prev": page - 1} if page > 1 else {}
    if page < last:
        others |= {"next": page + 1, "last": last}
    links = [f'<{_address(call, number)}>; rel="{name}"' for name, number in others.items()]
    return Answer.of_json(shown, 200, **({"link": ", ".join(links)} if links else {}))


def _address(call: Call, page: int) -> str:
    return f"{call.api}{call.path}?{urlencode({**call.exchange.query, 'page': page})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request and the status of its answer; 0 when the connection was closed without one.

    `path` is without the prefix of GHES; `body` is the JSON that came, or None.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int


def seen(exchange: Exchange, path: str, answer: Answer) -> Seen:
    """Return what is remembered of a request."""
    try:
        body = exchange.json() if exchange.body else None
    except ValueError:
        body = None
    return Seen(
        method=exchange.method,
        path=path,
        query=dict(exchange.query),
        body=body,
        status=0 if answer.hang_up else answer.status,
    )
