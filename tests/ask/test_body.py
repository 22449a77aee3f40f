from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
from calling import REQUEST
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ask.body import body, characters
from reviewer.ask.digest import digest
from reviewer.flow import Block

if TYPE_CHECKING:
    from reviewer.flow import Request


def markers(request: Request) -> list[object]:
    sent = body(request)
    blocks = [*sent["system"], *sent["messages"][0]["content"]]
    return [block.get("cache_control") for block in blocks]


def test_breakpoints_are_not_sent_when_nothing_is_to_be_cached() -> None:
    assert markers(REQUEST) == [None, None, None]


@pytest.mark.parametrize("ttl", ["5m", "1h"])
def test_breakpoints_are_sent_where_they_are_asked_for(ttl: Literal["5m", "1h"]) -> None:
    marker = {"type": "ephemeral", "ttl": ttl}

    assert markers(replace(REQUEST, cache_ttl=ttl)) == [marker, marker, None]


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("claude-opus-4-6", {"type": "adaptive"}),
        ("anthropic/claude-opus-4.8", {"type": "adaptive"}),
        ("claude-sonnet-4-6", {"type": "adaptive"}),
        ("claude-opus-5-5", None),
        ("claude-opus-5", None),
        ("claude-haiku-4-5", None),
    ],
)
def test_thinking_is_asked_for_only_where_it_is_off_by_default(
    model: str, thinking: object
) -> None:
    assert body(replace(REQUEST, model=model)).get("thinking") == thinking


def test_effort_is_left_to_the_model_unless_it_is_set() -> None:
    assert "effort" not in body(REQUEST)["output_config"]
    assert body(replace(REQUEST, effort="low"))["output_config"]["effort"] == "low"


def test_the_schema_keeps_the_order_of_its_properties() -> None:
    schema = '{"properties": {"b": {}, "a": {}}}'

    sent = body(replace(REQUEST, schema=schema))["output_config"]["format"]

    assert sent["type"] == "json_schema"
    assert list(sent["schema"]["properties"]) == ["b", "a"]


def test_blocks_without_text_are_left_out_because_the_api_refuses_them() -> None:
    request = replace(REQUEST, user=(Block(text=" \n"), Block(text=""), Block(text="change")))

    assert [block["text"] for block in body(request)["messages"][0]["content"]] == ["change"]


@given(st.text(st.characters(), min_size=1))
def test_any_text_can_be_sent(text: str) -> None:
    sent = body(replace(REQUEST, user=(Block(text=f"x{text}"),)))

    assert json.dumps(sent, ensure_ascii=False).encode()
    assert characters(sent) == len(REQUEST.system[0].text) + 1 + len(text)


def test_the_same_request_has_the_same_digest() -> None:
    assert digest(REQUEST) == digest(replace(REQUEST))
    assert len(digest(REQUEST)) == 64


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, model="claude-opus-5"),
        replace(REQUEST, max_output_tokens=1),
        replace(REQUEST, effort="low"),
        replace(REQUEST, cache_ttl="5m"),
        replace(REQUEST, betas=("x",)),
        replace(REQUEST, schema='{"properties": {"b": {}, "a": {}}}'),
        replace(REQUEST, schema='{"properties": {"a": {}, "b": {}}}'),
        replace(REQUEST, user=(Block(text="other"),)),
        replace(REQUEST, system=REQUEST.user, user=REQUEST.system),
    ],
)
def test_another_request_has_another_digest(other: Request) -> None:
    assert digest(other) != digest(REQUEST)


def test_the_order_of_the_schema_is_part_of_the_digest() -> None:
    one, other = (
        replace(REQUEST, schema=f'{{"properties": {{"{a}": {{}}, "{b}": {{}}}}}}')
        for a, b in ("ab", "ba")
    )

    assert digest(one) != digest(other)


def test_importing_the_adapter_does_not_import_the_sdk() -> None:
    program = """
import sys
import reviewer.ask.claude, reviewer.money.plan
print(sorted({"anthropic", "httpx2", "genai_prices"} & set(sys.modules)))
"""
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
