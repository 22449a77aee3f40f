"""A workflow without a key: GitHub's token is traded for Anthropic's, over real HTTP."""

from __future__ import annotations

import traceback
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from calling import ANSWER, ask

from reviewer.ask import providers
from reviewer.ask.claude import Claude
from reviewer.ask.identity import AUDIENCE
from reviewer.errors import UserMustAct
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.standin.server import Exchange

PASS = "runner-pass"
RULE = "fdrl_recognisable"


@dataclass
class Federated:
    """GitHub's token service, Anthropic's exchange, and the Messages API behind it.

    `lifetime_seconds` is how long an exchanged token is good for.
    """

    api: Messages
    lifetime_seconds: int = 3600
    gives: str = "header.payload.signature"
    asked: list[Exchange] = field(default_factory=list)
    traded: list[dict[str, str]] = field(default_factory=list)

    def answer(self, exchange: Exchange) -> Answer:
        if exchange.path == "/github/token":
            self.asked.append(exchange)
            if exchange.headers["authorization"] != f"bearer {PASS}":
                return Answer.of_json({"message": "bad pass"}, 401)
            return Answer.of_json({"count": 1, "value": self.gives})
        if exchange.path == "/v1/oauth/token":
            return self._trade(exchange)
        if exchange.headers["authorization"] != f"Bearer exchanged-{len(self.traded)}":
            return Answer.of_json({"error": {"type": "authentication_error"}}, 401)
        return self.api.answer(exchange)

    def _trade(self, exchange: Exchange) -> Answer:
        body = exchange.json()
        self.traded.append(body)
        if body["federation_rule_id"] != RULE:
            return Answer.of_json({"error": "invalid_grant"}, 401)
        assert body["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        return Answer.of_json(
            {
                "access_token": f"exchanged-{len(self.traded)}",
                "token_type": "Bearer",
                "expires_in": self.lifetime_seconds,
            }
        )


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Federated, str]]:
    federated = Federated(Messages([Turn(text=ANSWER), Turn(text=ANSWER)]))
    with Server(federated) as server:
        for name, value in {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{server.url}/github/token?api-version=2",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": PASS,
            "ANTHROPIC_FEDERATION_RULE_ID": RULE,
            "ANTHROPIC_ORGANIZATION_ID": "org",
            "ANTHROPIC_SERVICE_ACCOUNT_ID": "svac",
        }.items():
            monkeypatch.setenv(name, value)
        yield federated, server.url


def test_a_workflow_asks_with_githubs_word_for_it(workflow: tuple[Federated, str]) -> None:
    federated, url = workflow
    with closing(Claude(base_url=url)) as claude:
        claude.facts("claude-opus-5-5")
        reply = ask(claude)

    assert reply.text == ANSWER
    assert federated.asked[0].query["audience"] == AUDIENCE
    assert federated.asked[0].query["api-version"] == "2"
    assert [each["assertion"] for each in federated.traded] == [federated.gives]
    assert federated.traded[0]["service_account_id"] == "svac"
    assert "workspace_id" not in federated.traded[0]


def test_githubs_token_is_asked_for_anew_when_anthropics_runs_out(
    workflow: tuple[Federated, str],
) -> None:
    federated, url = workflow
    federated.lifetime_seconds = 1
    with closing(Claude(base_url=url)) as claude:
        ask(claude)
        ask(claude)

    assert len(federated.asked) == len(federated.traded) == 2


def test_a_rule_that_does_not_match_is_the_users_to_mend(
    workflow: tuple[Federated, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    federated, url = workflow
    monkeypatch.setenv("ANTHROPIC_FEDERATION_RULE_ID", "fdrl_other")
    with closing(Claude(base_url=url)) as claude, pytest.raises(UserMustAct) as error:
        ask(claude)

    assert "federation rule" in str(error.value)
    assert federated.gives not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    "missing", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
)
def test_a_job_that_may_ask_for_no_token_says_which_permission_it_needs(
    missing: str, workflow: tuple[Federated, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(UserMustAct) as error:
        Claude(base_url=workflow[1])

    assert "id-token: write" in error.value.way_out


def test_a_pass_that_github_does_not_take_is_told(
    workflow: tuple[Federated, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "another")
    with (
        closing(Claude(base_url=workflow[1])) as claude,
        pytest.raises(UserMustAct, match="GitHub gave no identity token"),
    ):
        ask(claude)


def test_a_key_goes_before_the_federation(
    workflow: tuple[Federated, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "exchanged-0")
    with closing(Claude(base_url=workflow[1])) as claude:
        ask(claude)

    assert workflow[0].asked == []


def test_a_forks_run_has_the_rule_but_nothing_to_show_for_it() -> None:
    rule = {"ANTHROPIC_FEDERATION_RULE_ID": RULE}

    assert not providers.has_key("anthropic", rule)
    assert providers.has_key("anthropic", rule | {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x"})
    assert providers.may_ask("anthropic", rule)
