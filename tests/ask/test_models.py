from __future__ import annotations

import pytest

from reviewer.ask import models
from reviewer.ask.told import Told, told


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("claude-opus-5-5", "claude-opus-5-5"),
        ("claude-opus-5", "claude-opus-5"),
        ("anthropic/claude-opus-5.5", "claude-opus-5-5"),
        ("anthropic/claude-sonnet-4.5:google-vertex", "claude-sonnet-4-5"),
        ("openrouter/anthropic/claude-sonnet-4.5:beta", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4"),
        ("claude-sonnet-4-0", "claude-sonnet-4"),
        ("claude-opus-5-latest", "claude-opus-5"),
        ("Claude-Opus-5-5", "claude-opus-5-5"),
    ],
)
def test_a_model_is_found_in_whatever_form_it_is_named(given: str, meant: str) -> None:
    assert models.canonical(given) == meant
    assert models.bundled(given) is not None


@pytest.mark.parametrize("name", models.known())
def test_every_name_in_the_table_is_its_own_canonical_form(name: str) -> None:
    assert models.canonical(name) == name


def test_facts_keep_the_name_that_is_sent() -> None:
    facts = models.bundled("anthropic/claude-opus-5.5")

    assert facts is not None
    assert facts.id == "anthropic/claude-opus-5.5"


@pytest.mark.parametrize("name", ["gpt-oss", "claude-opus-55", "claude", "", "claude-opus-5-5-x"])
def test_an_unknown_model_is_not_guessed(name: str) -> None:
    assert models.bundled(name) is None


@pytest.mark.parametrize("name", models.known())
def test_only_the_two_old_sonnets_need_a_beta_for_a_million_tokens(name: str) -> None:
    facts = models.bundled(name)

    assert facts is not None
    needs = name in ("claude-sonnet-4", "claude-sonnet-4-5")
    assert facts.betas == ((models.BETA_1M,) if needs else ())
    small = name in ("claude-opus-4-5", "claude-haiku-4-5")
    assert facts.max_input_tokens == (models.BASE_WINDOW_TOKENS if small else 1_000_000)


def test_the_api_is_believed_rather_than_the_table() -> None:
    told = Told(max_input_tokens=500_000, max_tokens=50_000)

    facts = models.from_api("claude-opus-5-5", told, None, host="gateway")

    assert (facts.max_input_tokens, facts.max_output_tokens) == (500_000, 50_000)
    assert facts.source == "api"


def test_an_api_that_tells_the_wide_window_gets_the_beta() -> None:
    told = Told(max_input_tokens=1_000_000, max_tokens=64_000)

    assert models.from_api(
        "claude-sonnet-4-5", told, models.bundled("claude-sonnet-4-5"), host="gateway"
    ).betas == (models.BETA_1M,)


@pytest.mark.parametrize("nonsense", [-5, 0, -1])
def test_a_limit_that_is_none_is_not_told(nonsense: int) -> None:
    said = told({"max_input_tokens": nonsense, "max_tokens": nonsense, "lifecycle": "active"})

    facts = models.from_api("claude-opus-5-5", said, models.bundled("claude-opus-5-5"), host="x")

    assert facts.max_input_tokens == 1_000_000
    assert said.lifecycle == "active"


def test_a_model_that_only_the_api_knows_can_be_used() -> None:
    told = Told(max_input_tokens=128_000, max_tokens=8_000, lifecycle="active")

    facts = models.from_api("claude-of-tomorrow", told, None, host="api.anthropic.com")

    assert facts.max_input_tokens == 128_000
    assert facts.warning == ""
