"""What the Messages stand-in refuses, as the real API does."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest
from anthropic import Omit
from messages_client import HELLO, asking, playing, prompt, streamed, text

from reviewer.standin.messages import MAX_BODY_BYTES, Turn
from reviewer.standin.messages_schema import violations

BETA_1M = {"anthropic-beta": "some-other-beta, context-1m-2025-08-07"}
TOOL = {"name": "read", "input_schema": {"type": "object"}}
OLD = "claude-opus-4-5"


def schema(**more: Any) -> dict[str, Any]:
    wanted = {"type": "object", "additionalProperties": False, **more}
    return {"format": {"type": "json_schema", "schema": wanted}}


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        ({"messages": []}, "at least one message"),
        ({"messages": prompt(text(" \n"))}, "non-whitespace"),
        ({"system": [text("")]}, "system: text content blocks"),
        ({"max_tokens": 0}, "max_tokens: 0"),
        ({"max_tokens": 128_001}, "max_tokens: 128001 > 128000"),
        ({"model": OLD, "max_tokens": 64_001}, "max_tokens: 64001 > 64000"),
        ({"extra_body": {"temperature": 1.0}}, "temperature"),
        ({"extra_body": {"top_p": 1.0}}, "top_p"),
        ({"extra_body": {"top_k": 5}}, "top_k"),
        ({"tools": [TOOL], "tool_choice": {"type": "any"}}, "tool_choice"),
        ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "read"}}, "tool_choice"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "{"}]}, "prefill"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "thinking.type.enabled"),
        ({"thinking": {"type": "disabled"}}, "thinking.type.disabled"),
        ({"thinking": {"type": "deep"}}, "thinking.type"),
        ({"output_config": {"effort": "utmost"}}, "effort"),
        ({"model": "claude-haiku-4-5", "output_config": {"effort": "low"}}, "effort"),
        ({"model": "claude-opus-4-6", "output_config": {"effort": "xhigh"}}, "effort"),
        ({"output_config": {"format": {"type": "json_object"}}}, "output_config.format"),
        ({"output_config": schema(minProperties=1)}, "minProperties"),
        ({"messages": prompt(*[text(str(n), "5m") for n in range(5)])}, "A maximum of 4"),
        (
            {"messages": prompt(*[text(str(n), "5m") for n in range(4)], text("4"))}
            | {"cache_control": {"type": "ephemeral"}},
            "Found 5",
        ),
        (
            {"system": [text("a", "5m")], "messages": prompt(text("b", "1h"))},
            "messages.0.content.0.cache_control.ttl: a ttl='1h'",
        ),
        ({"messages": prompt(text("a", "2h"))}, "ttl '5m' or '1h'"),
        (
            {"messages": prompt(text("a", "1h")), "cache_control": {"type": "ephemeral"}},
            "different ttl",
        ),
    ],
)
def test_a_rule_of_the_api_is_a_400(request_: dict[str, Any], complaint: str) -> None:
    with (
        playing(Turn(text="x")) as (_, client),
        pytest.raises(anthropic.BadRequestError) as caught,
    ):
        streamed(client, **request_)

    assert caught.value.type == "invalid_request_error"
    assert complaint in str(caught.value.api_message)


@pytest.mark.parametrize(
    "request_",
    [
        {"model": OLD, "messages": [*HELLO, {"role": "assistant", "content": "{"}]},
        {"model": OLD, "thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"model": OLD, "tools": [TOOL], "tool_choice": {"type": "any"}},
        {"tools": [TOOL], "tool_choice": {"type": "none"}},
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        {"model": "claude-sonnet-5-5", "thinking": {"type": "between_tools"}},
        {"output_config": schema(properties={"line": {"type": "integer"}})},
        {"messages": prompt(*[text(str(n), "5m") for n in range(4)])},
        {"system": [text("a", "1h")], "messages": prompt(text("b", "5m"))},
        {"messages": prompt(text("a", "5m")), "cache_control": {"type": "ephemeral"}},
        {"max_tokens": 128_000},
    ],
)
def test_a_sound_request_is_served(request_: dict[str, Any]) -> None:
    with playing(Turn(text="x")) as (_, client):
        assert streamed(client, **request_).stop_reason == "end_turn"


def test_an_older_version_of_the_api_takes_sampling_parameters() -> None:
    with playing(Turn(text="x"), default_headers={"anthropic-version": "2023-06-01"}) as (
        _,
        client,
    ):
        assert streamed(client, extra_body={"temperature": 0.5}).stop_reason == "end_turn"


@pytest.mark.parametrize("version", [Omit(), "2026-10-22"])
def test_a_version_nobody_knows_is_a_400(version: Any) -> None:
    with (
        playing(Turn(text="x"), default_headers={"anthropic-version": version}) as (_, client),
        pytest.raises(anthropic.BadRequestError, match="anthropic-version"),
    ):
        streamed(client)


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": Omit(), "x-api-key": "k"}, {"authorization": "bearer k"}]
)
def test_a_key_counts_in_either_header(headers: dict[str, Any]) -> None:
    with playing(Turn(text="x"), default_headers=headers) as (_, client):
        assert streamed(client).stop_reason == "end_turn"


@pytest.mark.parametrize("authorization", [Omit(), "Bearer", "Basic k"])
def test_a_request_without_a_key_is_a_401(authorization: Any) -> None:
    headers = {"authorization": authorization, "x-api-key": Omit()}
    with (
        playing(Turn(text="x")) as (_, client),
        pytest.raises(anthropic.AuthenticationError) as caught,
    ):
        streamed(client, extra_headers=headers)

    assert caught.value.type == "authentication_error"


@pytest.mark.parametrize("model", ["claude-nobody", "claude-opus-4-1"])
def test_a_model_that_is_unknown_or_retired_is_a_404(model: str) -> None:
    with (
        playing(Turn(text="x")) as (_, client),
        pytest.raises(anthropic.NotFoundError, match=f"model: {model}"),
    ):
        streamed(client, model=model)


def test_counting_needs_a_known_model_too() -> None:
    with playing() as (_, client), pytest.raises(anthropic.NotFoundError):
        client.messages.count_tokens(model="claude-nobody", messages=HELLO)


def test_a_path_nobody_serves_is_a_404() -> None:
    with playing() as (_, client), pytest.raises(anthropic.NotFoundError):
        client.get("/v1/nothing", cast_to=object)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_a_400(body: bytes) -> None:
    with playing() as (standin, client), pytest.raises(anthropic.BadRequestError):
        client.post("/v1/messages", cast_to=object, content=body)

    assert standin.requests == []


# --- sizes -------------------------------------------------------------------------------------


def test_a_prompt_longer_than_the_window_is_refused_with_both_numbers() -> None:
    with (
        playing(Turn(text="x"), count=lambda _: 1_000_001) as (_, client),
        pytest.raises(anthropic.BadRequestError) as caught,
    ):
        streamed(client)

    assert caught.value.api_message == "prompt is too long: 1000001 tokens > 1000000 maximum"


def test_a_prompt_may_fill_the_window() -> None:
    with playing(Turn(text="x"), count=lambda _: 1_000_000) as (_, client):
        assert streamed(client, max_tokens=128_000).stop_reason == "end_turn"


def test_an_older_model_has_a_window_of_200k() -> None:
    with (
        playing(Turn(text="x"), count=lambda _: 200_001) as (_, client),
        pytest.raises(anthropic.BadRequestError, match="200001 tokens > 200000 maximum"),
    ):
        streamed(client, model=OLD)


@pytest.mark.filterwarnings("ignore:The model 'claude-sonnet-4-5' is deprecated")
def test_the_beta_widens_the_window_of_sonnet_4_5() -> None:
    with playing(Turn(text="x"), count=lambda _: 200_001) as (_, client):
        with pytest.raises(anthropic.BadRequestError, match="200001 tokens > 200000 maximum"):
            streamed(client, model="claude-sonnet-4-5")
        message = streamed(client, model="claude-sonnet-4-5", extra_headers=BETA_1M)

    assert message.stop_reason == "end_turn"


def test_the_beta_does_nothing_for_models_it_was_never_served_on() -> None:
    with (
        playing(Turn(text="x"), count=lambda _: 200_001) as (_, client),
        pytest.raises(anthropic.BadRequestError, match="200001 tokens > 200000 maximum"),
    ):
        streamed(client, model=OLD, extra_headers=BETA_1M)


def test_a_body_over_32_mb_is_a_413() -> None:
    with (
        playing(Turn(text="x")) as (standin, client),
        pytest.raises(anthropic.APIStatusError) as caught,
    ):
        client.messages.create(**asking(system="x" * MAX_BODY_BYTES))

    assert (caught.value.status_code, caught.value.type) == (413, "request_too_large")
    assert standin.requests == []


# --- schemas -----------------------------------------------------------------------------------

CLOSED = {"type": "object", "additionalProperties": False}
DEEP = {
    **CLOSED,
    "properties": {
        "findings": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/$defs/finding"},
        },
        "when": {"type": "string", "format": "date-time"},
        "what": {"anyOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"type": "null"}]},
    },
    "required": ["findings", "when", "what"],
    "$defs": {"finding": {**CLOSED, "properties": {"level": {"enum": ["high", "low"]}}}},
}


def inside(**node: Any) -> dict[str, Any]:
    return {**CLOSED, "properties": {"x": {"type": "array", "items": node}}, "required": ["x"]}


def test_a_schema_inside_the_subset_has_no_violation() -> None:
    assert list(violations(DEEP)) == []


def test_a_pydantic_schema_passes_after_the_sdks_transformation() -> None:
    from pydantic import BaseModel, Field

    class Point(BaseModel):
        line: int = Field(ge=1)

    class Found(BaseModel):
        points: list[Point] = Field(max_length=3)

    assert list(violations(Found.model_json_schema())) != []
    assert list(violations(anthropic.transform_schema(Found))) == []


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        (inside(type="integer", minimum=1), "schema.properties.x.items: For 'integer' type"),
        (inside(type="number", multipleOf=2), "multipleOf"),
        (inside(type="string", minLength=1), "minLength"),
        (inside(type="string", maxLength=1), "maxLength"),
        (inside(type="array", maxItems=3), "maxItems"),
        (inside(type="array", minItems=2), "minItems"),
        (inside(type="string", format="phone"), "format 'phone'"),
        (inside(type="string", pattern=r"\bword"), "pattern"),
        (inside(type="string", pattern="a(?=b)"), "pattern"),
        (inside(oneOf=[{"type": "string"}]), "oneOf"),
        (inside(type="object"), "additionalProperties"),
        (inside(properties={}), "additionalProperties"),
        (inside(type=["object", "null"], properties={}), "additionalProperties"),
        (inside(type="object", additionalProperties={"type": "string"}), "additionalProperties"),
        (inside(**{"$ref": "https://example.invalid/x.json"}), "external $ref"),
        (inside(**{"$ref": "#"}), "recursive"),
        (inside(allOf=[{"$ref": "#/$defs/a"}]) | {"$defs": {"a": CLOSED}}, "'allOf' with '$ref'"),
        (
            inside(**{"$ref": "#/$defs/a"})
            | {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
            "'a' contains itself",
        ),
        ({**CLOSED, "properties": {str(n): {"type": "string"} for n in range(25)}}, "25 optional"),
        (
            inside(**CLOSED, properties={str(n): {"type": ["string", "null"]} for n in range(17)}),
            "17 properties of union type",
        ),
    ],
)
def test_a_schema_outside_the_subset_is_refused(wanted: dict[str, Any], complaint: str) -> None:
    assert complaint in "\n".join(violations(wanted))
