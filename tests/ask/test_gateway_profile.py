"""What a gateway is sent, what it turns out to lack, and how that is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from calling import ANSWER, KEY, REQUEST, Always, ask, claude_at
from gateways import GatewayLike

from reviewer.ask import lacks, models
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Answer

if TYPE_CHECKING:
    from reviewer.standin.server import Exchange

MODEL = "anthropic/claude-opus-5.5"
AT_GATEWAY = replace(REQUEST, model=MODEL)


def test_a_gateway_gets_the_version_and_the_key_in_the_headers_that_all_of_them_know() -> None:
    gateway = GatewayLike([Turn(text=ANSWER)])
    with claude_at(gateway) as claude:
        claude.facts(MODEL)
        reply = ask(claude, AT_GATEWAY)

    assert reply.text == ANSWER
    for exchange in gateway.exchanges:
        assert exchange.headers["anthropic-version"] == "2023-06-01"
        assert exchange.headers["x-api-key"] == KEY
        assert exchange.headers["authorization"] == f"Bearer {KEY}"


def test_the_users_own_headers_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "Anthropic-Version: 2026-10-21")
    gateway = GatewayLike(versions=("2026-10-21",))
    with claude_at(gateway) as claude:
        claude.facts(MODEL)

    assert {each.headers["anthropic-version"] for each in gateway.exchanges} == {"2026-10-21"}


def test_a_gateway_that_does_not_know_the_version_is_told_with_the_way_out() -> None:
    with (
        claude_at(GatewayLike(versions=("2027-01-01",))) as claude,
        pytest.raises(UserMustAct, match="version of the API") as error,
    ):
        claude.facts(MODEL)

    assert "ANTHROPIC_CUSTOM_HEADERS" in error.value.way_out


def test_a_key_that_a_gateway_refuses_is_told_before_anything_is_packed() -> None:
    body = '{"error": {"message": "no such key", "type": "authentication_error"}}'
    server = Always(body, content_type="application/json", status=401)
    with claude_at(server) as claude, pytest.raises(UserMustAct, match="refused the key"):
        claude.facts(MODEL)


@pytest.mark.parametrize(
    "said", ["Invalid model name passed in model=x", "model 'x' not found", "unknown model: x"]
)
def test_a_model_that_a_gateway_does_not_have_is_told_however_it_says_it(said: str) -> None:
    server = Always(
        f'{{"error": {{"message": "{said}"}}}}', content_type="application/json", status=400
    )
    with claude_at(server) as claude, pytest.raises(UserMustAct, match="know the model") as error:
        claude.facts(MODEL)

    assert "anthropic/claude-opus-5.5" in error.value.way_out


# --- what is lacking ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "says"),
    [("output_config", lacks.SAYS["schema"]), ("cache_control", lacks.SAYS["cache"])],
)
def test_what_a_gateway_refuses_is_left_out_and_said(part: str, says: str) -> None:
    gateway = GatewayLike([Turn(text=ANSWER)], without=[part])
    with claude_at(gateway) as claude:
        facts = claude.facts(MODEL)
        reply = ask(claude, replace(AT_GATEWAY, cache_ttl="5m"))

    assert says in facts.warning
    assert part not in str(gateway.api.requests[-1].body)
    assert reply.text == ANSWER
    assert len(reply.attempts) == 1


def test_a_gateway_that_knows_no_beta_is_asked_within_the_short_window() -> None:
    gateway = GatewayLike([Turn(text=ANSWER)], betas=False)
    sonnet = "anthropic/claude-sonnet-4-5"
    with claude_at(gateway) as claude:
        facts = claude.facts(sonnet)
        reply = ask(claude, replace(AT_GATEWAY, model=sonnet, betas=(models.BETA_1M,)))

    assert (facts.max_input_tokens, facts.betas) == (200_000, ())
    assert lacks.SAYS["beta"] in facts.warning
    assert reply.text == ANSWER


def test_what_nobody_asked_about_before_is_left_out_when_the_question_is_refused() -> None:
    gateway = GatewayLike([Turn(text=ANSWER)], without=["effort"], counts=False)
    with claude_at(gateway) as claude:
        claude.facts(MODEL)
        reply = ask(claude, replace(AT_GATEWAY, effort="high"))

    assert reply.text == ANSWER
    assert "effort" in reply.attempts[0].problem
    assert not reply.attempts[0].unsure


def test_an_effort_that_the_model_does_not_have_is_still_the_users_to_change() -> None:
    gateway = GatewayLike([Turn(text=ANSWER)])
    sonnet = replace(REQUEST, model="anthropic/claude-sonnet-4-6", effort="xhigh")
    with claude_at(gateway) as claude, pytest.raises(UserMustAct, match="xhigh"):
        ask(claude, sonnet)


def test_a_gateway_without_counting_is_said_and_not_asked_again() -> None:
    gateway = GatewayLike(counts=False)
    with claude_at(gateway) as claude:
        facts = claude.facts(MODEL)
        asked = len(gateway.exchanges)
        with pytest.raises(CouldNotFinish, match="does not count"):
            claude.count_tokens(AT_GATEWAY)

    assert lacks.SAYS["counting"] in facts.warning
    assert len(gateway.exchanges) == asked


def test_a_gateway_that_drops_the_schema_without_a_word_gets_it_in_words() -> None:
    wrapped = f"<think>hm {{}}</think>Here you are:\n```json\n{ANSWER}\n```\nBye"
    gateway = GatewayLike([Turn(text=wrapped)], ignores=["output_config"])
    with claude_at(gateway) as claude:
        claude.facts(MODEL)
        reply = ask(claude, AT_GATEWAY)

    sent = gateway.api.requests[-1].body
    assert REQUEST.schema in sent["system"][0]["text"]
    assert "JSON object" in sent["messages"][0]["content"][-1]["text"]
    assert reply.text == ANSWER


def test_an_address_that_tells_what_the_model_can_do_is_taken_for_the_api_itself() -> None:
    api = Messages([Turn(text=ANSWER)])
    with claude_at(api) as claude:
        facts = claude.facts(REQUEST.model)
        ask(claude)

    assert [each.path for each in api.requests] == ["/v1/models/claude-opus-5-5", "/v1/messages"]
    assert REQUEST.schema not in str(api.requests[-1].body["system"])
    assert facts.warning == ""


# --- models that nobody knows -------------------------------------------------------------------


def test_the_window_of_a_model_that_nobody_knows_comes_from_the_settings() -> None:
    gateway = GatewayLike(counts=False)
    with claude_at(gateway, window_tokens=32_768) as claude:
        facts = claude.facts("qwen3-coder")

    assert (facts.max_input_tokens, facts.max_output_tokens) == (32_768, 16_384)
    assert facts.source == "settings"


def test_without_it_the_error_names_the_settings_that_help() -> None:
    nothing = Always('{"data": []}', content_type="application/json")
    with claude_at(nothing) as claude, pytest.raises(UserMustAct) as error:
        claude.facts("qwen3-coder")

    assert "window_tokens" in error.value.way_out
    assert "[[prices]]" in error.value.way_out


# --- the object in an answer -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "object_"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('```json\n{"a": "}"}\n```', '{"a": "}"}'),
        ('Sure {as you like}: {"a": {"b": 2}} Anything else?', '{"a": {"b": 2}}'),
        ("no object", "no object"),
    ],
)
def test_the_object_of_an_answer_is_found_among_words(text: str, object_: str) -> None:
    assert lacks.unwrapped(text, whole=True) == object_


def test_an_answer_that_broke_off_keeps_its_broken_end() -> None:
    text = '```json\n{"findings": [{"title": "x"}, {"ti'

    assert lacks.unwrapped(text, whole=False) == '{"findings": [{"title": "x"}, {"ti'


LISTED = {"id": "house/qwen3-coder", "max_input_tokens": 65_536, "max_output_tokens": 8_192}


@pytest.mark.parametrize(
    ("listed", "limits"),
    [
        (LISTED, (65_536, 8_192)),
        ({"id": "house/qwen3-coder", "context_length": 32_768}, (32_768, 16_384)),
        ({"id": "house/qwen3-coder", "max_model_len": 400_000}, (400_000, 128_000)),
    ],
)
def test_a_model_whose_name_has_a_slash_is_looked_for_in_the_list(
    listed: dict[str, object], limits: tuple[int, int]
) -> None:
    class Listing(GatewayLike):
        def answer(self, exchange: Exchange) -> Answer:
            if exchange.path == "/v1/models":
                return Answer.of_json({"object": "list", "data": [{"id": "other"}, listed]})
            return super().answer(exchange)

    with claude_at(Listing(counts=False)) as claude:
        facts = claude.facts("house/qwen3-coder")

    assert (facts.max_input_tokens, facts.max_output_tokens) == limits
    assert facts.source == "api"


def test_an_address_with_nothing_behind_it_is_told_from_a_model_that_is_not_there() -> None:
    nothing = Always('{"detail": "Not Found"}', content_type="application/json", status=404)
    with claude_at(nothing) as claude, pytest.raises(UserMustAct, match="nothing to ask") as error:
        ask(claude, AT_GATEWAY)

    assert "ANTHROPIC_BASE_URL" in error.value.way_out
    assert "/v1/messages" in error.value.way_out


def test_a_key_that_litellm_looks_up_in_no_database_is_a_key_refused() -> None:
    said = '{"error": {"message": "No connected db.", "type": "no_db_connection"}}'
    server = Always(said, content_type="application/json", status=400)
    with claude_at(server) as claude, pytest.raises(UserMustAct, match="refused the key"):
        claude.facts(MODEL)
