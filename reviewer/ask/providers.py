"""Whom a review can be asked of, and what each of them cannot do. Pure.

Source: the platform pages of platform.claude.com and the clients of the anthropic SDK. What a
gateway cannot do is not known beforehand: it is asked (`probe`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.settings import Provider

Lack = Literal["models", "counting", "schema", "effort", "cache", "thinking", "max_tokens", "beta"]
"""A part of the API that somebody does not have; `max_tokens` is the name of that parameter."""

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One provider: what it lacks, and what the environment has to say for it.

    `keys` are variables any of which shows that there are credentials; a `keyless` one can find
    them elsewhere too (a profile, the machine's role). `exact` tells that it is Anthropic's API
    itself: what it refuses is our mistake, and nothing is left out to please it.
    """

    title: str
    keys: tuple[str, ...]
    way_out: str
    address: str
    """The variable that names another address."""
    path: str = "/v1/messages is put behind it"
    """What stands behind an address, for who has it wrong."""
    most_body_bytes: int = 32 * MEGABYTE
    lacks: frozenset[Lack] = frozenset()
    keyless: bool = False
    exact: bool = False
    package: str = ""
    """What `pip install` needs for it, beyond the default install."""
    has_batches: bool = False


def checked_key(text: str | None, variable: str, *, what: str = "the key for Claude") -> str:
    """Return a key without the white space around it; raises `UserMustAct` for what is none.

    Else a library for HTTP refuses it, in an error that quotes it.
    """
    key = (text or "").strip()
    if not key.isascii() or not key.isprintable() or set(key) & set(" \"'"):
        raise UserMustAct(
            f"{what} has {len(key)} characters, and some that no key has",
            way_out=f"set {variable} to the key alone: one line, no quotes",
        )
    return key


_AWS_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_AWS_WAY_OUT = "set AWS_REGION, and log in as the AWS command line does (a profile, a role, keys)"
_GOOGLE_WAY_OUT = "log in as gcloud does (`gcloud auth application-default login`)"

DOORS: Mapping[Provider, Door] = {
    "anthropic": Door(
        title="the Claude API",
        keys=(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_FEDERATION_RULE_ID",
            "ANTHROPIC_PROFILE",
        ),
        way_out=(
            "set ANTHROPIC_API_KEY (a key from platform.claude.com), or configure workload "
            "identity federation; `reviewer demo` and `reviewer pack` need neither"
        ),
        address="ANTHROPIC_BASE_URL",
        has_batches=True,
    ),
    "openai": Door(
        title="an OpenAI-compatible endpoint",
        keys=("OPENAI_API_KEY",),
        way_out="set OPENAI_API_KEY, and OPENAI_BASE_URL to the endpoint",
        address="OPENAI_BASE_URL",
        path="/chat/completions is put behind it, so it mostly ends in /v1",
        lacks=frozenset(("counting",)),
        package="openai>=3.57,<4",
    ),
    "aws": Door(
        title="Claude Platform on AWS",
        keys=("ANTHROPIC_AWS_API_KEY", *_AWS_KEYS),
        way_out=f"{_AWS_WAY_OUT} or set ANTHROPIC_AWS_API_KEY; set ANTHROPIC_AWS_WORKSPACE_ID",
        address="ANTHROPIC_AWS_BASE_URL",
        keyless=True,
        exact=True,
        package="anthropic[aws]",
        has_batches=True,
    ),
    "bedrock": Door(
        title="Amazon Bedrock",
        keys=("AWS_BEARER_TOKEN_BEDROCK", *_AWS_KEYS),
        way_out=f"{_AWS_WAY_OUT}, or set AWS_BEARER_TOKEN_BEDROCK",
        address="ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
        lacks=frozenset(("models", "counting", "schema")),
        keyless=True,
        package="anthropic[bedrock]",
    ),
    "bedrock-legacy": Door(
        title="Amazon Bedrock (InvokeModel)",
        keys=("AWS_BEARER_TOKEN_BEDROCK", *_AWS_KEYS),
        way_out=f"{_AWS_WAY_OUT}, or set AWS_BEARER_TOKEN_BEDROCK",
        address="ANTHROPIC_BEDROCK_BASE_URL",
        most_body_bytes=20 * MEGABYTE,
        lacks=frozenset(("models", "counting")),
        keyless=True,
        package="anthropic[bedrock]",
    ),
    "vertex": Door(
        title="Vertex AI",
        keys=("GOOGLE_APPLICATION_CREDENTIALS",),
        way_out=f"set CLOUD_ML_REGION and ANTHROPIC_VERTEX_PROJECT_ID, and {_GOOGLE_WAY_OUT}",
        address="ANTHROPIC_VERTEX_BASE_URL",
        most_body_bytes=30 * MEGABYTE,
        lacks=frozenset(("models",)),
        keyless=True,
        package="anthropic[vertex]",
    ),
    "google-cloud": Door(
        title="Claude on Google Cloud",
        keys=("GOOGLE_APPLICATION_CREDENTIALS",),
        way_out=(
            "set ANTHROPIC_GOOGLE_CLOUD_PROJECT and ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID, and "
            f"{_GOOGLE_WAY_OUT}"
        ),
        address="ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
        most_body_bytes=30 * MEGABYTE,
        lacks=frozenset(("models",)),
        keyless=True,
        package="anthropic[google-cloud]",
    ),
    "foundry": Door(
        title="Microsoft Foundry",
        keys=("ANTHROPIC_FOUNDRY_API_KEY",),
        way_out="set ANTHROPIC_FOUNDRY_API_KEY and ANTHROPIC_FOUNDRY_RESOURCE",
        address="ANTHROPIC_FOUNDRY_BASE_URL",
        lacks=frozenset(("models",)),
    ),
}
"""Whether Mantle counts tokens is not documented: it is not asked."""


def door(provider: Provider) -> Door:
    """Return what is known of a provider."""
    return DOORS[provider]


_FEDERATION = "ANTHROPIC_FEDERATION_RULE_ID"
_IDENTITY = (
    "ACTIONS_ID_TOKEN_REQUEST_URL", "ANTHROPIC_IDENTITY_TOKEN_FILE", "ANTHROPIC_IDENTITY_TOKEN"
)  # fmt: skip


def has_key(provider: Provider, environment: Mapping[str, str]) -> bool:
    """Whether the environment holds credentials for it; an empty variable is an unset one.

    A federation rule is none without something that shows who this is: forks get no such token.
    """
    found = {name for name in DOORS[provider].keys if environment.get(name)}
    if found == {_FEDERATION}:
        return any(environment.get(name) for name in _IDENTITY)
    return bool(found)


def may_ask(provider: Provider, environment: Mapping[str, str]) -> bool:
    """Whether somebody set it up here, however well, or it needs nothing in the environment."""
    known = DOORS[provider]
    return known.keyless or any(environment.get(name) for name in known.keys)
