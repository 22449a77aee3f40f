"""A stand-in for an OpenAI-compatible gateway that serves Claude. Plays a script.

It keeps the rules of chat completions, translates, and hands on to the stand-in for the Messages
API, as real gateways do: so the rules of the model, its window and its exact cache hold behind it.
Shapes: `openai.types.chat` of the package; what is Claude's on top: ZenMux's documentation of
`cache_control` on the parts of a message and of `anthropic-beta`.

>>> with Server(ChatCompletions([Turn(text="{}")])) as server:
...     client = OpenAI(base_url=f"{server.url}/v1", api_key="stand-in")
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reviewer.standin.messages import Messages
from reviewer.standin.messages_models import find
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reviewer.standin.messages import Turn
    from reviewer.standin.server import Exchange

_PARAMETERS = frozenset(
    (
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "model",
        "reasoning_effort",
        "response_format",
        "stream",
        "stream_options",
    )
)
"""What this stand-in translates; every other parameter it refuses by name."""

_FINISHED = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
    "tool_use": "tool_calls",
}


class ChatCompletions:
    """The application behind `Server`. Models are named as the gateway does: `anthropic/...`.

    `refuses` names parameters that it does not know; with `tells_usage` false it is one that does
    not know `include_usage`.
    """

    def __init__(
        self, script: Sequence[Turn] = (), *, refuses: Sequence[str] = (), tells_usage: bool = True
    ) -> None:
        self.api = Messages(script)
        self.exchanges: list[Exchange] = []
        self._refuses = refuses
        self._tells_usage = tells_usage

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to one request."""
        self.exchanges.append(exchange)
        scheme, _, key = exchange.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            return _error(401, "You didn't provide an API key.", code="invalid_api_key")
        match exchange.method, exchange.path.strip("/").split("/", 2):
            case "POST", ["v1", "chat", "completions"]:
                return self._complete(exchange)
            case "GET", ["v1", "models", name]:
                return _model(name)
            case _:
                return _error(404, f"Invalid URL ({exchange.method} {exchange.path})")

    def _complete(self, exchange: Exchange) -> Answer:
        try:
            body = exchange.json()
        except ValueError:
            return _error(400, "We could not parse the JSON body of your request.")
        if problem := next(_problems(body, self._refuses), None):
            return _error(400, problem)
        inner = self.api.answer(_translated(exchange, body))
        told = json.loads(b"".join(inner.chunks)) if inner.status >= 400 else None  # noqa: PLR2004
        if told is not None:
            return _as_error(inner, told)
        usage = self._tells_usage and (body.get("stream_options") or {}).get("include_usage")
        return replace(inner, chunks=_chunks(inner.chunks, body["model"], tells_usage=bool(usage)))


def _problems(body: Any, refuses: Sequence[str]) -> Iterator[str]:  # noqa: ANN401 - outside JSON
    """Yield what is wrong with a request, in the API's words."""
    if not isinstance(body, dict):
        yield "The body is not a JSON object."
        return
    for name in body:
        if name not in _PARAMETERS or name in refuses:
            yield _unknown(name)
    if "cache_control" in refuses and '"cache_control"' in json.dumps(body):
        yield _unknown("messages[0].content[0].cache_control")
    if not isinstance(body.get("model"), str):
        yield "you must provide a model parameter"
    if not body.get("stream"):
        yield "this stand-in streams only"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        yield "[] is too short - 'messages'"
    yield from _message_problems(body["messages"])
    yield from _format_problems(body.get("response_format"))


def _message_problems(messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message.get("role") not in ("system", "user", "assistant", "developer"):
            yield f"{message.get('role')!r} is not one of the roles"
        if any(part.get("type") != "text" for part in message["content"]):
            yield "Invalid value of 'type': supported is 'text'"


def _format_problems(wanted: Any) -> Iterator[str]:  # noqa: ANN401 - outside JSON
    if wanted is None:
        return
    named = wanted.get("json_schema") or {}
    if wanted.get("type") != "json_schema" or not named.get("name"):
        yield "Missing required parameter: 'response_format.json_schema.name'."
    elif not isinstance(named.get("schema"), dict):
        yield "Missing required parameter: 'response_format.json_schema.schema'."


def _unknown(name: str) -> str:
    if name == "max_tokens":
        return (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        )
    return f"Unrecognized request argument supplied: {name}"


def _translated(exchange: Exchange, body: Mapping[str, Any]) -> Exchange:
    """Return the request to the Messages API that this one stands for."""
    of_role: dict[str, list[Any]] = {"system": [], "user": []}
    for message in body["messages"]:
        of_role["system" if message["role"] == "system" else "user"] += message["content"]
    config: dict[str, Any] = {}
    if wanted := body.get("response_format"):
        schema = wanted["json_schema"]["schema"]
        config["format"] = {"type": "json_schema", "schema": schema}
    if effort := body.get("reasoning_effort"):
        config["effort"] = effort
    sent = {
        "model": _plain(body["model"]),
        "max_tokens": body.get("max_tokens") or body.get("max_completion_tokens") or 4096,
        "system": of_role["system"],
        "messages": [{"role": "user", "content": of_role["user"]}],
        "stream": True,
    }
    key = exchange.headers["authorization"].partition(" ")[2]
    return replace(
        exchange,
        path="/v1/messages",
        headers={**exchange.headers, "x-api-key": key, "anthropic-version": "2023-06-01"},
        body=json.dumps(sent | ({"output_config": config} if config else {})).encode(),
    )


def _plain(model: str) -> str:
    return model.removeprefix("anthropic/").replace(".", "-")


# --- the answer ---------------------------------------------------------------------------------


def _chunks(events: Iterable[bytes], model: str, *, tells_usage: bool) -> Iterator[bytes]:
    """Yield the pieces of a chat completion for the events of a message."""
    prompt: dict[str, Any] = {}
    for event in events:
        told = _data(event)
        if told is None:
            yield b'data: {"id": "chatcmpl-torn", "cho'
            return
        match told["type"]:
            case "message_start":
                prompt = told["message"]["usage"]
                yield _chunk(model, [_choice({"role": "assistant", "content": ""})])
            case "content_block_delta" if "text" in told["delta"]:
                yield _chunk(model, [_choice({"content": told["delta"]["text"]})])
            case "message_delta":
                reason = _FINISHED.get(told["delta"]["stop_reason"], "stop")
                yield _chunk(model, [_choice({}, reason)])
                if tells_usage:
                    yield _chunk(model, [], _usage(prompt, told["usage"]))
            case "message_stop":
                yield b"data: [DONE]\n\n"
            case "error":
                yield _written({"error": {**told["error"], "code": 502}})
            case _:
                pass


def _data(event: bytes) -> dict[str, Any] | None:
    """Return what an event says, or None for one that is torn."""
    _, _, data = event.decode().partition("data: ")
    try:
        told: dict[str, Any] = json.loads(data)
    except ValueError:
        return None
    return told


def _chunk(model: str, choices: list[Any], usage: object = None) -> bytes:
    return _written(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1_790_000_000,
            "model": model,
            "choices": choices,
            "usage": usage,
        }
    )


def _choice(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}


def _usage(prompt: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bill as gateways write it: what was cached is part of the prompt."""
    read, written = prompt["cache_read_input_tokens"], prompt["cache_creation_input_tokens"]
    total = prompt["input_tokens"] + read + written
    return {
        "prompt_tokens": total,
        "completion_tokens": told["output_tokens"],
        "total_tokens": total + told["output_tokens"],
        "prompt_tokens_details": {"cached_tokens": read, "cache_write_tokens": written},
    }


def _written(value: object) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def _as_error(inner: Answer, told: Mapping[str, Any]) -> Answer:
    """Return the Messages API's error as a gateway passes it on."""
    error = told["error"]
    code = "context_length_exceeded" if "too long" in error["message"] else None
    answer = _error(inner.status, error["message"], kind=error["type"], code=code)
    return replace(answer, headers={**answer.headers, **_kept(inner.headers)})


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    names = ("retry-after", "x-should-retry")
    return {name: headers[name] for name in names if name in headers}


def _model(name: str) -> Answer:
    model = find(_plain(name.replace("%2F", "/")))
    if model is None:
        return _error(404, f"The model '{name}' does not exist", code="model_not_found")
    return Answer.of_json(
        {
            "id": name,
            "object": "model",
            "created": 1_790_000_000,
            "owned_by": "anthropic",
            "context_length": model.window_tokens,
            "max_completion_tokens": model.max_output_tokens,
        }
    )


def _error(
    status: int, message: str, *, kind: str = "invalid_request_error", code: str | None = None
) -> Answer:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Answer.of_json({"error": error}, status)
