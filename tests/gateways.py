"""Gateways with the Messages API of the stand-in behind them, each with less than it has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.standin.messages import Messages
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.standin.messages import Turn
    from reviewer.standin.server import Exchange


class GatewayLike:
    """Takes the model's name with a prefix, and lacks what it is told to lack.

    `without` names parts of the body that it refuses as unknown, `ignores` those that it drops
    without a word; `counts` and `lists` are the two free endpoints, `betas` whether it knows any.
    """

    def __init__(
        self,
        script: Sequence[Turn] = (),
        *,
        without: Sequence[str] = (),
        ignores: Sequence[str] = (),
        counts: bool = True,
        lists: bool = False,
        versions: Sequence[str] = ("2023-06-01",),
        betas: bool = True,
    ) -> None:
        self.api = Messages(script)
        self.exchanges: list[Exchange] = []
        self._without, self._ignores = without, ignores
        self._counts, self._lists, self._versions = counts, lists, versions
        self._betas = betas

    def answer(self, exchange: Exchange) -> Answer:
        self.exchanges.append(exchange)
        if wrong := self._wrong_headers(exchange):
            return wrong
        if "/models" in exchange.path and not self._lists:
            return _error(404, "not_found_error", "Not Found")
        if exchange.path.endswith("/count_tokens") and not self._counts:
            return _error(404, "not_found_error", "Not Found")
        body = exchange.json() if exchange.body else {}
        for name in self._without:
            if f'"{name}"' in json.dumps(body):
                return _error(
                    400, "invalid_request_error", f"{name}: Extra inputs are not permitted"
                )
        return self.api.answer(_passed_on(exchange, body, self._ignores))

    def _wrong_headers(self, exchange: Exchange) -> Answer | None:
        if not exchange.headers.get("x-api-key"):
            return _error(401, "authentication_error", "Missing x-api-key")
        if exchange.headers["anthropic-version"] not in self._versions:
            return _error(400, "invalid_request_error", "anthropic-version: not a valid version")
        if not self._betas and "anthropic-beta" in exchange.headers:
            return _error(400, "invalid_request_error", "Unexpected value(s) in anthropic-beta")
        return None


def _passed_on(exchange: Exchange, body: dict[str, Any], ignores: Sequence[str]) -> Exchange:
    from dataclasses import replace

    kept = {name: value for name, value in body.items() if name not in ignores}
    if "model" in kept:
        kept["model"] = kept["model"].removeprefix("anthropic/").replace(".", "-")
    return replace(exchange, body=json.dumps(kept).encode() if kept else b"")


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer.of_json({"type": "error", "error": {"type": kind, "message": message}}, status)
