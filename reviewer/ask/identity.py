"""Who a GitHub workflow is, as GitHub attests it: for keyless access to Claude. Does I/O.

The token is good for minutes, and can be asked for as long as the job runs: so it is asked for
whenever Anthropic's is to be renewed, and stands in no file. Sources: docs.github.com, "OpenID
Connect reference"; platform.claude.com, "Workload identity federation".
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

AUDIENCE = "https://api.anthropic.com"
"""Whom the token is for; the federation rule names the same."""

PATIENCE_SECONDS = 20.0

_ADDRESS = "ACTIONS_ID_TOKEN_REQUEST_URL"
_PASS = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - the name of a variable
_GIVEN = ("ANTHROPIC_IDENTITY_TOKEN_FILE", "ANTHROPIC_IDENTITY_TOKEN")
WAY_OUT = (
    "give the job `permissions: id-token: write`, and set ANTHROPIC_FEDERATION_RULE_ID and "
    "ANTHROPIC_ORGANIZATION_ID; a pull request from a fork gets no such token"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """The rule that lets a workflow in, and what fetches the token that shows who it is.

    None of the ids is a secret.
    """

    rule_id: str
    organization_id: str
    service_account_id: str
    workspace_id: str
    token: Callable[[], str]


def of_workflow(environment: Mapping[str, str], exchanged: Callable[[Federation], T]) -> T | None:
    """Return credentials for a workflow that names a rule and no token, else None.

    What else the environment names (a key, a token, a profile) is left to the SDK, which takes
    it first. Raises `UserMustAct` for a workflow that may not ask for a token.
    """
    rule_id = environment.get("ANTHROPIC_FEDERATION_RULE_ID", "")
    others = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", *_GIVEN)
    if not rule_id or any(environment.get(name) for name in others):
        return None
    organization_id = environment.get("ANTHROPIC_ORGANIZATION_ID", "")
    if not (organization_id and environment.get(_ADDRESS) and environment.get(_PASS)):
        raise UserMustAct(
            "ANTHROPIC_FEDERATION_RULE_ID is set, and there is nothing to show who this is",
            way_out=WAY_OUT,
        )
    return exchanged(
        Federation(
            rule_id=rule_id,
            organization_id=organization_id,
            service_account_id=environment.get("ANTHROPIC_SERVICE_ACCOUNT_ID", ""),
            workspace_id=environment.get("ANTHROPIC_WORKSPACE_ID", ""),
            token=lambda: attested(environment[_ADDRESS], environment[_PASS]),
        )
    )


def attested(address: str, bearer: str) -> str:
    """Return GitHub's token about this job; raises `UserMustAct` when it gives none."""
    if not address.startswith(("https://", "http://127.0.0.1")):
        raise UserMustAct(f"{_ADDRESS} is no address of a runner", way_out=WAY_OUT)
    separator = "&" if "?" in address else "?"
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked
        f"{address}{separator}audience={urllib.parse.quote(AUDIENCE, safe='')}",
        headers={"authorization": f"bearer {bearer}", "accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            told = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        raise UserMustAct(f"GitHub gave no identity token: {error}", way_out=WAY_OUT) from None
    token = told.get("value") if isinstance(told, dict) else None
    if not isinstance(token, str) or not token:
        raise UserMustAct("GitHub's answer holds no identity token", way_out=WAY_OUT)
    return token
