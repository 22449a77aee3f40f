"""What a tracing backend is told: names and numbers, and never a line of code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from answers import answer
from starting import CALLER, KEY, claude
from test_clouds import ENVIRONMENTS

from reviewer.ask import sdk
from reviewer.standin.messages import Turn
from reviewer.standin.messages_script import invalid

if TYPE_CHECKING:
    from conftest import WorkTree

    from reviewer.settings import Provider

TRACED = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from reviewer.cli import main

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
code = main(sys.argv[1:])
told = ",".join(span.to_json(indent=None) for span in spans.get_finished_spans())
print(f"[{told}]", file=sys.stderr)
sys.exit(code)
"""
"""What an application does that registers a tracer provider, and then calls the command line."""

CODE = ("def area", "width * height", "print(area", "Give areas a unit", CALLER["title"], KEY)


def traced(
    project: WorkTree, url: str, *words: str, code: int = 0, **environment: str
) -> list[dict[str, Any]]:
    """Return the spans of a review; every switch of the SDK that brings content is on."""
    done = subprocess.run(
        (sys.executable, "-c", TRACED, "review", *words),
        cwd=project.folder,
        env={
            **os.environ,
            "ANTHROPIC_BASE_URL": url,
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE": "content",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    told = done.stderr.splitlines()[-1]
    assert [each for each in CODE if each in told] == []
    return list(json.loads(told))


def test_each_ask_is_a_span_with_model_usage_and_request_below_that_of_the_review(
    project: WorkTree,
) -> None:
    with claude(answer(overview=CODE[0]), answer()) as (_, url):
        spans = traced(project, url, "--depth", "deep", "--lenses", "security,tests")

    asks = [span for span in spans if span["name"] == "anthropic.messages.create"]
    (review,) = (span for span in spans if span["name"] == "reviewer.review")
    assert len(asks) == 2
    for span in asks:
        assert span["parent_id"] == review["context"]["span_id"]
        assert span["attributes"]["gen_ai.request.model"] == "claude-opus-5-5"
        assert span["attributes"]["gen_ai.usage.input_tokens"] > 0
        assert span["attributes"]["gen_ai.usage.output_tokens"] > 0
        assert span["attributes"]["anthropic.request.id"].startswith("req_")
    assert review["attributes"]["reviewer.findings"] == 0
    assert review["attributes"]["reviewer.cost_usd"] > 0


@pytest.mark.parametrize(
    ("turn", "code"),
    [
        (Turn.truncated(answer(CALLER), keep_characters=90), 3),
        (Turn(failure=invalid("it is wrong: def area(width, height, unit)")), 2),
    ],
    ids=["cut off", "refused with a piece of the prompt"],
)
def test_what_goes_wrong_is_told_without_code_too(
    project: WorkTree, turn: Turn, code: int
) -> None:
    with claude(turn) as (_, url):
        spans = traced(project, url, "--depth", "quick", code=code)

    states = {span["name"]: span["status"] for span in spans}
    assert "anthropic.messages.create" in states
    assert states["reviewer.review"] == {"status_code": "ERROR" if code == 2 else "UNSET"}


def test_the_spans_of_the_sdk_can_be_switched_off(project: WorkTree) -> None:
    with claude(answer()) as (messages, url):
        spans = traced(project, url, "--depth", "quick", ANTHROPIC_OPEN_TELEMETRY="false")

    assert [span["name"] for span in spans] == ["reviewer.review"]
    assert all("traceparent" not in each.headers for each in messages.requests)


@pytest.mark.parametrize("provider", ["anthropic", *ENVIRONMENTS])
def test_no_client_of_any_provider_records_content(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE", "content")
    for name, value in ENVIRONMENTS.get(provider, {}).items():
        monkeypatch.setenv(name, value)
    made = sdk.client(provider, api_key="k", base_url="http://127.0.0.1:1")

    traces = made.open_telemetry["traces"]
    made.close()
    assert traces["content_mode"] == "metadata_only"
