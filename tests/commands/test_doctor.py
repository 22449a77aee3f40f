"""What `reviewer doctor` finds out: without paying, and without asking for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gateways import GatewayLike

from reviewer.cli import main
from reviewer.standin.chat import ChatCompletions
from reviewer.standin.messages import Messages
from reviewer.standin.server import Answer, Server

if TYPE_CHECKING:
    from conftest import WorkTree

    from reviewer.standin.server import Application, Exchange


def asked(
    tree: WorkTree,
    capsys: pytest.CaptureFixture[str],
    *words: str,
    code: int = 0,
) -> str:
    assert main(["doctor", "-C", str(tree.folder), *words]) == code
    shown = capsys.readouterr()
    return shown.out + shown.err


class Refusing:
    """A server that knows no key."""

    def answer(self, _exchange: Exchange) -> Answer:
        said = {"type": "authentication_error", "message": "invalid x-api-key"}
        return Answer.of_json({"type": "error", "error": said}, 401)


def pointed_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")


def test_it_says_whom_it_would_ask_and_what_that_costs(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    api = Messages()
    with Server(api) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys)

    assert "claude-opus-5-5: 1,000,000 tokens" in text
    assert "as the server says" in text
    assert "a question of" in text
    assert "$4.00 for a million tokens of prompt, $20.00 of answer" in text
    assert api.ledger == []  # nobody was asked for an answer


def test_what_a_gateway_lacks_is_named(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    with Server(GatewayLike(without=["output_config"])) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys, "--model", "anthropic/claude-opus-5.5")

    assert "takes no JSON schema" in text
    assert "by the bundled table" in text


@pytest.mark.parametrize(
    ("gateway", "said"),
    [(GatewayLike(counts=False), "there, but not tried"), (GatewayLike(), "taken")],
)
def test_a_login_that_cannot_be_tried_for_nothing_is_not_said_to_be_good(
    gateway: Application,
    said: str,
    work_tree: WorkTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    with Server(gateway) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys, "--model", "anthropic/claude-opus-5.5")

    assert f"login     {said}" in text


def test_a_server_that_cannot_be_reached_is_told_of(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setenv("REVIEWER_PROVIDER", "foundry")
    monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", "k")
    with Server(Messages()) as server:
        monkeypatch.setenv("ANTHROPIC_FOUNDRY_BASE_URL", server.url)  # nobody is there by then
    text = asked(work_tree, capsys, code=3)

    assert "could not reach" in text


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("bedrock", "anthropic.claude-opus-5-5"),
        ("bedrock-legacy", "us.anthropic.claude-opus-5-5-v1:0"),
    ],
)
@pytest.mark.parametrize(
    "half",
    [
        {},
        {"AWS_ACCESS_KEY_ID": "AKIA"},
        {"AWS_PROFILE": "of-nobody"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/of/nobody", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"},
    ],
    ids=lambda given: ", ".join(given) or "nothing",
)
def test_half_a_login_at_a_cloud_that_answers_nothing_for_nothing_is_told_of(
    provider: str,
    model: str,
    half: dict[str, str],
    work_tree: WorkTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    given = {"AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", **half}
    for name, value in {"REVIEWER_PROVIDER": provider, **given}.items():
        monkeypatch.setenv(name, value)
    text = asked(work_tree, capsys, "--model", model, code=2)

    assert "could not be loaded: " in text
    assert "log in as the AWS command line does" in text


def test_a_login_at_a_cloud_is_found_without_a_request(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    with Server(Messages()) as server:
        monkeypatch.setenv("ANTHROPIC_BEDROCK_BASE_URL", server.url)  # nobody is there by then
    monkeypatch.setenv("REVIEWER_PROVIDER", "bedrock-legacy")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "k")
    text = asked(work_tree, capsys, "--model", "us.anthropic.claude-opus-5-5-v1:0")

    assert "login     there, but not tried" in text


def test_an_address_that_nothing_could_be_asked_at_is_shown_whole(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    with Server(Messages()) as server:
        # one path too long: the requests would go to /v1/v1/messages
        pointed_at(f"{server.url.replace('//', '//name:hidden@')}/v1?key=hidden", monkeypatch)
        text = asked(work_tree, capsys)

    assert f"at {server.url.removeprefix('http://')}/v1\n" in text
    assert "not tried" in text
    assert "/v1/messages is put behind it" in text
    assert "hidden" not in text


def test_an_endpoint_without_counting_says_that_it_told_its_limits(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    monkeypatch.setenv("REVIEWER_PROVIDER", "openai")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with Server(ChatCompletions()) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        text = asked(work_tree, capsys, "--model", "anthropic/claude-opus-5.5")

    assert "login     taken for its limits; " in text


def test_a_key_that_is_refused_ends_it_with_2_below_what_still_held(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    with Server(Refusing()) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys, code=2)

    assert text.index("provider  the Claude API, at") < text.index("refused the key")
    assert "  -> set ANTHROPIC_API_KEY" in text


NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("BASE_URL", "http://[::1", "is not a URL"),
        ("BASE_URL", "http://a\nb", "is not a URL"),
        (
            "ALL_PROXY",
            "nonsense://:hidden@proxy",
            "has an address that is none (through ALL_PROXY)",
        ),
        ("ALL_PROXY", "socks5://127.0.0.1:9", "pip install socksio"),
        ("SSL_CERT_FILE", "/nowhere", "SSL_CERT_FILE cannot be read: No such file"),
        ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE cannot be read"),
    ],
)
def test_what_is_wrong_about_the_way_to_the_server_is_named(
    provider: str,
    variable: str,
    value: str,
    said: str,
    work_tree: WorkTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REVIEWER_PROVIDER", provider)
    monkeypatch.setenv(f"{provider.upper()}_BASE_URL", NOWHERE)
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", "k")
    prefix = f"{provider.upper()}_" if variable == "BASE_URL" else ""
    monkeypatch.setenv(f"{prefix}{variable}", value)
    text = asked(work_tree, capsys, code=2)

    assert said in text
    assert "hidden" not in text


def test_a_header_that_cannot_be_sent_is_named_and_not_shown(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pointed_at(NOWHERE, monkeypatch)
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-token: hidden\u00e9")
    text = asked(work_tree, capsys, code=2)

    assert "ANTHROPIC_CUSTOM_HEADERS" in text
    assert "hidden" not in text


def test_what_a_settings_file_says_cannot_move_the_cursor(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = 'model = "house\\u001b[2J"\nwindow_tokens = 50000\n'
    work_tree.commit({".reviewer.toml": hostile})
    with Server(GatewayLike()) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys, code=2)

    assert "model     house" in text
    assert "\x1b" not in text


def test_without_a_key_it_names_the_local_engine_and_what_claude_would_need(
    work_tree: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({"a.py": "a = 1\n"})
    text = asked(work_tree, capsys)

    assert "engine    local" in text
    assert "set ANTHROPIC_API_KEY" in text


def test_a_price_that_nobody_knows_is_an_error(
    work_tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_tree.commit({".reviewer.toml": 'model = "house"\nwindow_tokens = 50000\n'})
    with Server(GatewayLike()) as server:
        pointed_at(server.url, monkeypatch)
        text = asked(work_tree, capsys, code=2)

    assert "house" in text
    assert "[[prices]]" in text
