"""The SDK's own clients of the clouds, at a server on this machine that takes their shapes."""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from calling import ANSWER, REQUEST, ask
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reviewer.ask import lacks, providers
from reviewer.ask.claude import Claude
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reviewer.settings import Provider
    from reviewer.standin.server import Exchange

MODELS: dict[Provider, str] = {
    "aws": "claude-opus-5-5",
    "bedrock": "anthropic.claude-opus-5-5",
    "bedrock-legacy": "us.anthropic.claude-opus-5-5-v1:0",
    "vertex": "claude-opus-5-5@20260922",
    "google-cloud": "claude-opus-5-5",
    "foundry": "claude-opus-5-5",
}
ENVIRONMENTS: dict[Provider, dict[str, str]] = {
    "aws": {
        "ANTHROPIC_AWS_API_KEY": "k", "ANTHROPIC_AWS_WORKSPACE_ID": "w", "AWS_REGION": "eu-west-1"
    },
    "bedrock": {"AWS_BEARER_TOKEN_BEDROCK": "k", "AWS_REGION": "eu-west-1"},
    "bedrock-legacy": {"AWS_BEARER_TOKEN_BEDROCK": "k", "AWS_REGION": "eu-west-1"},
    "foundry": {"ANTHROPIC_FOUNDRY_API_KEY": "k"},
}  # fmt: skip


class Cloud:
    """A cloud with the Messages API behind it: paths, models and bodies as each has them."""

    def __init__(self, script: Sequence[Turn] = ()) -> None:
        self.api = Messages(script)
        self.exchanges: list[Exchange] = []

    def answer(self, exchange: Exchange) -> Answer:
        self.exchanges.append(exchange)
        body = exchange.json() if exchange.body else {}
        _, _, invoked = exchange.path.partition("/model/")
        if invoked:
            return self._invoked(exchange, body)
        body["model"] = body.get("model", "claude-opus-5-5").removeprefix("anthropic.")
        return self.api.answer(_passed_on(exchange, body, path=exchange.path))

    def _invoked(self, exchange: Exchange, body: dict[str, object]) -> Answer:
        """Answer as InvokeModelWithResponseStream does: the events in AWS's binary frames."""
        assert body.pop("anthropic_version")
        passed = _passed_on(
            exchange, {**body, "model": "claude-opus-5-5", "stream": True}, path="/v1/messages"
        )
        answer = self.api.answer(passed)
        return replace(
            answer,
            headers={"content-type": "application/vnd.amazon.eventstream"},
            chunks=_frames(answer.chunks),
        )


def _passed_on(exchange: Exchange, body: dict[str, object], *, path: str) -> Exchange:
    return replace(
        exchange,
        path=path,
        headers={**exchange.headers, "anthropic-version": "2026-10-21", "x-api-key": "k"},
        body=json.dumps(body).encode() if exchange.body else b"",
    )


def _frames(events: Iterable[bytes]) -> Iterator[bytes]:
    for event in events:
        data = event.decode().partition("data: ")[2].strip().encode()
        payload = json.dumps({"bytes": base64.b64encode(data).decode()}).encode()
        named = ((":event-type", "chunk"), (":content-type", "application/json"),
                 (":message-type", "event"))  # fmt: skip
        head = b"".join(
            struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value))
            + value.encode()
            for name, value in named
        )  # fmt: skip
        prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
        prelude += struct.pack("!I", zlib.crc32(prelude))
        whole = prelude + head + payload
        yield whole + struct.pack("!I", zlib.crc32(whole))


def _log_in(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    for name, value in ENVIRONMENTS[provider].items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("provider", ENVIRONMENTS)
def test_a_cloud_answers_with_what_it_has(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    _log_in(monkeypatch, provider)
    cloud, model = Cloud([Turn(text=ANSWER)]), MODELS[provider]
    base = "/anthropic" if provider in ("bedrock", "foundry") else ""
    with (
        Server(_Below(cloud, base)) as server,
        closing(Claude(provider=provider, base_url=server.url + base)) as claude,
    ):
        facts = claude.facts(model)
        reply = ask(claude, replace(REQUEST, model=model))

    assert facts.max_input_tokens == 1_000_000
    assert reply.text == ANSWER
    schema_in_words = REQUEST.schema in cloud.api.requests[-1].body["system"][0]["text"]
    assert schema_in_words == ("schema" in providers.door(provider).lacks)
    assert ("output_config" in cloud.api.requests[-1].body) != schema_in_words


class _Below:
    """An application below a path."""

    def __init__(self, inner: Cloud, base: str) -> None:
        self._inner, self._base = inner, base

    def answer(self, exchange: Exchange) -> Answer:
        return self._inner.answer(replace(exchange, path=exchange.path.removeprefix(self._base)))


@pytest.mark.parametrize("provider", ["bedrock", "bedrock-legacy"])
def test_a_cloud_that_does_not_count_is_not_asked_to(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    _log_in(monkeypatch, provider)
    cloud, model = Cloud(), MODELS[provider]
    with (
        Server(cloud) as server,
        closing(Claude(provider=provider, base_url=server.url)) as claude,
    ):
        facts = claude.facts(model)
        with pytest.raises(CouldNotFinish, match="does not count"):
            claude.count_tokens(replace(REQUEST, model=model))

    assert cloud.exchanges == []
    assert lacks.SAYS["counting"] in facts.warning


def test_a_request_that_a_cloud_takes_for_too_large_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _log_in(monkeypatch, "bedrock-legacy")
    cloud = Cloud([Turn(text=ANSWER)])
    large = replace(REQUEST.user[0], text="x" * (20 * providers.MEGABYTE))
    with (
        Server(cloud) as server,
        closing(Claude(provider="bedrock-legacy", base_url=server.url)) as claude,
        pytest.raises(UserMustAct, match="20,971,520"),
    ):
        ask(claude, replace(REQUEST, user=(large,)))

    assert cloud.exchanges == []


@pytest.mark.parametrize("provider", MODELS)
def test_a_cloud_without_anything_to_log_in_with_says_what_to_set(provider: Provider) -> None:
    with pytest.raises(UserMustAct) as error:
        Claude(provider=provider)

    what = "address of" if provider == "google-cloud" else "credentials for"
    assert str(error.value).startswith(f"the {what} {providers.door(provider).title}")
    assert error.value.way_out.startswith(("set ", "log in"))


@pytest.mark.parametrize("provider", ["aws", "bedrock", "bedrock-legacy"])
def test_a_machine_without_an_aws_account_is_the_users_to_mend(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("ANTHROPIC_AWS_WORKSPACE_ID", "w")
    with (
        Server(Cloud()) as server,
        closing(Claude(provider=provider, base_url=server.url)) as claude,
        pytest.raises(UserMustAct, match="credentials"),
    ):
        ask(claude, replace(REQUEST, model=MODELS[provider]))


class Google:
    """Google's token endpoint: a signed assertion of a service account buys a token."""

    TOKEN = "token-of-google"

    def answer(self, exchange: Exchange) -> Answer:
        assert b"assertion=" in exchange.body
        return Answer.of_json({"access_token": self.TOKEN, "expires_in": 3600}, 200)


@pytest.fixture
def google_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Log in as a service account, by a key of its own, as the SDK of Google finds it."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with Server(Google()) as server:
        account = {
            "type": "service_account",
            "project_id": "shop",
            "private_key": written,
            "client_email": "reviewer@shop.example",
            "token_uri": f"{server.url}/token",
        }
        file = tmp_path / "account.json"
        file.write_text(json.dumps(account))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        yield


@pytest.mark.usefixtures("google_login")
def test_google_cloud_is_asked_with_the_token_of_the_login(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_GOOGLE_CLOUD_PROJECT", "shop")
    monkeypatch.setenv("ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID", "w")
    cloud, model = Cloud([Turn(text=ANSWER)]), MODELS["google-cloud"]
    with (
        Server(cloud) as server,
        closing(Claude(provider="google-cloud", base_url=server.url)) as claude,
    ):
        facts = claude.facts(model)
        counted = claude.count_tokens(replace(REQUEST, model=model))
        reply = ask(claude, replace(REQUEST, model=model))

    assert facts.max_input_tokens == 1_000_000
    assert reply.text == ANSWER
    assert counted == reply.usage.prompt_tokens
    assert {one.headers["authorization"] for one in cloud.exchanges} == {f"Bearer {Google.TOKEN}"}


@pytest.mark.usefixtures("google_login")
def test_vertex_is_asked_by_project_region_and_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "shop")
    model = MODELS["vertex"]
    seen: list[str] = []

    class Vertex:
        def answer(self, exchange: Exchange) -> Answer:
            assert exchange.headers["authorization"] == f"Bearer {Google.TOKEN}"
            seen.append(exchange.path)
            body = {**exchange.json(), "model": "claude-opus-5-5"}
            assert body.pop("anthropic_version")
            counts = "count-tokens" in exchange.path
            path = "/v1/messages/count_tokens" if counts else "/v1/messages"
            return api.answer(_passed_on(exchange, body, path=path))

    api = Messages([Turn(text=ANSWER)])
    with (
        Server(Vertex()) as server,
        closing(Claude(provider="vertex", base_url=server.url)) as claude,
    ):
        claude.facts(model)
        counted = claude.count_tokens(replace(REQUEST, model=model))
        reply = ask(claude, replace(REQUEST, model=model))

    assert reply.text == ANSWER
    assert counted == reply.usage.prompt_tokens
    assert seen[-1].endswith(
        f"/projects/shop/locations/europe-west1/publishers/anthropic/models/{model}:streamRawPredict"
    )


def test_a_cloud_whose_package_is_not_installed_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "shop")
    monkeypatch.setitem(sys.modules, "google.auth", None)
    with (
        closing(Claude(provider="vertex", base_url="http://127.0.0.1:9")) as claude,
        pytest.raises(UserMustAct) as error,
    ):
        ask(claude, replace(REQUEST, model=MODELS["vertex"]))

    assert "pip install 'anthropic[vertex]'" in error.value.way_out
