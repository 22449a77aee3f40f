"""The ways to ask a server: what the environment and the settings say for each protocol. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Answers = tuple[tuple[str, str], ...]

MODEL = "claude-opus-5-5"
KEY = "sk-loopback"
SCRIPTED = 2
"""Findings in an answer that hold."""

ASKS_AGAIN = "<findings>\n"
"""Stands in the prompt of a second look, and in no other (`reviewer.ask.second_look`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a server runs: the folder of its package, its port, and what stands behind it.

    `answers` are what to say to a prompt that holds a text, the first that fits; an empty text
    is in every prompt.
    """

    folder: Path
    port: int
    upstream_url: str
    answers: Answers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to ask a server: `{url}` and `{upstream}` in the environment stand for addresses.

    `settings` is a `.reviewer.toml`. `ends` is the exit code that is right, `finds` how many
    findings.
    """

    protocol: str
    path: str
    environment: Mapping[str, str]
    settings: str = ""
    ends: int = 0
    finds: int = SCRIPTED

    def environment_at(self, site: Site) -> dict[str, str]:
        """Return the variables with the addresses of a running server."""
        return {
            name: text.format(url=site.url, upstream=site.upstream_url)
            for name, text in self.environment.items()
        }


def messages(path: str = "", *, settings: str = "", ends: int = 0, **more: str) -> Way:
    """Return the way by Anthropic's own protocol, at a base URL that ends in `path`."""
    return Way(
        protocol="Messages",
        path=f"{path}/v1/messages",
        environment={"ANTHROPIC_BASE_URL": f"{{url}}{path}", "ANTHROPIC_API_KEY": KEY, **more},
        settings=settings,
        ends=ends,
        finds=0 if ends else SCRIPTED,
    )


def chat(*, settings: str = "", ends: int = 0, finds: int = SCRIPTED) -> Way:
    """Return the way by OpenAI's protocol."""
    return Way(
        protocol="Chat Completions",
        path="/v1/chat/completions",
        environment={"OPENAI_BASE_URL": "{url}/v1", "OPENAI_API_KEY": KEY},
        settings=f'provider = "openai"\n{settings}',
        ends=ends,
        finds=0 if ends else finds,
    )


def cloud(provider: str, title: str, *, model: str = MODEL, **environment: str) -> Way:
    """Return the way of a cloud's client, with credentials that are made up."""
    return Way(
        protocol=title,
        path="/v1/messages",
        environment=environment,
        settings=f'provider = "{provider}"\nmodel = "{model}"\n',
    )


def invoke_model(*, ends: int = 0, **credentials: str) -> Way:
    """Return the way by Bedrock's older interface, whose streams are AWS's own."""
    return Way(
        protocol="Bedrock InvokeModel",
        path="/model/…/invoke-with-response-stream",
        environment={
            "AWS_REGION": "eu-west-1", "ANTHROPIC_BEDROCK_BASE_URL": "{url}", **credentials
        },
        settings=f'provider = "bedrock-legacy"\nmodel = "us.anthropic.{MODEL}-v1:0"\n',
        ends=ends,
        finds=0 if ends else SCRIPTED,
    )  # fmt: skip
