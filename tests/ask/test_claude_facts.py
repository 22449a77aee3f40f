from __future__ import annotations

import traceback
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from calling import KEY, REQUEST, Always, ask, claude_at

from reviewer.ask import models
from reviewer.ask.claude import Claude
from reviewer.errors import CouldNotFinish, ReviewerError, UserMustAct
from reviewer.flow import ModelFacts
from reviewer.standin.messages import Messages, Turn

if TYPE_CHECKING:
    from pathlib import Path

NOT_FOUND = Always('{"detail": "Not Found"}', content_type="application/json", status=404)
PAGE = Always("<html>", content_type="text/html")
NOT_JSON = Always("{", content_type="application/json")


def facts_of(model: str) -> ModelFacts:
    with claude_at(Messages()) as claude:
        return claude.facts(model)


def test_the_api_tells_what_a_model_can_take() -> None:
    assert facts_of("claude-opus-5-5") == ModelFacts(
        id="claude-opus-5-5",
        max_input_tokens=1_000_000,
        max_output_tokens=128_000,
        source="api",
    )


def test_a_name_without_a_date_stays_the_name_that_is_asked_for() -> None:
    assert facts_of("claude-opus-4-5").id == "claude-opus-4-5"


def test_a_deprecated_model_is_told_with_its_last_day() -> None:
    assert "deprecated and ends on 2026-11-30" in facts_of("claude-sonnet-4-5").warning


def test_a_retired_model_is_told() -> None:
    assert "was retired on 2026-08-05" in facts_of("claude-opus-4-1").warning


def test_a_model_that_keeps_prompts_is_told() -> None:
    assert "30 days" in facts_of("claude-fable-5-2").warning


def test_no_beta_is_asked_of_an_api_that_speaks_of_the_small_window() -> None:
    facts = facts_of("claude-sonnet-4-5")

    assert (facts.max_input_tokens, facts.betas) == (200_000, ())


def test_a_gateway_without_a_models_api_leaves_it_to_the_table_with_a_warning() -> None:
    with claude_at(NOT_FOUND) as claude:
        facts = claude.facts("anthropic/claude-sonnet-4.5")

    assert facts.source == "bundled"
    assert facts.id == "anthropic/claude-sonnet-4.5"
    assert (facts.max_input_tokens, facts.betas) == (1_000_000, (models.BETA_1M,))
    assert models.CHECKED_ON in facts.warning


@pytest.mark.parametrize("told", ["{}", "[]", "null", '{"max_input_tokens": "lots"}'])
def test_a_gateway_with_a_models_api_of_its_own_leaves_it_to_the_table(told: str) -> None:
    with claude_at(Always(told, content_type="application/json")) as claude:
        facts = claude.facts("claude-opus-5-5")

    assert facts.source == "bundled"
    assert models.CHECKED_ON in facts.warning


def test_a_model_that_neither_the_api_nor_the_table_knows_is_answered_with_known_ones() -> None:
    with claude_at(Messages()) as claude, pytest.raises(UserMustAct) as error:
        claude.facts("gpt-oss")

    assert "claude-opus-5-5" in error.value.way_out


def test_a_model_of_a_gateway_whose_limits_nobody_tells_cannot_be_used() -> None:
    told = Always('{"id": "qwen"}', content_type="application/json")
    with claude_at(told) as claude, pytest.raises(UserMustAct, match="does not tell the limits"):
        claude.facts("qwen")


def test_an_answer_that_is_no_json_cannot_be_read() -> None:
    with claude_at(NOT_JSON) as claude, pytest.raises(CouldNotFinish, match="format"):
        claude.facts("claude-opus-5-5")


def test_tokens_are_counted_by_the_api() -> None:
    api = Messages([Turn(text="{}")])
    with claude_at(api) as claude:
        counted = claude.count_tokens(REQUEST)
        ask(claude)

    assert counted == api.ledger[0].usage.prompt_tokens


@pytest.mark.parametrize("server", [NOT_FOUND, PAGE, NOT_JSON])
def test_a_gateway_that_does_not_count_is_no_mistake_of_the_user(server: Always) -> None:
    with claude_at(server) as claude, pytest.raises(CouldNotFinish):
        claude.count_tokens(REQUEST)


def test_counting_is_tried_again_as_asking_is() -> None:
    waits: list[float] = []
    down = Always("down", content_type="text/plain", status=503)
    with claude_at(down, sleep=waits.append) as claude, pytest.raises(CouldNotFinish):
        claude.count_tokens(REQUEST)

    assert waits == [2.0, 8.0]


def test_a_key_that_counting_refuses_is_the_users_to_change() -> None:
    no = f'{{"type": "error", "error": {{"type": "authentication_error", "message": "{KEY}?"}}}}'
    server = Always(no, content_type="application/json", status=401)
    with claude_at(server) as claude, pytest.raises(UserMustAct) as error:
        claude.count_tokens(REQUEST)

    assert KEY not in "".join(traceback.format_exception(error.value))


# --- keys and addresses ------------------------------------------------------------------------


def failing(api_key: str | None = None, base_url: str | None = None) -> ReviewerError:
    with pytest.raises(UserMustAct) as error:
        Claude(api_key=api_key, base_url=base_url)
    return error.value


@pytest.mark.parametrize("key", [None, "", " \n"])
def test_without_a_key_the_way_out_is_told(key: str | None) -> None:
    error = failing(api_key=key)

    assert "ANTHROPIC_API_KEY" in error.way_out
    assert "reviewer demo" in error.way_out


@pytest.mark.parametrize("key", [f"{KEY}\n{KEY}", f"'{KEY}'", f"{KEY} x", f"{KEY}ä"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str) -> None:
    error = failing(api_key=key)

    assert KEY not in str(error) + error.way_out
    assert str(len(key)) in str(error)


def test_a_line_end_after_the_key_does_no_harm() -> None:
    api = Messages()
    with claude_at(api, api_key=f"{KEY}\n") as claude:
        claude.facts("claude-opus-5-5")

    assert api.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_token_in_the_environment_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "a-token")
    api = Messages()
    with claude_at(api, api_key=None) as claude:
        claude.facts("claude-opus-5-5")

    assert api.requests[0].headers["authorization"] == "Bearer a-token"


def test_federation_that_cannot_log_in_is_the_users_to_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANTHROPIC_FEDERATION_RULE_ID", "rule")
    monkeypatch.setenv("ANTHROPIC_ORGANIZATION_ID", "organisation")
    monkeypatch.setenv("ANTHROPIC_IDENTITY_TOKEN_FILE", str(tmp_path / "absent"))

    with (
        claude_at(Messages(), api_key=None) as claude,
        pytest.raises(UserMustAct, match="token file not found"),
    ):
        ask(claude)


def test_a_profile_that_is_not_there_is_the_users_to_mend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_PROFILE", "absent")

    assert "absent" in str(failing())


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    with (
        closing(Claude(api_key=KEY, sleep=lambda _: None)) as claude,
        pytest.raises(CouldNotFinish, match=r"127\.0\.0\.1:9"),
    ):
        claude.facts("claude-opus-5-5")


@pytest.mark.parametrize("address", ["gateway", "https://", "ftp://host"])
def test_an_address_that_is_no_url_is_refused(address: str) -> None:
    assert "ANTHROPIC_BASE_URL" in failing(api_key=KEY, base_url=address).way_out


def test_an_empty_address_in_the_environment_is_an_unset_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with (
        closing(Claude(api_key=KEY, sleep=lambda _: None)) as claude,
        pytest.raises(CouldNotFinish, match=r"api\.anthropic\.com.*HTTPS_PROXY"),
    ):
        claude.facts("claude-opus-5-5")
