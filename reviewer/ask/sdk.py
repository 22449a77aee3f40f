"""The anthropic SDK: its clients, and what its errors mean. The only module that runs `anthropic`.

The SDK's own retries are switched off, and redirects are not followed: code goes to the address
that was given, and to no other that it points at. Addresses and credentials come from the
environment alone.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, cast

from reviewer.ask import faults, identity
from reviewer.ask.connection import check_address, http_client, no_address, through_proxies
from reviewer.ask.faults import OWN_HOST, Fault
from reviewer.ask.providers import checked_key, door
from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anthropic import (
        Anthropic,
        APIResponse,
        APIStatusError,
        OpenTelemetryOptions,
        WorkloadIdentityCredentials,
    )
    from httpx2 import Request

    from reviewer.settings import Provider

_DEFAULT_URL = f"https://{OWN_HOST}"

GATEWAY_VERSION = "2023-06-01"
"""What gateways know: ZenMux takes no other, and Anthropic still takes it too."""

_NO_CREDENTIALS = ("credential", "api token", "project_id", "region", "no module named", "install")
"""In what a cloud's client raises before anything is sent."""

_LIBRARIES = (
    ("botocore.exceptions", "BotoCoreError"),
    ("google.auth.exceptions", "GoogleAuthError"),
)
"""Whose errors come through when credentials are looked for; not installed for most."""


def client(provider: Provider, *, api_key: str | None, base_url: str | None) -> Anthropic:
    """Return the SDK's client; raises `UserMustAct` when it has nothing to log in with."""
    from httpx2 import InvalidURL

    known = door(provider)
    _check_headers()
    try:
        made = (
            _direct(api_key, base_url) if provider == "anthropic" else _cloud(provider, base_url)
        )
    except InvalidURL:
        raise no_address(known) from None
    except failing() as error:
        # Not this project by its name: a registry may have another under it.
        missing = isinstance(error, ImportError) and known.package
        install = f"; `pip install '{known.package}'`" if missing else ""
        raise UserMustAct(
            f"the credentials for {known.title} could not be loaded: {error}",
            way_out=known.way_out + install,
        ) from None
    check_address(made.base_url, known, given=base_url)
    return made


def _direct(api_key: str | None, base_url: str | None) -> Anthropic:
    from anthropic import Anthropic, DefaultHttpxClient

    key = checked_key(api_key, "ANTHROPIC_API_KEY")
    # An empty variable is an unset one: GitHub gives unset inputs so. None lets a profile choose.
    url = base_url or os.environ.get("ANTHROPIC_BASE_URL")
    made = Anthropic(
        api_key=key or None,
        credentials=None if key else identity.of_workflow(os.environ, _exchanged),
        base_url=_DEFAULT_URL if url == "" else url,
        max_retries=0,
        default_headers=_for_gateway(key, url),
        http_client=http_client(DefaultHttpxClient),
        open_telemetry=_tracing(),
    )
    if not (made.api_key or made.auth_token or made.credentials):
        raise UserMustAct("there is no key for Claude", way_out=door("anthropic").way_out)
    return made


def _for_gateway(key: str, url: str | None) -> dict[str, str]:
    """Return the headers that gateways know, unless the user's own say otherwise.

    The SDK sends a newer version, and the key as a bearer token alone.
    """
    if not url or OWN_HOST in url:
        return {}
    headers = {"anthropic-version": GATEWAY_VERSION} | ({"x-api-key": key} if key else {})
    own = {name.lower() for name in _custom_headers()}
    return {name: value for name, value in headers.items() if name not in own}


def _check_headers() -> None:
    """Raise `UserMustAct` for a header that cannot be sent: its text is not shown, as a key's."""
    for name, value in _custom_headers().items():
        if not name.isascii() or not value.isascii():
            raise UserMustAct(
                "ANTHROPIC_CUSTOM_HEADERS holds characters that no header has",
                way_out="write one header a line, as in `name: value`, in ASCII",
            )


def _custom_headers() -> dict[str, str]:
    """Return the headers of ANTHROPIC_CUSTOM_HEADERS, one a line, as the SDK reads them."""
    lines = os.environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _exchanged(federation: identity.Federation) -> WorkloadIdentityCredentials:
    """Return what trades the workflow's token for one of Anthropic's, whenever one is needed."""
    from anthropic import WorkloadIdentityCredentials

    return WorkloadIdentityCredentials(
        identity_token_provider=federation.token,
        federation_rule_id=federation.rule_id,
        organization_id=federation.organization_id,
        service_account_id=federation.service_account_id or None,
        workspace_id=federation.workspace_id or None,
    )


def _cloud(provider: Provider, base_url: str | None) -> Anthropic:
    """Return the client of a cloud; it has the part of the interface that is used here."""
    import anthropic

    classes: Mapping[str, str] = {
        "aws": "AnthropicAWS",
        "bedrock": "AnthropicBedrockMantle",
        "bedrock-legacy": "AnthropicBedrock",
        "vertex": "AnthropicVertex",
        "google-cloud": "AnthropicGoogleCloud",
        "foundry": "AnthropicFoundry",
    }
    made = getattr(anthropic, classes[provider])(
        base_url=base_url or None,
        max_retries=0,
        http_client=http_client(anthropic.DefaultHttpxClient),
        open_telemetry=_tracing(),
    )
    return cast("Anthropic", made)


def _tracing() -> OpenTelemetryOptions:
    """Return that no span holds content, whatever the environment says: content is code.

    A client that is given options reads none of the SDK's variables, so those that switch spans
    off are read here (anthropic's `OpenTelemetryOptions`). Without a tracer provider in the
    process there are no spans in any case.
    """
    return {
        "propagation": not _switched_off("ANTHROPIC_OPEN_TELEMETRY_PROPAGATION"),
        "traces": {
            "enabled": not _switched_off("ANTHROPIC_OPEN_TELEMETRY"),
            "content_mode": "metadata_only",
        },
    }


def _switched_off(variable: str) -> bool:
    return os.environ.get(variable, "").lower() == "false"


def lines(made: Anthropic, path: str, *, timeout: float, most_bytes: int) -> Iterator[bytes]:
    """Yield the lines of an answer as they come, each without its end; empty ones are left out.

    One that is longer than `most_bytes` may be cut.

    The SDK would parse each line, and raise on the first that is none of the API's.
    """
    headers = {"accept": "application/binary", "x-stainless-raw-response": "stream"}
    got = made.get(path, cast_to=object, options={"headers": headers, "timeout": timeout})
    response = cast("APIResponse[object]", got)
    rest = b""
    try:
        for chunk in response.iter_bytes():
            *whole, rest = (rest + chunk).split(b"\n")
            rest = rest[:most_bytes]  # nobody may fill the memory with a line that never ends
            yield from filter(bytes.strip, whole)
    finally:
        response.close()
    if rest.strip():
        yield rest


class _Signed(Exception):
    """A request was ready to be sent."""


def sign(made: Anthropic, sent: Mapping[str, Any]) -> None:
    """Make a request ready with all that it logs in with, and do not send it.

    The clients of the clouds look for credentials no earlier. Raises what `failing` names.
    """
    from anthropic import APIConnectionError, DefaultHttpxClient

    def stop(_request: Request) -> None:
        raise _Signed

    unsent = DefaultHttpxClient(event_hooks={"request": [stop]})
    try:
        with unsent:
            made.with_options(http_client=unsent).messages.create(**sent)
    except APIConnectionError as error:
        if not isinstance(error.__cause__, _Signed):
            raise


# --- errors -------------------------------------------------------------------------------------


def failing() -> tuple[type[Exception], ...]:
    """Return what a request can raise that is no mistake of ours."""
    import httpx2
    from anthropic import AnthropicError

    ours = (AnthropicError, httpx2.HTTPError, ImportError, OSError)  # OSError: files of a login
    return (*ours, *faults.MALFORMED, *_libraries())


def _libraries() -> tuple[type[Exception], ...]:
    modules = ((sys.modules.get(module), name) for module, name in _LIBRARIES)
    return tuple(getattr(module, name) for module, name in modules if module)


def fault(error: Exception, made: Anthropic) -> Fault:
    """Translate what the SDK raised; the key is cut out of every text."""
    from anthropic import APIConnectionError, APIError, APIStatusError
    from httpx2 import ConnectError, ConnectTimeout, HTTPError

    from reviewer.ask.endless import EndlessAnswer

    if isinstance(error, APIStatusError):
        return _status(error, made)
    if isinstance(endless := error.__cause__ or error, EndlessAnswer):
        return faults.endless(str(endless))
    if isinstance(error.__cause__, UserMustAct):  # what `identity` says comes wrapped
        return Fault(where="credentials", message=str(error.__cause__))
    if isinstance(error, APIConnectionError):
        cause = clean(str(error.__cause__ or error), made)
        what = f"could not reach {host(made)}{through_proxies()}: {cause}"
        arrived = not isinstance(error.__cause__, ConnectError | ConnectTimeout)
        return Fault(where="connection", message=what, arrived=arrived)
    text = clean(str(error) or type(error).__name__, made)
    about_credentials = any(word in text.lower() for word in _NO_CREDENTIALS)
    if isinstance(error, faults.MALFORMED) and not about_credentials:
        return faults.malformed(error)
    answered = isinstance(error, APIError | HTTPError)
    return Fault(where="stream" if answered else "credentials", message=text)


def _status(error: APIStatusError, made: Anthropic) -> Fault:
    retry_after, should_retry = faults.retry_headers(error.response.headers)
    return Fault(
        where="status",
        status=error.status_code,
        type=error.type or "",
        code=error.error_code or "",
        message=clean(
            str(error.api_message or faults.own_words(error.message, error.status_code)), made
        ),
        request_id=error.request_id or "",
        retry_after_seconds=retry_after,
        should_retry=should_retry,
    )


def clean(text: str, made: Anthropic) -> str:
    """Return a server's text on one line, cut to length, without what is secret."""
    secrets = [getattr(made, name, None) for name in ("api_key", "auth_token", "access_token")]
    secrets += [value for name, value in _custom_headers().items() if _is_secret(name)]
    return faults.clean(text, filter(None, secrets))


def _is_secret(header: str) -> bool:
    return any(word in header.lower() for word in ("auth", "key", "token", "secret"))


def host(made: Anthropic) -> str:
    """Return the host and port that requests go to."""
    return made.base_url.netloc.decode()
